"""The stand under uvicorn, two workers, asked over real sockets with raw bytes."""

from __future__ import annotations

import gzip
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nashra.serve.generation import LOOK_AGAIN_AFTER_S
from nashra.serve.server import server_command
from tests.serve.conftest import PHOTO, POLICY, STORY, press
from tests.serve.ports import free_ports, wait_until_it_answers

PROJECT = Path(__file__).parents[2]


class Origin:
    """A running server, and what it said on the terminal."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(
        self, target: bytes, *headers: bytes, method: bytes = b"GET", body: bytes = b""
    ) -> tuple[int, dict[str, str], bytes]:
        """Send exactly these bytes on a connection of its own, so that either worker may get them."""
        head = b"\r\n".join(
            [method + b" " + target + b" HTTP/1.1", b"Host: x", b"Connection: close", *headers]
        )
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(head + b"\r\n\r\n" + body)
            received = b"".join(iter(lambda: connection.recv(65536), b""))
        lines, _, content = received.partition(b"\r\n\r\n")
        status, *fields = lines.decode("latin-1").split("\r\n")
        return (
            int(status.split()[1]),
            {k.lower(): v.strip() for k, _, v in (f.partition(":") for f in fields)},
            content,
        )


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "output"


@pytest.fixture
def origin(site: Path, output: Path) -> Iterator[Origin]:
    [port] = free_ports(1)
    command = server_command(
        "tests.serve.origin_for_tests:application", host="127.0.0.1", port=port, workers=2, threads=4
    )
    environment = {**os.environ, "NASHRA_TEST_SITE": str(site)}
    with output.open("wb") as file:
        process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=file, stderr=file)
        try:
            wait_until_it_answers(port)
            yield Origin(port)
        finally:
            process.terminate()
            assert process.wait(15) == 0
    assert output.read_bytes() == b"", "the origin wrote something down"


def test_it_serves_pages_photos_and_changes_to_either_worker(origin: Origin, site: Path) -> None:
    assert origin.ask(b"/en/security/ferry/")[2].decode() == STORY
    assert gzip.decompress(origin.ask(b"/en/security/ferry/", b"Accept-Encoding: gzip")[2]).decode() == STORY
    for number in range(20):
        press(site, "en/index.html", f"home {number}")
        time.sleep(LOOK_AGAIN_AFTER_S + 0.01)
        assert {origin.ask(b"/en/")[2] for _ in range(4)} == {f"home {number}".encode()}
    (site / "en/index.html").unlink()
    time.sleep(LOOK_AGAIN_AFTER_S + 0.01)
    assert {origin.ask(b"/en/")[0] for _ in range(12)} == {404}


def test_it_keeps_http_s_own_rules(origin: Origin) -> None:
    status, headers, body = origin.ask(b"/en/", method=b"HEAD")
    assert (status, body, headers["content-length"]) == (200, b"", "4")
    assert headers["content-security-policy"] == POLICY
    status, headers, body = origin.ask(b"/en/", b"If-None-Match: " + headers["etag"].encode())
    assert (status, body) == (304, b"")
    status, headers, body = origin.ask(b"/photos/0123456789abcdef0123-960.avif", b"Range: bytes=10-19")
    assert (status, body, headers["content-length"]) == (206, PHOTO[10:20], "10")
    status, headers, _ = origin.ask(b"/en/", b"Content-Length: 5", method=b"POST", body=b"hello")
    assert (status, headers["allow"]) == (405, "GET, HEAD")
    assert (
        origin.ask(b"/readers/comment", b"Content-Length: 0", method=b"POST")[2] == b"POST /readers/comment"
    )


@pytest.mark.parametrize(
    ("target", "statuses"),
    [
        (b"/../../../etc/passwd", {400}),
        (b"/%2e%2e/%2e%2e/etc/passwd", {400}),
        (b"/..%2f..%2fetc%2fpasswd", {400}),
        (b"/en/..%5c..%5csecret", {400}),
        (b"/%00", {400}),
        (b"/a\x00b", {400}),
        (b"/%zz", {400}),
        (b"/%", {400}),
        (b"/%252e%252e/", {400}),
        (b"/\xff\xfe", {400}),
        (b"/%ff%fe", {400}),
        (b"//evil.example/", {400}),
        (b"/en//", {400}),
        (b"*", {400}),
        (b"en/", {400}),
        (b"/" + b"a" * 5_000, {400}),
        (b"/" + b"a" * 100_000, {400, 414}),
        (b"/en/index.html#1", {400}),
        (b"/.git/config", {404}),
        (b"/%2Egit/config", {404}),
        (b"/readers%2fcomment", {200}),
        (b"http://elsewhere.example/en/", {200}),
        (b"/ar/security/\xd8\xa7\xd9\x84\xd8\xb9\xd8\xa8\xd9\x91\xd8\xa7\xd8\xb1\xd8\xa9/", {200}),
        (b"/ar/security/%D8%A7%D9%84%D8%B9%D8%A8%D9%91%D8%A7%D8%B1%D8%A9/", {200}),
        # An encoded slash reaches WSGI as a slash: it names the same page, and no other.
        (b"/en%2Fsecurity%2fferry/", {200}),
    ],
)
def test_odd_targets_get_a_proper_status_and_nothing_they_should_not(
    odd_origin: Origin, target: bytes, statuses: set[int]
) -> None:
    status, _, body = odd_origin.ask(target)
    assert status in statuses
    assert b"root:" not in body


@pytest.fixture(scope="module")
def odd_origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Origin]:
    """One server for all odd targets: none of them changes anything."""
    site = tmp_path_factory.mktemp("odd") / "site"
    press(site, "en/index.html", "home")
    press(site, "en/security/ferry/index.html", STORY)
    press(site, "ar/security/العبّارة/index.html", "العبّارة عادت")
    [port] = free_ports(1)
    command = server_command(
        "tests.serve.origin_for_tests:application", host="127.0.0.1", port=port, workers=1, threads=1
    )
    with subprocess.Popen(command, cwd=PROJECT, env={**os.environ, "NASHRA_TEST_SITE": str(site)}) as process:
        wait_until_it_answers(port)
        yield Origin(port)
        process.terminate()
