"""What a newsroom tells with each edition besides its pages: where else it lies, and what is to be forgotten.

Both are signed as they stand at the cut. Must not know how they are written.
"""

from __future__ import annotations

from dataclasses import dataclass

from nashra.edition.mirrors import MIRRORS_PATH
from nashra.edition.tombstones import TOMBSTONES_PATH

NOTICE_PATHS = (MIRRORS_PATH, TOMBSTONES_PATH)


@dataclass(frozen=True, slots=True)
class Notices:
    """The bytes of ``mirrors.json`` and of ``tombstones.json``."""

    mirrors: bytes
    tombstones: bytes

    def files(self) -> dict[str, bytes]:
        """Each by the path at which an edition holds it."""
        return {MIRRORS_PATH: self.mirrors, TOMBSTONES_PATH: self.tombstones}
