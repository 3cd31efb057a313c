"""Compressed siblings of a page: ``PATH.gz`` for every page, ``PATH.br`` for what was published just now.

The same bytes always give the same siblings on one machine. Must not know what is in a page.
"""

from __future__ import annotations

import brotli  # type: ignore[import-untyped]
from isal import igzip

GZIP_SUFFIX = ".gz"
BROTLI_SUFFIX = ".br"
SUFFIXES = (GZIP_SUFFIX, BROTLI_SUFFIX)

# ISA-L's second level: a ninth of the time that zlib's sixth takes, for a tenth more bytes.
_GZIP_LEVEL = 2
# A seventh smaller than gzip, for ten times the time: only for the few pages of one publication.
_BROTLI_QUALITY = 5

_COMPRESSED_ENDINGS = (".html", ".xml")


def has_siblings(path: str) -> bool:
    """Whether a file is one that readers get compressed: a page, a feed or a sitemap."""
    return path.endswith(_COMPRESSED_ENDINGS)


def page_of(path: str) -> str:
    """The page that a sibling belongs to; any other path is its own."""
    for suffix in SUFFIXES:
        if path.endswith(suffix):
            return path.removesuffix(suffix)
    return path


def gzip_bytes(content: bytes) -> bytes:
    """As gzip, with neither a name nor a time in it."""
    compressed: bytes = igzip.compress(content, compresslevel=_GZIP_LEVEL, mtime=0)
    return compressed


def brotli_bytes(content: bytes) -> bytes:
    """As brotli, for text."""
    compressed: bytes = brotli.compress(content, mode=brotli.MODE_TEXT, quality=_BROTLI_QUALITY)
    return compressed
