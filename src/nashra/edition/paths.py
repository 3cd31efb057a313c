"""Addresses ⇄ safe file paths, and which names nobody may give to a section or a story.

Pure rules; must not touch a file system.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote_to_bytes

# A Linux file name holds 255 bytes; mirrors and archives add suffixes, so we stay well below.
MAX_SEGMENT_BYTES = 200
# A slug is one segment, and leaves room for temporary names beside it.
MAX_SLUG_BYTES = 150
MAX_ADDRESS_BYTES = 1000

RESERVED_SLUGS = frozenset(
    [
        *("about", "bundles", "comment-policy", "corrections", "deltas", "edition", "feeds", "index"),
        *("metadata", "mirrors", "people", "photos", "readers", "receipt", "search", "static", "topics"),
        *("verify", "volumes"),
    ]
)

PAGE_FILE = "index.html"
GONE_FILE = "410.html"
MOVED_FILE = "301.txt"
NOT_FOUND_FILE = "404.html"

_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\\<>\"{}|^`\[\]?#%\u2028\u2029\ud800-\udfff]")


class BadAddress(ValueError):
    """An address that no page of ours can have."""


def is_reserved_slug(slug: str) -> bool:
    """Whether a slug is kept for the site's own pages: fixed names, and anything all in digits."""
    return slug.casefold() in RESERVED_SLUGS or slug.isdigit()


def slug_fits(slug: str) -> bool:
    """Whether a slug fits a file name on every disk that we know of."""
    return 0 < len(slug.encode()) <= MAX_SLUG_BYTES


def check_address(address: str) -> str:
    """The address itself, when it is one that a page of ours can have.

    Raises:
        BadAddress: it is relative, too long, not NFC, or holds ``..``, empty segments, control
            characters, white space or reserved punctuation.
    """
    if not address.startswith("/") or len(address.encode(errors="replace")) > MAX_ADDRESS_BYTES:
        raise BadAddress("not an address of this site")
    if _FORBIDDEN.search(address):
        raise BadAddress("holds a character that no address here has")
    if not unicodedata.is_normalized("NFC", address):
        raise BadAddress("is not in normal form C")
    segments = address[1:].removesuffix("/").split("/") if address != "/" else []
    for segment in segments:
        if segment in {"", ".", ".."} or len(segment.encode()) > MAX_SEGMENT_BYTES:
            raise BadAddress("has a part that no file can be named")
    return address


def page_path(address: str) -> str:
    """The file that holds an address's page, relative to the site's folder.

    ``/en/news/`` lies in ``en/news/index.html``; an address without a final slash is a file itself.

    Raises:
        BadAddress: see ``check_address``.
    """
    relative = check_address(address)[1:]
    return relative + PAGE_FILE if address.endswith("/") else relative


def gone_path(address: str) -> str:
    """The file that says that an address's page was withdrawn."""
    return _beside(address, GONE_FILE)


def moved_path(address: str) -> str:
    """The file that holds the one line to which an address has moved."""
    return _beside(address, MOVED_FILE)


def _beside(address: str, name: str) -> str:
    """In a page's own folder; beside an address that is a file itself, such as a feed's."""
    path = page_path(address)
    return f"{path.removesuffix(PAGE_FILE)}{name}" if address.endswith("/") else f"{path}.{name}"


def address_of_request(raw_path: bytes) -> str:
    """The address that a request's still percent-encoded path asks for.

    Raises:
        BadAddress: a broken escape, bytes that are not UTF-8, or no address of ours. An encoded
            slash or backslash is refused: it would change the path's shape after decoding.
            Source: RFC 3986, sections 2.1 and 3.3.
    """
    if re.search(rb"%(?![0-9A-Fa-f]{2})", raw_path):
        raise BadAddress("has a broken percent escape")
    if re.search(rb"%2f|%5c|%00", raw_path, re.IGNORECASE):
        raise BadAddress("has an encoded slash or NUL")
    try:
        text = unquote_to_bytes(raw_path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadAddress("is not UTF-8") from error
    return check_address(unicodedata.normalize("NFC", text))
