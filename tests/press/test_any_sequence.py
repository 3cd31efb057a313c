"""Whatever a newsroom does, pressed step by step, ends in the bytes of one full press.

Each example is a list of steps: an operation of ``desk_work``, and how the press runs after it, if it does.
After every run the whole folder is read (``crawler``). In the end three things must agree to the byte:

- the folder that all the runs wrote;
- one full press over the same ledger into an empty folder: old addresses come along, since they are rows;
- one full press with *empty* tables of the press, which shares nothing with the runs before it. What only
  the past can tell (redirects, "withdrawn" pages) it cannot know; that is compared with ``address_book``.

``NASHRA_TEST_EXAMPLES`` is how many examples are tried.
"""

from __future__ import annotations

import datetime
import difflib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import strategies as some

from nashra.desk import publishing
from nashra.desk.models import Person, Place, Publication, Topic
from nashra.edition import paths
from nashra.press.gather.changes import has_due
from nashra.press.run import press_due, press_full
from tests.press.address_book import AddressBook
from tests.press.crawler import crawl
from tests.press.desk_work import OPERATIONS, Clock, DeskWork, small_photo

pytestmark = pytest.mark.django_db(databases=["default", "readers", "snapshot"])

START = datetime.datetime(2026, 11, 22, 12, 0, tzinfo=datetime.UTC)
EXAMPLES = int(os.environ.get("NASHRA_TEST_EXAMPLES", "20"))
MOST_STEPS = 24
# More than a home page shows, so that the end of a list is in play.
STOCK = 11

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


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The only clock of newsroom and press."""
    made = Clock(START)
    monkeypatch.setattr(timezone, "now", made)
    return made


@pytest.fixture
def stock(newsroom: Any, clock: Clock, settings: Any) -> None:
    """A newsroom with some of everything, most of it in one section."""
    settings.NASHRA_REACTION_THRESHOLD = 2
    english, arabic = (Publication.objects.get(locale__language_code=language) for language in ("en", "ar"))
    sections = [
        publishing.create_section(publication=publication, title=title, slug=slug, now=clock())
        for publication, title, slug in (
            (english, "Security", "security"),
            (english, "Society", "society"),
            (arabic, "أمن", "أمن"),
        )
    ]
    people = [Person.objects.create(name=f"Person {number}") for number in range(2)]
    topics = [Topic.objects.create(name=f"Topic {number}") for number in range(2)]
    place = Place.objects.create(name="Ostrava Ford")
    photos = [small_photo(number) for number in range(2)]
    for number in range(STOCK):
        clock.pass_by(days=3)
        story = publishing.write_story(
            section=sections[0] if number % 5 else sections[number % 3],
            headline=f"Stock {number}",
            authors=[people[number % 2]],
            topics=[topics[number % 2]],
            dateline_place=place,
            lead_photo=photos[number] if number < 2 else None,
            body=[("paragraph", f"<p>The ferry came in {number} times.</p>")],
        )
        publishing.publish_story(story=story)


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
        faults = crawl(self.folder, settled=settled)
        assert not faults, "\n".join(faults)

    def files(self) -> dict[str, bytes]:
        """All but the extras of small runs: brotli siblings, which the crawler has decoded."""
        found = (file for file in self.folder.rglob("*") if file.is_file() and file.suffix != ".br")
        return {file.relative_to(self.folder).as_posix(): file.read_bytes() for file in found}

    def pressed_at_once(self, *, with_empty_tables: bool) -> dict[str, bytes]:
        """What one full press writes into an empty folder. The tables are as before afterwards."""
        own = self.folder
        self.folder = self.settings.NASHRA_SITE_FOLDER = own.with_name("at-once")
        try:
            with rolled_back():
                if with_empty_tables:
                    for model in apps.get_app_config("press").get_models():
                        model.objects.all().delete()
                press_full(now=self.clock())
                self.read(settled=True)
                return self.files()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = self.settings.NASHRA_SITE_FOLDER = own


@contextmanager
def rolled_back() -> Iterator[None]:
    """Whatever happens inside has never been, in both databases."""
    with transaction.atomic("default"), transaction.atomic("readers"):
        yield
        transaction.set_rollback(True, "default")
        transaction.set_rollback(True, "readers")


def differences(stepwise: dict[str, bytes], at_once: dict[str, bytes]) -> str:
    """What differs, by path, with the first lines that do."""
    said = [f"only step by step: {path}" for path in sorted(stepwise.keys() - at_once.keys())]
    said += [f"only at once: {path}" for path in sorted(at_once.keys() - stepwise.keys())]
    for path in sorted(stepwise.keys() & at_once.keys()):
        if stepwise[path] != at_once[path]:
            texts = [each[path].decode(errors="replace").splitlines() for each in (stepwise, at_once)]
            lines = difflib.unified_diff(*texts, "step by step", "at once", lineterm="", n=0)
            said.append("\n  ".join([f"differs: {path}", *(line[:300] for line in islice(lines, 12))]))
    return "\n".join(said)


def is_trace(path: str) -> bool:
    """Whether a file tells of the past."""
    return path.removesuffix(".gz").endswith(("/" + paths.MOVED_FILE, "/" + paths.GONE_FILE))


def check_the_end(site: Site) -> None:
    """Compare the folder with both full presses, and its redirects with the book."""
    stepwise = site.files()
    assert not (found := differences(stepwise, site.pressed_at_once(with_empty_tables=False))), found
    without_past = site.pressed_at_once(with_empty_tables=True)
    pages = {path: content for path, content in stepwise.items() if not is_trace(path)}
    assert not (found := differences(pages, without_past)), found
    if site.is_booked:
        traces = {
            path: content.decode() if path.endswith(paths.MOVED_FILE) else ""
            for path, content in stepwise.items()
            if is_trace(path) and not path.endswith(".gz")
        }
        assert traces == site.book.traces()


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


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_each_operation_alone_is_pressed_right(stock, clock, settings, operation):
    live_through([Step(operation, 0, 1), Step(operation, 1, 2)], clock, settings)
