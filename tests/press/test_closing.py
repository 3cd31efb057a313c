"""Comments close after some days, for one story or for a whole paper; the page says what the desk does."""

from __future__ import annotations

import datetime

import pytest

from nashra.desk.models import Publication
from nashra.press.run import press_due, press_full
from nashra.readers import moderation, tidying
from nashra.readers.models import Thread
from tests.press.conftest import NOW
from tests.press.test_older_comments import fill
from tests.press.test_readers_part import Moderator

pytestmark = pytest.mark.django_db(databases=["default", "readers", "snapshot"])

FORM = 'action="/readers/comment"'
DAY = datetime.timedelta(days=1)


def close_after(days: int, **facts) -> None:
    paper = Publication.objects.get(slug="en")
    paper.comments_close_after_days = days
    for name, value in facts.items():
        setattr(paper, name, value)
    paper.save()


def thread_of(story) -> Thread:
    return Thread.objects.get(public_id=story.public_id)


def first_day(story) -> datetime.date:
    story.refresh_from_db()
    return story.first_published_at.date()


def test_a_story_takes_comments_without_end_unless_somebody_sets_one(pressroom, write):
    story = write()
    press_full(now=NOW + 5000 * DAY)
    assert FORM in pressroom.page(story.address)
    assert thread_of(story).takes_comments


def test_it_closes_on_its_day_though_nobody_touches_the_story(pressroom, write):
    story = write()
    close_after(14)
    begun = datetime.datetime.combine(first_day(story), datetime.time(12), tzinfo=datetime.UTC)
    press_full(now=begun + 13 * DAY)
    assert FORM in pressroom.page(story.address)
    assert thread_of(story).closes_on == first_day(story) + 14 * DAY
    tidying.tidy(begun + 13 * DAY)
    assert thread_of(story).takes_comments
    tidying.tidy(begun + 14 * DAY)
    assert not thread_of(story).takes_comments
    press_due(now=begun + 14 * DAY)
    assert FORM not in pressroom.page(story.address)
    assert "Comments on this story are closed." in pressroom.page(story.address)


def test_an_old_archive_is_pressed_closed_at_once(pressroom, write):
    story = write()
    close_after(14)
    press_full(now=NOW + 400 * DAY)
    assert FORM not in pressroom.page(story.address)
    assert thread_of(story).is_over


def test_more_days_open_it_again(pressroom, write):
    story = write()
    close_after(14)
    late = datetime.datetime.combine(first_day(story), datetime.time(12), tzinfo=datetime.UTC) + 20 * DAY
    press_full(now=late)
    assert not thread_of(story).takes_comments
    close_after(30)
    press_due(now=late)
    assert thread_of(story).takes_comments
    assert FORM in pressroom.page(story.address)


def test_older_pages_close_too_where_the_story_is_pressed_before_anybody_tidied(pressroom, write):
    story = write()
    close_after(14)
    begun = datetime.datetime.combine(first_day(story), datetime.time(12), tzinfo=datetime.UTC)
    press_full(now=begun)
    fill(story, 60)
    press_due(now=begun + DAY)
    moderation.erase(public_id="c55", version=1, moderator=Moderator(), now=begun + 14 * DAY)
    press_due(now=begun + 14 * DAY)
    press_due(now=begun + 14 * DAY)
    assert ">Reply</button>" not in pressroom.page(story.address)
    assert ">Reply</button>" not in pressroom.page(f"{story.address}comments/1/")


def test_a_paper_closes_all_its_stories_at_once_and_says_so(pressroom, write):
    story = write()
    pressroom.full()
    close_after(0, takes_comments=False)
    pressroom.due()
    assert FORM not in pressroom.page(story.address)
    assert not thread_of(story).takes_comments


def test_closing_takes_the_reply_buttons_of_older_pages_and_keeps_the_words(pressroom, write):
    story = write()
    close_after(14)
    begun = datetime.datetime.combine(first_day(story), datetime.time(12), tzinfo=datetime.UTC)
    press_full(now=begun)
    fill(story, 60)
    press_due(now=begun + DAY)
    older = f"{story.address}comments/1/"
    assert ">Reply</button>" in pressroom.page(older)
    tidying.tidy(begun + 14 * DAY)
    press_due(now=begun + 14 * DAY)
    assert ">Reply</button>" not in pressroom.page(older)
    assert ">Report</button>" in pressroom.page(older)
    assert "Words number 7." in pressroom.page(older)
