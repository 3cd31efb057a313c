"""What is wrong gets a proper status and a page, keeps what was typed, and changes nothing."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import OperationalError

from nashra.readers.models import Change, Comment, Thread, Vote
from nashra.readers.threads import close_thread
from tests.readers.conftest import Reader, make_thread
from tests.readers.forms import hidden_fields, page_text

pytestmark = pytest.mark.django_db(databases=["default", "readers"])

WORDS = "I saw it come in."


@pytest.fixture(autouse=True)
def _nothing_changes(thread: Thread) -> Any:
    yield
    assert not Comment.objects.exists()
    assert not Vote.objects.exists()
    assert not Change.objects.exists()
    assert Thread.objects.get(pk=thread.pk).yes_count == 0


def written(**changes: str) -> dict[str, str]:
    return {"story": "st0ry", "name": "Lina", "text": WORDS} | changes


def assert_kept(answer: Any, status: int, *words: str) -> None:
    """The answer is a page of ours with the status, and holds every word that was typed."""
    assert answer.status_code == status
    page = page_text(answer)
    assert page.startswith("<!DOCTYPE html>") or page.lower().startswith("<!doctype html>")
    for word in words:
        assert word in page


def test_1501_characters_come_back_whole(reader: Reader) -> None:
    words = "م" * 1501
    answer = reader.post("/readers/comment", written(text=words))
    assert_kept(answer, 422, words, "too long", "Lina")


def test_a_blank_comment_keeps_the_name(reader: Reader) -> None:
    assert_kept(
        reader.post("/readers/comment", written(text=" \n\u200d ")), 422, "Please write something.", "Lina"
    )


def test_a_name_that_nobody_can_see_keeps_the_text(reader: Reader) -> None:
    assert_kept(reader.post("/readers/comment", written(name="\u3164")), 422, "that can be seen", WORDS)


def test_nul_bytes_are_dropped_and_the_rest_is_previewed(reader: Reader) -> None:
    answer = reader.send("/readers/comment", b"story=st0ry&name=Li%00na&text=I%00+saw")
    assert_kept(answer, 200, "Lina", "I saw")
    assert "\x00" not in page_text(answer)


@pytest.mark.parametrize("path", ["/readers/comment", "/readers/reaction"])
def test_ten_megabytes_are_refused_unread(path: str, reader: Reader) -> None:
    assert_kept(reader.send(path, b"text=" + b"a" * 10_000_000), 413, "too long")


@pytest.mark.parametrize("path", ["/readers/comment", "/readers/reaction"])
@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", "text/plain", ""])
def test_other_content_types_are_refused(path: str, kind: str, reader: Reader) -> None:
    answer = reader.send(path, b'{"story": "st0ry", "value": "yes"}', kind)
    assert_kept(answer, 415)
    assert answer["Accept-Post"] == "application/x-www-form-urlencoded"


@pytest.mark.parametrize("path", ["/readers/comment", "/readers/reaction"])
@pytest.mark.parametrize(
    ("story", "status"),
    [("", 400), ("unkn0wn", 404), ("st0ry\x00", 404), ("../st0ry", 404), ("x" * 900, 404)],
)
def test_a_story_that_is_missing_or_not_ours(path: str, story: str, status: int, reader: Reader) -> None:
    answer = reader.post(path, written(story=story, value="yes"))
    assert_kept(answer, status, *([WORDS, "Lina"] if path.endswith("comment") else []))


def test_a_form_without_any_field_is_a_bad_request(reader: Reader) -> None:
    assert_kept(reader.send("/readers/comment", b"&"), 400)
    assert_kept(reader.send("/readers/reaction", b"&"), 400)


def test_closed_comments_hand_the_text_back(reader: Reader) -> None:
    make_thread(is_open=False)
    assert_kept(reader.post("/readers/comment", written()), 403, "closed", WORDS, "Lina")
    assert_kept(reader.post("/readers/comment", written(name="", text="")), 403, "closed")


def test_a_withdrawn_story_takes_nothing(reader: Reader) -> None:
    close_thread(public_id="st0ry")
    assert_kept(reader.post("/readers/comment", written()), 403, WORDS)
    assert_kept(reader.post("/readers/reaction", written(value="yes")), 403)


def test_bytes_that_are_no_utf8_come_back_as_far_as_they_can_be_read(reader: Reader) -> None:
    answer = reader.send("/readers/comment", b"story=st0ry&name=Lina&text=caf%E9+by+the+sea")
    assert_kept(answer, 400, "Lina", "by the sea", "did not reach us whole")
    raw = reader.send("/readers/comment", b"story=st0ry&name=Lina&text=caf\xe9+by+the+sea")
    assert_kept(raw, 400, "by the sea")


def in_pieces(reader: Reader, stream: io.BytesIO) -> Any:
    """As a server hands over a chunked post: no length, and a stream that ends by itself."""
    form = {"CONTENT_TYPE": "application/x-www-form-urlencoded", "HTTP_TRANSFER_ENCODING": "chunked"}
    return reader.send("/readers/comment", b"", **form, **{"wsgi.input": stream})


def test_a_post_in_pieces_loses_no_word(reader: Reader) -> None:
    assert_kept(in_pieces(reader, io.BytesIO(urlencode(written()).encode())), 200, WORDS, "Lina")


def test_a_post_in_pieces_that_is_too_big_is_refused_and_taken_off_the_line(
    reader: Reader, settings: Any
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    body = urlencode(written(text="a" * 200_000)).encode()
    stream = io.BytesIO(body)
    assert_kept(in_pieces(reader, stream), 413)
    assert stream.tell() == len(body)


def test_a_post_in_pieces_of_exactly_the_limit_is_taken(reader: Reader, settings: Any) -> None:
    body = urlencode(written()).encode()
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = len(body)
    assert_kept(in_pieces(reader, io.BytesIO(body)), 200, WORDS)


def test_a_field_sent_twice_is_a_bad_request(reader: Reader) -> None:
    assert_kept(reader.send("/readers/comment", b"story=st0ry&story=other&name=L&text=x"), 400)


def test_hundreds_of_fields_are_a_bad_request(reader: Reader) -> None:
    assert_kept(reader.send("/readers/comment", b"&".join(b"f%d=1" % n for n in range(300))), 400)


@pytest.mark.parametrize("path", ["/readers/comment", "/readers/reaction"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_only_posts_are_answered(path: str, method: str, reader: Reader) -> None:
    answer = reader.client.generic(method, path)
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"


@pytest.mark.parametrize("value", ["", "maybe", "YES", "1", "yes\x00"])
def test_a_value_that_is_no_answer(value: str, reader: Reader) -> None:
    answer = reader.post("/readers/reaction", written(value=value))
    assert_kept(answer, 400)
    assert "nashra_reaction" not in answer.cookies


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "cross-site", "origin": "null"},
        {"sec-fetch-site": "same-site", "origin": "null"},
        {"origin": "https://elsewhere.example"},
        {"sec-fetch-site": "same-origin", "origin": "http://testserver.elsewhere.example"},
        {"origin": "http://testserver:81"},
        {"origin": "file://"},
    ],
)
@pytest.mark.parametrize("path", ["/readers/comment", "/readers/reaction"])
def test_a_post_from_another_site_is_refused(
    path: str, headers: dict[str, str], readers_origin: None
) -> None:
    assert_kept(Reader(**headers).post(path, written(value="yes")), 403, "another site")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "http://testserver"},
        {"sec-fetch-site": "none", "origin": "null"},
        {"origin": "http://mirror.example", "host": "mirror.example"},
    ],
)
def test_our_own_posts_get_the_preview(headers: dict[str, str], readers_origin: None) -> None:
    assert_kept(Reader(**headers).post("/readers/comment", written()), 200, WORDS)


@pytest.mark.parametrize("path", ["/", "/readers/", "/readers/comments", "/admin/", "/readers/comment/"])
def test_nothing_else_is_answered_here(path: str, reader: Reader) -> None:
    assert_kept(reader.client.get(path), 404)


def test_a_host_that_is_not_ours_gets_a_page_too(reader: Reader, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    answer = reader.post("/readers/comment", written(), headers={"host": "elsewhere.example"})
    assert_kept(answer, 400)


def test_a_database_that_is_locked_loses_no_word(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(**_facts: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("nashra.readers.receive.preview_comment", locked)
    answer = reader.post("/readers/comment", written() | {"answers": "c1"})
    assert_kept(answer, 503, WORDS, "Lina", "very busy")
    # The form that came back can be sent again as it is.
    fields = hidden_fields(answer)
    assert (fields["story"], fields["answers"]) == (written()["story"], "c1")


def test_an_error_of_ours_is_logged_without_the_readers_words(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*, typed: Any, **_facts: Any) -> None:
        raise RuntimeError(typed.text)

    monkeypatch.setattr("nashra.readers.receive.preview_comment", broken)
    assert_kept(reader.post("/readers/comment", written()), 500)
    (record,) = [r for r in caplog.records if r.name.startswith("nashra")]
    assert record.event == "readers.error"
    assert record.error == "RuntimeError"
    assert WORDS not in str(vars(record))


def test_every_answer_carries_the_same_headers(reader: Reader) -> None:
    answers = [
        reader.post("/readers/comment", written()),
        reader.post("/readers/comment", written(text="")),
        reader.client.get("/readers/comment"),
        reader.client.get("/nowhere"),
        reader.post("/readers/reaction", written(value="yes")),
    ]
    for answer in answers:
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"].startswith("default-src 'none'")
        assert answer["Content-Type"] == "text/html; charset=utf-8"
