"""A picture beside a saved page → the story's lead photo, with the page's own caption and credit.

A photo is a row and files. No transaction takes files back, so that what was stored here can be
discarded again; files that other photos or older pages use are never touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from nashra.desk import publishing
from nashra.desk.checks import looks_like_file_name
from nashra.desk.models import Photo, PhotoFile
from nashra.intake.page import SavedPage

MAX_ALT_TEXT_CHARS = 500
MAX_TITLE_CHARS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture's file for the story's lead photo."""

    file_name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadPhoto:
    """A photo that was kept, what the copy desk should know of it, and the files that are new with it."""

    photo: Photo
    finding: str
    new_files: tuple[Path, ...]


def add_lead_photo(page: SavedPage, picture: Picture) -> LeadPhoto:
    """Keep the picture with the page's caption and credit.

    Raises:
        photographs.BadPicture: broken, too large, or no picture.
        ValidationError: a field is wrong, such as an alt text that is a file name.
    """
    folder: Path = settings.NASHRA_PHOTO_FOLDER
    before = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    alt_text, origin = _alt_text(page, picture.file_name)
    photo = publishing.add_photo(
        content=picture.content,
        file_name=picture.file_name,
        title=_cut(page.caption or page.headline, MAX_TITLE_CHARS),
        alt_text=alt_text,
        caption=page.caption,
        credit_person=page.credit_person,
        credit_agency=page.credit_agency,
    )
    names = photo.files.values_list("name", flat=True)
    return LeadPhoto(
        photo=photo,
        finding=f"The photo's alt text was taken from the {origin}: say what the picture shows.",
        new_files=tuple(folder / name for name in names if name not in before),
    )


def discard_files(added: LeadPhoto) -> None:
    """Take the files of a photo away whose row did not come to stay."""
    added.photo.file.storage.delete(added.photo.file.name)
    names = [path.name for path in added.new_files]
    # Somebody may have uploaded the very same picture in the meantime: one file then serves both.
    in_use = set(PhotoFile.objects.filter(name__in=names).values_list("name", flat=True))
    for path in added.new_files:
        if path.name not in in_use:
            path.unlink(missing_ok=True)


def _alt_text(page: SavedPage, file_name: str) -> tuple[str, str]:
    """An alt text and where it comes from; never a file name, as some captions are."""
    if page.caption and not looks_like_file_name(page.caption, file_name=file_name):
        return _cut(page.caption, MAX_ALT_TEXT_CHARS), "caption"
    return _cut(page.headline, MAX_ALT_TEXT_CHARS), "headline, for want of a caption"


def _cut(text: str, limit_chars: int) -> str:
    """The text, or as many of its words as fit, with a sign that some are missing."""
    if len(text) <= limit_chars:
        return text
    start = text[: limit_chars - 1]
    return (start[: start.rindex(" ")].rstrip() if " " in start else start) + "…"
