"""The press process: looks what is due, ten times a second, and presses it.

Also runs what the clock makes due: scheduled publishing, expiry and held approvals each second, totals of
reactions each minute, the readers' desk's own tidying every ten. Must not die of one failed run: it waits,
longer each time, and tries again.
"""

from __future__ import annotations

import datetime
import logging
import threading
import time
from collections.abc import Callable

from django.db import DatabaseError, close_old_connections

from nashra.desk import publishing
from nashra.press.lock import PressBusy
from nashra.press.run import PressFailed, needs_full_press, press_due, press_full
from nashra.readers import holding, reactions, tidying

logger = logging.getLogger("nashra.press")

PAUSE_S = 0.1
SCHEDULE_S = 1.0
TOTALS_S = 60.0
TIDY_S = 600.0
LONGEST_PAUSE_S = 30.0


def utc_now() -> datetime.datetime:
    """The machine's clock."""
    return datetime.datetime.now(tz=datetime.UTC)


class Watch:
    """The state of a watching press: when each clock-driven work is due again, and how it fares."""

    def __init__(self, *, clock: Callable[[], datetime.datetime] = utc_now) -> None:
        self.clock = clock
        self.failures = 0
        self._schedule_at = 0.0
        self._totals_at = 0.0
        self._tidy_at = 0.0

    def start(self) -> None:
        """Catch up with what happened while no press ran."""
        publishing.run_due(now=self.clock())
        cause = needs_full_press()
        if cause:
            press_full(now=self.clock(), cause=cause, between=self._mind_the_clock)
        else:
            press_due(now=self.clock(), sweep=True, between=self._mind_the_clock)

    def turn(self, elapsed_s: float) -> None:
        """Do once whatever is due; ``elapsed_s`` comes from a clock that never jumps."""
        if elapsed_s >= self._schedule_at:
            self._schedule_at = elapsed_s + SCHEDULE_S
            publishing.run_due(now=self.clock())
            holding.carry_out(self.clock())
        if elapsed_s >= self._totals_at:
            self._totals_at = elapsed_s + TOTALS_S
            reactions.publish_totals(self.clock())
        if elapsed_s >= self._tidy_at:
            self._tidy_at = elapsed_s + TIDY_S
            tidying.tidy(self.clock())
        press_due(now=self.clock(), between=self._mind_the_clock)

    def _mind_the_clock(self) -> None:
        """What is scheduled for now must not wait for the end of a long run; nor what was approved."""
        publishing.run_due(now=self.clock())
        holding.carry_out(self.clock())

    def pause_s(self) -> float:
        """How long to wait before the next turn: longer after each failure in a row."""
        return min(PAUSE_S * 2**self.failures, LONGEST_PAUSE_S) if self.failures else PAUSE_S


def watch(
    *,
    stop: threading.Event,
    clock: Callable[[], datetime.datetime] = utc_now,
    afterwards: Callable[[datetime.datetime], None] | None = None,
) -> None:
    """Press whatever becomes due until ``stop`` is set; after each turn that ended well, ``afterwards``."""
    watching = Watch(clock=clock)
    work: Callable[[], None] = watching.start
    while not stop.is_set():
        try:
            work()
            watching.failures = 0
            if afterwards is not None:
                afterwards(clock())
            work = lambda: watching.turn(time.monotonic())  # noqa: E731
        except (PressFailed, PressBusy, DatabaseError, OSError) as error:
            watching.failures = min(watching.failures + 1, 12)
            close_old_connections()
            logger.warning(
                "The press will try again.",
                extra={"event": "press.watch.failed", "error_kind": type(error).__name__},
            )
        stop.wait(watching.pause_s())
