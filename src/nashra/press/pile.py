"""A pile of stories, pressed batch by batch by a crew, with the urgent passing between two batches.

Knows neither why the stories are pressed nor what else a run must do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from nashra.press.crew import Crew, Task
from nashra.press.printing import Printed
from nashra.press.shift import Shift, Slice

STORIES_A_BATCH = 100
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
    """The pressing of one pile."""

    def __init__(
        self, shift: Shift, crew: Crew, bystander: Bystander, told: Callable[[int], None] | None = None
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
        pending = next(slices, None)
        while pending is not None or self.crew.is_busy:
            if self._has_visitor():
                self._let_pass()
            while pending is not None and self.crew.has_room:
                self._give(pending)
                pending = next(slices, None)
            if self.crew.is_busy:
                self._printed += self.crew.take()
            if len(self._printed) >= BATCHES_A_COMMIT and not self.crew_is_ahead():
                self._keep()
        self._drain()

    def crew_is_ahead(self) -> bool:
        """Whether the crew would have to wait for us if we stopped to write now."""
        return self.crew.has_room and len(self._printed) < 2 * BATCHES_A_COMMIT

    def _give(self, each: Slice) -> None:
        if not self._under_way.isdisjoint(each.names):
            # No two of the crew may write one page, and of two states the later must stand.
            self._drain()
        self.crew.give(Task("stories", each.names, self.shift.names_number, each.together))
        self._given.append(each)
        self._under_way.update(each.names)

    def _has_visitor(self) -> bool:
        now_ms = time.monotonic() * 1000
        if now_ms < self._look_at:
            return False
        self._look_at = now_ms + LOOK_EVERY_MS
        return self.bystander.is_urgent()

    def _let_pass(self) -> None:
        self._drain()
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
        self.shift.keep_stories(self._printed, kept)
        self._printed = []
        if self.told:
            self.told(self.shift.stories)
