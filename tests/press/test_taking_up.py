"""What was cut off, what fails and what changes meanwhile: nothing is lost, and nothing waits for ever."""

from __future__ import annotations

import datetime

import pytest

from nashra.desk import publishing
from nashra.desk.models import Change
from nashra.press import rounds, slices
from nashra.press.crew import ForkedCrew, LoneCrew, Task
from nashra.press.gather import changes
from nashra.press.gather.mastheads import gather_mastheads
from nashra.press.models import Overdue, PressRun
from nashra.press.pile import ListPile
from nashra.press.record import RUNS_KEPT
from nashra.press.run import needs_full_press, press_due, press_full
from nashra.press.shift import Shift
from tests.press.conftest import NOW
from tests.press.test_photos import a_photo

DATABASES = ["default", "readers", "snapshot"]
pytestmark = pytest.mark.django_db(databases=DATABASES)


@pytest.mark.django_db(databases=DATABASES, transaction=True)
def test_workers_with_nothing_to_do_keep_nobody_waiting(write):
    story = write()
    with ForkedCrew(Shift(gather_mastheads("default"), NOW).printing, 2) as crew:
        assert crew.take() == []
        crew.give(Task("stories", [story.public_id]))
        printed = crew.take()
        assert [entry.address for each in printed for entry in each.entries] == [story.address]
        assert crew.take() == []


def test_a_name_that_changes_while_others_are_printed_is_read_anew(write, topic):
    write()
    press_due(now=NOW)
    shift = Shift(gather_mastheads("default"), NOW)
    crew = LoneCrew(shift.printing)
    key = f"topic:en:{topic.pk}"
    crew.give(Task("lists", [key]))
    topic.name = "Barges"
    topic.save()
    crew.take()
    crew.give(Task("lists", [key], names_number=1))
    crew.take()
    assert b"Barges" in (shift.writer.folder / "en" / "topics" / topic.slug / "index.html").read_bytes()


def test_a_list_that_cannot_be_printed_holds_up_no_withdrawal(pressroom, write, person, settings):
    leaving = write(authors=[])
    pressroom.full()
    person.portrait = a_photo()
    person.save()
    lost = {file: file.read_bytes() for file in settings.NASHRA_PHOTO_FOLDER.iterdir()}
    for file in lost:
        file.unlink()
    write()
    publishing.withdraw_story(story=leaving)
    press_due(now=NOW + datetime.timedelta(seconds=1))
    assert pressroom.file(f"{leaving.address[1:]}410.html")
    assert not Change.objects.exists()
    assert Overdue.objects.get().public_id == f"person:en:{person.pk}"
    for file, content in lost.items():
        file.write_bytes(content)
    press_due(now=NOW + datetime.timedelta(seconds=40))
    assert pressroom.page(f"/en/people/{person.slug}/")
    assert not Overdue.objects.exists()


def test_many_overdue_stories_are_not_made_due_without_end(pressroom, write, monkeypatch):
    stories = [write() for _ in range(3)]
    pressroom.full()
    for story in stories:
        Overdue.objects.create(public_id=story.public_id, reason="it was late", try_again_at=NOW)
    monkeypatch.setattr(changes, "STORIES_A_RUN", 2)
    press_due(now=NOW)
    assert not Overdue.objects.exists()
    assert not Change.objects.exists()


def test_a_full_press_that_was_cut_off_leaves_no_list_as_it_was(pressroom, write, society, monkeypatch):
    story = write()
    pressroom.full()
    story.move(society, pos="last-child")

    def cut_off(*_arguments, **_keywords):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(ListPile, "press_lists", cut_off)
        with pytest.raises(KeyboardInterrupt):
            pressroom.full()
    assert press_due(now=NOW + datetime.timedelta(days=1))
    assert story.title not in pressroom.page("/en/security/")
    assert story.title in pressroom.page("/en/society/")


def test_a_thousand_runs_do_not_make_a_full_press_forgotten(pressroom, write):
    write()
    full = pressroom.full()
    PressRun.objects.create(pk=full.pk + RUNS_KEPT + 5, kind="due", started_at=NOW, is_accounted=True)
    write()
    pressroom.due()
    assert needs_full_press() == ""


@pytest.mark.django_db(databases=DATABASES, transaction=True)
def test_one_worker_and_three_press_the_same_bytes(pressroom, write, monkeypatch, settings, tmp_path):
    for number in range(7):
        write(headline=f"The ferry is late {number}")
    monkeypatch.setattr(rounds, "STORIES_FOR_A_CREW", 1)
    monkeypatch.setattr(slices, "STORIES_A_BATCH", 2)
    press_full(now=NOW, workers=1)
    alone = pressroom.everything()
    settings.NASHRA_SITE_FOLDER = pressroom.folder = tmp_path / "anew"
    press_full(now=NOW, workers=3)
    assert pressroom.everything() == alone
