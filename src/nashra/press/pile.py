"""A pile of stories or lists, pressed batch by batch by a crew, with the urgent passing between two batches.

Knows neither why they are pressed nor what else a run must do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from typing import Any, Protocol

from nashra.press import ledger
from nashra.press.crew import Crew, Task
from nashra.press.gather.placings import addresses_of
from nashra.press.plan import SITEMAP_INDEX
from nashra.press.printing import Printed
from nashra.press.shift import Shift, Slice

LISTS_A_BATCH = 16
# Batches that are written down in one transaction: a commit waits for the disk.
BATCHES_A_COMMIT = 5
# How often a pile looks whether something urgent has come.
LOOK_EVERY_MS = 50


class Bystander(Protocol):
    """Whoever else may want to press something while a pile is being pressed."""

    def is_urgent(self) -> bool:
        """Whether something waits that must not wait for the pile."""

    def press(self) -> None:
        """Press that; nothing of the pile is being printed meanwhile."""


class Pile:
    """The pressing of one pile of stories; without a bystander, nothing passes it by."""

    kind = "stories"

    def __init__(
        self,
        shift: Shift,
        crew: Crew,
        bystander: Bystander | None = None,
        told: Callable[[int], None] | None = None,
    ) -> None:
        self.shift = shift
        self.crew = crew
        self.bystander = bystander
        self.told = told
        self._given: list[Slice] = []
        # The names in those slices.
        self._under_way: set[Any] = set()
        self._printed: list[Printed] = []
        self._look_at = 0.0

    def press(self, slices: Iterator[Slice]) -> None:
        """Press slice after slice, until there are no more."""
        self._print(slices)
        self._keep()

    def _print(self, slices: Iterator[Slice]) -> None:
        """Print them all; what was printed last may still have to be written down."""
        pending = next(slices, None)
        while pending is not None or self.crew.is_busy:
            if self._has_visitor():
                self._let_pass()
            while pending is not None and self.crew.has_room:
                self._give(pending)
                pending = next(slices, None)
            if self.crew.is_busy:
                self._printed += self.crew.take()
            if self._is_time_to_keep():
                self._keep()

    def _is_time_to_keep(self) -> bool:
        """Whether enough was printed, and the crew need not wait for us while we write it down."""
        count = len(self._printed)
        is_crew_ahead = self.crew.has_room and count < 2 * BATCHES_A_COMMIT
        return count >= BATCHES_A_COMMIT and not is_crew_ahead

    def _give(self, each: Slice) -> None:
        if each.after_all or not self._under_way.isdisjoint(each.names):
            # No two of the crew may write one page, and of two states the later must stand. Two batches
            # that are printed at once end in any order, or, where the disk is full, never.
            self._drain()
        self.crew.give(Task(self.kind, each.names, self.shift.names_number, each.together))
        self._given.append(each)
        self._under_way.update(each.names)

    def _has_visitor(self) -> bool:
        now_ms = time.monotonic() * 1000
        if self.bystander is None or now_ms < self._look_at:
            return False
        self._look_at = now_ms + LOOK_EVERY_MS
        return self.bystander.is_urgent()

    def _let_pass(self) -> None:
        self._drain()
        if self.bystander:
            self.bystander.press()
        # A name may have changed: each of the crew reads them anew.
        self.shift.names_number += 1

    def _drain(self) -> None:
        while self.crew.is_busy:
            self._printed += self.crew.take()
        self._keep()

    def _keep(self) -> None:
        """Write down what was printed; the slices of batches still being printed wait with their rows."""
        if not self._printed:
            return
        done = {name for each in self._printed for name in each.names}
        kept = [each for each in self._given if done.issuperset(each.names)]
        self._given = [each for each in self._given if not done.issuperset(each.names)]
        self._under_way = {name for each in self._given for name in each.names}
        self._write_down(self._printed, kept)
        self._printed = []
        if self.told:
            self.told(self.shift.stories)

    def _write_down(self, printed: list[Printed], slices: list[Slice]) -> None:
        self.shift.keep_stories(printed, slices)


class ListPile(Pile):
    """The pressing of many lists: those that are new before the others, the index of sitemaps last."""

    kind = "lists"

    def press_lists(self, keys: Collection[str]) -> None:
        """Press these lists, whoever made them due, and write them down."""
        standing = addresses_of(sorted(keys), "default")
        index = SITEMAP_INDEX.key
        new = [key for key in keys if key not in standing and key != index]
        others = [key for key in keys if key in standing and key != index]
        for part in (new, others, [index] if index in keys else []):
            # Each part is printed to its end before the next begins.
            batches = ledger.in_batches(sorted(part), LISTS_A_BATCH)
            self._print(Slice(list_keys=batch) for batch in batches)
        self._keep()

    def _is_time_to_keep(self) -> bool:
        # What is kept of a list is small: all are written down at once, unless somebody passes.
        return False

    def _write_down(self, printed: list[Printed], slices: list[Slice]) -> None:
        self.shift.keep_lists(printed)
