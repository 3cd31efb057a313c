"""A comment's way: form, preview, receipt, the moderator, the page."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connections
from django.test.utils import CaptureQueriesContext

from nashra.readers import receive, tokens
from nashra.readers.models import Change, Comment, Thread
from nashra.readers.moderation import approve
from nashra.readers.printed import comments_on_stories
from tests.readers.conftest import NOON, Reader, make_thread
from tests.readers.forms import hidden_fields, page_text

pytestmark = pytest.mark.django_db(databases=["default", "readers"])

WORDS = "I saw it come in.\n\nMy grandmother wept."


def written(thread: Thread, **changes: str) -> dict[str, str]:
    """What a reader types into a story's form."""
    return {"story": thread.public_id, "name": "Lina", "text": WORDS} | changes


def test_it_goes_from_the_form_to_the_page(reader: Reader, thread: Thread, moderator: User) -> None:
    preview = reader.post("/readers/comment", written(thread))
    assert preview.status_code == 200
    assert "My grandmother wept." in page_text(preview)
    assert not Comment.objects.exists()

    received = reader.post("/readers/comment", hidden_fields(preview))
    assert received.status_code == 200
    comment = Comment.objects.get()
    assert (comment.state, comment.name, comment.text, comment.position) == ("waiting", "Lina", WORDS, None)
    assert comments_on_stories([thread.public_id]) == {}
    assert not Change.objects.exists()

    approve(public_id=comment.public_id, version=1, moderator=moderator, now=NOON)
    (content,) = comments_on_stories([thread.public_id])[thread.public_id].comments
    assert (content.public_id, content.name, content.text) == (comment.public_id, "Lina", WORDS)
    assert Change.objects.get().thread == thread.public_id
    assert Thread.objects.get().comment_count == 1


def test_the_same_form_sent_twice_is_answered_alike_and_kept_once(reader: Reader, thread: Thread) -> None:
    fields = hidden_fields(reader.post("/readers/comment", written(thread)))
    first, second = reader.post("/readers/comment", fields), reader.post("/readers/comment", fields)
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert Comment.objects.count() == 1


def test_other_words_from_a_used_preview_are_shown_again_and_not_lost(reader: Reader, thread: Thread) -> None:
    fields = hidden_fields(reader.post("/readers/comment", written(thread)))
    reader.post("/readers/comment", fields)
    again = reader.post("/readers/comment", fields | {"text": "Another thought."})
    assert hidden_fields(again)["text"] == "Another thought."
    assert hidden_fields(again)["token"] != fields["token"]
    assert Comment.objects.count() == 1
    reader.post("/readers/comment", hidden_fields(again))
    assert Comment.objects.count() == 2


def test_change_hands_the_words_back_in_the_form(reader: Reader, thread: Thread) -> None:
    fields = hidden_fields(reader.post("/readers/comment", written(thread)))
    form = reader.post("/readers/comment", fields | {"change": "1"})
    assert form.status_code == 200
    assert f">\n{WORDS}</textarea>" in form.content.decode()
    assert not Comment.objects.exists()


def test_an_expired_preview_comes_again_with_a_new_token_and_the_words(thread: Thread) -> None:
    typed = receive.Typed(name="Lina", text=WORDS)
    first = receive.preview_comment(thread=thread, typed=typed, now=NOON, nonce="one")
    late = NOON + datetime.timedelta(hours=74)
    again = receive.accept_comment(thread=thread, typed=typed, token=first.token, now=late, nonce="two")
    assert (again.step, again.text, again.error) == (receive.Step.PREVIEW, WORDS, receive.EXPIRED)
    accepted = receive.accept_comment(thread=thread, typed=typed, token=again.token, now=late, nonce="three")
    assert accepted.step is receive.Step.RECEIVED


def test_a_slow_line_has_three_days(thread: Thread) -> None:
    typed = receive.Typed(name="Lina", text=WORDS)
    token = receive.preview_comment(thread=thread, typed=typed, now=NOON, nonce="one").token
    late = NOON + datetime.timedelta(hours=71)
    accepted = receive.accept_comment(thread=thread, typed=typed, token=token, now=late, nonce="two")
    assert accepted.step is receive.Step.RECEIVED


@pytest.mark.parametrize("when", ["too late", "closed"])
def test_a_repeat_is_answered_as_the_first_even_when(when: str, thread: Thread) -> None:
    typed = receive.Typed(name="Lina", text=WORDS)
    token = receive.preview_comment(thread=thread, typed=typed, now=NOON, nonce="one").token
    receive.accept_comment(thread=thread, typed=typed, token=token, now=NOON, nonce="two")
    thread.is_open = when != "closed"
    late = NOON + datetime.timedelta(hours=74 if when == "too late" else 1)
    again = receive.accept_comment(thread=thread, typed=typed, token=token, now=late, nonce="three")
    assert again.step is receive.Step.RECEIVED
    assert Comment.objects.count() == 1


def test_a_token_of_another_story_or_of_nobody_shows_the_preview_again(
    reader: Reader, thread: Thread
) -> None:
    other = make_thread("0ther")
    foreign = tokens.sign_preview(story_public_id=other.public_id, now=NOON, nonce="n")
    for token in (foreign, foreign[:-2], "nonsense", "\x00", "a:b:c"):
        again = reader.post("/readers/comment", written(thread, token=token))
        assert again.status_code == 200
        assert hidden_fields(again)["text"].replace("\r\n", "\n") == WORDS
        assert hidden_fields(again)["token"] != token
        assert "could not recognise this preview" in page_text(again)
    assert not Comment.objects.exists()


def test_it_keeps_the_day_where_the_paper_is(reader: Reader, thread: Thread) -> None:
    late_evening = datetime.datetime(2026, 11, 3, 22, 30, tzinfo=datetime.UTC)
    typed = receive.Typed(name="Lina", text=WORDS)
    token = tokens.sign_preview(story_public_id=thread.public_id, now=late_evening, nonce="one")
    receive.accept_comment(thread=thread, typed=typed, token=token, now=late_evening, nonce="two")
    assert Comment.objects.get().day == datetime.date(2026, 11, 4)


@pytest.mark.parametrize("field", ["name", "text"])
def test_no_bidi_control_gets_through_by_any_step(field: str, reader: Reader, thread: Thread) -> None:
    typed = written(thread, **{field: "مرحبا \u202e\u2067abc\u061c\u200f"})
    preview = reader.post("/readers/comment", typed)
    direct = tokens.sign_preview(
        story_public_id=thread.public_id, now=datetime.datetime.now(datetime.UTC), nonce="n"
    )
    refused = reader.post("/readers/comment", typed | {"text": "\u202e", "story": thread.public_id})
    changed = reader.post("/readers/comment", typed | {"change": "1"})
    reader.post("/readers/comment", typed | {"token": direct})
    assert refused.status_code == 422
    for answer in (preview, refused, changed):
        assert not set("\u202e\u2067\u061c\u200f") & set(page_text(answer))
    assert getattr(Comment.objects.get(), field) == "مرحبا abc"


def test_it_speaks_the_storys_language(reader: Reader) -> None:
    arabic = make_thread("arab1c", language="ar")
    page = reader.post("/readers/comment", written(arabic, text="")).content.decode()
    assert '<html lang="ar" dir="rtl"' in page
    assert "Please write something." not in page


def test_markup_stays_text(reader: Reader, thread: Thread) -> None:
    nasty = '"><img src=x onerror=alert(1)> <b>bold</b> https://lumen.example/'
    for answer in (
        reader.post("/readers/comment", written(thread, name=nasty, text=nasty)),
        reader.post("/readers/comment", written(thread, name=nasty, text=nasty, change="1")),
    ):
        assert "<img" not in answer.content.decode()
        assert "<b>bold" not in answer.content.decode()
        assert 'href="https://lumen.example' not in answer.content.decode()


def test_receiving_takes_few_queries(reader: Reader, thread: Thread) -> None:
    fields = hidden_fields(reader.post("/readers/comment", written(thread)))
    with CaptureQueriesContext(connections["readers"]) as queries:
        reader.post("/readers/comment", fields)
    statements = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
    # The thread with its publication, whether the words came before, the row, whether it was erased.
    assert len(statements) == 4, statements


def test_the_same_words_again_are_marked_for_the_moderators(reader: Reader, thread: Thread) -> None:
    for name in ("Lina", "Omar"):
        preview = reader.post("/readers/comment", written(thread, name=name))
        reader.post("/readers/comment", hidden_fields(preview))
    reasons: list[Any] = list(Comment.objects.order_by("pk").values_list("reasons", flat=True))
    assert reasons == [[], ["duplicate"]]


def test_a_comment_whose_commit_may_have_been_lost_is_sent_again_under_its_own_token(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line to the database broke after the comment was stored, and before anybody heard of it."""
    thread = make_thread("arab1c", language="ar")
    fields = hidden_fields(
        reader.post("/readers/comment", {"story": thread.public_id, "name": "لينا", "text": "رأيته."})
    )
    store = receive.accept_comment

    def broken(**facts: Any) -> None:
        store(**facts)
        raise OperationalError("the connection is closed")

    with monkeypatch.context() as patch:
        patch.setattr("nashra.readers.receive.accept_comment", broken)
        answer = reader.post("/readers/comment", fields)
    assert answer.status_code == 503
    assert '<html lang="ar" dir="rtl">' in answer.content.decode()
    again = hidden_fields(answer)
    assert again == fields
    assert reader.post("/readers/comment", again).status_code == 200
    assert Comment.objects.count() == 1
