"""Comments beyond the newest fifty stand on pages of their own, which move and end with their story."""

from __future__ import annotations

import datetime
import re

import pytest
from django.db import OperationalError

from nashra.desk import publishing
from nashra.press.models import Standing
from nashra.press.run import PressFailed
from nashra.readers import holding, moderation
from nashra.readers.leaving import join_page
from nashra.readers.models import Comment, CommentState, Thread
from tests.press.conftest import NOW
from tests.press.test_readers_part import Moderator

pytestmark = pytest.mark.django_db(databases=["default", "readers", "snapshot"])

LIST_ITEM = re.compile(r'<li id="c-(c\d+)"')


def fill(story, count: int) -> None:
    """Approve so many comments, as a batch does; they are named by their positions."""
    thread = Thread.objects.get(public_id=story.public_id)
    start = Comment.objects.count()
    Comment.objects.bulk_create(
        Comment(
            public_id=f"c{number}",
            thread=thread,
            name=f"Reader {number}",
            text=f"Words number {number}.",
            day=datetime.date(2026, 11, 20),
            nonce=f"n{number}",
            fingerprint="0",
            state=CommentState.APPROVED,
            held_until=NOW,
        )
        for number in range(start + 1, start + count + 1)
    )
    holding.carry_out(NOW)


def shown(pressroom, address: str) -> list[int]:
    page = pressroom.page(address)
    assert page is not None, address
    return [int(name[1:]) for name in LIST_ITEM.findall(page)]


def erase(number: int) -> None:
    moderation.erase(public_id=f"c{number}", version=1, moderator=Moderator(), now=NOW)


@pytest.fixture
def story(pressroom, write):
    made = write()
    pressroom.full()
    return made


def test_fifty_comments_stand_on_the_storys_own_page(pressroom, story):
    fill(story, 50)
    run = pressroom.due()
    assert shown(pressroom, story.address) == list(range(1, 51))
    assert run.files_written == 1
    assert "/comments/" not in pressroom.page(story.address)


def test_the_fifty_first_opens_a_page_of_the_first_fifty(pressroom, story):
    fill(story, 51)
    pressroom.due()
    assert shown(pressroom, story.address) == list(range(2, 52))
    assert f'href="{story.address}comments/1/"' in pressroom.page(story.address)
    older = f"{story.address}comments/1/"
    assert shown(pressroom, older) == list(range(1, 51))
    assert f'href="{story.address}#comments"' in pressroom.page(older)
    assert "51 comments" in pressroom.page(story.address)


def test_older_pages_never_shift_however_many_come(pressroom, story):
    fill(story, 120)
    pressroom.due()
    before = pressroom.page(f"{story.address}comments/1/")
    fill(story, 200)
    pressroom.due()
    assert pressroom.page(f"{story.address}comments/1/") == before
    for block in range(1, 7):
        numbers = shown(pressroom, f"{story.address}comments/{block}/")
        assert numbers == list(range(50 * block - 49, 50 * block + 1))
    assert pressroom.page(f"{story.address}comments/7/") is None


def test_each_page_leads_to_its_neighbours(pressroom, story):
    fill(story, 170)
    pressroom.due()
    middle = pressroom.page(f"{story.address}comments/2/")
    assert f'href="{story.address}comments/1/" rel="prev"' in middle
    assert f'href="{story.address}comments/3/" rel="next"' in middle
    fill(story, 40)
    pressroom.due()
    assert f'href="{story.address}comments/4/" rel="next"' in pressroom.page(f"{story.address}comments/3/")


def test_one_more_comment_presses_one_page(pressroom, story):
    fill(story, 330)
    pressroom.due()
    fill(story, 1)
    assert pressroom.due().files_written == 1


def test_an_erased_comment_leaves_its_old_page_and_a_gap(pressroom, story):
    fill(story, 160)
    pressroom.due()
    erase(30)
    run = pressroom.due()
    assert 30 not in shown(pressroom, f"{story.address}comments/1/")
    assert len(shown(pressroom, f"{story.address}comments/1/")) == 49
    assert shown(pressroom, f"{story.address}comments/2/") == list(range(51, 101))
    assert "159 comments" in pressroom.page(story.address)
    assert run.files_written == 2
    assert not [path for path, content in pressroom.pages().items() if b"Words number 30." in content]


def test_a_page_whose_comments_are_all_erased_says_so(pressroom, story):
    fill(story, 60)
    for number in range(1, 51):
        erase(number)
    pressroom.due()
    assert "None of these comments is here any more." in pressroom.page(f"{story.address}comments/1/")


def test_a_reply_leads_to_the_page_on_which_its_parent_stands(pressroom, story):
    fill(story, 130)
    thread = Thread.objects.get(public_id=story.public_id)
    for number, answered in ((120, "c3"), (125, "c119"), (60, "c3"), (70, "c66")):
        Comment.objects.filter(public_id=f"c{number}").update(answers=answered)
    join_page(thread, [], NOW)
    pressroom.full()
    page = pressroom.page(story.address)
    assert f'<a href="{story.address}comments/1/#c-c3">In answer to <bdi>Reader 3</bdi></a>' in page
    assert '<a href="#c-c119">In answer to <bdi>Reader 119</bdi></a>' in page
    older = pressroom.page(f"{story.address}comments/2/")
    assert f'<a href="{story.address}comments/1/#c-c3">' in older
    assert '<a href="#c-c66">' in older


def test_the_name_of_whoever_erased_stands_on_no_page_of_a_reply(pressroom, story):
    fill(story, 230)
    Comment.objects.filter(public_id="c3").update(name="Somebody Unforgettable")
    for number in (60, 120, 220):
        Comment.objects.filter(public_id=f"c{number}").update(answers="c3")
    pressroom.full()
    assert "Somebody Unforgettable" in pressroom.page(f"{story.address}comments/3/")
    erase(3)
    pressroom.due()
    assert not [path for path, content in pressroom.pages().items() if b"Unforgettable" in content]
    assert "a comment that is no longer here" in pressroom.page(f"{story.address}comments/3/")
    assert "a comment that is no longer here" in pressroom.page(story.address)


def test_replies_follow_a_comment_that_was_let_wait_and_approved_again(pressroom, story):
    fill(story, 230)
    Comment.objects.filter(public_id="c120").update(answers="c3")
    pressroom.full()
    moderation.reopen(public_id="c3", from_state="approved", moderator=Moderator(), now=NOW)
    pressroom.due()
    moderation.approve(public_id="c3", version=1, moderator=Moderator(), now=NOW)
    pressroom.due()
    assert f'<a href="{story.address}#c-c3">' in pressroom.page(f"{story.address}comments/3/")
    assert 'id="c-c3"' in pressroom.page(story.address)


def test_a_withdrawal_is_finished_though_the_readers_database_was_away(pressroom, story, monkeypatch):
    fill(story, 60)
    pressroom.due()
    publishing.withdraw_story(story=story)

    def away(_public_id):
        raise OperationalError("the database is locked")

    with monkeypatch.context() as patch:
        patch.setattr("nashra.press.shift.withdraw_thread", away)
        with pytest.raises(PressFailed):
            pressroom.due()
    pressroom.due()
    assert Thread.objects.get(public_id=story.public_id).is_withdrawn
    assert pressroom.page(story.address) is None
    assert pressroom.page(f"{story.address}comments/1/") is None


def test_the_pages_move_with_their_story(pressroom, story):
    fill(story, 120)
    pressroom.due()
    before = story.address
    story.slug = "another-name"
    story.save_revision().publish()
    story.refresh_from_db()
    assert story.address != before
    pressroom.due()
    assert shown(pressroom, f"{story.address}comments/2/") == list(range(51, 101))
    assert pressroom.page(f"{before}comments/1/") is None
    moved = pressroom.file(f"{before.lstrip('/')}comments/1/301.txt")
    assert moved == f"{story.address}comments/1/\n"


def test_a_new_headline_stands_on_the_older_pages_too(pressroom, story):
    fill(story, 60)
    pressroom.due()
    story.title = "The lighthouse is lit again"
    story.save_revision().publish()
    pressroom.due()
    assert "The lighthouse is lit again" in pressroom.page(f"{story.address}comments/1/")


def test_the_pages_end_with_their_story_and_come_back_with_it(pressroom, story):
    fill(story, 120)
    pressroom.due()
    publishing.withdraw_story(story=story)
    pressroom.due()
    assert pressroom.page(f"{story.address}comments/1/") is None
    assert pressroom.file(f"{story.address.lstrip('/')}comments/1/410.html")
    assert not [path for path, content in pressroom.pages().items() if b"Words number 7." in content]
    story.refresh_from_db()
    story.save_revision().publish()
    pressroom.due()
    assert shown(pressroom, f"{story.address}comments/1/") == list(range(1, 51))
    assert pressroom.file(f"{story.address.lstrip('/')}comments/1/410.html") is None


def test_a_full_press_makes_the_same_files(pressroom, story):
    fill(story, 170)
    pressroom.due()
    Comment.objects.filter(public_id="c160").update(answers="c3")
    fill(story, 1)
    pressroom.due()
    before = pressroom.pages()
    pressroom.full()
    assert pressroom.pages() == before
    assert Standing.objects.filter(key__startswith="comments:").count() == 3


def test_a_press_for_another_reason_does_not_show_a_held_comment(pressroom, story):
    fill(story, 3)
    pressroom.due()
    Comment.objects.create(
        public_id="held",
        thread=Thread.objects.get(public_id=story.public_id),
        name="Lina",
        text="Words that can still be called back.",
        day=datetime.date(2026, 11, 20),
        nonce="held",
        fingerprint="0",
    )
    moderation.approve(
        public_id="held", version=1, moderator=Moderator(), now=NOW, held_until=holding.held_until(NOW)
    )
    story.title = "Another headline"
    story.save_revision().publish()
    pressroom.due()
    pressroom.full()
    assert "called back" not in pressroom.page(story.address)
    assert "3 comments" in pressroom.page(story.address)
