"""What a request for the readers' site is answered with: a pressed file, or a notice in its place.

What an address means is said in ``edition.paths``: a page, a withdrawn page (410), a moved one (301), a
file, or nothing. No cookie is set, query strings mean nothing, and nothing is logged about requests. All
beneath ``/readers/`` is somebody else's: the stand says so and knows no more of it. Must not know
sockets, and must not wait for anything but the disk.

Addresses are judged decoded, so that no escape gets past a rule: ``%2F`` names the same page as the plain
slash, and a ``%`` that is still there after decoding is refused like any other sign that no address of
ours has.
"""

from __future__ import annotations

import errno
import logging
import os
import re
import stat
import time
import unicodedata
from collections.abc import Callable, Hashable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from nashra.edition.paths import (
    GONE_FILE,
    MOVED_FILE,
    NOT_FOUND_FILE,
    PAGE_FILE,
    BadAddress,
    check_address,
)
from nashra.serve.answer import Answer
from nashra.serve.generation import Generation
from nashra.serve.headers import cache_control, security_headers
from nashra.serve.negotiation import UnsatisfiableRange, byte_range, choose_coding, is_unchanged
from nashra.serve.notices import moved_notice, notice
from nashra.serve.pressed import FilePart, PressedFile, Replaced, Representation
from nashra.serve.shelf import Shelf

log = logging.getLogger(__name__)

READERS_PREFIX = "/readers/"
DEFAULT_SHELF_BYTES = 64 * 1024 * 1024
# What is larger is read from disk each time: a few photos may not push all stories off the shelf.
_KEEP_AT_MOST_BYTES = 1024 * 1024

# What lies behind addresses has none of its own: pages, what stands for pages, compressed siblings.
_INNER_FILE = re.compile(
    rf"{re.escape(PAGE_FILE)}|{re.escape(NOT_FOUND_FILE)}"
    rf"|(?:.+\.)?(?:{re.escape(GONE_FILE)}|{re.escape(MOVED_FILE)})"
    r"|.+\.(?:html|xml|txt)\.(?:gz|br)"
)
_LOCATION = re.compile(r"/(?!/)[!-~]*")
_ABSOLUTE = re.compile(rb"https?://[^/?]*", re.IGNORECASE)
_NO_FILE = (FileNotFoundError, NotADirectoryError, IsADirectoryError)
# A press may replace a page while we read it, and once more while we read it again.
_MOST_TRIES = 5

Fields = Mapping[bytes, bytes]


class Stand:
    """Answers for the files in a folder; ``clock`` is monotonic, ``wall_clock`` tells files' ages.

    ``onion_url`` is the onion service's origin, if there is one.
    """

    def __init__(
        self,
        folder: Path,
        *,
        content_security_policy: str,
        onion_url: str = "",
        shelf_bytes: int = DEFAULT_SHELF_BYTES,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self.folder = folder
        self.shelf = Shelf(shelf_bytes, Generation(folder))
        self._root = f"{folder}/"
        # One file may not push everything else off the shelf.
        self._keep_at_most_bytes = min(shelf_bytes // 8, _KEEP_AT_MOST_BYTES)
        self._security = security_headers(content_security_policy)
        self._onion_url = onion_url
        self._clock = clock
        self._wall_clock = wall_clock
        self._notices: dict[tuple[int, tuple[tuple[str, str], ...]], Answer] = {}
        self._errors_said: set[int | None] = set()

    def answer(self, method: bytes, target: bytes, fields: Fields) -> Answer | None:
        """The answer to a request, by its target as on the wire and its fields in lower case.

        ``None`` where the address lies beneath ``/readers/``.
        """
        path = target.partition(b"?")[0]
        is_head = method == b"HEAD"
        try:
            # Kept files lie under their address as a browser spells it.
            file = self.shelf.fresh(path, self._clock())
            if file is not None and (is_head or method == b"GET"):
                found: Answer | None = self._hand_out(path, file, method, fields)
            else:
                found = self._find(path, method, fields)
        except BadAddress:
            found = self.notice(400)
        except Replaced:
            found = self._find_again(path, method, fields)
        except OSError as error:
            found = self._unreadable(error)
        return found.without_body() if is_head and found is not None else found

    def _find_again(self, path: bytes, method: bytes, fields: Fields) -> Answer | None:
        for _try in range(_MOST_TRIES):
            try:
                return self._find(path, method, fields)
            except Replaced:
                continue
            except OSError as error:
                return self._unreadable(error)
        return self._unreadable(OSError(errno.EAGAIN, "Pages are replaced faster than they can be read"))

    def _unreadable(self, error: OSError) -> Answer:
        # Which page it was would tell what somebody reads: the kind of failure is enough to look for it.
        if error.errno not in self._errors_said:
            self._errors_said.add(error.errno)
            log.error(
                "A pressed file cannot be read", extra={"event": "stand.unreadable", "reason": error.strerror}
            )
        return self.notice(503, ("Retry-After", "60"))

    def notice(self, status: int, *headers: tuple[str, str]) -> Answer:
        """A page of the stand's own that says what a status means."""
        if status == 416:
            return self._page(status, notice(status), headers)
        made = self._notices.get((status, headers))
        if made is None:
            made = self._notices[status, headers] = self._page(status, notice(status), headers)
        return made

    def _find(self, path: bytes, method: bytes, fields: Fields) -> Answer | None:
        address = _address(path)
        if address.startswith(READERS_PREFIX):
            return None
        if method not in {b"GET", b"HEAD"}:
            return self.notice(405, ("Allow", "GET, HEAD"))
        segments = address.split("/")
        first, last = segments[1], segments[-1]
        if _INNER_FILE.fullmatch(last) or "/." in address:
            return self._not_found(first, fields)
        # One key for all spellings of an address, so that nobody can fill the shelf with copies.
        key = quote(address).encode("ascii")
        if last:
            answer = self._file_or_slash(key, address, fields, method)
            beside = address[1:] + "."
        elif os.path.isdir(self._root + address[1:]):  # noqa: PTH112 - on the path of each 404
            beside = address[1:]
            file = self._file(key, beside + PAGE_FILE, 200, cache_control(address), key.decode("ascii"))
            answer = None if file is None else self._hand_out(key, file, method, fields)
        else:
            return self._not_found(first, fields)
        return answer or self._left(beside, fields) or self._not_found(first, fields)

    def _left(self, beside: str, fields: Fields) -> Answer | None:
        """The answer to an address that something has left: it was withdrawn, or moved."""
        file = self._file((410, beside), beside + GONE_FILE, 410)
        if file is not None:
            return self._hand_out((410, beside), file, b"GET", fields)
        location = self._location(beside + MOVED_FILE)
        return None if location is None else self._moved(location)

    def _file_or_slash(self, key: bytes, address: str, fields: Fields, method: bytes) -> Answer | None:
        """The answer to an address that does not end in a slash."""
        try:
            kind = os.stat(self._root + address[1:]).st_mode  # noqa: PTH116 - on the path of each 404
        except _NO_FILE:
            return None
        if stat.S_ISDIR(kind):
            return self._moved(quote(address + "/"))
        file = self._file(key, address[1:], 200, cache_control(address))
        return None if file is None else self._hand_out(key, file, method, fields)

    def _file(
        self, key: Hashable, relative: str, status: int, cache: str = cache_control("/"), page: str = ""
    ) -> PressedFile | None:
        """The file at a path beneath the folder, from memory or disk; ``None`` where there is none.

        ``page`` is its address, where the onion service has the same page.
        """
        now_s = self._clock()
        file = self.shelf.fresh(key, now_s)
        if file is not None:
            return file

        def read() -> PressedFile:
            return PressedFile(
                self._root + relative,
                status=status,
                constant_headers=[("Cache-Control", cache), *self._security, *self._onion(page)],
                keep_at_most_bytes=self._keep_at_most_bytes,
                now_s=self._wall_clock(),
            )

        try:
            return self.shelf.keep(key, read, now_s)
        except _NO_FILE:
            return None

    def _onion(self, page: str) -> Sequence[tuple[str, str]]:
        """Where the Tor Browser finds this very page without leaving Tor."""
        return [("Onion-Location", self._onion_url + page)] if self._onion_url and page else []

    def _location(self, relative: str) -> str | None:
        try:
            with open(self._root + relative, encoding="ascii") as file:  # noqa: PTH123
                line = file.read().removesuffix("\n")
        except (*_NO_FILE, UnicodeDecodeError):
            return None
        return line if _LOCATION.fullmatch(line) else None

    def _hand_out(self, key: Hashable, file: PressedFile, method: bytes, fields: Fields) -> Answer:
        wish = fields.get(b"accept-encoding", b"").decode("latin-1")
        ready = None
        while ready is None:
            coding = choose_coding(wish, file.codings)
            if coding is None:
                return self.notice(406, ("Vary", "Accept-Encoding"))
            ready = file.representations.get(coding) or self.shelf.representation(key, file, coding)
        if file.status != 200:
            return ready.answer
        if is_known(file, ready, fields):
            return ready.unchanged
        if not file.is_text and method == b"GET" and b"range" in fields:
            return self._part(file, ready, fields)
        if file.is_kept:
            return ready.answer
        return Answer(200, ready.answer.headers, file=FilePart(file, 0, file.size_bytes))

    def _part(self, file: PressedFile, ready: Representation, fields: Fields) -> Answer:
        size_bytes = file.size_bytes
        try:
            wanted = byte_range(fields[b"range"].decode("latin-1"), size_bytes)
        except UnsatisfiableRange:
            return self.notice(416, ("Content-Range", f"bytes */{size_bytes}"))
        condition = fields.get(b"if-range", b"").decode("latin-1")
        is_other = condition not in {"", ready.etag, file.last_modified}
        status, headers = 200, ready.answer.headers
        start, stop = (0, size_bytes) if wanted is None or is_other else wanted
        if wanted is not None and not is_other:
            status = 206
            headers = [header for header in headers if header[0] not in {"Content-Length", "Accept-Ranges"}]
            headers.append(("Content-Length", str(stop - start)))
            headers.append(("Content-Range", f"bytes {start}-{stop - 1}/{size_bytes}"))
        if file.is_kept:
            return Answer(status, headers, ready.answer.body[start:stop])
        return Answer(status, headers, file=FilePart(file, start, stop))

    def _not_found(self, first_segment: str, fields: Fields) -> Answer:
        candidates = [NOT_FOUND_FILE]
        if first_segment and not first_segment.startswith("."):
            candidates.insert(0, f"{first_segment}/{NOT_FOUND_FILE}")
        for relative in candidates:
            file = self._file((404, relative), relative, 404)
            if file is not None:
                return self._hand_out((404, relative), file, b"GET", fields)
        return self.notice(404)

    def _moved(self, location: str) -> Answer:
        return self._page(301, moved_notice(location), (("Location", location),))

    def _page(self, status: int, body: bytes, headers: Sequence[tuple[str, str]]) -> Answer:
        described = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", cache_control("/")),
        ]
        return Answer(status, [*described, *headers, *self._security], body)


def is_known(file: PressedFile, ready: Representation, fields: Fields) -> bool:
    """Whether whoever asks holds this very version already, by its tag or else by its date."""
    known = fields.get(b"if-none-match")
    if known is not None:
        return is_unchanged(known.decode("latin-1"), ready.etag)
    since = fields.get(b"if-modified-since")
    # Only the very date that we gave: any other one says nothing of what was given with it.
    return since is not None and since == file.last_modified.encode()


def _address(path: bytes) -> str:
    """The address that a target's path names.

    Raises:
        BadAddress: it cannot be one of ours.
    """
    if not path.startswith(b"/"):
        # A proxy may ask with the whole URL: RFC 9112, section 3.2.2.
        path = _ABSOLUTE.sub(b"", path, count=1) or b"/"
    try:
        text = unquote_to_bytes(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadAddress("is not UTF-8") from error
    return check_address(unicodedata.normalize("NFC", text))
