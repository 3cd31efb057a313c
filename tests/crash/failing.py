"""A kernel that fails, or a death, at the n-th change of files that this process asks for.

Every way in which Python opens, renames or removes files raises an audit event first, whoever asks. The hook
counts those that change files, and at the one that was chosen it raises what a full or broken disk would
raise, or ends the process as SIGKILL does. Must not touch a part of ours.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_CHANGES = {"os.rename", "os.remove", "os.link", "os.symlink", "os.mkdir", "os.rmdir", "os.truncate"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

KILL = "kill"
FAILURES = {"full disk": errno.ENOSPC, "broken disk": errno.EIO}


class Trouble:
    """What is to happen, and at which change of files; ``at`` 0 only counts."""

    def __init__(self) -> None:
        self.kind = ""
        self.at = 0
        self.changes = 0
        self._is_hooked = False

    def plan(self, kind: str, at: int) -> None:
        """From now on the ``at``-th change of files goes wrong."""
        self.kind, self.at, self.changes = kind, at, 0
        if not self._is_hooked:
            sys.addaudithook(self._see)
            self._is_hooked = True

    def end(self) -> None:
        """Let everything go well again: an audit hook can never be taken away."""
        self.kind = ""

    def _see(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.kind or not _changes_files(event, arguments):
            return
        self.changes += 1
        if self.changes != self.at:
            return
        if self.kind == KILL:
            os.kill(os.getpid(), signal.SIGKILL)
        number = FAILURES[self.kind]
        raise OSError(number, os.strerror(number), str(arguments[0]))


trouble = Trouble()


@contextmanager
def going_wrong(kind: str, at: int) -> Iterator[Trouble]:
    """The ``at``-th change of files inside goes wrong."""
    trouble.plan(kind, at)
    try:
        yield trouble
    finally:
        trouble.end()


def _changes_files(event: str, arguments: tuple[Any, ...]) -> bool:
    if event in _CHANGES:
        return True
    if event != "open":
        return False
    path, _mode, flags = arguments
    # The lock holds nothing, and a pipe or a device is no file of the site.
    is_file = isinstance(path, (str, bytes, os.PathLike)) and not str(path).startswith(("/dev/", "/proc/"))
    return is_file and bool(flags & _WRITING) and not str(path).endswith("press.lock")
