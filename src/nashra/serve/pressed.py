"""A pressed file as it is handed out: read once, hashed, compressed when first asked for, ready to send.

The bytes and headers of each coding are made once and then only pointed at, since answering is all that
a worker does. Must not decide which file an address means.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import threading
from pathlib import Path

import brotli  # type: ignore[import-untyped]

from nashra.serve.headers import Headers, content_type, is_text
from nashra.serve.negotiation import IDENTITY

STATUS_LINES = {
    200: "200 OK",
    206: "206 Partial Content",
    301: "301 Moved Permanently",
    304: "304 Not Modified",
    400: "400 Bad Request",
    404: "404 Not Found",
    405: "405 Method Not Allowed",
    406: "406 Not Acceptable",
    410: "410 Gone",
    416: "416 Range Not Satisfiable",
    503: "503 Service Unavailable",
}

# Measured on story pages: higher levels save under 2 % more and cost several times the time.
_BROTLI_QUALITY = 5
_GZIP_LEVEL = 6
_READ_BYTES = 256 * 1024
# What the objects and headers around the bytes take in memory, roughly.
_OVERHEAD_BYTES = 4096

Signature = tuple[int, int, int]


def signature(status: os.stat_result) -> Signature:
    """What tells two presses of one file apart: time of writing, size and inode."""
    return (status.st_mtime_ns, status.st_size, status.st_ino)


class Representation:
    """One coding of a file, with the headers that go with it."""

    __slots__ = ("body", "etag", "headers", "not_modified_headers")

    def __init__(self, body: bytes, etag: str, headers: Headers, not_modified_headers: Headers) -> None:
        self.body = [body]
        self.etag = etag
        self.headers = headers
        self.not_modified_headers = not_modified_headers


class PressedFile:
    """A file with its ready answers; ``body`` is ``None`` where it is too big to be kept in memory."""

    __slots__ = (
        "_constant_headers",
        "_lock",
        "body",
        "digest",
        "is_text",
        "media_type",
        "path",
        "representations",
        "signature",
        "size_bytes",
        "status",
        "status_line",
    )

    def __init__(
        self,
        path: Path,
        *,
        status: int,
        constant_headers: Headers,
        cache_control: str,
        keep_at_most_bytes: int,
    ) -> None:
        self.path = str(path)
        self.status = status
        self.status_line = STATUS_LINES[status]
        self.is_text = is_text(path.name)
        self.media_type = content_type(path.name)
        self.representations: dict[str, Representation] = {}
        self._constant_headers = [("Cache-Control", cache_control), *constant_headers]
        self._lock = threading.Lock()
        self._read(keep_at_most_bytes)

    def _read(self, keep_at_most_bytes: int) -> None:
        # Size and time come from the opened file itself: a press in between replaces the name, not this.
        with open(self.path, "rb", buffering=0) as file:  # noqa: PTH123 - a Path's open costs twice the time
            found = os.fstat(file.fileno())
            self.signature = signature(found)
            self.size_bytes = found.st_size
            self.body: bytes | None = file.readall() if found.st_size <= keep_at_most_bytes else None
            if self.body is None:
                digest = hashlib.file_digest(file, "sha256")
            else:
                digest = hashlib.sha256(self.body)
        self.digest = digest.hexdigest()[:32]

    @property
    def memory_bytes(self) -> int:
        """About how much memory this file takes, with every coding made so far."""
        codings = sum(len(made.body[0]) for made in list(self.representations.values()))
        return _OVERHEAD_BYTES + len(self.body or b"") + codings

    def representation(self, coding: str) -> Representation:
        """The file in a coding, compressed now if nobody asked for it before."""
        with self._lock:
            made = self.representations.get(coding)
            if made is None:
                made = self.representations[coding] = self._represent(coding)
            return made

    def _represent(self, coding: str) -> Representation:
        body = self.body or b""
        suffix = ""
        if coding == "br":
            body, suffix = brotli.compress(body, quality=_BROTLI_QUALITY), "-br"
        elif coding == "gzip":
            body, suffix = gzip.compress(body, _GZIP_LEVEL, mtime=0), "-gz"
        length = self.size_bytes if coding == IDENTITY else len(body)
        etag = f'"{self.digest}{suffix}"'
        validators = [("ETag", etag)] if self.status == 200 else []
        headers = [("Content-Type", self.media_type), ("Content-Length", str(length)), *validators]
        if coding != IDENTITY:
            headers.append(("Content-Encoding", coding))
        varying = [("Vary", "Accept-Encoding")] if self.is_text else [("Accept-Ranges", "bytes")]
        headers += [*varying, *self._constant_headers]
        return Representation(body, etag, headers, [*validators, *varying, *self._constant_headers])
