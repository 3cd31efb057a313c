"""Readers' pictures: small, upright, and with nothing in them but who took them and whose they are.

Same picture and same credit give the same bytes, and a file is named by its bytes. Must not know the
database: ``models/photo.py`` keeps the rows.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from obstore.store import LocalStore
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

WIDTHS_PX = (480, 960, 1600)
MAX_PIXELS = 50_000_000
HASH_DIGITS = 20
_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
_EXIF_ARTIST = 0x013B
_EXIF_COPYRIGHT = 0x8298
# One thread: with several the AVIF encoder's bytes may depend on the machine.
_ENCODINGS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("image/avif", "avif", "AVIF", {"quality": 60, "speed": 8, "max_threads": 1}),
    ("image/webp", "webp", "WEBP", {"quality": 78, "method": 4}),
    ("image/jpeg", "jpg", "JPEG", {"quality": 80, "progressive": True, "optimize": True}),
)


class BadPicture(ValueError):
    """A file that no picture can be made of; its sentence is for the one who uploaded it."""


@dataclass(frozen=True, slots=True)
class MadeFile:
    """One picture that readers get."""

    media_type: str
    extension: str
    width_px: int
    height_px: int
    content: bytes

    @property
    def sha256(self) -> str:
        """The digest of its bytes, in hex."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def name(self) -> str:
        """``HASH-WIDTH.avif``: what it is called on disk and in its address."""
        return f"{self.sha256[:HASH_DIGITS]}-{self.width_px}.{self.extension}"


def make_files(original: bytes, *, artist: str = "", copyright_notice: str = "") -> list[MadeFile]:
    """AVIF, WebP and JPEG at each width that the picture has, never larger than it is.

    All metadata is left behind; ``artist`` and ``copyright_notice`` are written as EXIF.

    Raises:
        BadPicture: broken, too large, or no picture.
    """
    picture = open_picture(original)
    exif = _exif(artist=artist, copyright_notice=copyright_notice)
    made = []
    for width_px in _widths(picture.width):
        height_px = max(1, round(picture.height * width_px / picture.width))
        sized = picture.resize((width_px, height_px), Image.Resampling.LANCZOS, reducing_gap=3.0)
        for media_type, extension, encoder, options in _ENCODINGS:
            out = io.BytesIO()
            sized.save(out, encoder, exif=exif, **options)
            made.append(MadeFile(media_type, extension, width_px, height_px, out.getvalue()))
    return sorted(made, key=lambda file: (file.media_type, file.width_px))


def store_files(files: list[MadeFile], *, folder: Path) -> None:
    """Put the files into the folder, each whole or not at all."""
    store = LocalStore(folder, mkdir=True)
    for file in files:
        store.put(file.name, file.content)


def make_for(photo: Any) -> list[MadeFile] | None:
    """The stored files of a photo that is about to be saved, or ``None`` when its old ones still serve.

    Raises:
        BadPicture: see ``make_files``.
    """
    if photo.pk is not None and photo.file._committed:
        before = type(photo).objects.filter(pk=photo.pk).first()
        if before is not None and _same_picture(before, photo) and photo.files.exists():
            return None
    with photo.open_file() as file:
        original = file.read()
        file.seek(0)
    files = make_files(original, artist=photo.credit, copyright_notice=photo.copyright_notice)
    store_files(files, folder=settings.NASHRA_PHOTO_FOLDER)
    return files


def _same_picture(before: Any, after: Any) -> bool:
    return (before.file.name, before.credit, before.copyright_notice) == (
        after.file.name,
        after.credit,
        after.copyright_notice,
    )


def _widths(original_px: int) -> list[int]:
    smaller = [width_px for width_px in WIDTHS_PX if width_px < original_px]
    return [*smaller, min(original_px, WIDTHS_PX[-1])] if len(smaller) < len(WIDTHS_PX) else smaller


def open_picture(original: bytes) -> Image.Image:
    """The picture in sRGB on white, turned as it was meant, as an image that carries no metadata.

    Raises:
        BadPicture: broken, too large, or no picture.
    """
    too_large = (
        f"This picture has more than {MAX_PIXELS // 1_000_000} megapixels. Upload a smaller copy of it."
    )
    try:
        with Image.open(io.BytesIO(original), formats=_FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise BadPicture(too_large)
            turned = _in_srgb(ImageOps.exif_transpose(opened))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPicture(too_large) from error
    except UnidentifiedImageError as error:
        raise BadPicture(
            "This file is no picture that we can read: choose a JPEG, PNG, WebP or AVIF."
        ) from error
    # Pillow reports broken files by these, depending on the format.
    except (OSError, SyntaxError, EOFError) as error:
        raise BadPicture("This picture's file is broken: export it again and upload the new file.") from error
    clean = Image.new("RGB", turned.size, "white")
    clean.paste(turned, mask=turned.getchannel("A") if turned.mode == "RGBA" else None)
    return clean


def _in_srgb(picture: Image.Image) -> Image.Image:
    """The picture's colours without its profile: a browser takes a picture without one as sRGB."""
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in {"RGB", "CMYK", "L"}:
        try:
            return ImageCms.profileToProfile(
                picture, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except ImageCms.PyCMSError:
            # A profile that does not fit its picture is ignored, as browsers do.
            pass
    has_alpha = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
    return picture.convert("RGBA" if has_alpha else "RGB")


def _exif(*, artist: str, copyright_notice: str) -> bytes:
    exif = Image.Exif()
    # Bytes, since Pillow writes text as ASCII and an Arabic name would become question marks.
    if artist:
        exif[_EXIF_ARTIST] = artist.encode()
    if copyright_notice:
        exif[_EXIF_COPYRIGHT] = copyright_notice.encode()
    return exif.tobytes() if len(exif) else b""
