"""What nginx and Caddy hand on to the readers' desk: of who asks, the address that they saw, and no more."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.deploy.asking import Server
from tests.deploy.conftest import Site, caddy_before, nginx_before

Before = Callable[[int, Site, Path], contextlib.AbstractContextManager[Server]]


@contextlib.contextmanager
def desk_that_listens() -> Iterator[tuple[int, list[bytes]]]:
    """A readers' desk that keeps what it is told and answers with nothing."""
    told: list[bytes] = []

    def answer() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection:
                    told.append(connection.recv(65536))
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield listener.getsockname()[1], told
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(10)


@pytest.mark.parametrize("before", [nginx_before, caddy_before])
def test_a_spoofed_address_is_replaced_and_nothing_else_of_the_reader_goes_on(
    before: Before, site: Site, tmp_path: Path
) -> None:
    with desk_that_listens() as (port, told), before(port, site, tmp_path) as server:
        told.clear()
        server.ask(
            "/readers/comment",
            "X-Forwarded-For: 203.0.113.9, 203.0.113.10",
            "X-Real-IP: 203.0.113.11",
            "Forwarded: for=203.0.113.12",
            "User-Agent: Lanternfish/77.1",
            "Accept-Language: xx-lantern",
            "Referer: http://lantern.example/",
            "Cookie: other=lantern; nashra_reaction=WzE:mark; third=lantern",
            "Sec-Fetch-Site: same-origin",
            "Content-Type: application/x-www-form-urlencoded",
            method="POST",
            body=b"story=x",
        )
        head = told[0].split(b"\r\n\r\n")[0].decode("latin-1")
    lines = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:])
    assert lines["x-forwarded-for"] == "127.0.0.1"
    assert lines["cookie"] == "nashra_reaction=wze:mark"
    assert (lines["sec-fetch-site"], lines["host"]) == ("same-origin", "news.example")
    assert "203.0.113" not in head
    assert "lantern" not in head.lower()
