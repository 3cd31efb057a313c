"""Editors answer in the newsroom's name, and pick what others should read."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied

from nashra.readers import editors, holding
from nashra.readers.models import Change, Comment, ModerationEntry, Thread
from nashra.readers.moderation import AlreadyDecided, approve, reopen
from nashra.readers.printed import MOST_PICKS, comments_on_stories
from tests.readers.conftest import NOON
from tests.readers.test_reports import a_comment

pytestmark = pytest.mark.django_db(databases=["default", "readers"])


def answer(moderator: User, public_id: str = "c1", **facts: str) -> editors.Answer:
    values = {"name": "The Lantern", "words": "We have asked the harbour."} | facts
    return editors.answer(
        public_id=public_id, random_bytes=b"16 random bytes.", moderator=moderator, now=NOON, **values
    )


@pytest.fixture
def standing(thread: Thread, moderator: User) -> Comment:
    """An approved comment."""
    comment = a_comment(thread, "c1")
    approve(public_id="c1", version=1, moderator=moderator, now=NOON)
    return comment


def test_an_answer_stands_after_the_others_with_its_badge(
    thread: Thread, standing: Comment, moderator: User
) -> None:
    given = answer(moderator)
    _first, second = comments_on_stories([thread.public_id])[thread.public_id].comments
    assert (second.public_id, second.is_staff, second.name) == (given.public_id, True, "The Lantern")
    assert ModerationEntry.objects.last().action == "answer"


def test_an_answer_is_normalised_and_its_faults_are_said_with_the_words_kept(
    standing: Comment, moderator: User
) -> None:
    faulty = answer(moderator, name="\u200f", words="one\r\ntwo\u202e")
    assert (faulty.name_fault, faulty.text, faulty.public_id) != ("", "one\ntwo", "")
    assert faulty.name_fault
    assert faulty.text == "one\ntwo"
    assert Comment.objects.count() == 1
    long = answer(moderator, words="a" * 1501)
    assert long.text_fault
    assert len(long.text) == 1501


def test_a_waiting_comment_or_a_reply_cannot_be_answered(
    thread: Thread, standing: Comment, moderator: User
) -> None:
    a_comment(thread, "c2")
    with pytest.raises(AlreadyDecided):
        answer(moderator, "c2")
    reply = answer(moderator)
    with pytest.raises(AlreadyDecided):
        answer(moderator, reply.public_id)


def test_an_approval_that_can_still_be_undone_is_not_answered(thread: Thread, moderator: User) -> None:
    a_comment(thread, "c1")
    until = holding.held_until(NOON)
    approve(public_id="c1", version=1, moderator=moderator, now=NOON, held_until=until)
    with pytest.raises(AlreadyDecided):
        answer(moderator)


def test_only_a_moderator_answers_or_picks(standing: Comment) -> None:
    nobody = AnonymousUser()
    with pytest.raises(PermissionDenied):
        answer(nobody)
    with pytest.raises(PermissionDenied):
        editors.pick(public_id="c1", is_pick=True, moderator=nobody, now=NOON)


def test_a_pick_is_marked_and_led_to_and_can_be_taken_back(
    thread: Thread, standing: Comment, moderator: User
) -> None:
    Change.objects.all().delete()
    editors.pick(public_id="c1", is_pick=True, moderator=moderator, now=NOON)
    shown = comments_on_stories([thread.public_id])[thread.public_id]
    assert shown.comments[0].is_pick
    assert [pick.public_id for pick in shown.picks] == ["c1"]
    assert Change.objects.count() == 1
    with pytest.raises(AlreadyDecided):
        editors.pick(public_id="c1", is_pick=True, moderator=moderator, now=NOON)
    editors.pick(public_id="c1", is_pick=False, moderator=moderator, now=NOON)
    assert comments_on_stories([thread.public_id])[thread.public_id].picks == ()


def test_what_waits_again_is_picked_no_more(thread: Thread, standing: Comment, moderator: User) -> None:
    editors.pick(public_id="c1", is_pick=True, moderator=moderator, now=NOON)
    reopen(public_id="c1", from_state="approved", moderator=moderator, now=NOON)
    approve(public_id="c1", version=1, moderator=moderator, now=NOON)
    assert comments_on_stories([thread.public_id])[thread.public_id].picks == ()


def test_a_story_leads_to_its_newest_picks_alone(thread: Thread, moderator: User) -> None:
    for number in range(MOST_PICKS + 2):
        a_comment(thread, f"c{number}")
        approve(public_id=f"c{number}", version=1, moderator=moderator, now=NOON)
        editors.pick(public_id=f"c{number}", is_pick=True, moderator=moderator, now=NOON)
    picks = comments_on_stories([thread.public_id])[thread.public_id].picks
    assert [pick.public_id for pick in picks] == ["c6", "c5", "c4", "c3", "c2"]
