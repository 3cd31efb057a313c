"""How the press tells every worker that files have changed: a file beside the site that grows by a byte.

Its length is a count. A worker looks at it every few milliseconds, and at the pages that it keeps only
when it has grown. Where there is no such file, because the pages come from elsewhere, workers look at
their pages more often. Must not say which pages changed.
"""

from __future__ import annotations

import os
from pathlib import Path

# A page that was replaced without a word, as by rsync or by hand, shows after this long.
UNANNOUNCED_S = 0.5
# Where nobody announces anything.
LOOK_AGAIN_AFTER_S = 0.05
_LOOK_S = 0.02


def generation_file(site_folder: Path) -> Path:
    """Where the count of a site's changes lies: beside its folder, so that it is never served."""
    return site_folder.with_name(f"{site_folder.name}.generation")


def announce(site_folder: Path) -> None:
    """Tell all workers that files were replaced or taken away; call it after the last of them."""
    with generation_file(site_folder).open("ab") as file:
        file.write(b".")


class Generation:
    """What a worker knows of the count; ``number`` rises whenever it has changed."""

    __slots__ = ("_look_at_s", "_path", "_seen", "number", "trusted_for_s")

    def __init__(self, site_folder: Path) -> None:
        self.number = 0
        self.trusted_for_s = LOOK_AGAIN_AFTER_S
        self._path = str(generation_file(site_folder))
        self._seen: tuple[int, int, int] | None = None
        self._look_at_s = float("-inf")

    def look(self, now_s: float) -> None:
        """Look at the file, unless that was done a moment ago; ``now_s`` is monotonic."""
        if now_s < self._look_at_s:
            return
        self._look_at_s = now_s + _LOOK_S
        try:
            found = os.stat(self._path)  # noqa: PTH116 - on the path of many a request
        except OSError:
            seen = None
        else:
            seen = (found.st_size, found.st_mtime_ns, found.st_ino)
        self.trusted_for_s = UNANNOUNCED_S if seen else LOOK_AGAIN_AFTER_S
        if seen != self._seen:
            self._seen = seen
            self.number += 1
