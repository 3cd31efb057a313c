"""A mirror, honest or hostile: what it gives is believed only as far as it is signed, and within bounds."""

from __future__ import annotations

import datetime
import hashlib
import http.server
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nashra.seal.metadata import root_bytes
from nashra.verifier.fetching import FetchFailed, Patience
from nashra.verifier.memory import Memory
from nashra.verifier.mirror import verify_address
from nashra.verifier.verdict import State
from nashra.verifier.verifying import Trusted
from tests.loopback import served
from tests.verifier.editions import HOLDERS, LEAVES, cut

NOW = datetime.datetime.now(tz=datetime.UTC).replace(microsecond=0)
ROOT = root_bytes(HOLDERS, version=1, now=NOW)
TRUSTED = Trusted(root_fingerprint=hashlib.sha256(ROOT).hexdigest())


@pytest.fixture
def edition(tmp_path) -> Path:
    return cut(tmp_path / "edition", at=NOW, roots=[ROOT])


def look(address: str, trusted: Trusted = TRUSTED):
    return verify_address(address, trusted, now=NOW, memory=Memory(), patience=Patience(seconds=1.5))


@contextmanager
def hostile(answer) -> Iterator[str]:
    """A server that answers every request in one way."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with_suppressed(answer, self)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def with_suppressed(answer, handler) -> None:
    try:
        answer(handler)
    except OSError:
        """The reader hung up, as they should."""


def test_an_honest_mirror_is_current_and_whole(edition):
    with served(edition) as address:
        verdict = look(address)
    assert verdict.state is State.CURRENT
    assert verdict.whole == ["2026-10", "2026-11", "front"]


@pytest.mark.parametrize(
    "path", [LEAVES[0].path, "edition/SHA256", "volumes/2026-10/r1/SHA256", "edition/edition.pub"]
)
def test_a_mirror_that_changed_a_byte_is_found_out(edition, path):
    data = bytearray((edition / path).read_bytes())
    data[len(data) // 2] ^= 1
    (edition / path).write_bytes(data)
    with served(edition) as address:
        try:
            assert look(address).exit_code == 1
        except FetchFailed as error:
            assert error.path  # noqa: PT017 -- either is a refusal.


def test_html_with_200_to_everything_is_no_mirror():
    def answer(handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        handler.wfile.write(b"<!doctype html><p>Please log in</p>")

    with hostile(answer) as address, pytest.raises(FetchFailed, match="no mirror of an edition"):
        look(address)


def test_an_endless_answer_is_left_within_bounds():
    def answer(handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 65536)

    with hostile(answer) as address, pytest.raises(FetchFailed):
        look(address)


def test_a_mirror_that_drips_is_left_in_time():
    def answer(handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _number in range(60):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.2)

    began = time.monotonic()
    with hostile(answer) as address, pytest.raises(FetchFailed):
        look(address)
    assert time.monotonic() - began < 30


def test_a_redirect_to_another_host_is_not_followed(edition):
    asked = []

    def elsewhere(handler) -> None:
        asked.append(handler.path)
        handler.send_response(404)
        handler.end_headers()

    with hostile(elsewhere) as other:

        def answer(handler) -> None:
            handler.send_response(302)
            handler.send_header("Location", f"{other}{handler.path}")
            handler.end_headers()

        with hostile(answer) as address, pytest.raises(FetchFailed):
            look(address)
    assert asked == []


def test_an_onion_service_is_not_asked_by_name(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: pytest.fail("the resolver was asked"))
    with pytest.raises(FetchFailed, match="through Tor"):
        look(f"http://{'a' * 55}d.onion/")


def test_nobody_who_answers_is_a_sentence():
    with pytest.raises(FetchFailed):
        look("http://127.0.0.1:9")
