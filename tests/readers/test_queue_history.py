"""What was decided, by whom and when: of one comment, and of all; also after it is erased."""

from __future__ import annotations

import datetime
import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from nashra.readers.history_views import _SAID
from nashra.readers.models import ModerationEntry, Thread
from nashra.readers.moderation import approve, erase, reopen
from tests.readers.conftest import NOON, make_moderator
from tests.readers.queue_desk import page, waiting

pytestmark = pytest.mark.django_db(databases=["default", "readers"])


def told(shown: str) -> list[str]:
    """Each line's moderator and what they did."""
    lines = re.findall(r'<bdi class="queue-name">(.*?)</bdi> ([^<]*)</span>', shown)
    return [f"{name} {said}" for name, said in lines]


def test_a_comments_history_tells_each_decision_and_outlives_it(
    desk: Client, thread: Thread, moderator: User
) -> None:
    comment = waiting(thread, "Words of one reader.")
    chosen = {"public_id": comment.public_id, "moderator": moderator}
    approve(**chosen, version=1, now=NOON)
    omar = make_moderator("omar")
    reopen(**(chosen | {"moderator": omar}), from_state="approved", now=NOON + datetime.timedelta(hours=1))
    address = f"/comments/{comment.public_id}/history/"
    assert f'href="{address}?' in page(desk.get("/comments/"))
    shown = page(desk.get(address))
    assert told(shown) == ["maryam approved it", "omar let it wait again"]
    assert "Words of one reader." in shown
    assert "Nov. 3, 2026, 12:20 p.m." in shown
    erase(**chosen, version=1, now=NOON)
    shown = page(desk.get(address))
    assert told(shown)[-1] == "maryam erased it"
    assert "its words are not kept anywhere here" in shown
    assert "Words of one reader." not in shown


def test_the_log_has_pages_and_a_filter_by_moderator(desk: Client, thread: Thread, moderator: User) -> None:
    comment = waiting(thread, "Words of one reader.")
    for number in range(52):
        ModerationEntry.objects.create(
            thread_public_id=thread.public_id,
            comment_public_id=comment.public_id,
            action="keep",
            moderator="maryam" if number else "omar & co",
            at=NOON,
        )
    first = page(desk.get("/comments/log/"))
    assert len(told(first)) == 50
    assert "Page 1 of 2" in first
    assert "The ferry returns to Lumen Bay" in first
    assert (
        told(page(desk.get("/comments/log/", {"page": 2})))[-1] == "omar & co kept it, though it was reported"
    )
    assert len(told(page(desk.get("/comments/log/", {"moderator": "omar & co"})))) == 1
    second = page(desk.get("/comments/log/", {"moderator": "maryam", "page": "2"}))
    assert len(told(second)) == 1
    assert 'href="/comments/log/?moderator=maryam&page=1"' in second
    for nonsense in ("\x00", "nobody", "' OR 1=1"):
        assert len(told(page(desk.get("/comments/log/", {"moderator": nonsense})))) == 50


def test_every_action_has_its_words() -> None:
    assert set(_SAID) == set(ModerationEntry.Action)
