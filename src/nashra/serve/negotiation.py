"""What a request's headers ask for: a content coding, "only if changed", or a part of a file.

Pure functions over header texts; must not know files or responses. Sources: RFC 9110, sections 12.5.3
(Accept-Encoding), 13.1.2 (If-None-Match), 13.1.5 (If-Range) and 14.2 (Range).
"""

from __future__ import annotations

import re
from functools import lru_cache

IDENTITY = "identity"
# In the order in which we like them, where a reader's browser likes several equally.
CODINGS = ("br", "gzip", IDENTITY)

# Browsers send a handful of values. Longer ones are parsed each time, so that nobody can fill the memory.
_MAX_REMEMBERED_CHARACTERS = 200

_QUALITY = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
_ENTITY_TAG = re.compile(r'(?:W/)?("[^"]*")')
_BYTE_RANGE = re.compile(r"bytes\s*=\s*([0-9]*)-([0-9]*)", re.IGNORECASE)


def choose_coding(accept_encoding: str | None, offered: tuple[str, ...] = CODINGS) -> str | None:
    """The best of the offered codings for an ``Accept-Encoding`` header; ``None`` where it refuses them all.

    ``offered`` is in the order in which we like them. No header means no compression.
    """
    if not accept_encoding:
        return IDENTITY
    if len(accept_encoding) > _MAX_REMEMBERED_CHARACTERS:
        return _choose_coding(accept_encoding, offered)
    return _choose_known_coding(accept_encoding, offered)


def _choose_coding(accept_encoding: str, offered: tuple[str, ...]) -> str | None:
    qualities = _qualities(accept_encoding)
    anything_else = qualities.get("*")
    best, best_quality = None, 0.0
    for coding in offered:
        quality = qualities.get(coding, anything_else)
        if quality is None:
            # What a header does not name is refused, but for identity: that is always welcome until
            # refused, and the last resort.
            quality = 0.0005 if coding == IDENTITY else 0.0
        if quality > best_quality:
            best, best_quality = coding, quality
    return best


_choose_known_coding = lru_cache(maxsize=256)(_choose_coding)


def _qualities(accept_encoding: str) -> dict[str, float]:
    qualities: dict[str, float] = {}
    for part in accept_encoding.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if not name:
            continue
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                # A quality that is no number says nothing that we could rely on: refuse that coding.
                quality = float(value) if _QUALITY.fullmatch(value := value.strip()) else 0.0
        qualities["gzip" if name == "x-gzip" else name] = quality
    return qualities


def is_unchanged(if_none_match: str, etag: str) -> bool:
    """Whether a client that sent this ``If-None-Match`` already holds the version named by ``etag``."""
    if if_none_match == etag or if_none_match.strip() == "*":
        return True
    return etag in _ENTITY_TAG.findall(if_none_match)


class UnsatisfiableRange(ValueError):
    """A range of bytes that lies wholly beyond the file's end."""


def byte_range(header: str, size_bytes: int) -> tuple[int, int] | None:
    """The first byte and the one after the last that a ``Range`` header asks for.

    ``None`` for what we may answer with the whole file: another unit, several ranges, nonsense.

    Raises:
        UnsatisfiableRange: there is no such part.
    """
    match = _BYTE_RANGE.fullmatch(header.strip()) if len(header) < 100 else None
    if match is None:
        return None
    first, last = match.groups()
    if first:
        start, stop = int(first), min(int(last) + 1, size_bytes) if last else size_bytes
        if last and int(last) < start:
            return None
    elif last:
        start, stop = max(size_bytes - int(last), 0), size_bytes
    else:
        return None
    if start >= stop:
        raise UnsatisfiableRange(header)
    return start, stop
