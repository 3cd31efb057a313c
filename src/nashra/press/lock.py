"""One press at a time: the watching process and the command line take the same lock.

The lock is the operating system's and dies with its holder, so that a killed press blocks nobody.
"""

from __future__ import annotations

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
        yield
    finally:
        os.close(handle)
