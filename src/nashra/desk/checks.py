"""Checks on what editors type. Pure rules with no database; who calls them writes the sentence."""

from __future__ import annotations

import re
from pathlib import PurePath

_EXTENSION = re.compile(
    r"\.(?:jpe?g|jfif|png|gif|webp|avif|heic|heif|tiff?|bmp|svg|psd|cr2|cr3|nef|arw|dng|raw)\s*$",
    re.IGNORECASE,
)
# What cameras, telephones and messengers call a picture before anybody gave it a name.
_CAMERA_NAME = re.compile(
    r"(?:img|image|dsc[nf]?|pict?|picture|photo|pxl|mvi|gopr|dji|scan|screen\s?shot|screenshot|untitled|unnamed"
    r"|whatsapp image|signal|telegram|capture|download)?[\s_\-]*(?:at|wa|e|\d|[\s_.,:()\-])*",
    re.IGNORECASE,
)
_CAMERA_NUMBER = re.compile(r"[a-z]{0,5}[_\-]?\d{4,}(?:[_\-]\d+)*", re.IGNORECASE)
_HASH = re.compile(r"[0-9a-f]{16,}", re.IGNORECASE)


def looks_like_file_name(text: str, *, file_name: str = "") -> bool:
    """Whether an alt text is a file's name, or what a camera would call a picture.

    ``file_name`` is that of the picture itself, whose bare stem is refused too.
    """
    text = text.strip()
    if not text:
        return False
    stem = PurePath(file_name).stem.casefold()
    return bool(
        _EXTENSION.search(text)
        or _CAMERA_NAME.fullmatch(text)
        or _CAMERA_NUMBER.fullmatch(text)
        or _HASH.fullmatch(text)
        or ("_" in text and " " not in text)
        or text.casefold() in {stem, file_name.casefold()}
    )
