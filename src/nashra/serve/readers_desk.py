"""The way from a reader's post to Django: an ASGI application before the stand and a WSGI one.

The readers' desk is a plain WSGI application that may wait for its database: it runs in a few threads,
so that a slow post holds up no page. It is told nothing of who asks: no address, no agent, no language;
only by which way, as a token that names nobody (``buckets``).
Must not read an address's meaning: that is the stand's.
"""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from nashra.readers.limits import BUCKET
from nashra.serve.buckets import Buckets

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, HTTPScope

    from nashra.serve.stand import Stand

# More of a body is read but not kept: the readers' desk then sees by its length that it is too long,
# and says so in the reader's language. What goes on even after that is cut off.
MAX_KEPT_BYTES = 1024 * 1024
MAX_READ_BYTES = 16 * 1024 * 1024
_THREADS = 4
# RFC 9110, section 10.1.5: what tells one reader from another stops here.
_NEVER_TOLD = frozenset({b"user-agent", b"accept-language", b"forwarded", b"via", b"proxy"})


class BodyTooLong(Exception):
    """Somebody sends more than any form of ours holds."""


class ReadersOrigin:
    """An ASGI application: pages from the stand, all beneath ``/readers/`` from a WSGI application."""

    def __init__(self, stand: Stand, readers: WSGIApplication, *, buckets: Buckets | None = None) -> None:
        self.stand = stand
        self._buckets = buckets or Buckets()
        self._readers = readers
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="readers-desk")

    async def __call__(self, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Answer one request; uvicorn calls this for whatever the connection cannot answer at once."""
        fields = joined(scope["headers"])
        # What a connection is asked next must not find the address still there.
        peer, scope["client"] = scope["client"], None
        answer = self.stand.answer(scope["method"].encode("ascii"), scope["raw_path"], fields)
        if answer is None:
            try:
                body, length_bytes = await _whole_body(receive)
            except BodyTooLong:
                answer = self.stand.notice(413, ("Connection", "close"))
            else:
                environ = _environ(scope, fields, body, length_bytes)
                environ[BUCKET] = self._buckets.token(peer[0] if peer else "", fields)
                running = asyncio.get_running_loop().run_in_executor(
                    self._threads, _ask, self._readers, environ
                )
                status, headers, content = await running
                await _send_whole(send, status, headers, content)
                return
        parts: Iterable[bytes] = [answer.body] if answer.file is None else answer.file
        try:
            await _send(send, answer.status, answer.headers, parts)
        finally:
            if answer.file is not None:
                answer.file.close()


def joined(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Header fields by name; one that came in several lines is a list: RFC 9110, section 5.3."""
    fields: dict[bytes, bytes] = {}
    for name, value in headers:
        fields[name] = fields[name] + b", " + value if name in fields else value
    return fields


async def _whole_body(receive: ASGIReceiveCallable) -> tuple[bytes, int]:
    """The body as far as it is kept, and how long it was.

    Raises:
        BodyTooLong: it does not come to an end.
    """
    body, length_bytes = bytearray(), 0
    while True:
        message: Any = await receive()
        if message["type"] != "http.request":
            raise asyncio.CancelledError("The reader went away.")
        length_bytes += len(message["body"])
        if length_bytes <= MAX_KEPT_BYTES:
            body += message["body"]
        if length_bytes > MAX_READ_BYTES:
            raise BodyTooLong
        if not message["more_body"]:
            return bytes(body), length_bytes


def _environ(scope: HTTPScope, fields: dict[bytes, bytes], body: bytes, length_bytes: int) -> dict[str, Any]:
    host, port = scope["server"] or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "CONTENT_TYPE": fields.get(b"content-type", b"").decode("latin-1"),
        "CONTENT_LENGTH": str(length_bytes),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in fields.items():
        if (
            name not in _NEVER_TOLD
            and not name.startswith((b"x-", b"content-", b"transfer-"))
            and b"_" not in name
        ):
            environ[f"HTTP_{name.decode('ascii').upper().replace('-', '_')}"] = value.decode("latin-1")
    return environ


def _ask(application: WSGIApplication, environ: dict[str, Any]) -> tuple[int, list[tuple[str, str]], bytes]:
    said: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: object = None) -> Any:
        said[:] = [int(status[:3]), headers]
        return lambda _: None

    result = application(environ, start_response)
    try:
        content = b"".join(result)
    finally:
        if hasattr(result, "close"):
            result.close()
    return said[0], said[1], content


async def _send_whole(
    send: ASGISendCallable, status: int, headers: list[tuple[str, str]], content: bytes
) -> None:
    lines = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": lines, "trailers": False})
    await send({"type": "http.response.body", "body": content, "more_body": False})


async def _send(
    send: ASGISendCallable, status: int, headers: list[tuple[str, str]], parts: Iterable[bytes]
) -> None:
    lines = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": lines, "trailers": False})
    for part in parts:
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
