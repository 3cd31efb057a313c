"""What a connection puts up with: requests in a heap, in crumbs, without end, and readers who never read."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from pathlib import Path

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from nashra.serve import connection
from nashra.serve.connection import MAX_HEAD_BYTES, PATIENCE_S, PageConnection
from nashra.serve.readers_desk import MAX_READ_BYTES, ReadersOrigin
from nashra.serve.stand import Stand
from tests.serve.conftest import POLICY, STORY, answer_as_django, press
from tests.serve.test_origin_process import Origin, odd_origin  # noqa: F401 - a fixture

GET = b"GET /en/ HTTP/1.1\r\nHost: x\r\n\r\n"


def answers(received: bytes) -> int:
    """How many answers came."""
    return received.count(b"HTTP/1.1 ")


def talk(origin: Origin, *pieces: bytes, pause_s: float = 0.0) -> bytes:
    """Send these pieces on one connection, then read until the other side hangs up or falls silent."""
    with socket.create_connection(("127.0.0.1", origin.port), timeout=5) as talking:
        with contextlib.suppress(ConnectionError):
            for piece in pieces:
                talking.sendall(piece)
                time.sleep(pause_s)
        talking.settimeout(1)
        received = b""
        with contextlib.suppress(TimeoutError, ConnectionError):
            while more := talking.recv(65536):
                received += more
        return received


def test_requests_in_one_heap_are_answered_in_their_order(odd_origin: Origin) -> None:  # noqa: F811
    post = b"POST /readers/comment HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
    missing = b"HEAD /en/none/ HTTP/1.1\r\nHost: x\r\n\r\n"
    received = talk(odd_origin, GET + post + GET + missing + GET)
    assert answers(received) == 5
    order = [received.index(b"home"), received.index(b"POST /readers/comment"), received.rindex(b"home")]
    assert order == sorted(order)
    assert received.count(b"home") == 3
    assert received.count(b"HTTP/1.1 404") == 1


def test_a_request_may_come_in_crumbs(odd_origin: Origin) -> None:  # noqa: F811
    crumbs = [GET[place : place + 3] for place in range(0, len(GET), 3)]
    assert talk(odd_origin, *crumbs, pause_s=0.01).endswith(b"home")


def test_a_body_may_come_in_chunks(odd_origin: Origin) -> None:  # noqa: F811
    head = b"POST /readers/comment HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert b"POST /readers/comment" in talk(odd_origin, head, b"5\r\nhello\r\n", b"0\r\n\r\n", pause_s=0.05)


def test_a_reader_may_ask_whether_to_go_on(odd_origin: Origin) -> None:  # noqa: F811
    head = b"POST /readers/comment HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
    received = talk(odd_origin, head, b"hello", pause_s=0.3)
    assert received.startswith(b"HTTP/1.1 100 ")
    assert b"HTTP/1.1 200" in received


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
def test_it_hangs_up_where_the_reader_wants_that(odd_origin: Origin, version: bytes) -> None:  # noqa: F811
    request = b"GET /en/ HTTP/" + version + b"\r\nHost: x\r\nConnection: close\r\n\r\n"
    received = talk(odd_origin, request + GET)
    assert answers(received) == 1
    assert b"connection: close" in received.lower()


def test_a_wish_for_another_protocol_is_passed_over(odd_origin: Origin) -> None:  # noqa: F811
    request = b"GET /en/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    received = talk(odd_origin, request)
    assert answers(received) == 1
    assert received.endswith(b"home")


@pytest.mark.parametrize(
    "begun", [b"GET /en/ HTTP/1.1\r\nX: ", b"GET /", b"GET /en/ HTTP/1.1\r\n" + b"A: b\r\n" * 8]
)
def test_a_header_without_end_is_refused(odd_origin: Origin, begun: bytes) -> None:  # noqa: F811
    received = talk(odd_origin, begun, *[b"a" * 8192] * (MAX_HEAD_BYTES // 8192 + 2))
    assert received.startswith(b"HTTP/1.1 400 ")
    assert b"This address is broken" in received


def test_a_body_without_end_is_refused(odd_origin: Origin) -> None:  # noqa: F811
    head = b"POST /readers/comment HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"100000\r\n" + b"a" * 0x100000 + b"\r\n"
    received = talk(odd_origin, head, *[chunk] * (MAX_READ_BYTES // 0x100000 + 2))
    assert b"HTTP/1.1 413 " in received


def test_who_never_reads_fills_no_memory(tmp_path: Path) -> None:
    site = tmp_path / "site"
    press(site, "en/index.html", STORY * 10)
    written: list[int] = []

    class Deaf(asyncio.Transport):
        """A transport that nobody empties: it says so as soon as it holds 64 KiB."""

        def write(self, data: bytes) -> None:  # type: ignore[override]
            written.append(len(data))
            if sum(written) > 65536:
                talking.pause_writing()

        def is_closing(self) -> bool:
            return False

        def pause_reading(self) -> None:
            pass

    async def flood() -> None:
        nonlocal talking
        talking = _connection(site)
        talking.connection_made(Deaf())
        talking.data_received(GET * 5000)
        await asyncio.sleep(0.05)
        talking._timer.cancel()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    talking: PageConnection
    asyncio.run(flood())
    assert sum(written) < 4 * len(STORY) * 10


def test_who_says_nothing_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "PATIENCE_S", 0.05)
    aborted: list[float] = []

    class Silent(asyncio.Transport):
        """A transport from which nothing comes but the beginning of a request."""

        def abort(self) -> None:
            aborted.append(time.monotonic())

        def is_closing(self) -> bool:
            return bool(aborted)

    async def wait() -> None:
        talking = _connection(tmp_path)
        talking.connection_made(Silent())
        talking.data_received(b"GET / HTTP/1.1\r\nX: ")
        for _ in range(10):
            talking.data_received(b"a")
            await asyncio.sleep(0.01)

    asyncio.run(wait())
    assert len(aborted) == 1
    assert PATIENCE_S > 1


def _connection(site: Path) -> PageConnection:
    origin = ReadersOrigin(Stand(site, content_security_policy=POLICY), answer_as_django)
    config = Config(
        origin,
        http=PageConnection,
        ws="none",
        lifespan="off",
        interface="asgi3",
        proxy_headers=False,
        log_config=None,
    )
    config.load()
    state = ServerState()
    state.default_headers = [(b"date", b"Sun, 22 Nov 2026 12:00:00 GMT")]
    return PageConnection(config, state, {}, asyncio.get_running_loop())
