"""The short way to the two busiest views answers as Django's own way does, whatever is asked."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.handlers.wsgi import WSGIHandler

from nashra.readers import threads, views
from nashra.readers.models import Thread
from nashra.readers.short_way import ShortWay
from tests.readers.conftest import make_thread

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "readers"]),
    pytest.mark.usefixtures("readers_origin"),
]
FORM = "application/x-www-form-urlencoded"
WORDS = {"story": "st0ry", "name": "Lina", "text": "I saw it come in."}


def ways() -> tuple[Any, Any]:
    django = WSGIHandler()
    paths = {"/readers/comment": views.comment, "/readers/reaction": views.reaction}
    return django, ShortWay(django, paths)


def ask(application: Any, path: str, fields: dict[str, str], **changes: str) -> tuple[str, list[Any], bytes]:
    body = urlencode(fields).encode()
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_TYPE": FORM,
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": "testserver",
        "HTTP_SEC_FETCH_SITE": "same-origin",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
    }
    said: list[Any] = []
    result = application(environ | changes, lambda status, headers: said.extend((status, headers)))
    content = b"".join(result)
    if hasattr(result, "close"):
        result.close()
    length = dict(said[1]).get("Content-Length", str(len(content)))
    assert length == str(len(content))
    # Of a host that is none of ours Django does not tell the length.
    return said[0], sorted(each for each in said[1] if each[0] != "Content-Length"), content


@pytest.mark.parametrize(
    ("path", "fields", "changes", "status"),
    [
        ("/readers/comment", WORDS | {"name": ""}, {}, "422 "),
        ("/readers/comment", WORDS | {"story": "unknown"}, {}, "404 "),
        ("/readers/comment", WORDS, {"REQUEST_METHOD": "GET"}, "405 "),
        ("/readers/comment", WORDS, {"HTTP_SEC_FETCH_SITE": "cross-site"}, "403 "),
        ("/readers/comment", WORDS, {"HTTP_HOST": "elsewhere.example"}, "400 "),
        ("/readers/comment", WORDS, {"HTTP_HOST": "a b"}, "400 "),
        ("/readers/comment", WORDS, {"CONTENT_TYPE": "text/plain"}, "415 "),
        ("/readers/comment", WORDS | {"text": "x" * 70_000}, {}, "413 "),
        ("/readers/reaction", {"story": "st0ry", "value": "maybe"}, {}, "400 "),
        ("/readers/comments", WORDS, {}, "404 "),
        ("/readers/comment/", WORDS, {}, "404 "),
        ("/readers/receipt", {"receipt": ""}, {}, ""),
    ],
)
def test_it_answers_as_django_does(
    settings: Any, path: str, fields: dict[str, str], changes: dict[str, str], status: str
) -> None:
    make_thread()
    settings.ALLOWED_HOSTS = ["testserver"]
    django, short = (ask(way, path, fields, **changes) for way in ways())
    assert short == django
    assert short[0].startswith(status)


def test_it_answers_an_error_of_ours_with_our_page(monkeypatch: pytest.MonkeyPatch) -> None:
    make_thread()

    def broken(_public_id: str) -> Thread:
        raise RuntimeError("It broke.")

    monkeypatch.setattr(threads, "find", broken)
    django, short = (ask(way, "/readers/comment", WORDS) for way in ways())
    assert short == django
    assert short[0] == "500 Internal Server Error"
    assert b"It broke" not in short[2]


def test_a_preview_and_a_first_vote_carry_the_same_headers() -> None:
    make_thread()
    for path, fields in (
        ("/readers/comment", WORDS),
        ("/readers/reaction", {"story": "st0ry", "value": "yes"}),
    ):
        django, short = (ask(way, path, fields) for way in ways())
        assert short[0] == django[0] == "200 OK"
        assert [name for name, _value in short[1]] == [name for name, _value in django[1]]
    assert "Set-Cookie" in dict(short[1])
