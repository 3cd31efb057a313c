"""Whatever a newsroom does, pressed step by step, ends in the bytes of one full press.

Each example is a list of steps: an operation of ``desk_work``, and how the press runs after it, if it does.
After every run the whole folder is read (``crawler``). In the end three things must agree to the byte:

- the folder that all the runs wrote;
- one full press over the same ledger into an empty folder: old addresses come along, since they are rows;
- one full press with *empty* tables of the press, which shares nothing with the runs before it. What only
  the past can tell (redirects, "withdrawn" pages) it cannot know; that is compared with ``address_book``.

``NASHRA_TEST_EXAMPLES`` is how many examples are tried besides those that hold every operation once.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.apps import apps
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import strategies as some

from nashra.edition import paths
from nashra.press.gather.changes import has_due
from nashra.press.run import press_due, press_full
from nashra.readers import holding, tidying
from tests.press.address_book import AddressBook
from tests.press.crawler import crawl
from tests.press.desk_work import OPERATIONS, Clock, DeskWork
from tests.press.stock import START, differences, files_of, found_stock, rolled_back

pytestmark = pytest.mark.django_db(databases=["default", "readers", "snapshot"])

EXAMPLES = int(os.environ.get("NASHRA_TEST_EXAMPLES", "12"))
MOST_STEPS = 16
# ``wait`` lets changes come together in one run; ``once`` leaves for later what one run leaves.
PRESSES = ("due", "wait", "once", "sweep", "full")


@dataclass(frozen=True)
class Step:
    """One operation, and what the press does after it."""

    operation: str
    which: int = 0
    other: int = 0
    press: str = "due"


STEPS = some.lists(
    some.builds(
        Step,
        some.sampled_from(sorted(OPERATIONS)),
        some.integers(0, 3),
        some.integers(0, 7),
        some.sampled_from(PRESSES),
    ),
    min_size=1,
    max_size=MOST_STEPS,
)


class Site:
    """The readers' site of one example: pressed step by step, read after every run."""

    def __init__(self, clock: Clock, settings: Any) -> None:
        self.clock, self.settings = clock, settings
        self.folder: Path = settings.NASHRA_SITE_FOLDER
        self.book = AddressBook()
        # A run that left something for the next may have pressed addresses that the book never saw.
        self.is_booked = True
        press_full(now=clock())
        self.book.note()

    def press(self, kind: str) -> None:
        """Run the press and read all that it leaves; ``once`` lets the next run do what one leaves."""
        if kind == "wait":
            return
        # What the watching press does before it looks what is due.
        holding.carry_out(self.clock())
        tidying.close_due(self.clock())
        if kind == "full":
            press_full(now=self.clock())
        else:
            press_due(now=self.clock(), sweep=kind == "sweep")
        while kind != "once" and has_due(self.clock()):
            self.read(settled=False)
            press_due(now=self.clock())
        is_settled = not has_due(self.clock())
        self.is_booked &= is_settled
        if is_settled:
            self.book.note()
        self.read(settled=is_settled)

    def read(self, *, settled: bool) -> None:
        """Read all of it, as the crawler does."""
        faults = crawl(self.folder, settled=settled)
        assert not faults, "\n".join(faults)

    def pressed_at_once(self, *, with_empty_tables: bool) -> dict[str, bytes]:
        """What one full press writes into an empty folder. The tables are as before afterwards."""
        own = self.folder
        self.folder = self.settings.NASHRA_SITE_FOLDER = own.with_name("at-once")
        try:
            with rolled_back():
                if with_empty_tables:
                    empty_tables()
                press_full(now=self.clock())
                self.read(settled=True)
                return files_of(self.folder)
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = self.settings.NASHRA_SITE_FOLDER = own


def empty_tables() -> None:
    """Have the press forget everything."""
    for model in apps.get_app_config("press").get_models():
        model.objects.all().delete()


def check_the_end(site: Site) -> None:
    """Compare the folder with both full presses, and its redirects with the book."""
    names = ("step by step", "at once")
    stepwise = files_of(site.folder)
    found = differences(stepwise, site.pressed_at_once(with_empty_tables=False), names)
    assert not found, found
    pages = {path: content for path, content in stepwise.items() if not is_trace(path)}
    found = differences(pages, site.pressed_at_once(with_empty_tables=True), names)
    assert not found, found
    if site.is_booked:
        traces = {
            path: content.decode() if path.endswith(paths.MOVED_FILE) else ""
            for path, content in stepwise.items()
            if is_trace(path) and not path.endswith(".gz")
        }
        assert traces == site.book.traces()


def is_trace(path: str) -> bool:
    """Whether a file tells of the past."""
    return path.removesuffix(".gz").endswith((paths.MOVED_FILE, paths.GONE_FILE))


def live_through(steps: list[Step], clock: Clock, settings: Any) -> None:
    """Work and press step by step in a newsroom that has never been afterwards."""
    shutil.rmtree(settings.NASHRA_SITE_FOLDER, ignore_errors=True)
    clock.moment = START
    with rolled_back():
        desk, site = DeskWork(clock), Site(clock, settings)
        for step in steps:
            OPERATIONS[step.operation](desk, step.which, step.other)
            site.press(step.press)
        site.press("due")
        check_the_end(site)


def every_operation(press: str) -> list[list[Step]]:
    """A few examples that together hold every operation."""
    steps = [Step(name, number % 3, number % 5, press) for number, name in enumerate(sorted(OPERATIONS))]
    return [steps[start::4] for start in range(4)]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The only clock of newsroom and press."""
    made = Clock(START)
    monkeypatch.setattr(timezone, "now", made)
    return made


@pytest.fixture
def stock(db: Any, clock: Clock, settings: Any) -> None:
    """Some of everything, and two stories that many have written under."""
    settings.NASHRA_REACTION_THRESHOLD = 2
    found_stock(clock)
    # The readers' desk learns of stories from a press.
    press_full(now=clock())
    desk = DeskWork(clock)
    desk._written = 10_000
    for which, crowd in ((0, 2), (1, 3)):
        desk.receive_very_many(which, crowd)
    empty_tables()


def test_any_sequence_pressed_step_by_step_ends_in_the_bytes_of_one_full_press(stock, clock, settings):
    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @hypothesis.given(steps=STEPS)
    def try_all(steps: list[Step]) -> None:
        live_through(steps, clock, settings)

    try_all()


@pytest.mark.parametrize("press", ["due", "wait"])
def test_every_operation_is_pressed_right(stock, clock, settings, press):
    for steps in every_operation(press):
        live_through(steps, clock, settings)


def test_lists_that_are_full_are_pressed_right(db, clock, settings):
    """More stories in one section than its front shows: what leaves the list comes back to it."""
    settings.NASHRA_REACTION_THRESHOLD = 2
    found_stock(clock, stories=42)
    steps = [
        Step("write_story", 0, 0),
        Step("withdraw_story", 0),
        Step("withdraw_story", 2),
        Step("publish_again", 2),
        Step("move_story", 3, 1),
        Step("write_older_story", 0, 5),
        Step("write_older_story", 0, 1, "wait"),
        Step("delete_story", 5),
    ]
    live_through(steps, clock, settings)


def test_pages_of_older_comments_that_come_and_go_are_pressed_right(stock, clock, settings):
    """Filled, replied to, emptied by erasures; moved, withdrawn and published again with their stories."""
    steps = [
        Step("receive_very_many", 0, 3),
        Step("receive_reply", 3),
        Step("hold_approvals"),
        Step("carry_out_what_is_held"),
        Step("pick_comment", 2),
        Step("report_comment", 1),
        Step("answer_comment", 4),
        Step("erase_older_comments", 0, 3),
        Step("erase_older_comments", 1, 0),
        Step("erase_older_comments", 0, 5, "wait"),
        *(Step("change_slug", story, story % 4) for story in range(5)),
        *(Step("withdraw_story", story, 0, "once") for story in range(4)),
        Step("receive_very_many", 1, 2),
        Step("change_own_words", 0, 1),
        *(Step("publish_again", story) for story in range(4)),
        Step("retitle_story", 1, 1),
        Step("delete_story", 2),
    ]
    live_through(steps, clock, settings)
