"""The files that a worker keeps in memory: the most lately asked ones, never more than a bound in bytes.

Each worker has a shelf of its own. Whether a kept file is still the one on disk is seen by its time, size
and inode: looked at when the press has announced a change (see ``generation``), and now and then in any
case. Belongs to one thread, the worker's event loop. Must not know addresses: its keys are the caller's.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable, Hashable

from nashra.serve.generation import Generation
from nashra.serve.pressed import SETTLED_S, PressedFile, Replaced, Representation


class Shelf:
    """Files by key, bounded by the bytes of their answers in every coding."""

    def __init__(self, max_bytes: int, generation: Generation) -> None:
        self.max_bytes = max_bytes
        self._generation = generation
        self.used_bytes = 0
        self._files: OrderedDict[Hashable, PressedFile] = OrderedDict()
        self._weights: dict[Hashable, int] = {}

    def __len__(self) -> int:
        return len(self._files)

    def fresh(self, key: Hashable, now_s: float) -> PressedFile | None:
        """The file kept under a key, if it was the one on disk a moment ago; ``now_s`` is monotonic."""
        file = self._files.get(key)
        if file is None:
            return None
        generation = self._generation
        generation.look(now_s)
        if (now_s >= file.trusted_until_s or generation.number != file.generation) and not self._look_again(
            key, file, now_s
        ):
            return None
        self._files.move_to_end(key)
        return file

    def _look_again(self, key: Hashable, file: PressedFile, now_s: float) -> bool:
        try:
            found = os.stat(file.path)  # noqa: PTH116 - on the path of many a request
        except OSError:
            found = None
        if (
            found is None
            or (found.st_mtime_ns, found.st_size, found.st_ino) != file.signature
            # A page that was just pressed is read once more: its siblings came after it.
            or (not file.is_settled and now_s >= file.read_at_s + SETTLED_S)
        ):
            self.drop(key)
            return False
        self._trust(file, now_s)
        return True

    def _trust(self, file: PressedFile, now_s: float) -> None:
        file.trusted_until_s = now_s + self._generation.trusted_for_s
        file.generation = self._generation.number

    def keep(self, key: Hashable, read: Callable[[], PressedFile], now_s: float) -> PressedFile:
        """The file that ``read`` gives, kept from now on.

        The moment at which it is trusted begins before it is read: nothing that happens meanwhile is
        overlooked for longer than agreed.
        """
        self._generation.look(now_s)
        file = read()
        file.read_at_s = now_s
        self._trust(file, now_s)
        self.drop(key)
        self._files[key] = file
        self._weigh(key, file)
        return file

    def representation(self, key: Hashable, file: PressedFile, coding: str) -> Representation | None:
        """The file in a coding, made now if nobody asked for it before; it counts towards the bound.

        ``None`` where it turns out that it is not to be had in this coding.

        Raises:
            Replaced: the file is another one by now; it has been put away.
        """
        try:
            made = file.represent(coding)
        except Replaced:
            self.drop(key)
            raise
        if self._files.get(key) is file:
            self._weigh(key, file)
        return made

    def drop(self, key: Hashable) -> None:
        """Put a file away, if it is there."""
        if self._files.pop(key, None) is not None:
            self.used_bytes -= self._weights.pop(key)

    def _weigh(self, key: Hashable, file: PressedFile) -> None:
        self.used_bytes -= self._weights.get(key, 0)
        self._weights[key] = file.memory_bytes
        self.used_bytes += self._weights[key]
        while self.used_bytes > self.max_bytes:
            away, _ = self._files.popitem(last=False)
            self.used_bytes -= self._weights.pop(away)
