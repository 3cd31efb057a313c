"""A stand that hands out the theme's pages, and a browser that looks at them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from nashra.theme.rendering import CONTENT_SECURITY_POLICY

# The smallest picture that a browser takes for one: what stands here is the page, not the photo.
_PIXEL = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x88\x88\x88\x00\x00\x00!\xf9\x04\x00\x00\x00\x00\x00,\x00\x00\x00"
    b"\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)


@dataclass
class Stand:
    """Pages by address under the theme's policy; ``answer`` says what a post gets, ``posts`` what came."""

    origin: str = ""
    pages: dict[str, bytes] = field(default_factory=dict)
    posts: list[tuple[str, str]] = field(default_factory=list)
    answer: Callable[[str, str], tuple[int, bytes]] = lambda path, body: (404, b"")


@pytest.fixture
def stand() -> Iterator[Stand]:
    """A local server for one test."""
    made = Stand()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = made.pages.get(self.path)
            self._send(200 if page else 404, page or b"", "text/html; charset=utf-8")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            made.posts.append((self.path, body))
            status, page = made.answer(self.path, body)
            self._send(status, page, "text/html; charset=utf-8")

        def log_message(self, *_arguments: object) -> None:
            """Say nothing: a test's output is its failures."""

        def _send(self, status: int, body: bytes, media_type: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
            self.send_header("Referrer-Policy", "no-referrer")
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made.origin = f"http://127.0.0.1:{server.server_port}"
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def window(chromium: Browser) -> Iterator[Page]:
    """A fresh window; what its console complains of fails the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    # A page asks for all its photos at once, more than the standard library's server bears on a busy machine.
    context.route("**/photos/*", lambda route: route.fulfill(body=_PIXEL, content_type="image/gif"))
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    expected = "Failed to load resource: the server responded with a status of"
    assert [complaint for complaint in complaints if not complaint.startswith(expected)] == []
