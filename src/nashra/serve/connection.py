"""One reader's connection: uvicorn's own, with a short way for all that the stand answers from memory.

uvicorn hands each request to a task of its own, which costs more than the answer. A GET that needs
nothing but a file that is at hand is answered as soon as its header is read; everything else, and
whatever comes while an answer is still on its way, goes uvicorn's way. Headers that never end and
readers who never read are cut off. Must not know files, and must not remember who is connected.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.utils import get_remote_addr

from nashra.serve.readers_desk import joined

if TYPE_CHECKING:
    from nashra.serve.answer import Answer

# Browsers send 1 KB; no header of ours is of use beyond this.
MAX_HEAD_BYTES = 64 * 1024
# Nobody may hold a connection for longer without having been answered, or having read on.
PATIENCE_S = 60.0
_CLOSE = b"connection: close\r\n"
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_URL_CHARACTERS = "!#$%&'()*+,/:;=?@[]~"


class _Answered:
    """Stands where uvicorn keeps a request under way, and says that there is none."""

    response_complete = True
    disconnected = False
    keep_alive = True
    message_event = asyncio.Event()


_ANSWERED: Any = _Answered()


class PageConnection(HttpToolsProtocol):
    """What uvicorn makes for each connection; its application is a ``ReadersOrigin``."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A reader is here; from where is asked again only for what goes to the readers' desk."""
        super().connection_made(transport)
        self.client = None
        self._head_bytes = 0
        self._is_in_head = False
        self._deadline_s = self.loop.time() + PATIENCE_S
        self._timer = self.loop.call_later(PATIENCE_S, self._look_at_the_clock)

    def connection_lost(self, exc: Exception | None) -> None:
        """The reader is gone."""
        self._timer.cancel()
        super().connection_lost(exc)

    def _look_at_the_clock(self) -> None:
        left_s = self._deadline_s - self.loop.time()
        if left_s > 0:
            self._timer = self.loop.call_later(left_s, self._look_at_the_clock)
        else:
            self.transport.abort()

    def resume_writing(self) -> None:
        """The reader reads on."""
        self._deadline_s = self.loop.time() + PATIENCE_S
        super().resume_writing()

    def on_message_complete(self) -> None:
        """A request's end."""
        if self.cycle is not _ANSWERED:
            super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        """Some bytes of a request, or of several."""
        if not data.isascii() and self._awaits_a_request():
            data = _with_escapes(data)
        super().data_received(data)
        if not self._is_in_head:
            self._head_bytes = 0
            return
        self._head_bytes += len(data)
        if self._head_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("")

    def _awaits_a_request(self) -> bool:
        return not self._is_in_head and (
            self.cycle is None or self.cycle is _ANSWERED or not self.cycle.more_body
        )

    def on_message_begin(self) -> None:
        """A request begins."""
        self.url = b""
        self.headers = []
        self._is_in_head = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header line."""
        self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """All is known that an answer needs."""
        self._is_in_head = False
        if self.transport.is_closing():
            self.cycle = _ANSWERED
            return
        self._deadline_s = self.loop.time() + PATIENCE_S
        method = self.parser.get_method()
        if method in {b"GET", b"HEAD"} and self._is_free():
            fields = dict(self.headers)
            if len(fields) != len(self.headers):
                fields = joined(self.headers)
            if b"content-length" not in fields and b"transfer-encoding" not in fields:
                answer = self.app.stand.answer(method, self.url, fields)
                if answer is not None and answer.file is None:
                    self._send(answer)
                    return
                if answer is not None and answer.file is not None:
                    answer.file.close()
        self._go_the_long_way()

    def _is_free(self) -> bool:
        """Whether nothing is under way that an answer would have to wait for."""
        return (
            (self.cycle is None or self.cycle.response_complete)
            and not self.pipeline
            and not self.flow.write_paused
        )

    def _send(self, answer: Answer) -> None:
        self.cycle = _ANSWERED
        parser = self.parser
        date = b"date: %b\r\n" % self.server_state.default_headers[0][1]
        if parser.should_keep_alive() and not parser.should_upgrade() and parser.get_http_version() != "1.0":
            # In two pieces: a page is not copied on its way to the kernel.
            self.transport.writelines((answer.status_line + date, answer.wire))
            return
        self.transport.writelines((answer.status_line + date + _CLOSE, answer.wire))
        self.transport.close()

    def _go_the_long_way(self) -> None:
        url, headers = quote(self.url, safe=_URL_CHARACTERS).encode("ascii"), self.headers
        super().on_message_begin()
        self.url, self.headers = url, headers
        self.scope["headers"] = headers
        self.scope["client"] = get_remote_addr(self.transport)
        self.expect_100_continue = any(
            name == b"expect" and value.lower() == b"100-continue" for name, value in headers
        )
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """An answer that took the long way is sent."""
        self._deadline_s = self.loop.time() + PATIENCE_S
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """Say that this was no HTTP, in words for people, and hang up."""
        answer = self.app.stand.notice(400)
        date = b"date: %b\r\n" % self.server_state.default_headers[0][1]
        self.transport.write(b"".join((answer.status_line, date, _CLOSE, answer.wire)))
        self.transport.close()


def _with_escapes(data: bytes) -> bytes:
    """A request whose first line is ASCII, as HTTP wants it and not every program sends it.

    Whoever types an Arabic address at a terminal sends it in plain UTF-8.
    """
    line, end, rest = data.partition(b"\r\n")
    return _BEYOND_ASCII.sub(lambda found: b"%%%02X" % found[0][0], line) + end + rest
