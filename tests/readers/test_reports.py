"""Readers report comments: a reason and a number come before the moderators, and nothing else is kept."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied

from nashra.readers import commenter, receive, reports
from nashra.readers.about_views import KINDS
from nashra.readers.models import Comment, ModerationEntry, Report, Thread
from nashra.readers.moderation import AlreadyDecided, TooLate, approve, reopen, take_off, undo
from tests.readers.conftest import NOON, Reader
from tests.readers.forms import page_text

pytestmark = pytest.mark.django_db(databases=["default", "readers"])


@pytest.fixture
def standing(thread: Thread, moderator: User) -> Comment:
    """An approved comment."""
    comment = a_comment(thread, "standing")
    approve(public_id=comment.public_id, version=1, moderator=moderator, now=NOON)
    return comment


def a_comment(thread: Thread, public_id: str) -> Comment:
    return Comment.objects.create(
        public_id=public_id,
        thread=thread,
        name="Lina",
        text="Ask for me at the blue door.",
        day=datetime.date(2026, 11, 3),
        nonce=public_id,
        fingerprint="0",
    )


def test_the_button_asks_why_and_the_answer_counts(reader: Reader, standing: Comment) -> None:
    asked = reader.post("/readers/report", {"comment": standing.public_id})
    assert asked.status_code == 200
    assert "Ask for me at the blue door." in page_text(asked)
    for _ in range(2):
        received = reader.post("/readers/report", {"comment": standing.public_id, "kind": "exposes"})
        assert "we look at it again" in page_text(received)
    reader.post("/readers/report", {"comment": standing.public_id, "kind": "hate"})
    assert set(Report.objects.values_list("kind", "count")) == {("exposes", 2), ("hate", 1)}
    standing.refresh_from_db()
    assert standing.is_reported
    assert standing.position == 1, "only a person takes it away"


def test_every_reason_that_is_offered_can_be_given(reader: Reader, standing: Comment) -> None:
    assert list(KINDS) == Report.Kind.values
    for kind in KINDS:
        assert (
            reader.post("/readers/report", {"comment": standing.public_id, "kind": kind}).status_code == 200
        )
    assert Report.objects.count() == len(KINDS)


def test_an_unknown_reason_is_asked_for_again(reader: Reader, standing: Comment) -> None:
    answer = reader.post("/readers/report", {"comment": standing.public_id, "kind": "dull"})
    assert answer.status_code == 422
    assert "Please choose what is wrong." in page_text(answer)
    assert not Report.objects.exists()


@pytest.mark.parametrize("public_id", ["waiting", "unkn0wn", "", "'", "x" * 99])
def test_a_comment_that_stands_nowhere_cannot_be_reported_or_read(
    reader: Reader, thread: Thread, public_id: str
) -> None:
    a_comment(thread, "waiting")
    for kind in ("", "hate"):
        answer = reader.post("/readers/report", {"comment": public_id, "kind": kind})
        assert answer.status_code == 404
        assert "blue door" not in page_text(answer)
    assert not Report.objects.exists()


def test_a_number_does_not_grow_without_bound(standing: Comment) -> None:
    reports.report(public_id=standing.public_id, kind="hate")
    Report.objects.update(count=reports.MOST_COUNTED)
    reports.report(public_id=standing.public_id, kind="hate")
    assert Report.objects.get().count == reports.MOST_COUNTED


def test_a_moderator_keeps_it_and_the_reports_are_forgotten(standing: Comment, moderator: User) -> None:
    reports.report(public_id=standing.public_id, kind="hate")
    reports.keep(public_id=standing.public_id, moderator=moderator, now=NOON)
    standing.refresh_from_db()
    assert not standing.is_reported
    assert standing.position == 1
    assert not Report.objects.exists()
    assert ModerationEntry.objects.last().action == "keep"
    with pytest.raises(AlreadyDecided):
        reports.keep(public_id=standing.public_id, moderator=moderator, now=NOON)


def test_a_moderator_takes_it_off_at_once_and_tells_its_writer_why(
    thread: Thread, standing: Comment, moderator: User
) -> None:
    reports.report(public_id=standing.public_id, kind="exposes")
    take_off(
        public_id=standing.public_id, version=1, moderator=moderator, now=NOON, told="It names somebody."
    )
    standing.refresh_from_db()
    thread.refresh_from_db()
    assert (standing.state, standing.position, standing.told) == ("rejected", None, "It names somebody.")
    assert thread.comment_count == 0
    assert not Report.objects.exists()
    with pytest.raises(TooLate):
        undo(public_id=standing.public_id, moderator=moderator, now=NOON)


def test_of_two_moderators_who_keep_it_and_take_it_off_one_comes_second(
    standing: Comment, moderator: User
) -> None:
    reports.report(public_id=standing.public_id, kind="hate")
    reports.keep(public_id=standing.public_id, moderator=moderator, now=NOON)
    with pytest.raises(AlreadyDecided):
        take_off(public_id=standing.public_id, version=1, moderator=moderator, now=NOON)
    standing.refresh_from_db()
    assert standing.position == 1


def test_whoever_saw_other_words_changes_nothing(standing: Comment, moderator: User) -> None:
    reports.report(public_id=standing.public_id, kind="hate")
    with pytest.raises(AlreadyDecided):
        take_off(public_id=standing.public_id, version=2, moderator=moderator, now=NOON)
    standing.refresh_from_db()
    assert (standing.position, Report.objects.count()) == (1, 1)


def test_only_a_moderator_keeps_it(standing: Comment) -> None:
    reports.report(public_id=standing.public_id, kind="hate")
    with pytest.raises(PermissionDenied):
        reports.keep(public_id=standing.public_id, moderator=AnonymousUser(), now=NOON)


def test_what_waits_again_is_reported_no_more(standing: Comment, moderator: User) -> None:
    reports.report(public_id=standing.public_id, kind="hate")
    reopen(public_id=standing.public_id, from_state="approved", moderator=moderator, now=NOON)
    standing.refresh_from_db()
    assert not standing.is_reported
    assert not Report.objects.exists()


def test_reports_of_former_words_do_not_follow_the_new_ones(
    reader: Reader, thread: Thread, moderator: User
) -> None:
    from tests.readers.test_replies import sent

    comment, receipt = sent(reader, thread, "First words.")
    approve(public_id=comment.public_id, version=1, moderator=moderator, now=NOON)
    reports.report(public_id=comment.public_id, kind="hate")
    typed = receive.Typed(name="Lina", text="Other words.")
    commenter.change_words(receipt=receipt, typed=typed, now=NOON)
    comment.refresh_from_db()
    assert not comment.is_reported
    assert not Report.objects.exists()
