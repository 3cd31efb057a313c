"""A run that fails or is cut off leaves whole pages, and the next one ends where it should have."""

from __future__ import annotations

import os

import pytest

from nashra.desk.models import Section, Story
from nashra.press.gather.changes import has_due
from nashra.press.models import PressRun
from nashra.press.rounds import Rounds
from nashra.press.run import PressFailed
from tests.press.conftest import NOW
from tests.press.crawler import crawl

pytestmark = pytest.mark.django_db(databases=["default", "readers", "snapshot"])


@pytest.fixture
def fill_disk(monkeypatch):
    """Leave room for so many files and no more, as the kernel would."""

    def after(room: int) -> None:
        left = [room]
        rename = os.rename

        def cramped(source, target):
            if left[0] == 0:
                raise OSError(28, "No space left on device")
            left[0] -= 1
            rename(source, target)

        monkeypatch.setattr(os, "rename", cramped)

    return after


@pytest.mark.parametrize("room", [0, 1, 2, 3, 5])
def test_a_run_cut_off_anywhere_is_made_good_by_the_next(
    pressroom, write, fill_disk, monkeypatch, settings, tmp_path, room
):
    story = write()
    pressroom.full()
    story = Story.objects.get(pk=story.pk)
    story.slug, story.title = "renamed", "Renamed on the way"
    story.save_revision().publish()
    fill_disk(room)
    with pytest.raises(PressFailed):
        pressroom.due()
    assert has_due(NOW)
    monkeypatch.undo()
    settings.NASHRA_SITE_FOLDER = pressroom.folder
    pressroom.due()
    assert not has_due(NOW)
    mended = pressroom.everything()
    settings.NASHRA_SITE_FOLDER = pressroom.folder = tmp_path / "anew"
    pressroom.full()
    assert pressroom.everything() == mended


def test_a_failed_run_says_why(pressroom, write, fill_disk):
    write()
    fill_disk(2)
    with pytest.raises(PressFailed, match="No space left on device"):
        pressroom.full()
    run = PressRun.objects.first()
    assert "No space left on device" in run.error
    assert 0 < run.files_written <= 2


def test_a_page_taken_back_to_what_it_was_is_written_even_after_a_crash(
    pressroom, write, fill_disk, monkeypatch, settings
):
    """The account said "first"; a cut-off run wrote "second"; the story says "first" again."""
    folder = pressroom.folder
    story = write(headline="First")
    pressroom.full()
    story.title = "Second"
    story.save_revision().publish()
    fill_disk(1)
    with pytest.raises(PressFailed):
        pressroom.due()
    monkeypatch.undo()
    settings.NASHRA_SITE_FOLDER = folder
    assert "Second" in pressroom.page(story.address)
    story = Story.objects.get(pk=story.pk)
    story.title = "First"
    story.save_revision().publish()
    pressroom.due()
    assert "First" in pressroom.page(story.address)


class Killed(BaseException):
    """The press ended here."""

    @classmethod
    def throw(cls, *_args: object, **_values: object) -> None:
        raise cls


def test_nothing_leads_nowhere_while_a_section_that_was_taken_off_waits_for_the_press_of_everything(
    pressroom, write, society, monkeypatch
):
    stories = [write(section=society) for _number in range(2)]
    pressroom.full()
    # The withdrawal is pressed before everything is, and the press is killed between the two.
    Story.objects.get(pk=stories[0].pk).unpublish()
    Section.objects.get(pk=society.pk).unpublish()
    monkeypatch.setattr(Rounds, "everything", Killed.throw)
    with pytest.raises(Killed):
        pressroom.due()
    assert pressroom.page(stories[0].address) is None
    assert not crawl(pressroom.folder, settled=False)
    monkeypatch.undo()
    pressroom.due()
    assert not has_due(NOW)
    assert not crawl(pressroom.folder)
    assert pressroom.page("/en/society/") is None
