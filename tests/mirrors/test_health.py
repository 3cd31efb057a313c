"""What is found out about mirrors that are good, altered, slow, endless, or answer with something else."""

from __future__ import annotations

import random
import socket
import threading
import time
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from nashra.mirrors.health import Looking, look_at, own_roots
from tests.verifier.editions import CUT, DAY, LEAVES, copy, corrected, cut


class Good(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments):
        """Say nothing."""


class Open(Good):
    def end_headers(self):
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()


class Html(Good):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Welcome</title>")


class Redirecting(Good):
    def do_GET(self):
        self.send_response(302)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()


class Endless(Good):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" * 65536)
        except OSError:
            self.close_connection = True


class Slow(Good):
    def do_GET(self):
        try:
            for _ in range(1200):
                self.wfile.write(b"H")
                time.sleep(0.05)
        except OSError:
            self.close_connection = True


@contextmanager
def serving(folder, handler):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    server.daemon_threads = True
    server.handle_error = lambda *_arguments: None
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def edition(tmp_path):
    return cut(tmp_path / "edition")


def look(edition, url, *, at=CUT, limit_s=20.0):
    chance = random.Random(7)  # noqa: S311 -- which files are looked at, not a secret
    return look_at("a", url, Looking(own_roots(edition), lambda: at, chance, limit_s))


def test_a_good_mirror_is_reachable_and_intact(edition):
    with serving(edition, Open) as url:
        found = look(edition, url)
    assert (found.problem, found.is_reachable, found.is_intact, found.edition_number) == ("", True, True, 1)
    assert found.allows_other_sites


def test_a_mirror_without_the_header_is_told_apart(edition):
    with serving(edition, Good) as url:
        assert look(edition, url).allows_other_sites is False


def test_an_older_edition_is_intact_and_has_its_number(edition, tmp_path):
    old = copy(edition, tmp_path / "old")
    cut(edition, [corrected(b"<p>another ferry</p>")], at=CUT + DAY)
    with serving(old, Open) as url:
        found = look(edition, url)
    assert (found.is_intact, found.edition_number) == (True, 1)


def test_metadata_that_expired_is_told(edition):
    with serving(edition, Open) as url:
        assert "expired" in look(edition, url, at=CUT + 15 * DAY).problem


@pytest.mark.parametrize(
    "path", ["metadata/timestamp.json", "edition/SHA256", "edition/SHA256.raw", "edition/edition.json"]
)
def test_an_altered_byte_in_what_vouches_is_found(edition, tmp_path, path):
    altered = copy(edition, tmp_path / "altered")
    data = bytearray((altered / path).read_bytes())
    data[len(data) // 2] ^= 1
    (altered / path).write_bytes(bytes(data))
    with serving(altered, Open) as url:
        found = look(edition, url)
    assert found.is_intact is False
    assert found.problem


def test_altered_pages_are_found_by_the_sample(edition, tmp_path):
    altered = copy(edition, tmp_path / "altered")
    for leaf in LEAVES:
        (altered / leaf.path).write_bytes(b"another")
    with serving(altered, Open) as url:
        found = look(edition, url)
    assert found.is_intact is False
    assert "other bytes" in found.problem


@pytest.mark.parametrize("handler", [Html, Redirecting, Endless])
def test_what_answers_with_something_else_is_not_intact(edition, handler):
    with serving(edition, handler) as url:
        found = look(edition, url)
    assert (found.is_reachable, found.is_intact, found.edition_number) == (True, False, None)


def test_a_slow_mirror_is_given_up_in_time(edition):
    began = time.monotonic()
    with serving(edition, Slow) as url:
        found = look(edition, url, limit_s=1.0)
    # The mirror would go on for a minute; a busy machine takes a while to say that a second is over.
    assert time.monotonic() - began < 20
    assert (found.is_reachable, found.is_intact) == (False, None)
    assert "too long" in found.problem


def test_a_mirror_that_is_away_is_told(edition):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        found = look(edition, f"http://127.0.0.1:{closed.getsockname()[1]}/")
    assert (found.is_reachable, found.is_intact) == (False, None)


def test_an_onion_service_is_not_asked_by_name(edition, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: pytest.fail("the resolver was asked"))
    found = look(edition, f"http://{'a' * 55}d.onion/")
    assert "onion service" in found.problem
