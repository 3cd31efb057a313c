"""A whole answer as bytes, ready to be sent: headers and body in one piece, made once and sent often.

Must know neither files nor sockets, and must never hold anything of the request.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nashra.serve.headers import Headers
    from nashra.serve.pressed import FilePart

# Ours alone: what `http.HTTPStatus` calls 416 has another name since RFC 9110.
_PHRASES = {416: "Range Not Satisfiable"}


def _status_line(status: int) -> bytes:
    return f"HTTP/1.1 {status} {_PHRASES.get(status, HTTPStatus(status).phrase)}\r\n".encode("ascii")


STATUS_LINES = {
    status: _status_line(status) for status in (200, 206, 301, 304, 400, 404, 405, 406, 410, 413, 416, 503)
}


class Answer:
    """A status line, the bytes after it (header lines, an empty line, the body), and where the body begins.

    Where ``file`` is set, the body is that part of a file, to be read while it is sent.
    """

    __slots__ = ("body_start", "file", "status", "status_line", "wire")

    def __init__(
        self, status: int, headers: Iterable[tuple[str, str]], body: bytes = b"", file: FilePart | None = None
    ) -> None:
        self.status = status
        self.status_line = STATUS_LINES[status]
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
        head = f"{lines}\r\n".encode("latin-1")
        self.body_start = len(head)
        self.wire = head + body
        self.file = file

    @property
    def headers(self) -> Headers:
        """The headers, as a list."""
        lines = self.wire[: self.body_start].decode("latin-1").splitlines()
        return [(name, value) for name, _, value in (line.partition(": ") for line in lines if line)]

    @property
    def body(self) -> bytes:
        """The body, but for one that is read from a file."""
        return self.wire[self.body_start :]

    def without_body(self) -> Answer:
        """What answers a HEAD: the same headers, the length of the absent body among them."""
        head = object.__new__(Answer)
        head.status, head.status_line, head.file = self.status, self.status_line, None
        head.body_start, head.wire = self.body_start, self.wire[: self.body_start]
        return head
