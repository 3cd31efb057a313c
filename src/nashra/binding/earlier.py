"""Earlier editions: of each, the files that the next one replaced or took away, and nothing else.

What an edition held is found in its own folder, or in that of the first edition after it which changed the
file, or as it lies today: keeping a month of editions costs what changed in that month. Must not decide how
long any is kept.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from nashra.edition.index import INDEX_PATH, Edition, Volume, parse_edition
from nashra.edition.manifest import parse_manifest


class NoSuchEdition(LookupError):
    """An edition that is not kept any more, or never was; the message says which are."""


class EarlierEditions:
    """The earlier editions kept at ``folder``, beside the one that lies at ``current``."""

    def __init__(self, folder: Path, current: Path) -> None:
        self.folder = folder
        self.current = current

    def keep(self, number: int, path: str, file: Path) -> None:
        """Keep a file of edition ``number`` before it is replaced or removed; once, whoever asks again."""
        kept = self.folder / str(number) / path
        if kept.exists() or not file.exists():
            return
        kept.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(file, kept)
        except OSError:
            shutil.copyfile(file, kept)

    def numbers(self) -> list[int]:
        """The numbers of the earlier editions that are kept, rising."""
        if not self.folder.is_dir():
            return []
        return sorted(int(entry.name) for entry in os.scandir(self.folder) if entry.name.isdecimal())

    def editions(self) -> Iterator[Edition]:
        """All editions that are kept, the newest first, with the one that lies today.

        Raises:
            BadIndex: one is damaged.
        """
        for folder in [self.current, *(self.folder / str(each) for each in reversed(self.numbers()))]:
            with contextlib.suppress(FileNotFoundError):
                yield parse_edition((folder / INDEX_PATH).read_bytes())

    def edition(self, number: int) -> Edition:
        """One of the editions that are kept.

        Raises:
            NoSuchEdition: it is not.
            BadIndex: it is damaged.
        """
        for each in self.editions():
            if each.number == number:
                return each
        kept = ", ".join(str(each.number) for each in self.editions()) or "none"
        raise NoSuchEdition(f"Edition {number} is not kept here; these are: {kept}.")

    def file(self, edition: Edition, path: str) -> Path:
        """Where a file lies that one of its lists names, as that edition had it."""
        for number in self.numbers():
            if number >= edition.number and (kept := self.folder / str(number) / path).is_file():
                return kept
        return self.current / path

    def manifest(self, edition: Edition, volume: Volume) -> dict[str, str]:
        """The digests of a volume's files by their paths.

        Raises:
            OSError, BadManifest: the list is not there, or damaged.
        """
        return parse_manifest(self.file(edition, volume.manifest_path).read_bytes())

    def forget_before(self, moment: datetime.datetime) -> list[int]:
        """Remove the editions that were cut before a moment; gives their numbers."""
        gone = [each.number for each in self.editions() if each.cut_at < moment]
        gone = [number for number in gone if number in self.numbers()]
        # An edition leans on those after it, and never on one before.
        for number in sorted(gone):
            shutil.rmtree(self.folder / str(number))
        return gone

    def forget_file(self, path: str) -> None:
        """Remove a file from all earlier editions, which are no longer whole without it."""
        for number in self.numbers():
            (self.folder / str(number) / path).unlink(missing_ok=True)

    def forget_all(self) -> None:
        """Remove every earlier edition, as when something was withdrawn that they may hold or speak of.

        They lean on one another, and lists, homes and photos tell of a story too: none is kept.
        """
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(self.folder)


def changes_between(before: dict[str, str], after: dict[str, str]) -> tuple[list[str], list[str], list[str]]:
    """The paths that came, that changed and that went between two editions' files."""
    came = sorted(after.keys() - before.keys())
    went = sorted(before.keys() - after.keys())
    changed = sorted(path for path in after.keys() & before.keys() if after[path] != before[path])
    return came, changed, went
