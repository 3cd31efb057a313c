"""Which round comes next, and what each is made of: single changes, many stories, or everything.

Whatever is being pressed, single changes pass it by: a breaking story waits for the batches that are
being printed at that moment. Nothing passes while the lists, old addresses and strays at a round's end
are seen to.
"""

from __future__ import annotations

import datetime
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain

from django.conf import settings
from django.db import connections, transaction

from nashra.press import ledger
from nashra.press.crew import Crew, ForkedCrew, LoneCrew
from nashra.press.departures import unsettle_all, write_moved_map
from nashra.press.gather import changes
from nashra.press.gather.lists import ahead_of_stories, every_list
from nashra.press.gather.mastheads import Mastheads, gather_mastheads
from nashra.press.gather.placings import addresses_of
from nashra.press.gather.readers_part import withdraw_thread
from nashra.press.gather.rows import count_published, newest_first
from nashra.press.gather.snapshot import snapshot
from nashra.press.models import Overdue, PressRun, Standing
from nashra.press.pile import STORIES_A_BATCH, Pile
from nashra.press.plan import Due, story_key
from nashra.press.record import Record, failures
from nashra.press.shift import Shift, Slice, moved_map_file, site_fingerprint, write_for_other_servers
from nashra.press.strays import is_empty, remove_strays
from nashra.theme import rendering

# Fewer stories than this are pressed sooner than workers would be ready.
STORIES_FOR_A_CREW = 300
# After so long the lists are pressed, though more stories of a great pile are still to come.
PILE_MS = 5000
# How often whoever lent us their time gets a turn.
TURN_MS = 1000

# Called with how many stories are done and how many there are.
Progress = Callable[[int, int], None]


class Rounds:
    """Rounds of the press, one after another, under its lock."""

    def __init__(
        self,
        *,
        clock: Callable[[], datetime.datetime],
        workers: int | None = None,
        between: Callable[[], None] | None = None,
    ) -> None:
        self.clock = clock
        self.workers = os.cpu_count() or 1 if workers is None else workers
        self._between = between
        self._turn_at = 0.0
        # The rows that a press of everything sees to.
        self._seen_to: Due | None = None

    def until_nothing_is_due(self) -> PressRun | None:
        """Round after round; gives the last."""
        last = None
        while True:
            if changes.has_urgent(self.clock()):
                last = self.urgent() or last
            elif changes.has_whole():
                last = self.everything(cause="a section or publication changed")
            elif changes.has_bulk():
                last = self.many()
            elif changes.has_leftovers():
                last = self.leftovers()
            elif PressRun.objects.filter(is_accounted=False).exists():
                last = self._take_up() or last
            else:
                return last
            self._give_turn()

    def note_overlooked(self) -> None:
        """Have everything pressed that stands otherwise than it should."""
        with snapshot() as alias:
            names = list(changes.overlooked(gather_mastheads(alias), alias))
        with transaction.atomic():
            changes.note_bulk(names)

    def _take_up(self) -> PressRun | None:
        """Make good what a run that was cut off left: all of it again, where that run was to press all."""
        last_full = PressRun.objects.filter(kind=PressRun.Kind.FULL).first()
        if last_full is not None and not last_full.is_accounted:
            return self.everything(cause="the last full press did not end")
        self.look_for_strays()
        return None

    def look_for_strays(self) -> None:
        """Remove what a run that was cut off wrote and did not live to write down."""
        with snapshot() as alias:
            shift = Shift(gather_mastheads(alias), self.clock())
        write_moved_map(moved_map_file())
        remove_strays(shift.writer)
        PressRun.objects.filter(is_accounted=False).update(is_accounted=True)

    # A bystander to piles of stories.

    def is_urgent(self) -> bool:
        """Whether a single change waits; meanwhile whoever lent us their time gets a turn."""
        self._give_turn()
        return changes.has_urgent(self.clock(), but=self._seen_to)

    def press(self) -> None:
        """Press what is urgent now."""
        self.urgent()

    def urgent(self) -> PressRun | None:
        """Press single changes: their stories, the lists that these stand in, and what they left."""
        with snapshot() as alias:
            mastheads = gather_mastheads(alias)
            due = changes.gather_urgent(alias, self.clock(), but=self._seen_to)
        if len(due.concerned) > changes.STORIES_A_RUN:
            changes.make_bulk(due)
            changes.take_away_readers(due)
            return None
        shift = Shift(mastheads, self.clock())
        record = Record(PressRun.Kind.DUE, _cause(due), self.clock(), expected=len(due.concerned))
        with record.kept(shift.close_account) as run:
            standing = addresses_of([story_key(name) for name in due.concerned], "default")
            each = Slice(
                # New pages first: those that stand already may lead to them.
                public_ids=sorted(due.concerned, key=lambda name: story_key(name) in standing),
                due=due,
                silent=frozenset(story_key(name) for name in due.dependents),
                together=frozenset(due.concerned),
            )
            self._print_frames(shift)
            shift.print_ahead(sorted(due.lists))
            printed = [
                shift.printing.stories(batch, each.together)
                for batch in ledger.in_batches(each.public_ids, STORIES_A_BATCH)
            ]
            lists = shift.keep_stories(printed, [each]) | due.lists
            self._finish(shift, LoneCrew(shift.printing), lists)
            run.stories, run.error = shift.stories, failures(shift.failed)
        return run

    def many(self) -> PressRun:
        """Press stories that came by the thousand, for some seconds, and then all lists that they touch."""
        with snapshot() as alias:
            mastheads = gather_mastheads(alias)
        waiting = changes.count_bulk()
        shift = Shift(mastheads, self.clock())
        record = Record(PressRun.Kind.BULK, f"{waiting} stories at once", self.clock(), expected=waiting)
        with record.kept(shift.close_account) as run, self._crew(shift, waiting) as crew:
            self._print_frames(shift)
            shift.print_ahead([key for key in ledger.lists_due() if key.startswith(("topic:", "person:"))])
            Pile(shift, crew, self, record.tell).press(self._bulk_slices())
            self._finish(shift, crew, ledger.lists_due())
            run.stories, run.error = shift.stories, failures(shift.failed)
        return run

    def leftovers(self) -> PressRun:
        """Press the lists and settle the addresses that a run which was cut off left undone."""
        with snapshot() as alias:
            mastheads = gather_mastheads(alias)
        shift = Shift(mastheads, self.clock())
        record = Record(PressRun.Kind.DUE, "what a run before left undone", self.clock(), expected=0)
        with record.kept(shift.close_account) as run:
            self._finish(shift, LoneCrew(shift.printing), ledger.lists_due())
        return run

    def everything(self, *, cause: str, progress: Progress | None = None) -> PressRun:
        """Press every page."""
        fingerprint = site_fingerprint()
        with snapshot() as alias:
            mastheads = gather_mastheads(alias)
            due = self._seen_to = changes.everything_waiting(alias, self.clock())
            expected = count_published(alias)
        # Templates are made ready once, and not again in each process that prints.
        rendering.prepare(mastheads.publications)
        is_first = not Standing.objects.filter(key__startswith="fixed:").exists()
        was_empty = is_empty(settings.NASHRA_SITE_FOLDER)
        shift = Shift(mastheads, self.clock(), is_first=is_first)
        record = Record(PressRun.Kind.FULL, cause, self.clock(), expected=expected)

        def told(stories: int) -> None:
            record.tell(stories)
            if progress:
                progress(min(stories, expected), expected)

        with record.kept(shift.close_account) as run, self._crew(shift, expected) as crew:
            if not is_first:
                self._print_frames(shift)
            Pile(shift, crew, self, told).press(_all_slices(mastheads, is_first=is_first))
            self._end_stories(shift)
            with snapshot() as alias:
                lists = every_list(mastheads, alias)
            shift.print_lists(crew, lists)
            fixed = shift.print_fixed()
            self._end_the_rest({*fixed, *lists})
            unsettle_all()
            shift.finish()
            write_moved_map(moved_map_file())
            write_for_other_servers()
            if not was_empty:
                remove_strays(shift.writer)
            run.stories, run.error = shift.stories, failures(shift.failed)
            self._end_everything(run, fingerprint, due, lists, shift.failed)
        return run

    def _end_everything(
        self, run: PressRun, fingerprint: str, due: Due, lists: list[str], failed: dict[str, str]
    ) -> None:
        """Every page stands: take away all that asked for any of them."""
        with transaction.atomic():
            changes.take_away(due)
            ledger.settle_lists(lists)
            Overdue.objects.exclude(public_id__in=failed).delete()
            PressRun.objects.filter(pk=run.pk).update(fingerprint=fingerprint)
            PressRun.objects.filter(is_accounted=False).update(is_accounted=True)
        # Only now: a row must not vouch for a transaction that was rolled back.
        run.fingerprint = fingerprint
        changes.take_away_readers(due)
        self._seen_to = None

    def _print_frames(self, shift: Shift) -> None:
        """Print whatever every page leads to and that is not there yet, before any page that leads to it."""
        if changes.has_whole() or self._seen_to is not None:
            shift.print_fixed(only_new=True)
            shift.print_ahead(ahead_of_stories(shift.mastheads, "default"))

    def _finish(self, shift: Shift, crew: Crew, lists: set[str] | list[str]) -> None:
        shift.print_lists(crew, sorted(lists))
        shift.finish(with_brotli=True)

    def _end_stories(self, shift: Shift) -> None:
        """Stories that readers may see no more leave all lists; their pages go when those are printed."""
        if shift.printing.is_first:
            return
        with snapshot() as alias:
            gone = [name for name in changes.gone(shift.mastheads, alias) if name not in shift.failed]
        for batch in ledger.in_batches(gone):
            with transaction.atomic():
                ledger.keep([], ended=[story_key(name) for name in batch], is_silent=True)
            for name in batch:
                withdraw_thread(name)

    def _end_the_rest(self, keys: set[str]) -> None:
        """Whatever else stood and was not pressed now stands no longer."""
        others = Standing.objects.exclude(key__startswith="story:").values_list("key", flat=True)
        for batch in ledger.in_batches(sorted(set(others) - keys)):
            with transaction.atomic():
                ledger.keep([], ended=batch, is_silent=True)

    def _bulk_slices(self) -> Iterator[Slice]:
        """The waiting stories in batches, until there are none or the lists have waited long enough."""
        deadline = time.monotonic() + PILE_MS / 1000
        taken: set[int] = set()
        while time.monotonic() < deadline:
            due = changes.gather_bulk("default", STORIES_A_BATCH, but=max(taken, default=0))
            if not due:
                return
            taken.update(due.desk_change_ids)
            yield Slice(
                public_ids=due.concerned,
                due=due,
                silent=frozenset(story_key(name) for name in due.dependents),
                together=frozenset(due.concerned),
            )

    @contextmanager
    def _crew(self, shift: Shift, stories: int) -> Iterator[Crew]:
        # Inside a transaction of ours, as in a test, no other process could see what is to be pressed.
        alone = connections["default"].in_atomic_block or connections["readers"].in_atomic_block
        if self.workers < 2 or stories < STORIES_FOR_A_CREW or alone:
            yield LoneCrew(shift.printing)
            return
        with ForkedCrew(shift.printing, self.workers) as crew:
            yield crew

    def _give_turn(self) -> None:
        now_ms = time.monotonic() * 1000
        if self._between and now_ms >= self._turn_at:
            self._turn_at = now_ms + TURN_MS
            self._between()


def _all_slices(mastheads: Mastheads, *, is_first: bool) -> Iterator[Slice]:
    """Every story, the newest first: what readers look for stands first.

    Where readers have a site already, the pages that they do not have yet come before all others, which
    may lead to them.
    """
    keys: Iterator[int] = (pk for pk, _path, _slug in newest_first("default"))
    if not is_first:
        keys = chain(_where_page(mastheads, has_page=False), _where_page(mastheads, has_page=True))
    for batch in ledger.in_batches(keys, STORIES_A_BATCH):
        yield Slice(primary_keys=batch, notes_lists=False, ends_missing=False)


def _where_page(mastheads: Mastheads, *, has_page: bool) -> Iterator[int]:
    """The stories at whose address something stands, or those at whose address nothing does."""
    for rows in ledger.in_batches(newest_first("default")):
        addresses = {
            pk: f"{section.link.address}{slug}/"
            for pk, path, slug in rows
            if (section := mastheads.section_of(path))
        }
        standing = ledger.occupied(list(addresses.values()))
        yield from (pk for pk, address in addresses.items() if (address in standing) is has_page)


def _cause(due: Due) -> str:
    parts = [
        (len(due.stories), "story", "stories"),
        (len(due.readers_change_ids), "readers' change", "readers' changes"),
    ]
    return ", ".join(f"{count} {one if count == 1 else many}" for count, one, many in parts if count)
