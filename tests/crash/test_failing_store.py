"""The store fails at every single write, rename and removal of a run in turn; readers never see half of it.

One run is repeated from the same state, and each time another change of files that it asks the kernel for is
refused: all of them in `make test-crash` (``NASHRA_TEST_EVERY_WRITE=1``), some in `make test`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from nashra.press.gather.changes import has_due
from nashra.press.run import PressFailed, press_due, press_full
from tests.crash.failing import FAILURES, going_wrong
from tests.press.crawler import crawl
from tests.press.desk_work import Clock, DeskWork
from tests.press.stock import START, differences, files_of, found_stock, rolled_back

pytestmark = pytest.mark.django_db(databases=["default", "readers", "snapshot"])

# About so many changes of files lie between two that fail.
STRIDE = 1 if os.environ.get("NASHRA_TEST_EVERY_WRITE") else 25

# What the desk did before the run that fails: one operation after another, the last of them not pressed yet.
WORK: dict[str, tuple[tuple[str, int, int], ...]] = {
    "a new story with a new topic": (("write_story", 0, 0), ("add_topic", 0, 7)),
    "an old story gets a new topic, person and photo": (
        ("add_topic", 3, 7),
        ("change_byline", 3, 3),
        ("show_photo", 3, 0),
    ),
    "a story is renamed, one moved and one withdrawn": (
        ("retitle_and_change_slug", 1, 1),
        ("move_story", 2, 1),
        ("withdraw_story", 3, 0),
    ),
    "a name is withheld": (("withhold_name", 0, 0),),
    "a section is renamed and another closed": (
        ("change_sections_slug", 0, 1),
        ("take_section_off_line", 1, 0),
    ),
    "a section that was renamed is closed": (
        ("change_sections_slug", 0, 1),
        ("press", 0, 0),
        ("take_section_off_line", 0, 0),
    ),
}


@pytest.fixture
def desk(db: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> DeskWork:
    """A newsroom with a pressed site."""
    clock = Clock(START)
    monkeypatch.setattr(timezone, "now", clock)
    found_stock(clock, stories=8)
    press_full(now=clock())
    return DeskWork(clock)


class Disk:
    """The folder ``var/`` as it was before the run: given back before each trial."""

    def __init__(self, settings: Any, aside: Path) -> None:
        self.var, self.site, self.aside = Path(settings.NASHRA_VAR), settings.NASHRA_SITE_FOLDER, aside
        shutil.copytree(self.var, aside)

    def give_back(self) -> None:
        """As it was."""
        shutil.rmtree(self.var)
        shutil.copytree(self.aside, self.var)


def fails_cleanly(run: Callable[[], object], kind: str, at: int) -> bool:
    """Whether the ``at``-th change of files went wrong, which the run must say; else it had fewer."""
    with going_wrong(kind, at) as trouble:
        try:
            run()
        except PressFailed as failed:
            if os.strerror(FAILURES[kind]) not in str(failed):
                raise
            return True
        except OSError as error:
            raise AssertionError(f"change {at}: the run ended in {error!r}, not in a sentence") from error
    return trouble.changes >= at


@pytest.mark.parametrize("kind", list(FAILURES))
@pytest.mark.parametrize("work", list(WORK))
def test_a_run_that_fails_at_any_write_leaves_a_whole_site_and_is_made_good(
    desk, settings, tmp_path, chance, work, kind
):
    for name, which, other in WORK[work]:
        if name == "press":
            press_due(now=desk.clock())
        else:
            getattr(desk, name)(which, other)
    disk = Disk(settings, tmp_path / "aside")
    now = desk.clock()
    with rolled_back():
        press_due(now=now)
        undisturbed = files_of(disk.site)
        assert not crawl(disk.site), "the undisturbed run must leave nothing to complain of"
    troubles, at, goes_on = [], chance.randrange(STRIDE), True
    while goes_on:
        at += 1 if STRIDE == 1 else chance.randrange(1, 2 * STRIDE)
        disk.give_back()
        with rolled_back():
            goes_on = fails_cleanly(lambda: press_due(now=now), kind, at)
            troubles += [f"change {at}, failed: {fault}" for fault in crawl(disk.site, settled=False)]
            press_due(now=now, sweep=True)
            assert not has_due(now), "one run must make good what another left undone"
            found = differences(files_of(disk.site), undisturbed, ("after trouble", "undisturbed"))
            troubles += [f"change {at}, mended: {found}"] if found else []
            troubles += [f"change {at}, mended: {fault}" for fault in crawl(disk.site)]
    assert at > 5, "the run wrote nothing"
    assert not troubles, "\n".join(troubles)
