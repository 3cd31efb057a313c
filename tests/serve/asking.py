"""How the stand's tests ask it: one request to the whole readers' origin, as its server would hand it on."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from nashra.serve.readers_desk import ReadersOrigin


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    def __getitem__(self, name: str) -> str:
        return self.headers[name]


class Reader:
    """Somebody who asks an origin for addresses, percent-encoded as on the wire."""

    def __init__(self, origin: ReadersOrigin, *, peer: tuple[str, int] | None = None) -> None:
        self._origin = origin
        self._peer = peer
        self.scope: Any = {}

    def get(self, target: str, **headers: str) -> Answer:
        return self.ask("GET", target, **headers)

    def head(self, target: str, **headers: str) -> Answer:
        return self.ask("HEAD", target, **headers)

    def ask(self, method: str, target: str, body: bytes = b"", **headers: str) -> Answer:
        path, _, query = target.partition("?")
        self.scope = scope = {
            "type": "http",
            "method": method,
            "raw_path": path.encode("latin-1"),
            "query_string": query.encode("latin-1"),
            "headers": [
                (name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()
            ],
            "http_version": "1.1",
            "scheme": "http",
            "server": ("127.0.0.1", 8000),
            "client": self._peer,
        }
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        asyncio.run(self._origin(scope, receive, send))
        start, *parts = sent
        assert start["type"] == "http.response.start"
        assert [part["more_body"] for part in parts] == [True] * (len(parts) - 1) + [False]
        names = [name.lower() for name, _ in start["headers"]]
        assert len(names) == len(set(names)), "a header was sent twice"
        fields = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in start["headers"]}
        return Answer(start["status"], fields, b"".join(part["body"] for part in parts))
