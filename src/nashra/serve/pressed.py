"""A pressed file as it is handed out: read once, hashed, with its codings beside it, ready to be sent.

Of each coding that readers ask for, the whole answer is made once and then only pointed at. The press
puts compressed siblings beside a page (``index.html.gz``, ``index.html.br``); one is used only if it
unpacks to this very page, since the press may be replacing both while we look. Must not decide which
file an address means.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import struct
import zlib
from collections.abc import Iterator
from email.utils import formatdate

import brotli  # type: ignore[import-untyped]

from nashra.serve.answer import Answer
from nashra.serve.headers import Headers, content_type, is_text
from nashra.serve.negotiation import IDENTITY

# What we compress ourselves, where no sibling lies there: a higher level costs more time than it saves.
_GZIP_LEVEL = 6
_WORTH_PACKING_BYTES = 200
# What the objects and headers around the bytes take in memory, roughly.
_OVERHEAD_BYTES = 4096
# Siblings come after their page, and a second version within one second would bear the same
# Last-Modified: a page younger than this is read once more.
SETTLED_S = 2.0

_STREAM_BYTES = 256 * 1024
_GZIP_TRAILER = struct.Struct("<II")

Signature = tuple[int, int, int]


class Replaced(Exception):
    """The file on disk is no longer the one that was read."""


def signature(status: os.stat_result) -> Signature:
    """What tells two presses of one file apart: time of writing, size and inode."""
    return (status.st_mtime_ns, status.st_size, status.st_ino)


class FilePart:
    """The bytes of a file from ``start`` up to ``stop``, opened now and read as they are sent.

    Raises:
        Replaced: another version lies on disk by now.
    """

    def __init__(self, file: PressedFile, start: int, stop: int) -> None:
        try:
            self._file = open(file.path, "rb", buffering=0)  # noqa: PTH123, SIM115 - the sender closes it
        except FileNotFoundError as error:
            raise Replaced(file.path) from error
        if signature(os.fstat(self._file.fileno())) != file.signature:
            self._file.close()
            raise Replaced(file.path)
        self._file.seek(start)
        self._remaining_bytes = stop - start

    def __iter__(self) -> Iterator[bytes]:
        while self._remaining_bytes and (chunk := self._file.read(min(_STREAM_BYTES, self._remaining_bytes))):
            self._remaining_bytes -= len(chunk)
            yield chunk

    def close(self) -> None:
        """Let go of the file, whether all was sent or not."""
        self._file.close()


class Representation:
    """One coding of a file: the whole answer, and the one that says that nothing has changed."""

    __slots__ = ("answer", "etag", "unchanged")

    def __init__(self, answer: Answer, etag: str, unchanged: Answer) -> None:
        self.answer = answer
        self.etag = etag
        self.unchanged = unchanged


class PressedFile:
    """A file with its ready answers, as it was when it was read.

    ``codings`` are those that it can be had in. ``is_kept`` is false where it is too big for memory: it
    is then sent from disk, as it is.
    """

    __slots__ = (
        "_crc32",
        "_policy",
        "codings",
        "digest",
        "generation",
        "is_kept",
        "is_settled",
        "is_text",
        "last_modified",
        "media_type",
        "path",
        "read_at_s",
        "representations",
        "signature",
        "size_bytes",
        "status",
        "trusted_until_s",
    )

    def __init__(
        self, path: str, *, status: int, constant_headers: Headers, keep_at_most_bytes: int, now_s: float
    ) -> None:
        self.path = path
        self.status = status
        self.is_text = is_text(path)
        self.media_type = content_type(path)
        self.representations: dict[str, Representation] = {}
        # Kept by the shelf: when it was read, and until when and which change it need not be looked at.
        self.read_at_s = self.trusted_until_s = 0.0
        self.generation = 0
        self._policy = constant_headers
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - a Path's open costs twice the time
            # Size and time come from the opened file: a press in between replaces the name, not this.
            found = os.fstat(file.fileno())
            self.signature = signature(found)
            self.size_bytes = found.st_size
            self.is_kept = found.st_size <= keep_at_most_bytes
            content = file.readall() if self.is_kept else b""
            digest = hashlib.sha256(content) if self.is_kept else hashlib.file_digest(file, "sha256")
        self.digest = digest.hexdigest()[:32]
        self._crc32 = zlib.crc32(content)
        self.is_settled = found.st_mtime + SETTLED_S < now_s
        self.last_modified = formatdate(int(found.st_mtime), usegmt=True) if self.is_settled else ""
        self.codings = self._codings()

    def _codings(self) -> tuple[str, ...]:
        if not (self.is_text and self.is_kept):
            return (IDENTITY,)
        return ("br", "gzip", IDENTITY) if os.path.exists(f"{self.path}.br") else ("gzip", IDENTITY)  # noqa: PTH110

    @property
    def memory_bytes(self) -> int:
        """About how much memory this file takes, with every coding made so far."""
        return _OVERHEAD_BYTES + sum(len(made.answer.wire) for made in self.representations.values())

    def represent(self, coding: str) -> Representation | None:
        """Make the file's answer in a coding; ``None`` where it turns out not to be had in that one.

        Raises:
            Replaced: another version lies on disk by now.
        """
        body = self._body(coding)
        if body is None:
            self.codings = tuple(other for other in self.codings if other != coding)
            return None
        suffix = {"br": "-br", "gzip": "-gz", IDENTITY: ""}[coding]
        etag = f'"{self.digest}{suffix}"'
        validators = [("ETag", etag)] if self.status == 200 else []
        if self.last_modified and self.status == 200:
            validators.append(("Last-Modified", self.last_modified))
        if self.is_text:
            varying = [("Vary", "Accept-Encoding")]
        else:
            varying = [("Accept-Ranges", "bytes")] if self.status == 200 else []
        encoding = [("Content-Encoding", coding)] if coding != IDENTITY else []
        length = len(body) if self.is_kept else self.size_bytes
        described = [("Content-Type", self.media_type), ("Content-Length", str(length)), *encoding]
        constant = [*validators, *varying, *self._policy]
        # RFC 9110, section 15.4.5: of what describes the content, a 304 repeats nothing.
        lasting = [header for header in constant if header[0] != "Accept-Ranges"]
        made = Representation(Answer(self.status, [*described, *constant], body), etag, Answer(304, lasting))
        self.representations[coding] = made
        return made

    def _body(self, coding: str) -> bytes | None:
        if not self.is_kept:
            return b""
        if coding == "br":
            return self._brotli_sibling()
        if coding == "gzip":
            return self._gzip_sibling() or self._packed()
        return self.content()

    def content(self) -> bytes:
        """The file's bytes, read again.

        Raises:
            Replaced: it is another version by now.
        """
        try:
            with open(self.path, "rb", buffering=0) as file:  # noqa: PTH123 - as above
                if signature(os.fstat(file.fileno())) != self.signature:
                    raise Replaced(self.path)
                return file.readall()
        except FileNotFoundError as error:
            raise Replaced(self.path) from error

    def _gzip_sibling(self) -> bytes | None:
        packed = self._sibling(".gz")
        # A gzip file ends with the checksum and the length of what it holds: RFC 1952, section 2.3.1.
        if packed is None or packed[-8:] != _GZIP_TRAILER.pack(self._crc32, self.size_bytes & 0xFFFFFFFF):
            return None
        return packed

    def _packed(self) -> bytes | None:
        if self.size_bytes < _WORTH_PACKING_BYTES:
            return None
        return gzip.compress(self.content(), _GZIP_LEVEL, mtime=0)

    def _brotli_sibling(self) -> bytes | None:
        packed = self._sibling(".br")
        if packed is None:
            return None
        try:
            content = brotli.decompress(packed)
        except brotli.error:
            return None
        return packed if hashlib.sha256(content).hexdigest()[:32] == self.digest else None

    def _sibling(self, ending: str) -> bytes | None:
        try:
            with open(self.path + ending, "rb", buffering=0) as file:  # noqa: PTH123 - as above
                return file.readall()
        except OSError:
            return None
