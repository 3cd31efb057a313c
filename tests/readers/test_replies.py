"""Replies: one level deep, to comments that stand under their story, and by the same way as any comment."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User

from nashra.readers.models import Comment, CommentState, Thread
from nashra.readers.moderation import approve, erase
from nashra.readers.printed import comments_on_stories
from tests.readers.conftest import NOON, Reader, make_thread
from tests.readers.forms import hidden_fields, page_text

pytestmark = pytest.mark.django_db(databases=["default", "readers"])


def sent(reader: Reader, thread: Thread, text: str, answers: str = "") -> tuple[Comment, str]:
    """A comment sent as a browser sends it, with its receipt."""
    fields = {"story": thread.public_id, "name": "Lina", "text": text, "answers": answers}
    preview = hidden_fields(reader.post("/readers/comment", fields))
    assert reader.post("/readers/comment", preview).status_code == 200
    return Comment.objects.get(text=text), preview["receipt"]


@pytest.fixture
def standing(reader: Reader, thread: Thread, moderator: User) -> Comment:
    """An approved comment."""
    comment, _receipt = sent(reader, thread, "I saw it come in.")
    approve(public_id=comment.public_id, version=1, moderator=moderator, now=NOON)
    return comment


def button(reader: Reader, comment: Comment) -> Any:
    return reader.post("/readers/answer", {"comment": comment.public_id})


def test_a_reply_stands_under_the_name_that_it_answers(
    reader: Reader, thread: Thread, standing: Comment, moderator: User
) -> None:
    form = button(reader, standing)
    assert "I saw it come in." in page_text(form)
    assert hidden_fields(form)["answers"] == standing.public_id
    reply, _receipt = sent(reader, thread, "So did I.", standing.public_id)
    assert reply.answers == standing.public_id
    approve(public_id=reply.public_id, version=1, moderator=moderator, now=NOON)
    shown = comments_on_stories([thread.public_id])[thread.public_id].comments[-1]
    assert shown.answers
    assert (shown.answers.public_id, shown.answers.name) == (standing.public_id, "Lina")


def test_the_preview_and_the_way_back_keep_what_is_answered(
    reader: Reader, thread: Thread, standing: Comment
) -> None:
    fields = {"story": thread.public_id, "name": "Omar", "text": "Me too.", "answers": standing.public_id}
    preview = reader.post("/readers/comment", fields)
    assert "In answer to <bdi>Lina</bdi>" in page_text(preview)
    again = reader.post("/readers/comment", hidden_fields(preview) | {"change": "1"})
    assert hidden_fields(again)["answers"] == standing.public_id
    faulty = reader.post("/readers/comment", fields | {"text": " "})
    assert faulty.status_code == 422
    assert hidden_fields(faulty)["answers"] == standing.public_id


def test_a_waiting_comment_cannot_be_answered(reader: Reader, thread: Thread) -> None:
    waiting, _receipt = sent(reader, thread, "Nobody has read this yet.")
    assert button(reader, waiting).status_code == 404
    fields = {"story": thread.public_id, "name": "Omar", "text": "Words.", "answers": waiting.public_id}
    answer = reader.post("/readers/comment", fields)
    assert answer.status_code == 422
    assert "Nobody has read this yet." not in page_text(answer)


def test_a_reply_cannot_be_answered_itself(
    reader: Reader, thread: Thread, standing: Comment, moderator: User
) -> None:
    reply, _receipt = sent(reader, thread, "So did I.", standing.public_id)
    approve(public_id=reply.public_id, version=1, moderator=moderator, now=NOON)
    assert button(reader, reply).status_code == 404


def test_a_comment_on_another_story_cannot_be_answered_here(reader: Reader, standing: Comment) -> None:
    other = make_thread("0ther")
    fields = {"story": other.public_id, "name": "Omar", "text": "Words.", "answers": standing.public_id}
    assert reader.post("/readers/comment", fields).status_code == 422


def test_words_come_back_whole_when_what_they_answer_is_gone(
    reader: Reader, thread: Thread, standing: Comment, moderator: User
) -> None:
    fields = {"story": thread.public_id, "name": "Omar", "text": "Me too.", "answers": standing.public_id}
    preview = hidden_fields(reader.post("/readers/comment", fields))
    erase(public_id=standing.public_id, version=1, moderator=moderator, now=NOON)
    answer = reader.post("/readers/comment", preview)
    assert answer.status_code == 422
    assert "The comment that you answer is no longer here." in page_text(answer)
    assert "Me too." in page_text(answer)
    assert "answers" not in hidden_fields(answer)
    assert not Comment.objects.exists()


def test_a_repeated_reply_answers_as_the_first_did_though_its_parent_is_gone(
    reader: Reader, thread: Thread, standing: Comment, moderator: User
) -> None:
    fields = {"story": thread.public_id, "name": "Omar", "text": "Me too.", "answers": standing.public_id}
    preview = hidden_fields(reader.post("/readers/comment", fields))
    assert reader.post("/readers/comment", preview).status_code == 200
    erase(public_id=standing.public_id, version=1, moderator=moderator, now=NOON)
    assert reader.post("/readers/comment", preview).status_code == 200
    assert Comment.objects.count() == 1


def test_a_reply_to_an_erased_comment_says_so_and_names_nobody(
    reader: Reader, thread: Thread, standing: Comment, moderator: User
) -> None:
    reply, _receipt = sent(reader, thread, "So did I.", standing.public_id)
    approve(public_id=reply.public_id, version=1, moderator=moderator, now=NOON)
    erase(public_id=standing.public_id, version=1, moderator=moderator, now=NOON)
    (shown,) = comments_on_stories([thread.public_id])[thread.public_id].comments
    assert shown.answers
    assert (shown.answers.name, shown.answers.address) == ("", "")


def test_the_receipt_shows_the_replies(reader: Reader, thread: Thread, moderator: User) -> None:
    comment, receipt = sent(reader, thread, "I saw it come in.")
    approve(public_id=comment.public_id, version=1, moderator=moderator, now=NOON)
    reply, _receipt = sent(reader, thread, "So did I, from the pier.", comment.public_id)
    waiting, _other = sent(reader, thread, "Not read yet.", comment.public_id)
    approve(public_id=reply.public_id, version=1, moderator=moderator, now=NOON)
    page = page_text(reader.post("/readers/receipt", {"receipt": receipt, "language": "en"}))
    assert "So did I, from the pier." in page
    assert waiting.text not in page


def test_changed_words_still_answer_the_same_comment(
    reader: Reader, thread: Thread, standing: Comment
) -> None:
    reply, receipt = sent(reader, thread, "So did I.", standing.public_id)
    fields = {"receipt": receipt, "language": "en", "step": "save", "name": "Lina", "text": "So did we."}
    assert reader.post("/readers/receipt", fields).status_code == 200
    reply.refresh_from_db()
    assert (reply.text, reply.answers) == ("So did we.", standing.public_id)


@pytest.mark.parametrize("answers", ["'", "x" * 41, "../../etc", "٣", "c0 OR 1=1", "\u202e"])
def test_a_name_that_no_comment_can_have_is_none(reader: Reader, thread: Thread, answers: str) -> None:
    fields = {"story": thread.public_id, "name": "Omar", "text": "Words.", "answers": answers}
    answer = reader.post("/readers/comment", fields)
    assert answer.status_code == 422
    assert "Words." in page_text(answer)
    assert reader.post("/readers/answer", {"comment": answers}).status_code == 404


def test_a_story_that_is_closed_takes_no_reply(reader: Reader, thread: Thread, standing: Comment) -> None:
    Thread.objects.update(is_over=True)
    assert button(reader, standing).status_code == 403
    assert Comment.objects.filter(state=CommentState.WAITING).count() == 0
