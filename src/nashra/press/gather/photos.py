"""Pictures of the desk → the photos that pages show."""

from __future__ import annotations

from collections.abc import Iterable

from nashra.desk import models as desk
from nashra.edition.content import Photo, Rendition

_TYPE_ORDER = {"image/avif": 0, "image/webp": 1, "image/jpeg": 2}


def photo_content(row: desk.Photo, *, caption: str = "") -> Photo:
    """A picture with its words; ``caption`` takes the place of the picture's own."""
    files = sorted(row.files.all(), key=lambda file: (_TYPE_ORDER[file.media_type], file.width_px))
    return Photo(
        public_id=row.public_id,
        alt_text=row.alt_text,
        caption=caption or row.caption,
        credit=row.credit,
        copyright_notice=row.copyright_notice,
        renditions=tuple(
            Rendition(
                address=f"/photos/{file.name}",
                media_type=file.media_type,
                width_px=file.width_px,
                height_px=file.height_px,
            )
            for file in files
        ),
    )


def photos_by_id(public_ids: Iterable[str], alias: str) -> dict[str, Photo]:
    """The photos that bodies name, by their public ids."""
    rows = desk.Photo.objects.using(alias).filter(public_id__in=set(public_ids)).prefetch_related("files")
    return {row.public_id: photo_content(row) for row in rows}


def file_names(photos: Iterable[Photo | None]) -> tuple[str, ...]:
    """The names of all files of these photos, sorted."""
    names = {
        rendition.address.removeprefix("/photos/")
        for photo in photos
        if photo is not None
        for rendition in photo.renditions
    }
    return tuple(sorted(names))
