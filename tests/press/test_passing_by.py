"""A single change passes by a great round while the lists at its end are printed, and spoils none of them."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from nashra.desk import publishing
from nashra.desk.models import Change, Person, Story, Topic
from nashra.press import pile, rounds
from nashra.press.gather import changes
from nashra.press.gather.changes import has_due
from nashra.press.models import Overdue, PressRun
from nashra.press.run import press_due, press_full
from tests.press.conftest import NOW, Pressroom
from tests.press.crawler import crawl
from tests.press.desk_work import Clock, DeskWork
from tests.press.stock import START, differences, files_of, found_stock, rolled_back
from tests.press.test_photos import a_photo

DATABASES = ["default", "readers", "snapshot"]
pytestmark = pytest.mark.django_db(databases=DATABASES)

LATE = "The bridge is late"
LONG_AGO = NOW - datetime.timedelta(days=100)


@pytest.fixture(autouse=True)
def _gaps_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every gap is looked into, and there is one after each list."""
    monkeypatch.setattr(rounds, "TURN_MS", 0)
    monkeypatch.setattr(pile, "LOOK_EVERY_MS", 0)
    monkeypatch.setattr(pile, "LISTS_A_BATCH", 1)


class Visit:
    """Work at the desk in the midst of the lists: the home says already what the last topic does not.

    ``work`` gives the path of a file that readers have once it is pressed.
    """

    def __init__(self, pressroom: Pressroom, work: Callable[[], str]) -> None:
        self.pressroom, self.work = pressroom, work
        self.path = ""
        self.passed = False
        self.faults: list[str] = []
        self.reads = True

    def __call__(self) -> None:
        if self.reads:
            self.faults += crawl(self.pressroom.folder, settled=False)
        if not self._is_in_the_midst():
            return
        if not self.path:
            self.path = self.work()
        elif self.pressroom.file(self.path):
            self.passed = True

    def _is_in_the_midst(self) -> bool:
        home, last = (self.pressroom.page(address) or "" for address in ("/en/", "/en/topics/bridges/"))
        return LATE in home and LATE not in last


class GreatRound:
    """A newsroom in which many stories, or all, are about to be pressed; the last list is on bridges."""

    def __init__(self, pressroom: Pressroom, write: Callable[..., Story], kind: str, settings: Any) -> None:
        self.pressroom, self.write, self.kind, self.settings = pressroom, write, kind, settings
        self.workers = 1
        self.lonely = Topic.objects.create(name="Lonely", slug="lonely")
        self.alone = write(topics=[self.lonely], authors=[Person.objects.create(name="Ilo", slug="ilo")])
        publishing.publish_story(story=self.alone, published_at=LONG_AGO)
        for _number in range(3):
            write()
        bridges = Topic.objects.create(name="Bridges", slug="bridges")
        write(topics=[bridges])
        if kind != "first":
            pressroom.full()
        write(topics=[bridges], headline=LATE)
        if kind == "bulk":
            Change.objects.update(is_bulk=True)

    def press(self, work: Callable[[], str]) -> Visit:
        """Press with somebody at the desk."""
        visit = Visit(self.pressroom, work)
        # Where there is no site yet, pages lead to what is still to come.
        visit.reads = self.kind != "first" and self.workers == 1
        if self.kind == "bulk":
            press_due(now=NOW, workers=self.workers, between=visit)
        else:
            press_full(now=NOW, workers=self.workers, between=visit)
        return visit

    def differences(self) -> str:
        """How the site differs from one that is pressed at once, into an empty folder."""
        own = self.pressroom.folder
        self.settings.NASHRA_SITE_FOLDER = own.with_name("at-once")
        try:
            with rolled_back():
                press_full(now=NOW)
            return differences(files_of(own), files_of(own.with_name("at-once")), ("passed by", "at once"))
        finally:
            self.settings.NASHRA_SITE_FOLDER = own
            shutil.rmtree(own.with_name("at-once"))


@pytest.fixture(params=["first", "again", "bulk"])
def great_round(request: Any, pressroom: Any, write: Any, society: Any, settings: Any) -> GreatRound:
    return GreatRound(pressroom, write, request.param, settings)


def page_of(story: Story) -> str:
    return f"{story.address[1:]}index.html"


def check(great_round: GreatRound, visit: Visit) -> None:
    """What was done was pressed before the last list, and in the end all is as if it had never passed."""
    assert visit.path, "nobody came"
    assert not visit.faults, "\n".join(dict.fromkeys(visit.faults))
    assert visit.passed, "the change had to wait for the last list"
    assert not has_due(NOW)
    assert not PressRun.objects.exclude(error="").exists()
    assert not great_round.differences()
    assert not crawl(great_round.pressroom.folder)


def test_a_breaking_story_stands_before_the_last_list_is_printed(great_round):
    check(great_round, great_round.press(lambda: page_of(great_round.write())))


def test_a_new_month_topic_and_person_are_not_taken_for_what_stands_no_longer(great_round, security):
    def work() -> str:
        story = publishing.write_story(
            section=security,
            headline="The mill burns",
            authors=[Person.objects.create(name="Sana Wadi", slug="sana-wadi")],
            topics=[Topic.objects.create(name="Mills", slug="mills")],
        )
        moment = NOW - datetime.timedelta(days=400)
        return page_of(publishing.publish_story(story=story, published_at=moment))

    visit = great_round.press(work)
    check(great_round, visit)
    assert great_round.pressroom.page("/en/topics/mills/")


def test_the_last_story_of_a_topic_a_month_and_a_person_is_withdrawn(great_round):
    def work() -> str:
        publishing.withdraw_story(story=great_round.alone)
        return f"{great_round.alone.address[1:]}410.html"

    visit = great_round.press(work)
    check(great_round, visit)
    assert not great_round.pressroom.page("/en/topics/lonely/")


def test_a_story_that_moves_leaves_a_redirect(great_round, society):
    def work() -> str:
        great_round.alone.move(society, pos="last-child")
        return f"{great_round.alone.address[1:]}301.txt"

    check(great_round, great_round.press(work))


def test_a_story_in_a_section_that_opened_meanwhile_is_led_to_and_leads_on(great_round, newsroom):
    def work() -> str:
        section = publishing.create_section(publication=newsroom["en"], title="Rivers", slug="rivers")
        return page_of(great_round.write(section=section))

    visit = great_round.press(work)
    # Everything is due once more: each page names the new section.
    while has_due(NOW):
        assert not crawl(great_round.pressroom.folder, settled=False)
        press_due(now=NOW)
    check(great_round, visit)


def test_a_list_that_could_not_be_printed_in_passing_is_tried_again(great_round, settings):
    lost = {}

    def work() -> str:
        sana = Person.objects.create(name="Sana Wadi", slug="sana-wadi", portrait=a_photo())
        lost.update({file: file.read_bytes() for file in settings.NASHRA_PHOTO_FOLDER.iterdir()})
        for file in lost:
            file.unlink()
        return page_of(great_round.write(authors=[sana]))

    great_round.press(work)
    assert Overdue.objects.get().public_id.startswith("person:en:")
    for file, content in lost.items():
        file.write_bytes(content)
    press_due(now=NOW + datetime.timedelta(seconds=60))
    assert great_round.pressroom.page("/en/people/sana-wadi/")
    assert not great_round.differences()


def test_what_concerns_many_stories_is_still_due_afterwards(great_round, monkeypatch):
    monkeypatch.setattr(changes, "STORIES_A_RUN", 0)

    def work() -> str:
        great_round.lonely.name = "Lonelier"
        great_round.lonely.save()
        return "en/index.html"

    visit = great_round.press(work)
    press_due(now=NOW)
    check(great_round, visit)
    assert "Lonelier" in great_round.pressroom.page("/en/topics/lonely/")


@pytest.mark.django_db(databases=DATABASES, transaction=True)
def test_workers_make_way_as_well(great_round, monkeypatch):
    monkeypatch.setattr(rounds, "STORIES_FOR_A_CREW", 1)
    great_round.workers = 2
    check(great_round, great_round.press(lambda: page_of(great_round.write())))


@pytest.mark.parametrize("months", range(1, 8))
def test_a_single_change_that_passes_a_renamed_section_by_leads_to_no_sitemap_that_is_not_there(
    db, settings, monkeypatch, months
):
    """The index of sitemaps names those of all sections at their new addresses, which come with the rest."""
    clock = Clock(START)
    monkeypatch.setattr(timezone, "now", clock)
    found_stock(clock, stories=8)
    press_full(now=clock())
    desk = DeskWork(clock)
    desk.change_sections_slug(0, 1)
    desk.write_older_story(1, 3 * months)
    rounds.Rounds(clock=clock, workers=1).urgent()
    assert crawl(settings.NASHRA_SITE_FOLDER, settled=False) == []
    press_due(now=clock())
    assert crawl(settings.NASHRA_SITE_FOLDER) == []


def test_a_month_that_ends_beside_a_renamed_section_is_still_there_for_the_index_that_names_it(
    db, settings, monkeypatch
):
    clock = Clock(START)
    monkeypatch.setattr(timezone, "now", clock)
    found_stock(clock, stories=8)
    DeskWork(clock).write_older_story(1, 18)
    press_full(now=clock())
    desk = DeskWork(clock)
    desk.change_sections_slug(0, 1)
    oldest = Story.objects.live().order_by("first_published_at").first()
    publishing.withdraw_story(story=oldest)
    rounds.Rounds(clock=clock, workers=1).urgent()
    assert crawl(settings.NASHRA_SITE_FOLDER, settled=False) == []
    press_due(now=clock())
    assert crawl(settings.NASHRA_SITE_FOLDER) == []
