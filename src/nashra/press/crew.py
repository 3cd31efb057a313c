"""The press's workers: processes beside the press's own, each printing batches of stories or lists.

They are forked, so that they share what is loaded and start in milliseconds; each has connections of its
own, and ends when the press does, however that ends. Must not keep any account.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Collection, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from types import TracebackType
from typing import Any, NamedTuple, Protocol

from django.db import connections

from nashra.press.printing import Printed, Printing

# Each worker has its next batch at hand when it ends one.
BATCHES_AT_HAND = 2


class WorkerDied(OSError):
    """A worker ended before its work did; whatever it was printing is printed again by the next run."""


class WorkerFailed(OSError):
    """A batch could not be printed in its worker: a full disk, or a database that is gone."""


class Task(NamedTuple):
    """A batch for a worker: ``kind`` is ``stories`` (see ``Printing.stories``) or ``lists`` (by key)."""

    kind: str
    names: Sequence[Any]
    # Names that were read under another number are read anew: one of them may have changed.
    names_number: int = 0
    # See ``Printing.stories``.
    together: Collection[str] | None = None


class Crew(Protocol):
    """Who prints: give it tasks, and take what it printed."""

    def give(self, task: Task) -> None:
        """Take on a batch."""

    @property
    def has_room(self) -> bool:
        """Whether another batch can be taken on at once."""

    @property
    def is_busy(self) -> bool:
        """Whether anything that was given has not been taken back yet."""

    def take(self) -> list[Printed]:
        """What has been printed by now; waits until there is something."""

    def dismiss(self) -> None:
        """End it."""


def perform(printing: Printing, task: Task) -> Printed:
    """Print a batch."""
    printing.know_names(task.names_number)
    if task.kind == "stories":
        return printing.stories(task.names, task.together)
    return printing.lists(task.names)


class LoneCrew:
    """The press's own process, where there is little to do or one core to do it."""

    def __init__(self, printing: Printing) -> None:
        self._printing = printing
        self._done: deque[Printed] = deque()

    def give(self, task: Task) -> None:
        """Print a batch at once."""
        self._done.append(perform(self._printing, task))

    @property
    def has_room(self) -> bool:
        """Only when the last batch was taken back."""
        return not self._done

    @property
    def is_busy(self) -> bool:
        """Whether a batch waits to be taken back."""
        return bool(self._done)

    def take(self) -> list[Printed]:
        """What was printed."""
        done = list(self._done)
        self._done.clear()
        return done

    def dismiss(self) -> None:
        """Nothing to end."""


class _Worker(NamedTuple):
    process: ForkProcess
    line: Connection


class ForkedCrew:
    """Processes beside this one. Use it as a context: they end with it."""

    def __init__(self, printing: Printing, count: int) -> None:
        # A connection must not be shared with a forked process, nor closed by it: each opens its own.
        connections.close_all()
        # What is loaded stays loaded: no collection looks at it, and no page of memory is copied for that.
        gc.freeze()
        self._waiting: dict[Connection, int] = {}
        self._workers: list[_Worker] = []
        for _number in range(count):
            self._start(printing)

    def _start(self, printing: Printing) -> None:
        context = multiprocessing.get_context("fork")
        own, theirs = context.Pipe()
        inherited = [worker.line for worker in self._workers] + [own]
        process = context.Process(target=_work, args=(printing, theirs, inherited), daemon=True)
        process.start()
        theirs.close()
        self._workers.append(_Worker(process, own))
        self._waiting[own] = 0

    def __enter__(self) -> ForkedCrew:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.dismiss()

    def give(self, task: Task) -> None:
        """Hand a batch to the worker with the least to do."""
        line = min(self._waiting, key=lambda each: self._waiting[each])
        try:
            line.send(task)
        except OSError as error:
            raise WorkerDied("A worker of the press ended before its work did.") from error
        self._waiting[line] += 1

    @property
    def has_room(self) -> bool:
        """Whether any worker has less at hand than it may."""
        return min(self._waiting.values()) < BATCHES_AT_HAND

    @property
    def is_busy(self) -> bool:
        """Whether any worker still has something to do."""
        return any(self._waiting.values())

    def take(self) -> list[Printed]:
        """What has been printed by now; waits until there is something.

        Raises:
            WorkerDied: a worker was killed, or ran out of memory.
            WorkerFailed: a batch could not be printed.
        """
        results: list[Printed] = []
        if not self.is_busy:
            return results
        busy = [line for line, count in self._waiting.items() if count]
        for line in (line for line in wait(busy) if isinstance(line, Connection)):
            try:
                result = line.recv()
            except (EOFError, OSError) as error:
                raise WorkerDied("A worker of the press ended before its work did.") from error
            self._waiting[line] -= 1
            if isinstance(result, WorkerFailed):
                raise result
            results.append(result)
        return results

    def dismiss(self) -> None:
        """Have the workers end now, whatever they are doing."""
        for worker in self._workers:
            worker.line.close()
            if self._waiting.get(worker.line):
                worker.process.kill()
        for worker in self._workers:
            worker.process.join()
        self._workers.clear()
        self._waiting.clear()
        gc.unfreeze()


def _work(printing: Printing, line: Connection, inherited: Sequence[Connection]) -> None:
    """A worker's life: batch after batch, until the press lets go of the line."""
    # Ends of other workers' lines: while we held them, those would never hear that the press is gone.
    for other in inherited:
        other.close()
    # What a batch leaves is freed without the collector, but for a little: it need not look so often.
    gc.set_threshold(50_000, 20, 100)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    printing.writer.use_own_temporary_name()
    with contextlib.suppress(EOFError, OSError):
        while True:
            task = line.recv()
            line.send(_result(printing, task))
    os._exit(0)


def _result(printing: Printing, task: Task) -> Printed | WorkerFailed:
    try:
        return perform(printing, task)
    except Exception as error:  # noqa: BLE001 -- it is raised again where the run is recorded.
        # Not every error can be sent from process to process; its words can.
        if isinstance(error, OSError) and error.errno:
            return WorkerFailed(error.errno, error.strerror, error.filename)
        return WorkerFailed(f"{type(error).__name__}: {error}")
