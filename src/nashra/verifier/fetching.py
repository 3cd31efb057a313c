"""Files from one mirror, one after another, and no more of them than was agreed beforehand.

Follows no redirect and waits for nobody for ever: a mirror that is slow, endless or elsewhere is refused with
a sentence. Asks no onion service, whose name would be told to the resolver. Sends nothing that tells readers
apart. Must not judge what it was given, and keeps nothing.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from nashra.edition.mirrors import is_onion

_PIECE_BYTES = 64 * 1024
_NOT_THERE = frozenset([403, 404, 410])


class FetchFailed(ValueError):
    """A file that was not got; ``path`` names it, the message goes on from there.

    ``status`` is what the mirror answered, where it did.
    """

    def __init__(self, path: str, why: str, status: int | None = None) -> None:
        super().__init__(why)
        self.path = path
        self.status = status

    @property
    def is_absent(self) -> bool:
        """Whether the mirror said that it has no such file."""
        return self.status in _NOT_THERE


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a mirror may take: for the first byte, and then at least so many bytes a second.

    Over all, it may take ``seconds_a_request`` for each file beside the time for its bytes, and never more
    than ``seconds_over_all``.
    """

    seconds: float = 20
    bytes_a_second: int = 1000
    seconds_a_request: float = 2
    seconds_over_all: float = 6 * 3600


class Mirror:
    """One host, asked through one connection; close it after use.

    ``origin`` is another site's, in whose name a page might ask; without it none is named.
    """

    def __init__(
        self,
        address: str,
        patience: Patience | None = None,
        clock: Callable[[], float] = time.monotonic,
        origin: str = "",
    ) -> None:
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise FetchFailed(address, "is no address of a mirror: it begins with https:// or http://")
        if is_onion(address):
            raise FetchFailed(
                address, "is an onion service: fetch it through Tor, and look at the folder that you get"
            )
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._patience = patience or Patience()
        try:
            self._connection = kind(parts.hostname, parts.port, timeout=self._patience.seconds)
        except ValueError as error:
            raise FetchFailed(address, "is no address of a mirror: its port is no number") from error
        self._base = parts.path.rstrip("/")
        self._headers = {"Accept-Encoding": "identity", "User-Agent": "Mozilla/5.0"}
        if origin:
            self._headers["Origin"] = origin
        # What the last answer said of who else may read it.
        self.readable_from = ""
        self._clock = clock
        self._began = clock()
        self._requests = 0
        self._received_bytes = 0

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def pieces(self, path: str, max_bytes: int, *, is_quoted: bool = False) -> Iterator[bytes]:
        """The bytes of a file by its path from the mirror's root, which must not be more than that.

        ``is_quoted`` is for a path that is percent-encoded already, in which ``%2F`` is no slash.

        Raises:
            FetchFailed: it is not there, too long, too slow, or elsewhere.
        """
        self._requests += 1
        allowed = self._patience.seconds + max_bytes / self._patience.bytes_a_second
        left = self._began + self._patience.seconds_over_all - self._clock()
        if left <= 0:
            raise FetchFailed(path, "took too long to come")
        allowed = min(allowed, left)
        watchdog = threading.Timer(allowed, self._hang_up)
        watchdog.daemon = True
        ends_at = self._clock() + allowed
        is_whole = False
        watchdog.start()
        try:
            target = f"{self._base}/{path if is_quoted else quote(path)}"
            yield from self._ask(path, target, max_bytes, ends_at)
            is_whole = True
        except (OSError, http.client.HTTPException) as error:
            is_late = isinstance(error, TimeoutError) or self._clock() >= ends_at
            why = "took too long to come" if is_late else f"did not come: {_reason(error)}"
            raise FetchFailed(path, why) from error
        finally:
            watchdog.cancel()
            watchdog.join()
            if not is_whole:
                # What is left of an answer would be read as the next one.
                self._connection.close()

    def read(self, path: str, max_bytes: int) -> bytes:
        """A whole small file; see ``pieces``."""
        return b"".join(self.pieces(path, max_bytes))

    def _ask(self, path: str, target: str, max_bytes: int, ends_at: float) -> Iterator[bytes]:
        try:
            self._connection.request("GET", target, headers=self._headers)
            answer = self._connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # A server may end a connection between two requests; a new one is tried once.
            self._connection.close()
            self._connection.request("GET", target, headers=self._headers)
            answer = self._connection.getresponse()
        self.readable_from = answer.getheader("Access-Control-Allow-Origin", "")
        self._check_answer(path, answer, max_bytes)
        received = 0
        while piece := answer.read1(_PIECE_BYTES):
            received += len(piece)
            self._received_bytes += len(piece)
            if received > max_bytes:
                raise FetchFailed(path, _too_long(max_bytes), answer.status)
            if self._clock() >= ends_at or self._is_slow_over_all():
                raise FetchFailed(path, "took too long to come")
            yield piece
        if answer.length:
            raise FetchFailed(path, "ended before its end", answer.status)

    def _check_answer(self, path: str, answer: http.client.HTTPResponse, max_bytes: int) -> None:
        if 300 <= answer.status < 400:
            raise FetchFailed(path, "is said to be elsewhere, and redirects are not followed", answer.status)
        if answer.status != 200:
            raise FetchFailed(path, f"was not given: the mirror answered {answer.status}", answer.status)
        if answer.getheader("Content-Encoding", "identity") != "identity":
            raise FetchFailed(path, "came compressed, which nobody asked for", answer.status)
        if answer.length is not None and answer.length > max_bytes:
            raise FetchFailed(path, _too_long(max_bytes), answer.status)

    def _is_slow_over_all(self) -> bool:
        allowed = (
            self._patience.seconds
            + self._requests * self._patience.seconds_a_request
            + self._received_bytes / self._patience.bytes_a_second
        )
        return self._clock() - self._began > allowed

    def _hang_up(self) -> None:
        """End a request whose headers or bytes drip in: no time-out of a single read sees that."""
        if (sock := self._connection.sock) is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


def _too_long(max_bytes: int) -> str:
    return f"is longer than the {max_bytes} bytes that it may have"


def _reason(error: Exception) -> str:
    """Why a connection was none, in a few words."""
    if isinstance(error, ssl.SSLError):
        return "there is no valid certificate"
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return "what was answered is no web page at all"
