"""How the stand's tests ask it: a whole WSGI request through the standard library's validator."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    def __getitem__(self, name: str) -> str:
        return self.headers[name]


class Reader:
    """Somebody who asks a WSGI application for addresses, percent-encoded as on the wire."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = validator(application)

    def get(self, target: str, **headers: str) -> Answer:
        return self.ask("GET", target, **headers)

    def head(self, target: str, **headers: str) -> Answer:
        return self.ask("HEAD", target, **headers)

    def ask(self, method: str, target: str, **headers: str) -> Answer:
        path, _, query = target.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "SCRIPT_NAME": "",
            "QUERY_STRING": query,
            **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
        }
        setup_testing_defaults(environ)
        said: list[Any] = []

        def start_response(status: str, sent: list[tuple[str, str]], _error: Any = None) -> Any:
            said.extend([status, sent])
            return lambda _: None

        result: Iterable[bytes] = self._application(environ, start_response)
        try:
            body = b"".join(result)
        finally:
            result.close()  # type: ignore[attr-defined]
        names = [name.lower() for name, _ in said[1]]
        assert len(names) == len(set(names)), "a header was sent twice"
        return Answer(int(said[0][:3]), {name.lower(): value for name, value in said[1]}, body)
