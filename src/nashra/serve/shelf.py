"""The files that a worker keeps in memory: the most lately asked ones, never more than a bound in bytes.

Each worker has a shelf of its own. Whether a kept file is still the one on disk is seen by asking the
disk for its time, size and inode on every request, so a new press needs no message to any worker.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from nashra.serve.negotiation import IDENTITY
from nashra.serve.pressed import PressedFile, Representation


class Shelf:
    """Files by key, bounded by the bytes of their bodies in every coding."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.used_bytes = 0
        self._files: OrderedDict[Hashable, PressedFile] = OrderedDict()
        self._weights: dict[Hashable, int] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._files)

    def fresh(self, key: Hashable) -> PressedFile | None:
        """The file kept under a key, if it is still as it was when it was read."""
        file = self._files.get(key)
        if file is None:
            return None
        try:
            found = os.stat(file.path)  # noqa: PTH116 - on the path of every request
        except OSError:
            found = None
        if found is None or (found.st_mtime_ns, found.st_size, found.st_ino) != file.signature:
            self.drop(key, file)
            return None
        try:  # noqa: SIM105 - suppress() would cost more than all the rest here
            self._files.move_to_end(key)
        except KeyError:
            # Another thread has just put it away; what we hold is as good.
            pass
        return file

    def fresh_or_read(self, key: Hashable, read: Callable[[], PressedFile]) -> PressedFile:
        """The file kept under a key, or the one that ``read`` gives, kept from now on."""
        file = self.fresh(key)
        if file is None:
            file = read()
            self._keep(key, file)
        return file

    def representation(self, key: Hashable, file: PressedFile, coding: str) -> Representation:
        """The file in a coding; what is made anew counts towards the bound."""
        made = file.representations.get(coding)
        if made is None:
            made = file.representation(coding if file.is_text else IDENTITY)
            with self._lock:
                if self._files.get(key) is file:
                    self._weigh(key, file)
        return made

    def drop(self, key: Hashable, file: PressedFile) -> None:
        """Put a file away, unless another thread has already put a newer one in its place."""
        with self._lock:
            if self._files.get(key) is file:
                del self._files[key]
                self.used_bytes -= self._weights.pop(key)

    def _keep(self, key: Hashable, file: PressedFile) -> None:
        with self._lock:
            self._files[key] = file
            self._files.move_to_end(key)
            self._weigh(key, file)

    def _weigh(self, key: Hashable, file: PressedFile) -> None:
        self.used_bytes -= self._weights.get(key, 0)
        self._weights[key] = file.memory_bytes
        self.used_bytes += self._weights[key]
        while self.used_bytes > self.max_bytes:
            away, _ = self._files.popitem(last=False)
            self.used_bytes -= self._weights.pop(away)
