"""Whether a folder holds exactly what a list says: nothing changed, nothing missing, nothing added.

Must work where there is neither a network nor Django. Reads every file in pieces and tells its findings
one by one, so that memory is bounded by the list's length, whatever lies in the folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from nashra.edition.manifest import UnsafePath, check_file_path, digest_file, walk_files


class Kind(StrEnum):
    """What can be wrong with one file."""

    CHANGED = "changed"
    MISSING = "missing"
    ADDED = "added"
    UNSAFE = "unsafe"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Finding:
    """One file that is not as the list says. ``path`` may hold anything that a disk can name."""

    kind: Kind
    path: str

    @property
    def shown_path(self) -> str:
        """The path, fit for a terminal: what does not print is escaped."""
        return "".join(
            character if character.isprintable() else ascii(character)[1:-1] for character in self.path
        )


def findings(
    folder: Path, digests: Mapping[str, str], *, except_file: Path | None = None
) -> Iterator[Finding]:
    """Everything in which a folder differs from a list; ``except_file`` is the list's own file.

    Raises:
        OSError: the folder, or one beneath it, cannot be listed.
    """
    missing = dict.fromkeys(digests)
    own = os.lstat(except_file) if except_file is not None else None
    for path, entry in walk_files(folder):
        if path in missing:
            del missing[path]
            finding = _compare(folder, path, digests[path], entry)
        elif own is not None and os.path.samestat(entry.stat(follow_symlinks=False), own):
            continue
        else:
            finding = _added(path, entry)
        if finding is not None:
            yield finding
    for path in missing:
        yield Finding(Kind.MISSING, path)


def _compare(folder: Path, path: str, digest: str, entry: os.DirEntry[str]) -> Finding | None:
    if not entry.is_file(follow_symlinks=False):
        return Finding(Kind.UNSAFE, path)
    try:
        found = digest_file(folder / path)
    except OSError:
        return Finding(Kind.UNREADABLE, path)
    return None if found == digest else Finding(Kind.CHANGED, path)


def _added(path: str, entry: os.DirEntry[str]) -> Finding:
    if not entry.is_file(follow_symlinks=False):
        return Finding(Kind.UNSAFE, path)
    try:
        check_file_path(path)
    except UnsafePath:
        return Finding(Kind.UNSAFE, path)
    return Finding(Kind.ADDED, path)
