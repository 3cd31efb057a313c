"""Which round comes next, and what each is made of: single changes, many stories, or everything.

Whatever is being pressed, single changes pass it by: a breaking story waits for the batches that are
being printed at that moment, of stories, lists, old addresses or files that are looked at. Must not let
anything pass between a look at the account and what is done about it.
"""

from __future__ import annotations

import datetime
import os
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections, transaction

from nashra.press import ledger
from nashra.press.crew import Crew, ForkedCrew, LoneCrew
from nashra.press.departures import unsettle_all, write_moved_map
from nashra.press.gather import changes
from nashra.press.gather.all_lists import ahead_of_stories, but_sitemaps, every_list, in_frame, months_ahead
from nashra.press.gather.mastheads import Mastheads, gather_mastheads
from nashra.press.gather.placings import list_keys
from nashra.press.gather.readers_part import withdraw_thread
from nashra.press.gather.rows import count_published
from nashra.press.gather.snapshot import snapshot
from nashra.press.models import Overdue, PressRun, Standing
from nashra.press.pile import ListPile, Pile
from nashra.press.plan import Due, story_key
from nashra.press.record import Record, failures
from nashra.press.shift import Shift, Slice, moved_map_file, site_fingerprint, write_for_other_servers
from nashra.press.slices import STORIES_A_BATCH, all_slices, bulk_slices, new_pages_first
from nashra.press.strays import is_empty, remove_strays
from nashra.theme import rendering

# Fewer stories than this are pressed sooner than workers would be ready.
STORIES_FOR_A_CREW = 300
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
        # The rows that a press of everything sees to, and the sections and publications that it presses.
        self._seen_to: Due | None = None
        self._frame: Mastheads | None = None
        # Whether files may lie about of lists that began and ended within one round.
        self._must_look = False
        # Whether pages of newer sections stand of which only the press of everything to come keeps account.
        self._has_newer_frame = False

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
        if self._look(shift):
            PressRun.objects.filter(is_accounted=False).update(is_accounted=True)

    def _look(self, shift: Shift) -> bool:
        self._must_look = False
        return remove_strays(shift.writer, goes_on=self._goes_on)

    # A bystander to piles of stories and lists.

    def is_urgent(self) -> bool:
        """Whether a single change waits; meanwhile whoever lent us their time gets a turn."""
        self._give_turn()
        return changes.has_urgent(self.clock(), but=self._seen_to)

    def press(self) -> None:
        """Press what is urgent now."""
        self.urgent(is_beside=True)

    def _let_pass(self) -> None:
        """Press what is urgent, where nothing is being printed."""
        if self.is_urgent():
            self.press()

    def _goes_on(self) -> bool:
        """Let the urgent pass; whether strays can still be told from what that left."""
        self._let_pass()
        return not self._has_newer_frame

    def _is_frame_due(self, mastheads: Mastheads) -> bool:
        """Whether a section or a publication changed, and no press of everything sees to it yet."""
        if self._frame is None:
            return changes.has_whole()
        return (mastheads.papers, mastheads.by_key) != (self._frame.papers, self._frame.by_key)

    def urgent(self, *, is_beside: bool = False) -> PressRun | None:
        """Press single changes: their stories, the lists that these stand in, and what they left.

        ``is_beside``: in the midst of a greater round, whose lists and old addresses are left to it.
        """
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
            each = Slice(
                public_ids=new_pages_first(due.concerned, mastheads),
                due=due,
                silent=frozenset(story_key(name) for name in due.dependents),
                together=frozenset(due.concerned),
            )
            has_newer_frame = self._is_frame_due(mastheads)
            if has_newer_frame:
                self._print_frames(shift)
                self._has_newer_frame |= is_beside
            shift.print_ahead(sorted(due.lists))
            printed = [
                shift.printing.stories(batch, each.together)
                for batch in ledger.in_batches(each.public_ids, STORIES_A_BATCH)
            ]
            lists = in_frame(shift.keep_stories(printed, [each]) | due.lists, mastheads)
            if is_beside:
                lists |= months_ahead(mastheads, lists, "default")
            own = {*map(story_key, due.concerned), *lists} if is_beside or has_newer_frame else None
            if own is not None and has_newer_frame:
                own = but_sitemaps(own, lists)
            ListPile(shift, LoneCrew(shift.printing)).press_lists(lists)
            shift.finish(with_brotli=True, only=own)
            self._must_look |= is_beside and not shift.never_stood <= set(list_keys("", "default"))
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
            if self._is_frame_due(mastheads):
                self._print_frames(shift)
                self._has_newer_frame = True
            shift.print_ahead([key for key in ledger.lists_due() if key.startswith(("topic:", "person:"))])
            Pile(shift, crew, self, record.tell).press(bulk_slices())
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
            self._frame, self._has_newer_frame = mastheads, False
            expected = count_published(alias)
        late = list(Overdue.objects.values_list("pk", "public_id"))
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
            Pile(shift, crew, self, told).press(all_slices(mastheads, is_first=is_first))
            self._end_stories(shift)
            self._press_frame(shift, crew)
            unsettle_all()
            shift.finish(between=self._let_pass)
            write_moved_map(moved_map_file())
            write_for_other_servers()
            if self._must_look or not was_empty:
                self._look(shift)
            run.stories, run.error = shift.stories, failures(shift.failed)
            self._end_everything(run, fingerprint, due, [pk for pk, name in late if name not in shift.failed])
        return run

    def _press_frame(self, shift: Shift, crew: Crew) -> None:
        """Press all lists and the pages that depend on no story; whatever is neither stands no longer."""
        with snapshot() as alias:
            lists = every_list(shift.mastheads, alias)
        ListPile(shift, crew, self).press_lists(lists)
        fixed = shift.print_fixed()
        # What passed by meanwhile may have begun a list, in a section that is new as well.
        with snapshot() as alias:
            begun = every_list(gather_mastheads(alias), alias)
        self._end_the_rest({*fixed, *lists, *begun})

    def _end_everything(self, run: PressRun, fingerprint: str, due: Due, late: list[int]) -> None:
        """Every page stands: take away what asked for any of them when this began, and nothing newer."""
        with transaction.atomic():
            changes.take_away(due)
            for batch in ledger.in_batches(late):
                Overdue.objects.filter(pk__in=batch).delete()
            PressRun.objects.filter(pk=run.pk).update(fingerprint=fingerprint)
            PressRun.objects.filter(is_accounted=False).update(is_accounted=True)
        # Only now: a row must not vouch for a transaction that was rolled back.
        run.fingerprint = fingerprint
        changes.take_away_readers(due)
        self._seen_to = self._frame = None

    def _print_frames(self, shift: Shift) -> None:
        """Print whatever every page leads to and that is not there yet, before any page that leads to it."""
        shift.print_fixed(only_new=True)
        shift.print_ahead(ahead_of_stories(shift.mastheads, "default"))

    def _finish(self, shift: Shift, crew: Crew, lists: Collection[str]) -> None:
        ListPile(shift, crew, self).press_lists(lists)
        shift.finish(with_brotli=True, between=self._let_pass)
        if self._must_look:
            self._look(shift)

    def _end_stories(self, shift: Shift) -> None:
        """Stories that readers may see no more leave all lists; their pages go when those are printed."""
        if shift.printing.is_first:
            return
        with snapshot() as alias:
            gone = [name for name in changes.gone(shift.mastheads, alias) if name not in shift.failed]
        for batch in ledger.in_batches(gone):
            for name in batch:
                withdraw_thread(name)
            with transaction.atomic():
                ledger.keep([], ended=[story_key(name) for name in batch], is_silent=True)

    def _end_the_rest(self, keys: set[str]) -> None:
        """Whatever else stood and was not pressed now stands no longer."""
        others = Standing.objects.exclude(key__startswith="story:").values_list("key", flat=True)
        for batch in ledger.in_batches(sorted(set(others) - keys)):
            with transaction.atomic():
                ledger.keep([], ended=batch, is_silent=True)

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


def _cause(due: Due) -> str:
    parts = [
        (len(due.stories), "story", "stories"),
        (len(due.readers_change_ids), "readers' change", "readers' changes"),
    ]
    return ", ".join(f"{count} {one if count == 1 else many}" for count, one, many in parts if count)
