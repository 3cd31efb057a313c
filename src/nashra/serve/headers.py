"""Which headers go with a pressed file: its type, how long it keeps, and what its page may do.

Must hold nothing that differs from reader to reader, and must never set a cookie.
"""

from __future__ import annotations

from pathlib import PurePosixPath

Headers = list[tuple[str, str]]

PHOTO_PREFIX = "/photos/"

# Pages are asked after each time and mostly answered with 304; a photo's address names its content.
_REVALIDATE = "no-cache"
_FOR_EVER = "public, max-age=31536000, immutable"

_FEED_FILE = "feed.xml"

_TEXT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".xml": "application/xml",
    ".atom": "application/atom+xml; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".svg": "image/svg+xml",
}
_OTHER_TYPES = {
    ".avif": "image/avif",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".ico": "image/x-icon",
    ".pdf": "application/pdf",
    ".epub": "application/epub+zip",
    ".zip": "application/zip",
    ".gz": "application/gzip",
    ".zst": "application/zstd",
}
# Every type that we hand out, by the ending of a file's name.
SERVED_TYPES = {**_TEXT_TYPES, **_OTHER_TYPES}


def content_type(file_name: str) -> str:
    """The type of a file by its name: never guessed from bytes, nor from the machine's tables."""
    path = PurePosixPath(file_name)
    if path.name == _FEED_FILE:
        return _TEXT_TYPES[".rss"]
    ending = path.suffix.lower()
    return SERVED_TYPES.get(ending, "application/octet-stream")


def is_text(file_name: str) -> bool:
    """Whether a file is worth compressing on its way."""
    return PurePosixPath(file_name).suffix.lower() in _TEXT_TYPES


def cache_control(address: str) -> str:
    """How long a browser may keep what it finds at an address without asking again."""
    return _FOR_EVER if address.startswith(PHOTO_PREFIX) else _REVALIDATE


def security_headers(content_security_policy: str) -> Headers:
    """What every answer carries: no referrer, no guessing of types, no frames, no devices."""
    return [
        ("Content-Security-Policy", content_security_policy),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ]
