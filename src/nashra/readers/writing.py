"""What many readers write at once goes to the disk together: one transaction, one wait for the disk.

While a commit waits, what comes meanwhile gathers, and goes with the next. A write is answered once the
commit that holds it is done, and never before. No thread is kept for it: whoever comes first writes for
those who came meanwhile, then leaves the turn to one of them; who is alone writes as if there were no group.
Must not know what is written, and must not order or drop anything.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import OperationalError, connections, transaction

from nashra.readers.router import ALIAS
from nashra.readers.turns import turn

# A transaction holds no more, so that nobody's rows stay locked for long.
MOST_TOGETHER = 64

# Does what it is for with all of the items, within a transaction, and gives a result for each.
Together = Callable[[Sequence[Any]], Sequence[Any]]


class NotWritten(RuntimeError):
    """The process was told to end before a write was committed."""


class _Write:
    """One write that waits; ``woken`` is let go once it is done, or when its turn to lead has come."""

    def __init__(self, together: Together, item: Any) -> None:
        self.together = together
        self.item = item
        self.result: Any = None
        self.error: BaseException | None = NotWritten()
        self.is_done = False
        self.woken = threading.Lock()
        self.woken.acquire()


class GroupWriter:
    """Writes of one process, in groups."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[_Write] = []
        self._is_writing = False

    def write(self, together: Together, item: Any) -> Any:
        """Have ``together`` called with this item, and with what others write; its result, once committed.

        Where a group fails, each of its items is written alone: one that cannot be written harms no other.
        The caller must hold no transaction: the group might wait for it, and it waits for the group.

        Raises:
            Exception: what ``together`` or the commit raised for this item; nothing of it is stored, unless
                the line to the database broke in the midst of the commit.
        """
        own = _Write(together, item)
        with self._lock:
            self._waiting.append(own)
            leads = not self._is_writing
            self._is_writing = True
        if not leads:
            own.woken.acquire()
        if not own.is_done:
            self._lead()
        if own.error is not None:
            raise own.error
        return own.result

    def _lead(self) -> None:
        with self._lock:
            group, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
        try:
            _write_group(group)
        finally:
            with self._lock:
                successor = self._waiting[0] if self._waiting else None
                self._is_writing = successor is not None
            # The next commit begins before those who are done go on.
            if successor is not None:
                successor.woken.release()
            for each in group:
                each.is_done = True
                each.woken.release()


def _write_group(group: Sequence[_Write]) -> None:
    try:
        _commit(group)
    except Exception as error:  # noqa: BLE001 -- whoever waits for the write gets it.
        is_hopeless = isinstance(error, OperationalError) and connections[ALIAS].vendor == "sqlite"
        if len(group) == 1 or is_hopeless:
            # The whole file is locked, full or broken: none of them would fare better alone.
            for each in group:
                each.error = error
            return
        connections[ALIAS].close_if_unusable_or_obsolete()
        for each in group:
            _write_group([each])


def _commit(group: Sequence[_Write]) -> None:
    by_kind: dict[Together, list[_Write]] = {}
    for each in group:
        by_kind.setdefault(each.together, []).append(each)
    results: list[tuple[_Write, Any]] = []
    with turn(), transaction.atomic(using=ALIAS):
        for together, writes in by_kind.items():
            done = together([each.item for each in writes])
            results += zip(writes, done, strict=True)
    for each, result in results:
        each.result, each.error = result, None


_HERE = GroupWriter()


def write(together: Together, item: Any) -> Any:
    """``GroupWriter.write`` by this process's own."""
    return _HERE.write(together, item)
