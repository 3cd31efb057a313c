"""What readers gave comes onto the page by the press, and their desk learns of stories from it."""

from __future__ import annotations

import datetime

import pytest

from nashra.desk import publishing
from nashra.readers import moderation
from nashra.readers.models import Change, Comment, Thread
from tests.press.conftest import NOW

pytestmark = pytest.mark.django_db(databases=["default", "readers", "snapshot"])


class Moderator:
    """Somebody who may moderate."""

    def get_username(self) -> str:
        return "mod"

    username = "mod"

    def has_perm(self, name: str) -> bool:
        return name == "desk.moderate_comments"


def a_comment(story, text: str) -> Comment:
    return Comment.objects.create(
        public_id=f"c{Comment.objects.count()}",
        thread=Thread.objects.get(public_id=story.public_id),
        name="A reader",
        text=text,
        day=datetime.date(2026, 11, 20),
        nonce=text,
        fingerprint="0",
    )


def test_the_readers_desk_knows_a_story_once_its_page_stands(pressroom, write):
    story = write()
    pressroom.full()
    thread = Thread.objects.get(public_id=story.public_id)
    assert thread.address == story.address
    assert thread.is_open


def test_a_waiting_comment_stands_in_no_file(pressroom, write):
    story = write()
    pressroom.full()
    a_comment(story, "I saw the light too.")
    pressroom.full()
    assert not [path for path, content in pressroom.everything().items() if b"I saw the light" in content]


def test_an_approved_comment_stands_on_the_page(pressroom, write):
    story = write()
    pressroom.full()
    comment = a_comment(story, "I saw the light too.")
    moderation.approve(public_id=comment.public_id, version=1, moderator=Moderator(), now=NOW)
    run = pressroom.due()
    assert "I saw the light too." in pressroom.page(story.address)
    assert run.files_written == 1
    assert not Change.objects.exists()


def test_an_erased_comment_leaves_the_page(pressroom, write):
    story = write()
    pressroom.full()
    comment = a_comment(story, "I saw the light too.")
    moderation.approve(public_id=comment.public_id, version=1, moderator=Moderator(), now=NOW)
    pressroom.due()
    moderation.erase(public_id=comment.public_id, version=1, moderator=Moderator(), now=NOW)
    pressroom.due()
    assert "I saw the light too." not in pressroom.page(story.address)


def test_a_story_whose_comments_are_closed_has_no_form(pressroom, write):
    story = write(comments_enabled=False)
    pressroom.full()
    assert 'action="/readers/comment"' not in pressroom.page(story.address)
    assert not Thread.objects.get(public_id=story.public_id).is_open


def test_a_withdrawn_story_takes_nothing_more(pressroom, write):
    story = write()
    pressroom.full()
    publishing.withdraw_story(story=story)
    pressroom.due()
    thread = Thread.objects.get(public_id=story.public_id)
    assert not thread.is_open
    assert not thread.voting_open
