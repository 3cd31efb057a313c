"""The press process: what it catches up with at its start, and what the clock makes due."""

from __future__ import annotations

import datetime
import threading

import pytest
from django.utils import timezone

from nashra.desk import publishing
from nashra.desk.models import Change, Story
from nashra.press.models import PressRun
from nashra.press.watch import LONGEST_PAUSE_S, PAUSE_S, SCHEDULE_S, TIDY_S, Watch
from nashra.readers.models import Erasure

pytestmark = pytest.mark.django_db(databases=["default", "readers", "snapshot"])


def test_a_new_newsroom_is_pressed_whole_at_the_first_start(pressroom, write):
    story = write()
    Watch().start()
    assert pressroom.page(story.address)
    assert PressRun.objects.get().kind == PressRun.Kind.FULL


def test_a_second_start_presses_nothing_again(pressroom, write):
    write()
    Watch().start()
    Watch().start()
    assert PressRun.objects.count() == 1


def test_a_story_whose_change_was_lost_is_found_at_the_start(pressroom, write):
    pressroom.full()
    story = write()
    Change.objects.all().delete()
    Watch().start()
    assert pressroom.page(story.address)


def test_a_withdrawal_whose_change_was_lost_is_found_at_the_start(pressroom, write):
    story = write()
    pressroom.full()
    publishing.withdraw_story(story=story)
    Change.objects.all().delete()
    Watch().start()
    assert pressroom.page(story.address) is None


def test_a_lost_site_folder_is_pressed_anew(pressroom, write):
    import shutil

    story = write()
    pressroom.full()
    shutil.rmtree(pressroom.folder)
    Watch().start()
    assert pressroom.page(story.address)


def test_another_site_address_presses_everything_anew(pressroom, write, settings):
    story = write()
    pressroom.full()
    settings.NASHRA_SITE_URL = "https://lantern.example"
    Watch().start()
    assert "https://lantern.example/en/" in pressroom.page(story.address)


def test_a_scheduled_story_goes_live_when_its_time_comes(pressroom, security):
    """Wagtail itself looks at the machine's clock, so that this test waits for a real second."""
    pressroom.full()
    noon = timezone.now() + datetime.timedelta(seconds=1)
    story = publishing.write_story(section=security, headline="At noon")
    publishing.schedule_story(story=story, go_live_at=noon)
    watching = Watch()
    watching.turn(0.0)
    assert pressroom.page(story.address) is None
    while timezone.now() <= noon:
        threading.Event().wait(0.05)
    watching.turn(SCHEDULE_S)
    assert "At noon" in pressroom.page(Story.objects.get(pk=story.pk).address)


def test_a_story_expires_when_its_time_comes(pressroom, write):
    story = write()
    pressroom.full()
    story.expire_at = timezone.now() + datetime.timedelta(minutes=5)
    story.save_revision().publish()
    later = timezone.now() + datetime.timedelta(minutes=6)
    Watch(clock=lambda: later).turn(0.0)
    assert pressroom.page(story.address) is None


def test_it_has_the_readers_desk_tidied_at_once_and_then_every_ten_minutes(pressroom):
    pressroom.full()
    watching = Watch()
    for elapsed_s, kept in ((0.0, 0), (TIDY_S - 1, 1), (TIDY_S, 0)):
        Erasure.objects.create(nonce=f"erased {elapsed_s}", day=datetime.date(2020, 1, 1))
        watching.turn(elapsed_s)
        assert Erasure.objects.count() == kept


def test_the_press_waits_longer_after_each_failure_but_never_gives_up():
    watching = Watch()
    assert watching.pause_s() == PAUSE_S
    pauses = []
    for watching.failures in range(1, 13):
        pauses.append(watching.pause_s())
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE_S


def test_it_takes_up_what_a_press_at_another_terminal_left(pressroom, write, settings):
    """A full press was killed: its row says so, and nothing else is due."""
    write()
    watching = Watch()
    watching.start()
    PressRun.objects.create(kind=PressRun.Kind.FULL, started_at=timezone.now())
    stray = pressroom.folder / "en" / "security" / "never-written-down" / "index.html"
    stray.parent.mkdir(parents=True)
    stray.write_text("a page that nobody knows", encoding="utf-8")
    watching.turn(elapsed_s=1000.0)
    assert not stray.exists()
    assert not PressRun.objects.filter(is_accounted=False).exists()
