"""Bytes → files: each file whole or not at all, and only those that changed.

A file is written under a temporary name in a folder that is never served, and renamed. What stands is
compared byte by byte, so that no account has to be trusted. Must not know what a page is.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from nashra.press.render import PressFile
from nashra.press.siblings import (
    BROTLI_SUFFIX,
    GZIP_SUFFIX,
    SUFFIXES,
    brotli_bytes,
    gzip_bytes,
    has_siblings,
)

Encoder = Callable[[bytes], bytes]


class Written(NamedTuple):
    """A file as it now stands."""

    path: str
    sha256: str
    size_bytes: int


@dataclass(slots=True)
class Account:
    """What a run has done to the site's files."""

    files_written: int = 0
    files_unchanged: int = 0
    files_removed: int = 0
    bytes_written: int = 0

    def add(self, other: Account) -> None:
        """Add what another process did."""
        self.files_written += other.files_written
        self.files_unchanged += other.files_unchanged
        self.files_removed += other.files_removed
        self.bytes_written += other.bytes_written


class SiteWriter:
    """Writes files into the site's folder; ``spool`` is a folder beside it on the same file system.

    ``precompress`` writes a gzip sibling beside each page. A stale sibling goes before its page is
    replaced and a new one comes after it, so that whatever stands beside a page belongs to it.
    """

    def __init__(self, folder: Path, spool: Path, *, precompress: bool = True) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        spool.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.precompress = precompress
        self.account = Account()
        self.changed: list[str] = []
        self._root = f"{folder}/"
        self._spool = spool
        self.use_own_temporary_name()

    def use_own_temporary_name(self) -> None:
        """Keep out of the way of other processes that write through a copy of this writer."""
        self._temporary = f"{self._spool}/{os.getpid()}"

    def stands(self, relative: str) -> bool:
        """Whether a file stands at a path."""
        return os.path.exists(self._root + relative)

    def put(self, file: PressFile) -> Written:
        """Write a file, unless it stands already with the same bytes."""
        path = self._root + file.path
        # Nothing stands in a folder that is made just now: most pages have one to themselves.
        standing = None if self._make_folder(path.rpartition("/")[0]) else _content(path)
        siblings = has_siblings(file.path)
        if standing != file.content:
            if siblings and standing is not None:
                for suffix in SUFFIXES:
                    _unlink(path + suffix)
            self._write(path, file.content)
            self.account.files_written += 1
            self.account.bytes_written += len(file.content)
            self.changed.append(file.path)
        else:
            self.account.files_unchanged += 1
        if siblings and self.precompress:
            self._write_sibling(path, file.content, is_new=standing != file.content)
        return Written(file.path, file.sha256, len(file.content))

    def _write_sibling(self, path: str, content: bytes, *, is_new: bool) -> None:
        compressed = gzip_bytes(content)
        if is_new or _content(path + GZIP_SUFFIX) != compressed:
            self._write(path + GZIP_SUFFIX, compressed)

    def add_brotli(self, paths: Iterable[str]) -> None:
        """Write a brotli sibling beside each of these pages, if it has none."""
        for relative in paths:
            path = self._root + relative
            if self.precompress and has_siblings(relative) and not os.path.exists(path + BROTLI_SUFFIX):
                content = _content(path)
                if content is not None:
                    self._write(path + BROTLI_SUFFIX, brotli_bytes(content))

    def put_copy(self, relative: str, source: Path) -> Written | None:
        """Copy a file whose name tells its content; one that stands in its full length is not read again."""
        path = self._root + relative
        if _size_bytes(path) == source.stat().st_size:
            self.account.files_unchanged += 1
            return None
        content = source.read_bytes()
        self._make_folder(path.rpartition("/")[0])
        self._write(path, content)
        self.account.files_written += 1
        self.account.bytes_written += len(content)
        return Written(relative, hashlib.sha256(content).hexdigest(), len(content))

    def digest(self, relative: str) -> Written:
        """What stands at a path, read anew."""
        content = (self.folder / relative).read_bytes()
        return Written(relative, hashlib.sha256(content).hexdigest(), len(content))

    def remove(self, paths: Iterable[str]) -> list[str]:
        """Remove these files and their siblings; one that is not there is no error. Gives those that were."""
        gone = []
        for relative in paths:
            path = self._root + relative
            for suffix in SUFFIXES:
                _unlink(path + suffix)
            if _unlink(path):
                self.account.files_removed += 1
                gone.append(relative)
            self._remove_empty_folders(relative)
        return gone

    def _remove_empty_folders(self, relative: str) -> None:
        folder = relative.rpartition("/")[0]
        while folder:
            try:
                os.rmdir(self._root + folder)
            except OSError:
                return
            folder = folder.rpartition("/")[0]

    def sync(self) -> None:
        """Have the disk hold all that was written, before any row says so."""
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            _sync_file_system(handle)
        finally:
            os.close(handle)

    def files(self) -> Iterator[list[str]]:
        """The paths of all files that stand, folder by folder."""
        for folder, _folders, names in os.walk(self.folder):
            prefix = folder[len(self._root) :]
            if names:
                yield [f"{prefix}/{name}" if prefix else name for name in sorted(names)]

    def _write(self, path: str, content: bytes) -> None:
        handle = os.open(self._temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        try:
            written = os.write(handle, content)
            while written < len(content):
                written += os.write(handle, content[written:])
        finally:
            os.close(handle)
        os.rename(self._temporary, path)

    @staticmethod
    def _make_folder(folder: str) -> bool:
        """Whether a folder was not there, and is now."""
        try:
            os.mkdir(folder)
        except FileExistsError:
            return False
        except FileNotFoundError:
            # Another worker may make it in between.
            os.makedirs(folder, exist_ok=True)
            return False
        return True


def sweep(spool: Path) -> None:
    """Remove temporary files that a killed press left; call it while no press writes."""
    if spool.is_dir():
        for entry in os.scandir(spool):
            if entry.is_file(follow_symlinks=False):
                os.unlink(entry.path)
            elif entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path)


def _content(path: str) -> bytes | None:
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        size_bytes = os.fstat(handle).st_size
        content = os.read(handle, size_bytes + 1)
        while chunk := os.read(handle, 1 << 20):
            content += chunk
        return content
    finally:
        os.close(handle)


def _size_bytes(path: str) -> int | None:
    try:
        return os.stat(path).st_size
    except FileNotFoundError:
        return None


def _unlink(path: str) -> bool:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
        return True
    return False


def _sync_file_system(handle: int) -> None:
    """Sync one file system where the system can do that (Linux), else all of them."""
    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if syncfs is None:
        os.sync()
    elif syncfs(handle) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
