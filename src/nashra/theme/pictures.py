"""A photo's renditions, sorted into what ``<picture>`` needs. Knows nothing of markup."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from nashra.edition.content import Photo, Rendition
from nashra.theme.addresses import encoded

# What browsers without srcset get: sharp enough, and light on a slow line.
_FALLBACK_WIDTH_PX = 960


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The files of one type, as a ``srcset``."""

    media_type: str
    srcset: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One photo as HTML wants it; the last type, which every browser knows, is the ``<img>``'s own."""

    sources: tuple[Source, ...]
    fallback: Source
    address: str
    width_px: int
    height_px: int


def picture(photo: Photo) -> Picture | None:
    """How to show a photo, or nothing where it has no files."""
    if not photo.renditions:
        return None
    sources = []
    files: list[Rendition] = []
    for media_type, group in groupby(photo.renditions, key=lambda rendition: rendition.media_type):
        files = list(group)
        sources.append(Source(media_type=media_type, srcset=_srcset(files)))
    largest = files[-1]
    fitting = [file for file in files if file.width_px <= _FALLBACK_WIDTH_PX] or files[:1]
    return Picture(
        sources=tuple(sources[:-1]),
        fallback=sources[-1],
        address=fitting[-1].address,
        width_px=largest.width_px,
        height_px=largest.height_px,
    )


def largest_file(photo: Photo) -> Rendition | None:
    """The largest file of the type that every program reads, for those who take only one."""
    return photo.renditions[-1] if photo.renditions else None


def _srcset(files: list[Rendition]) -> str:
    return ", ".join(f"{encoded(file.address)} {file.width_px}w" for file in files)
