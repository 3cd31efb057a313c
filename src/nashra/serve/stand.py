"""The readers' origin as a WSGI application: pressed files from memory, the readers' own posts to Django.

What an address means is said in ``edition.paths``: a page, a withdrawn page (410), a moved one (301), a
file, or nothing. Nothing is logged about requests, no cookie is set, query strings mean nothing.

Paths: granian (and WSGI itself) gives ``PATH_INFO`` with its percent escapes already decoded, as bytes
dressed in Latin-1, and nowhere the raw target. So ``%2F`` cannot be told from ``/`` here: it names the
same page as the plain slash, and every rule is checked on the decoded path, so no escape gets past
them. A ``%`` that is still there was a broken or doubled escape, and is refused like any other sign
that no address of ours has.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from nashra.edition.paths import (
    GONE_FILE,
    MOVED_FILE,
    NOT_FOUND_FILE,
    PAGE_FILE,
    BadAddress,
    address_of_request,
    gone_path,
    moved_path,
    page_path,
)
from nashra.serve.headers import Headers, cache_control, security_headers
from nashra.serve.negotiation import (
    IDENTITY,
    UnsatisfiableRange,
    byte_range,
    choose_coding,
    is_unchanged,
)
from nashra.serve.notices import moved_notice, notice
from nashra.serve.pressed import STATUS_LINES, PressedFile, Representation
from nashra.serve.shelf import Shelf

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

READERS_PREFIX = "/readers/"
DEFAULT_SHELF_BYTES = 64 * 1024 * 1024

_INNER_FILES = frozenset({PAGE_FILE, GONE_FILE, MOVED_FILE, NOT_FOUND_FILE})
_LOCATION = re.compile(r"/(?!/)[!-~]*")
_STREAM_BYTES = 256 * 1024


class Stand:
    """A WSGI application over a site's folder; ``readers`` answers all that lies beneath ``/readers/``."""

    def __init__(
        self,
        folder: Path,
        *,
        readers: WSGIApplication,
        content_security_policy: str,
        shelf_bytes: int = DEFAULT_SHELF_BYTES,
    ) -> None:
        self.folder = folder
        self.shelf = Shelf(shelf_bytes)
        # One huge file may not push everything else off the shelf: it is read from disk each time.
        self._keep_at_most_bytes = shelf_bytes // 8
        self._readers = readers
        self._security = security_headers(content_security_policy)
        self._errors_said: set[int | None] = set()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        if path.startswith(READERS_PREFIX):
            return self._readers(environ, start_response)
        method: str = environ["REQUEST_METHOD"]
        if method not in {"GET", "HEAD"}:
            return self._notice(405, "GET", start_response, [("Allow", "GET, HEAD")])
        try:
            file = self.shelf.fresh(path)
            if file is not None:
                return self._hand_out(path, file, environ, start_response)
            return self._find(path, environ, start_response)
        except BadAddress:
            return self._notice(400, method, start_response)
        except OSError as error:
            self._say_once(error)
            return self._notice(503, method, start_response, [("Retry-After", "60")])

    def _find(self, path: str, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        address = _address(path)
        # One key for all spellings of an address, so that nobody can fill the shelf with copies.
        key = address.encode().decode("latin-1")
        segments = address.split("/")
        method = environ["REQUEST_METHOD"]
        if segments[-1] in _INNER_FILES or any(segment.startswith(".") for segment in segments):
            return self._not_found(segments[1], environ, start_response)
        file = self._file(key, page_path(address), status=200, cache=cache_control(address))
        if file is not None:
            return self._hand_out(key, file, environ, start_response)
        if not address.endswith("/"):
            if (self.folder / address[1:]).is_dir():
                return self._moved(quote(address + "/"), method, start_response)
            return self._not_found(segments[1], environ, start_response)
        gone = gone_path(address)
        file = self._file((410, gone), gone, status=410)
        if file is not None:
            return self._hand_out((410, gone), file, environ, start_response)
        location = self._location(moved_path(address))
        if location is not None:
            return self._moved(location, method, start_response)
        return self._not_found(segments[1], environ, start_response)

    def _file(
        self, key: str | tuple[int, str], relative: str, *, status: int, cache: str = cache_control("/")
    ) -> PressedFile | None:
        """The file at a path beneath the folder, from memory or disk; ``None`` where there is none."""

        def read() -> PressedFile:
            return PressedFile(
                self.folder / relative,
                status=status,
                constant_headers=self._security,
                cache_control=cache,
                keep_at_most_bytes=self._keep_at_most_bytes,
            )

        try:
            return self.shelf.fresh_or_read(key, read)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def _location(self, relative: str) -> str | None:
        try:
            line = (self.folder / relative).read_text(encoding="ascii").removesuffix("\n")
        except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
            return None
        return line if _LOCATION.fullmatch(line) else None

    def _hand_out(
        self,
        key: str | tuple[int, str],
        file: PressedFile,
        environ: WSGIEnvironment,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        if file.is_text and file.body is not None:
            coding = choose_coding(environ.get("HTTP_ACCEPT_ENCODING"))
            if coding is None:
                return self._notice(
                    406, environ["REQUEST_METHOD"], start_response, [("Vary", "Accept-Encoding")]
                )
        else:
            coding = IDENTITY
        ready = file.representations.get(coding) or self.shelf.representation(key, file, coding)
        if file.status == 200:
            known = environ.get("HTTP_IF_NONE_MATCH")
            if known is not None and is_unchanged(known, ready.etag):
                start_response("304 Not Modified", ready.not_modified_headers)
                return []
            if not file.is_text and "HTTP_RANGE" in environ and environ["REQUEST_METHOD"] == "GET":
                return self._part(file, ready, environ, start_response)
        if environ["REQUEST_METHOD"] == "HEAD":
            start_response(file.status_line, ready.headers)
            return []
        # A file too big for memory is opened first, so that its vanishing can still be said.
        body = ready.body if file.body is not None else FilePart(file.path, 0, file.size_bytes)
        start_response(file.status_line, ready.headers)
        return body

    def _part(
        self,
        file: PressedFile,
        ready: Representation,
        environ: WSGIEnvironment,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        try:
            wanted = byte_range(environ["HTTP_RANGE"], file.size_bytes)
        except UnsatisfiableRange:
            return self._notice(416, "GET", start_response, [("Content-Range", f"bytes */{file.size_bytes}")])
        whole = wanted is None or environ.get("HTTP_IF_RANGE", ready.etag) != ready.etag
        start, stop = (0, file.size_bytes) if wanted is None or whole else wanted
        body = [file.body[start:stop]] if file.body is not None else FilePart(file.path, start, stop)
        if whole:
            start_response(file.status_line, ready.headers)
            return body
        headers = [header for header in ready.headers if header[0] != "Content-Length"]
        headers.append(("Content-Length", str(stop - start)))
        headers.append(("Content-Range", f"bytes {start}-{stop - 1}/{file.size_bytes}"))
        start_response(STATUS_LINES[206], headers)
        return body

    def _not_found(
        self, first_segment: str, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        candidates = [NOT_FOUND_FILE]
        if first_segment and not first_segment.startswith("."):
            candidates.insert(0, f"{first_segment}/{NOT_FOUND_FILE}")
        for relative in candidates:
            file = self._file((404, relative), relative, status=404)
            if file is not None:
                return self._hand_out((404, relative), file, environ, start_response)
        return self._notice(404, environ["REQUEST_METHOD"], start_response)

    def _moved(self, location: str, method: str, start_response: StartResponse) -> Iterable[bytes]:
        return self._answer(301, moved_notice(location), method, start_response, [("Location", location)])

    def _notice(
        self, status: int, method: str, start_response: StartResponse, headers: Headers | None = None
    ) -> Iterable[bytes]:
        return self._answer(status, notice(status), method, start_response, headers or [])

    def _answer(
        self, status: int, body: bytes, method: str, start_response: StartResponse, headers: Headers
    ) -> Iterable[bytes]:
        constant = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", cache_control("/")),
        ]
        start_response(STATUS_LINES[status], [*constant, *headers, *self._security])
        return [] if method == "HEAD" else [body]

    def _say_once(self, error: OSError) -> None:
        # Which page it was would tell what somebody reads: the kind of failure is enough to look for it.
        if error.errno not in self._errors_said:
            self._errors_said.add(error.errno)
            log.error(
                "A pressed file cannot be read", extra={"event": "stand.unreadable", "reason": error.strerror}
            )


def _address(path_info: str) -> str:
    """The address that a decoded ``PATH_INFO`` names.

    Raises:
        BadAddress: it cannot be one of ours.
    """
    try:
        decoded = path_info.encode("latin-1")
    except UnicodeEncodeError as error:
        raise BadAddress("is not UTF-8") from error
    return address_of_request(quote(decoded).encode("ascii"))


class FilePart:
    """The bytes of a file from ``start`` up to ``stop``, read as they are sent."""

    def __init__(self, path: str, start: int, stop: int) -> None:
        self._file = Path(path).open("rb")  # noqa: SIM115 - the server closes it when all is sent
        self._file.seek(start)
        self._remaining_bytes = stop - start

    def __iter__(self) -> Iterator[bytes]:
        while self._remaining_bytes and (chunk := self._file.read(min(_STREAM_BYTES, self._remaining_bytes))):
            self._remaining_bytes -= len(chunk)
            yield chunk

    def close(self) -> None:
        """What a WSGI server calls in the end, whether all was sent or not."""
        self._file.close()
