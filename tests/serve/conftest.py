"""A small pressed site, and a stand before it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nashra.serve.readers_desk import ReadersOrigin
from nashra.serve.stand import Stand
from tests.serve.asking import Reader

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

POLICY = "default-src 'none'; img-src 'self' data:"
STORY = (
    "<!doctype html><title>The ferry</title>" + "<p>The ferry came back at dusk, and nobody spoke.</p>" * 200
)
PHOTO = bytes(range(256)) * 40


def press(site: Path, relative: str, content: str | bytes) -> Path:
    """Write a file as the press does: whole, under another name, then renamed."""
    path = site / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + "#1")
    temporary.write_bytes(content.encode() if isinstance(content, str) else content)
    temporary.replace(path)
    return path


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with one page of each sort."""
    folder = tmp_path / "site"
    press(folder, "index.html", "front door")
    press(folder, "404.html", "nothing here")
    press(folder, "en/index.html", "home")
    press(folder, "en/404.html", "nothing in English")
    press(folder, "ar/404.html", "لا شيء هنا")
    press(folder, "en/security/ferry/index.html", STORY)
    press(folder, "en/security/withdrawn/410.html", "this story was withdrawn")
    press(
        folder,
        "en/security/renamed/301.txt",
        "/en/security/%D8%A7%D9%84%D8%B9%D8%A8%D9%91%D8%A7%D8%B1%D8%A9/\n",
    )
    press(folder, "ar/security/العبّارة/index.html", "العبّارة عادت")
    press(folder, "photos/0123456789abcdef0123-960.avif", PHOTO)
    return folder


def answer_as_django(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """A WSGI application in the place of the readers' desk: it says how it was asked."""
    body = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}".encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


class Clock:
    """A clock that stands still until it is moved on, or goes on a little at each look."""

    def __init__(self, *, seconds_a_look: float = 0.0) -> None:
        self.seconds = 1000.0
        self._seconds_a_look = seconds_a_look

    def __call__(self) -> float:
        self.seconds += self._seconds_a_look
        return self.seconds


@pytest.fixture
def stand(site: Path) -> Stand:
    """A stand that looks at the disk for each request."""
    return Stand(site, content_security_policy=POLICY, clock=Clock(seconds_a_look=0.1))


@pytest.fixture
def reader(stand: Stand) -> Reader:
    return Reader(ReadersOrigin(stand, answer_as_django))


def reader_of(stand: Stand) -> Reader:
    """Somebody who asks another stand than the usual one."""
    return Reader(ReadersOrigin(stand, answer_as_django))
