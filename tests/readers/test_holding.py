"""A decision can be undone for half a minute: nothing of it is seen before, and batches hide the moment."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.auth.models import User

from nashra.readers import commenter, editors, holding
from nashra.readers.models import Change, Comment, CommentState, ModerationEntry, Thread
from nashra.readers.moderation import AlreadyDecided, TooLate, approve, erase, reject, undo
from nashra.readers.printed import comments_on_stories
from tests.readers.conftest import NOON, make_thread
from tests.readers.test_reports import a_comment

pytestmark = pytest.mark.django_db(databases=["default", "readers"])

SECOND = datetime.timedelta(seconds=1)


def held(comment: Comment, moderator: User, now: datetime.datetime = NOON) -> datetime.datetime:
    """Approve it as the desk does."""
    until = holding.held_until(now)
    approve(public_id=comment.public_id, version=1, moderator=moderator, now=now, held_until=until)
    return until


@pytest.mark.parametrize("second", [0, 1, 29, 30, 31, 59])
def test_it_is_held_for_half_a_minute_at_least_and_to_the_end_of_a_minute(second: int) -> None:
    now = NOON + second * SECOND
    until = holding.held_until(now)
    assert 30 * SECOND <= until - now < 90 * SECOND
    assert until.second == until.microsecond == 0


def test_a_held_comment_stands_nowhere_until_its_time_comes(thread: Thread, moderator: User) -> None:
    comment = a_comment(thread, "c1")
    until = held(comment, moderator)
    assert holding.carry_out(until - SECOND) == 0
    assert comments_on_stories([thread.public_id]) == {}
    assert not Change.objects.exists()
    thread.refresh_from_db()
    assert thread.comment_count == 0
    assert holding.carry_out(until) == 1
    assert comments_on_stories([thread.public_id])[thread.public_id].count == 1
    assert Change.objects.get().at == until
    assert holding.carry_out(until) == 0


def test_the_receipt_tells_nothing_of_a_decision_that_can_be_undone(thread: Thread, moderator: User) -> None:
    comment = a_comment(thread, "c1")
    until = holding.held_until(NOON)
    reject(
        public_id="c1", version=1, moderator=moderator, now=NOON, told="It names somebody.", held_until=until
    )
    comment.refresh_from_db()
    assert commenter.shown_state(comment) == CommentState.WAITING
    holding.carry_out(until)
    comment.refresh_from_db()
    assert commenter.shown_state(comment) == CommentState.REJECTED
    assert comment.told == "It names somebody."


def test_an_undone_decision_leaves_only_a_line_in_the_log(thread: Thread, moderator: User) -> None:
    comment = a_comment(thread, "c1")
    until = held(comment, moderator)
    undo(public_id="c1", moderator=moderator, now=until - SECOND)
    comment.refresh_from_db()
    assert (comment.state, comment.held_until, comment.decided_by) == (CommentState.WAITING, None, "")
    assert holding.carry_out(until) == 0
    assert comments_on_stories([thread.public_id]) == {}
    assert [entry.action for entry in ModerationEntry.objects.order_by("pk")] == ["approve", "undo"]


def test_an_undo_that_comes_too_late_changes_nothing(thread: Thread, moderator: User) -> None:
    comment = a_comment(thread, "c1")
    until = held(comment, moderator)
    with pytest.raises(TooLate):
        undo(public_id="c1", moderator=moderator, now=until)
    holding.carry_out(until)
    with pytest.raises(TooLate):
        undo(public_id="c1", moderator=moderator, now=until)
    comment.refresh_from_db()
    assert comment.position == 1


def test_what_waits_or_is_erased_cannot_be_undone(thread: Thread, moderator: User) -> None:
    a_comment(thread, "c1")
    with pytest.raises(AlreadyDecided):
        undo(public_id="c1", moderator=moderator, now=NOON)
    erase(public_id="c1", version=1, moderator=moderator, now=NOON)
    with pytest.raises(AlreadyDecided):
        undo(public_id="c1", moderator=moderator, now=NOON)


def test_a_batch_goes_to_its_pages_in_the_order_in_which_it_was_written(
    thread: Thread, moderator: User
) -> None:
    other = make_thread("0ther")
    for name, story in (("c1", thread), ("c2", other), ("c3", thread)):
        a_comment(story, name)
    for name in ("c3", "c2", "c1"):
        until = held(Comment.objects.get(public_id=name), moderator)
    assert holding.carry_out(until) == 3
    rows = Comment.objects.order_by("thread", "position").values_list("public_id", "position")
    assert list(rows) == [("c1", 1), ("c3", 2), ("c2", 1)]


def test_a_held_comment_can_be_erased_and_does_not_come_back(thread: Thread, moderator: User) -> None:
    comment = a_comment(thread, "c1")
    until = held(comment, moderator)
    erase(public_id="c1", version=1, moderator=moderator, now=NOON)
    assert holding.carry_out(until) == 0
    thread.refresh_from_db()
    assert thread.comment_count == 0


def test_what_told_of_a_network_in_common_is_forgotten_once_it_is_decided(
    thread: Thread, moderator: User
) -> None:
    for name in ("c1", "c2"):
        a_comment(thread, name)
    Comment.objects.update(reasons=["links", "burst", "speed"])
    until = held(Comment.objects.get(public_id="c1"), moderator)
    reject(public_id="c2", version=1, moderator=moderator, now=NOON, held_until=until)
    holding.carry_out(until)
    assert [row.reasons for row in Comment.objects.all()] == [["links"], ["links"]]


def test_an_editors_answer_is_held_and_undone_like_an_approval(thread: Thread, moderator: User) -> None:
    approve(public_id=a_comment(thread, "c1").public_id, version=1, moderator=moderator, now=NOON)
    until = holding.held_until(NOON)

    def answered(seed: bytes) -> str:
        return editors.answer(
            public_id="c1", name="The Lantern", words="Thank you.", random_bytes=seed,
            moderator=moderator, now=NOON, held_until=until,
        ).public_id  # fmt: skip

    undo(public_id=answered(b"1"), moderator=moderator, now=NOON)
    assert Comment.objects.count() == 1
    answered(b"2")
    assert comments_on_stories([thread.public_id])[thread.public_id].count == 1
    holding.carry_out(until)
    _first, second = comments_on_stories([thread.public_id])[thread.public_id].comments
    assert second.is_staff
    assert second.answers
    assert second.answers.public_id == "c1"
