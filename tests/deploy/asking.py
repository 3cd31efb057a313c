"""The same bytes sent to several servers, and what of their answers must be the same."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Iterator
from dataclasses import dataclass

import brotli

# What may differ: the moment, the program's name, how the connection goes on.
_OWN = frozenset({"date", "server", "connection", "keep-alive"})
_UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, "identity": bytes}


@dataclass(frozen=True)
class Answer:
    """A status, the headers by their names in lower case, and the body as it came."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> bytes:
        """The body, unpacked."""
        if not self.body:
            return b""
        return _UNPACK[self.headers.get("content-encoding", "identity")](self.body)


class Server:
    """A server on this machine."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, target: bytes | str, *headers: str, method: str = "GET", body: bytes = b"") -> Answer:
        """Send exactly this, on a connection of its own."""
        target = target.encode() if isinstance(target, str) else target
        lines = [b"%b %b HTTP/1.1" % (method.encode(), target), b"Host: news.example", b"Connection: close"]
        lines += [header.encode() for header in headers]
        if body:
            lines.append(b"Content-Length: %d" % len(body))
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + body)
            received = b"".join(iter(lambda: connection.recv(65536), b""))
        head, _, content = received.partition(b"\r\n\r\n")
        status, *fields = head.decode("latin-1").split("\r\n")
        pairs = [(name.lower(), value.strip()) for name, _, value in (f.partition(":") for f in fields)]
        if int(status.split()[1]) == 416:
            # nginx goes through its headers twice here, and says the same twice.
            pairs = list(dict.fromkeys(pairs))
        assert len(pairs) == len(dict(pairs)), f"a header was sent twice: {pairs}"
        if dict(pairs).get("transfer-encoding") == "chunked":
            content = b"".join(_chunks(content))
        return Answer(int(status.split()[1]), dict(pairs), content)


def _chunks(content: bytes) -> Iterator[bytes]:
    while content:
        length, _, content = content.partition(b"\r\n")
        yield content[: int(length, 16)]
        content = content[int(length, 16) + 2 :]


def differences(ours: Answer, theirs: Answer) -> list[str]:
    """What two servers' answers do not agree on: all but the moment, the program's name, the tag's value."""
    mine, other = _lasting(ours), _lasting(theirs)
    found = [
        f"{name}: {mine.get(name)!r}, not {other.get(name)!r}"
        for name in sorted(mine.keys() | other.keys())
        if mine.get(name) != other.get(name)
    ]
    if ours.status != theirs.status:
        found.insert(0, f"status: {ours.status}, not {theirs.status}")
    if ours.text != theirs.text:
        found.append(f"body: {ours.text[:200]!r}, not {theirs.text[:200]!r}")
    return found


def _lasting(answer: Answer) -> dict[str, str]:
    headers = {name: value for name, value in answer.headers.items() if name not in _OWN}
    if "etag" in headers:
        headers["etag"] = "weak" if headers["etag"].startswith("W/") else "strong"
    return headers
