"""One vote a browser, counters that equal rows, totals that move by the hour."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from nashra.edition.content import ReactionTotals
from nashra.readers import reactions
from nashra.readers.models import Change, ModerationEntry, Thread, Vote
from nashra.readers.moderation import AlreadyDecided, release_totals
from nashra.readers.reactions import VoteAnswer, close_voting, publish_totals, vote
from nashra.readers.threads import close_thread, published_totals
from tests.readers.conftest import NOON, Reader, make_thread
from tests.readers.forms import page_text

pytestmark = pytest.mark.django_db(databases=["default", "readers"])

HOUR = datetime.timedelta(hours=1)
ONE_O_CLOCK = NOON.replace(hour=13, minute=0)


def cast(thread: Thread, yes: int, no: int = 0, *, start: int = 0, now: datetime.datetime = NOON) -> None:
    """So many browsers vote."""
    for number in range(yes + no):
        choice = "yes" if number < yes else "no"
        vote(story_public_id=thread.public_id, choice=choice, voter=f"v{start + number}", now=now)


def counted(thread: Thread) -> tuple[int, int]:
    """The thread's counters, after checking that they equal the rows."""
    thread.refresh_from_db()
    rows = Counter(Vote.objects.filter(thread=thread).values_list("choice", flat=True))
    assert (thread.yes_count, thread.no_count) == (rows["yes"], rows["no"])
    return thread.yes_count, thread.no_count


def test_a_first_vote_gets_a_cookie_and_is_asked_again(reader: Reader, thread: Thread) -> None:
    fields = {"story": thread.public_id, "value": "yes"}
    asked = reader.post("/readers/reaction", fields)
    cookie = asked.cookies["nashra_reaction"]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == ("/readers/", "Lax", True)
    assert (cookie["max-age"], cookie["secure"]) == (24 * 3600, "")
    assert 'value="yes"' in page_text(asked)
    assert 'value="no"' in page_text(asked)
    assert counted(thread) == (0, 0)

    answered = reader.post("/readers/reaction", fields)
    assert answered.status_code == 200
    assert "nashra_reaction" not in answered.cookies
    assert counted(thread) == (1, 0)


def test_the_cookie_is_kept_to_https_where_the_site_is(reader: Reader, thread: Thread, settings: Any) -> None:
    settings.NASHRA_SITE_URL = "https://testserver"
    settings.ALLOWED_HOSTS = ["*"]
    fields = {"story": thread.public_id, "value": "yes"}
    assert reader.post("/readers/reaction", fields).cookies["nashra_reaction"]["secure"]
    onion = Reader(host="abcdef.onion").post("/readers/reaction", fields)
    assert not onion.cookies["nashra_reaction"]["secure"]


def test_a_vote_can_be_changed_and_repeated_without_counting_twice(reader: Reader, thread: Thread) -> None:
    for value in ("yes", "yes", "yes", "no", "no"):
        reader.post("/readers/reaction", {"story": thread.public_id, "value": value})
    assert counted(thread) == (0, 1)


@pytest.mark.parametrize("cookie", ["", "x", "WzEsInYiXQ:forged", "\x00", "a" * 4000])
def test_only_our_own_cookies_count(cookie: str, reader: Reader, thread: Thread) -> None:
    reader.client.cookies["nashra_reaction"] = cookie
    answer = reader.post("/readers/reaction", {"story": thread.public_id, "value": "yes"})
    assert answer.cookies["nashra_reaction"].value not in ("", cookie)
    assert counted(thread) == (0, 0)


def test_one_browser_has_a_vote_for_each_story_under_keys_that_do_not_tell(
    reader: Reader, thread: Thread
) -> None:
    other = make_thread("0ther")
    for story in (thread, thread, other):
        reader.post("/readers/reaction", {"story": story.public_id, "value": "yes"})
    assert counted(thread) == counted(other) == (1, 0)
    first, second = Vote.objects.values_list("voter_key", flat=True)
    assert first != second


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["yes", "no"])), max_size=12))
@hypothesis_settings(
    deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_counters_equal_rows_whatever_happens(thread: Thread, votes: list[tuple[int, str]]) -> None:
    for voter, choice in votes:
        vote(story_public_id=thread.public_id, choice=choice, voter=str(voter), now=NOON)
    counted(thread)


def test_totals_stay_hidden_below_the_threshold(thread: Thread, settings: Any) -> None:
    cast(thread, settings.NASHRA_REACTION_THRESHOLD - 1)
    assert publish_totals(ONE_O_CLOCK) == 0
    assert published_totals([thread.public_id]) == {}
    assert not Change.objects.exists()


def test_totals_come_out_at_the_full_hour_and_no_sooner(thread: Thread) -> None:
    cast(thread, 7, 4)
    assert publish_totals(NOON) == 0
    assert publish_totals(ONE_O_CLOCK - datetime.timedelta(seconds=1)) == 0
    assert publish_totals(ONE_O_CLOCK) == 1
    assert published_totals([thread.public_id]) == {thread.public_id: ReactionTotals(yes=7, no=4)}
    change = Change.objects.get()
    assert (change.thread, change.kind) == (thread.public_id, "totals")


def test_totals_move_once_an_hour_at_most_and_only_when_they_moved(thread: Thread) -> None:
    cast(thread, 12)
    publish_totals(ONE_O_CLOCK)
    assert publish_totals(ONE_O_CLOCK + HOUR) == 0
    soon = ONE_O_CLOCK + datetime.timedelta(minutes=1)
    cast(thread, 1, start=20, now=soon)
    assert publish_totals(soon) == 0
    assert publish_totals(ONE_O_CLOCK + HOUR) == 1
    assert published_totals([thread.public_id])[thread.public_id].yes == 13


def test_a_changed_mind_moves_the_totals_too(thread: Thread) -> None:
    cast(thread, 12)
    publish_totals(ONE_O_CLOCK)
    vote(story_public_id=thread.public_id, choice="no", voter="v0", now=ONE_O_CLOCK)
    assert publish_totals(ONE_O_CLOCK + HOUR) == 1
    assert published_totals([thread.public_id])[thread.public_id] == ReactionTotals(yes=11, no=1)


def test_a_burst_freezes_the_totals_until_a_person_has_looked(
    thread: Thread, moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reactions, "BURST_VOTES_PER_HOUR", 20)
    cast(thread, 10)
    publish_totals(ONE_O_CLOCK)
    cast(thread, 21, start=100, now=ONE_O_CLOCK)
    assert publish_totals(ONE_O_CLOCK + HOUR) == 0
    assert publish_totals(ONE_O_CLOCK + 9 * HOUR) == 0
    thread.refresh_from_db()
    assert thread.frozen
    assert published_totals([thread.public_id])[thread.public_id].yes == 10

    release_totals(story_public_id=thread.public_id, moderator=moderator, now=ONE_O_CLOCK + 10 * HOUR)
    assert published_totals([thread.public_id])[thread.public_id].yes == 31
    assert ModerationEntry.objects.get().action == "release"
    with pytest.raises(AlreadyDecided):
        release_totals(story_public_id=thread.public_id, moderator=moderator, now=ONE_O_CLOCK)


def test_closing_deletes_rows_and_key_and_keeps_the_totals(reader: Reader, thread: Thread) -> None:
    cast(thread, 8, 3)
    close_voting(thread)
    thread.refresh_from_db()
    assert not Vote.objects.exists()
    assert bytes(thread.vote_key) == b""
    assert (thread.yes_count, thread.no_count) == (8, 3)
    assert publish_totals(ONE_O_CLOCK) == 1
    assert vote(story_public_id=thread.public_id, choice="yes", voter="v", now=NOON) is VoteAnswer.CLOSED
    answer = reader.post("/readers/reaction", {"story": thread.public_id, "value": "yes"})
    assert answer.status_code == 403
    assert "nashra_reaction" not in answer.cookies


def test_a_story_that_comes_back_takes_votes_under_a_new_key(thread: Thread) -> None:
    cast(thread, 2)
    old_key = bytes(thread.vote_key)
    close_thread(public_id=thread.public_id)
    again = make_thread(thread.public_id)
    assert again.voting_open
    assert bytes(again.vote_key) not in (b"", old_key)
    assert again.yes_count == 2


def test_a_closed_vote_stays_closed_when_the_story_is_pressed_again(thread: Thread) -> None:
    close_voting(thread)
    assert not make_thread(thread.public_id, headline="The ferry is late").voting_open


def test_the_cookie_is_good_for_a_day_by_our_clock_too(
    reader: Reader, thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [NOON]
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock[0])
    fields = {"story": thread.public_id, "value": "yes"}
    reader.post("/readers/reaction", fields)
    clock[0] = NOON + 26 * HOUR
    late = reader.post("/readers/reaction", fields)
    assert "nashra_reaction" in late.cookies
    assert counted(thread) == (0, 0)
