"""The last part of an address, made from words in any script.

Pure rules over ``edition.paths``; must not ask a database whether a slug is taken.
"""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from nashra.edition.paths import MAX_SLUG_BYTES, is_reserved_slug, slug_fits

# Room for "-2", "-3"… behind a slug whose words are taken.
_ROOM_FOR_NUMBER_BYTES = 6


def normalise_slug(slug: str) -> str:
    """The one spelling of a slug: normal form C, small letters, since some disks know no others."""
    return unicodedata.normalize("NFC", slug.strip().lower())


def make_slug(words: str, *, fallback: str) -> str:
    """A slug from a headline or name in any script, cut at a word so that it fits a file name.

    ``fallback`` serves words without any letter or digit.
    """
    slug = normalise_slug(slugify(words, allow_unicode=True)) or fallback
    slug = _cut(slug, MAX_SLUG_BYTES - _ROOM_FOR_NUMBER_BYTES)
    return f"{slug}-1" if is_reserved_slug(slug) else slug


def _cut(slug: str, limit_bytes: int) -> str:
    if len(slug.encode()) <= limit_bytes:
        return slug
    # Decoding what is left drops the bytes of a character cut in two.
    start = slug.encode()[:limit_bytes].decode(errors="ignore")
    if slug[len(start)] != "-" and "-" in start:
        start = start[: start.rindex("-")]
    return start.strip("-_")


def check_slug(slug: str) -> None:
    """Refuse a slug that no address may have, in a sentence for the one who typed it.

    Raises:
        ValidationError: it is reserved, or too long.
    """
    if is_reserved_slug(slug):
        raise ValidationError(
            f"The address “{slug}” is kept for the site's own pages (and numbers for its archives). "
            "Choose other words."
        )
    if not slug_fits(slug):
        raise ValidationError(
            f"This address is too long: it has {len(slug.encode())} bytes and may have {MAX_SLUG_BYTES}. "
            "Leave out some words."
        )
