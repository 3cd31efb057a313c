"""An edition's folder and the one beside it where the next lies prepared: reading, staging, putting in place.

Whatever is put in place comes by a rename, pages first and what vouches for them last, so that it can be
done over after a crash. Must not decide what belongs to an edition.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from nashra.binding.earlier import EarlierEditions
from nashra.edition.index import INDEX_PATH, MANIFEST_FILE, MAX_INDEX_BYTES, Edition, Volume, parse_edition
from nashra.edition.manifest import MAX_MANIFEST_BYTES, check_file_path, walk_files

_REMOVED_FILE = "removed.json"
# It lies there from the first file that is moved until the last.
_PLACING_FILE = "placing"
# What vouches for what: a reader who comes in the midst finds each only when all that it names is there.
_LAST = ("volumes/", "edition/", "metadata/", "metadata/timestamp.json")


class EditionFolder:
    """The edition as it lies, at ``folder``; the next is prepared in ``next_folder`` on the same disk.

    What the next replaces is kept in ``earlier``, if that is given.
    """

    def __init__(self, folder: Path, next_folder: Path, earlier: EarlierEditions | None = None) -> None:
        self.folder = folder
        self.earlier = earlier
        self._next = next_folder
        self._staged = next_folder / "files"

    def holds_edition(self) -> bool:
        """Whether an edition lies here; it is not read."""
        return (self.folder / INDEX_PATH).is_file()

    def edition(self) -> Edition | None:
        """The edition that lies here, if any.

        Raises:
            BadIndex: its ``edition.json`` is damaged.
        """
        data = _read(self.folder / INDEX_PATH, MAX_INDEX_BYTES)
        return None if data is None else parse_edition(data)

    def manifest(self, volume: Volume) -> bytes:
        """A volume's list of files, as it lies here; empty where it is not there."""
        return _read(self.folder / volume.manifest_path, MAX_MANIFEST_BYTES) or b""

    def lies(self, files: Mapping[str, bytes]) -> bool:
        """Whether each of these files lies here with just these bytes."""
        return all(_read(self.folder / path, len(data)) == data for path, data in files.items())

    def size_bytes(self, path: str) -> int:
        """The size of a file as the next edition will hold it.

        Raises:
            OSError: it is neither staged nor there.
        """
        try:
            return (self._staged / path).stat().st_size
        except FileNotFoundError:
            return (self.folder / path).stat().st_size

    # The next edition.

    def clear_next(self) -> None:
        """Forget whatever was prepared and is not in place yet."""
        shutil.rmtree(self._next, ignore_errors=True)

    def stage(self, path: str, content: bytes | Path) -> None:
        """Prepare a file; a photo is linked rather than copied where the disk can do that.

        Raises:
            UnsafePath: some disk could not hold it by this name.
        """
        target = self._staged / check_file_path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            target.write_bytes(content)
            return
        try:
            os.link(content, target)
        except OSError:
            shutil.copyfile(content, target)

    def note_removed(self, paths: Iterable[str]) -> None:
        """Write down which files leave the folder, beside those that were named before; this ends the
        preparation."""
        leaving = set(paths).union(self._leaving()[1])
        edition = self.edition()
        content = {"number": edition.number if edition else 0, "removed": sorted(leaving)}
        file = self._next / _REMOVED_FILE
        file.with_suffix(".new").write_text(json.dumps(content), encoding="utf-8")
        file.with_suffix(".new").replace(file)

    def _leaving(self) -> tuple[int, Sequence[str]]:
        """The number of the edition that is replaced, and the files that leave with it."""
        data = _read(self._next / _REMOVED_FILE, MAX_MANIFEST_BYTES)
        if data is None:
            return 0, []
        content: dict[str, Any] = json.loads(data)
        return content["number"], content["removed"]

    def staged(self, path: str) -> bytes | None:
        """A prepared file, if there is one."""
        return _read(self._staged / path, MAX_MANIFEST_BYTES)

    def staged_manifests(self) -> list[str]:
        """The prepared lists of files, each of which wants signatures; in the order of their paths."""
        if not self._staged.is_dir():
            return []
        names = (path for path, _ in walk_files(self._staged))
        return sorted(path for path in names if path.rpartition("/")[2] == MANIFEST_FILE)

    def is_prepared(self) -> bool:
        """Whether an edition was prepared to its end."""
        return (self._next / _REMOVED_FILE).is_file()

    def put_in_place(self) -> None:
        """Move all that was prepared into the folder, then remove what leaves; safe to be done over.

        Raises:
            OSError: the disk refused; what was moved already stays, and the rest waits to be moved.
        """
        (self._next / _PLACING_FILE).touch()
        number, removed = self._leaving()
        staged = sorted((path for path, _ in walk_files(self._staged)), key=_turn)
        self._keep_earlier(number, [*staged, *removed])
        for path in staged:
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            (self._staged / path).replace(target)
        for path in removed:
            self._remove(path)
        (self._next / _PLACING_FILE).unlink()
        shutil.rmtree(self._next)

    def resume(self) -> None:
        """Go on with what was cut off while it was put in place: until then the folder holds half of two.

        Raises:
            OSError: the disk refused; call it again.
        """
        if (self._next / _PLACING_FILE).exists():
            self.put_in_place()

    def _keep_earlier(self, number: int, paths: Iterable[str]) -> None:
        if self.earlier is None or not number:
            return
        for path in paths:
            # Metadata says what is newest now: of an earlier edition that is never true.
            if not path.startswith("metadata/"):
                self.earlier.keep(number, path, self.folder / path)

    def _remove(self, path: str) -> None:
        target = self.folder / check_file_path(path)
        target.unlink(missing_ok=True)
        for folder in target.parents:
            if folder == self.folder:
                return
            with contextlib.suppress(FileNotFoundError):
                if any(folder.iterdir()):
                    return
                folder.rmdir()


def _turn(path: str) -> tuple[int, str]:
    places = [number for number, start in enumerate(_LAST, start=1) if path.startswith(start)]
    return max(places, default=0), path


def _read(file: Path, max_bytes: int) -> bytes | None:
    try:
        with file.open("rb") as opened:
            return opened.read(max_bytes + 1)
    except FileNotFoundError:
        return None
