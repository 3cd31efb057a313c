"""Whose turn it is to write, among the processes that share one SQLite file.

SQLite lets one connection write, and has the others look again after pauses that grow to a tenth of a second.
Here they stand in line, and the system wakes the next one at once; it also takes the lock from a process that
dies. Whoever does not stand in line, as the press and the desk, is waited for by SQLite's own rule. Must not
know what is written.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from functools import cache

from django.db import connections

from nashra.readers.router import ALIAS


@contextlib.contextmanager
def turn() -> Iterator[None]:
    """Hold this process's turn to write; other databases need none."""
    values = connections[ALIAS].settings_dict
    if connections[ALIAS].vendor != "sqlite":
        yield
        return
    handle = _handle(str(values["NAME"]))
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(handle, fcntl.LOCK_UN)


@cache
def _handle(database: str) -> int:
    return os.open(f"{database}-turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
