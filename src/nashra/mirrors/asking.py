"""Asks one web server for small files: bounded in bytes and in time, whatever it answers.

Follows no redirect, sends nothing of ours along, and asks no onion service: that would tell its name to the
resolver. Must not judge what it is given.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import quote, urlsplit

from nashra.edition.mirrors import is_onion

# Only to see whether pages of other sites may read: no name of ours.
FOREIGN_ORIGIN = "https://reader.example"
_PIECE_BYTES = 64 * 1024


class NoAnswer(Exception):
    """A server that cannot be reached, or did not answer in time."""


class WrongAnswer(Exception):
    """A server that answers, but not with the file that it was asked for."""


class Asking:
    """Questions to one mirror, all of which together may take ``limit_s`` seconds."""

    def __init__(self, url: str, *, limit_s: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.url = url
        self._monotonic = monotonic
        self._deadline_s = monotonic() + limit_s
        # Of the last answer.
        self.allows_other_sites: bool | None = None

    def fetch(self, path: str, *, max_bytes: int) -> bytes:
        """A file beneath the mirror's address.

        Raises:
            NoAnswer, WrongAnswer: it did not come.
        """
        parts = urlsplit(self.url)
        if is_onion(self.url):
            raise NoAnswer("is an onion service, which is not asked from here")
        remaining_s = self._deadline_s - self._monotonic()
        if remaining_s <= 0:
            raise NoAnswer("takes longer than it may to answer")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=remaining_s)
        # A server that sends a byte now and then would outlast any time-out of a single read.
        ended = threading.Event()
        watch = threading.Timer(remaining_s, _hang_up, (connection, ended))
        watch.daemon = True
        watch.start()
        try:
            return self._answer(connection, f"{parts.path}{quote(path)}", max_bytes)
        except (OSError, http.client.HTTPException, ValueError) as error:
            if ended.is_set() or isinstance(error, TimeoutError):
                raise NoAnswer("takes longer than it may to answer") from error
            if isinstance(error, ssl.SSLError):
                raise NoAnswer("has no valid certificate") from error
            if isinstance(error, OSError):
                raise NoAnswer(f"cannot be reached: {error.strerror or type(error).__name__}") from error
            raise WrongAnswer(f"answers {path} with something that is no web page at all") from error
        finally:
            watch.cancel()
            connection.close()

    def _answer(self, connection: http.client.HTTPConnection, target: str, max_bytes: int) -> bytes:
        connection.request("GET", target, headers={"Origin": FOREIGN_ORIGIN})
        answer = connection.getresponse()
        if answer.status in {301, 302, 303, 307, 308}:
            raise WrongAnswer("leads on to another address")
        if answer.status != http.client.OK:
            raise WrongAnswer(f"answers {target} with the status {answer.status}")
        self.allows_other_sites = answer.headers.get("Access-Control-Allow-Origin") in {"*", FOREIGN_ORIGIN}
        pieces, size_bytes = [], 0
        while piece := answer.read1(_PIECE_BYTES):
            size_bytes += len(piece)
            if size_bytes > max_bytes:
                raise WrongAnswer(f"sends more at {target} than the file can hold")
            if self._monotonic() > self._deadline_s:
                raise TimeoutError
            pieces.append(piece)
        return b"".join(pieces)


def _hang_up(connection: http.client.HTTPConnection, ended: threading.Event) -> None:
    ended.set()
    if connection.sock is not None:
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)
