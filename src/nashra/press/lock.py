"""One press at a time: the watching process and the command line take the same lock.

The lock is the operating system's and dies with its holder, so that a killed press blocks nobody.
Whoever takes it leaves the time on its file, so that others can tell the holder's work from a dead one's.
"""

from __future__ import annotations

import datetime
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# How often a waiting press looks whether its turn has come.
_PAUSE_MS = 20


class PressBusy(RuntimeError):
    """Another process is pressing, and did not end in the time that we had."""


@contextmanager
def press_lock(path: Path, *, wait_s: float = 600.0) -> Iterator[None]:
    """Hold the press's lock.

    Raises:
        PressBusy: another process held it all the time.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + wait_s
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise PressBusy(
                        "Another press is running. Wait for it, or stop `nashra serve`."
                    ) from None
                time.sleep(_PAUSE_MS / 1000)
        os.utime(handle)
        yield
    finally:
        os.close(handle)


def is_held(path: Path) -> bool:
    """Whether somebody holds the lock at this moment; does not wait, and makes no file.

    A lock that this account may not even open counts as free.
    """
    try:
        handle = os.open(path, os.O_RDONLY)
    except (FileNotFoundError, PermissionError):
        return False
    try:
        # A shared try: two that only look do not take each other for the press.
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def taken_at(path: Path) -> datetime.datetime | None:
    """When the lock was last taken; ``None`` where it never was."""
    try:
        return datetime.datetime.fromtimestamp(path.stat().st_mtime, tz=datetime.UTC)
    except FileNotFoundError:
        return None
