"""Bytes → files through obstore: each file whole or not at all, and only those that changed.

Keeps account of what a run wrote and removed. Must not know what a page is.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from obstore.store import LocalStore

from nashra.press.models import PressedFile
from nashra.press.render import PressFile

# Rows are read and written this many at a time, which keeps a statement within SQLite's limits.
BATCH_ROWS = 500


@dataclass(slots=True)
class Account:
    """What a run has done to the site's files."""

    written: dict[str, tuple[str, int]] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    files_unchanged: int = 0
    files_removed: int = 0
    bytes_written: int = 0


class SiteWriter:
    """Writes a press run's files into the site's folder.

    A file is put under a temporary name and renamed, so that a reader sees the old page or the new
    one. ``rewrite`` writes even what is thought to stand there already, as a full press does.
    """

    def __init__(self, folder: Path, *, rewrite: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.store = LocalStore(folder, automatic_cleanup=True)
        self.rewrite = rewrite
        self.account = Account()
        if rewrite:
            PressedFile.objects.update(sha256="")

    def put(self, files: Iterable[PressFile]) -> None:
        """Write these files, passing over those that stand with the same bytes."""
        batch = {file.path: file for file in files}
        standing = {} if self.rewrite else _digests(list(batch))
        changed = [file for path, file in batch.items() if standing.get(path) != file.sha256]
        self.account.files_unchanged += len(batch) - len(changed)
        self.account.seen.update(batch)
        self.account.removed.difference_update(batch)
        _distrust([file.path for file in changed if file.path in standing])
        for file in changed:
            self.store.put(file.path, file.content)
            self.account.written[file.path] = (file.sha256, len(file.content))
            self.account.bytes_written += len(file.content)

    def put_copies(self, sources: Iterable[tuple[str, Path]]) -> None:
        """Copy files whose names already tell their content; one that stands is never read again."""
        pairs = list(sources)
        standing = {} if self.rewrite else _digests([path for path, _source in pairs])
        for path, source in pairs:
            self.account.seen.add(path)
            # A blank digest is one that a run cut off no longer vouched for.
            if standing.get(path) or path in self.account.written:
                self.account.files_unchanged += 1
                continue
            content = source.read_bytes()
            self.store.put(path, content)
            self.account.written[path] = (_sha256(content), len(content))
            self.account.bytes_written += len(content)

    def remove(self, paths: Iterable[str]) -> None:
        """Remove these files; one that is not there is no error, since a run may be repeated."""
        leaving = [path for path in paths if path not in self.account.seen]
        _distrust(leaving)
        for path in leaving:
            with contextlib.suppress(FileNotFoundError):
                self.store.delete(path)
                self.account.files_removed += 1
            self.account.removed.add(path)
            self.account.written.pop(path, None)

    def spare(self, path: str) -> None:
        """Let a file stand as it is, though this run could not make it anew."""
        self.account.seen.add(path)

    def remove_strays(self) -> None:
        """Remove every file that this run did not write or confirm: what a full press leaves over."""
        self.remove([path for path in self._on_disk() if path not in self.account.seen])

    def keep_account(self) -> None:
        """Store what was written and removed; call it in the run's last transaction."""
        removed = sorted(self.account.removed)
        for start in range(0, len(removed), BATCH_ROWS):
            PressedFile.objects.filter(path__in=removed[start : start + BATCH_ROWS]).delete()
        PressedFile.objects.bulk_create(
            [
                PressedFile(path=path, sha256=sha256, size_bytes=size_bytes)
                for path, (sha256, size_bytes) in sorted(self.account.written.items())
            ],
            batch_size=BATCH_ROWS,
            update_conflicts=True,
            unique_fields=["path"],
            update_fields=["sha256", "size_bytes"],
        )

    def _on_disk(self) -> Iterator[str]:
        for file in self.folder.rglob("*"):
            if file.is_file():
                yield file.relative_to(self.folder).as_posix()


def _digests(paths: list[str]) -> dict[str, str]:
    digests: dict[str, str] = {}
    for start in range(0, len(paths), BATCH_ROWS):
        rows = PressedFile.objects.filter(path__in=paths[start : start + BATCH_ROWS])
        digests.update(rows.values_list("path", "sha256"))
    return digests


def _distrust(paths: list[str]) -> None:
    """Forget the digests of files about to change: a run killed in between must not trust them later."""
    for start in range(0, len(paths), BATCH_ROWS):
        PressedFile.objects.filter(path__in=paths[start : start + BATCH_ROWS]).update(sha256="")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
