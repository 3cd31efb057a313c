"""A page that readers have never leads to one that they have not, in whatever order batches are printed."""

from __future__ import annotations

import pytest

from nashra.desk.models import Story
from nashra.press import rounds, slices
from nashra.press.crew import LoneCrew, Task, perform
from nashra.press.printing import Printed, Printing
from tests.press.crawler import crawl
from tests.press.test_dependents import republish, translate

pytestmark = pytest.mark.django_db(databases=["default", "readers", "snapshot"])


@pytest.fixture(autouse=True)
def _a_story_a_batch(monkeypatch):
    for module in (rounds, slices):
        monkeypatch.setattr(module, "STORIES_A_BATCH", 1)


class Hasty(LoneCrew):
    """A crew of whom the last to be given a batch is the first to end it, as one of several workers may."""

    def __init__(self, printing: Printing) -> None:
        super().__init__(printing)
        self._tasks: list[Task] = []
        self.faults: list[str] = []

    def give(self, task: Task) -> None:
        self._tasks.append(task)

    @property
    def has_room(self) -> bool:
        return len(self._tasks) < 4

    @property
    def is_busy(self) -> bool:
        return bool(self._tasks)

    def take(self) -> list[Printed]:
        printed = perform(self._printing, self._tasks.pop())
        self.faults += crawl(self._printing.writer.folder, settled=False)
        return [printed]


@pytest.fixture
def crew(monkeypatch):
    """Whoever prints is hasty; gives all who did."""
    crews: list[Hasty] = []

    def hire(printing: Printing) -> Hasty:
        crews.append(Hasty(printing))
        return crews[-1]

    monkeypatch.setattr(rounds, "LoneCrew", hire)
    return crews


def test_pages_wait_until_all_that_they_may_lead_to_stand(pressroom, write, security, arabic_section, crew):
    translations = [translate(write(), arabic_section, f"العبارة {number}") for number in range(3)]
    pressroom.full()
    # Where nothing stood, nobody can have been led anywhere.
    crew.clear()
    security.slug = "harbour"
    security.save_revision().publish()
    pressroom.due()
    assert "/en/harbour/" in pressroom.page(translations[0].address)
    assert [fault for each in crew for fault in each.faults] == []
    assert crawl(pressroom.folder) == []


def test_of_many_single_changes_a_moved_page_stands_before_those_that_lead_to_it(
    pressroom, write, society, arabic_section, monkeypatch
):
    pairs = [(story, translate(story, arabic_section, "العبارة")) for story in (write(), write(), write())]
    pressroom.full()
    for number, (story, _translation) in enumerate(pairs):
        republish(story, slug=f"renamed-{number}", title=f"Renamed {number}")
    faults = []
    stories = Printing.stories

    def print_and_read(printing, names, together=None):
        printed = stories(printing, names, together)
        faults.extend(crawl(pressroom.folder, settled=False))
        return printed

    monkeypatch.setattr(Printing, "stories", print_and_read)
    pressroom.due()
    assert Story.objects.get(pk=pairs[0][0].pk).address in pressroom.page(pairs[0][1].address)
    assert faults == []
    assert crawl(pressroom.folder) == []
