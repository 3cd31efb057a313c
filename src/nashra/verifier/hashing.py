"""Many files' digests beside those that a list names, on as many cores as there are.

Reads each file in pieces and follows no link. Must not judge what a difference means.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import stat
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path

from nashra.edition.verify import Finding, Kind

_PIECE_BYTES = 1024 * 1024
# With fewer files, another process is not ready before they are done.
_FILES_FOR_PROCESSES = 1500
_FILES_A_TASK = 500
_MOST_PROCESSES = 8
_FLAGS = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
)


def differences(folder: Path, digests: Mapping[str, str]) -> list[Finding]:
    """Those of the listed files that are missing, changed, unreadable, or no plain files."""
    items = iter(digests.items())
    tasks = iter(lambda: list(islice(items, _FILES_A_TASK)), [])
    if len(digests) < _FILES_FOR_PROCESSES or not _may_fork():
        return [finding for task in tasks for finding in _check(str(folder), task)]
    context = multiprocessing.get_context("fork")
    workers = min(os.cpu_count() or 1, _MOST_PROCESSES)
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        done = [pool.submit(_check, str(folder), task) for task in tasks]
        return [finding for each in done for finding in each.result()]


def _may_fork() -> bool:
    cores = os.cpu_count() or 1
    return cores > 1 and "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1


def _check(folder: str, task: list[tuple[str, str]]) -> list[Finding]:
    return list(_check_each(folder, task))


def _check_each(folder: str, task: list[tuple[str, str]]) -> Iterator[Finding]:
    for path, expected in task:
        try:
            found = _digest(f"{folder}/{path}")
        except FileNotFoundError:
            yield Finding(Kind.MISSING, path)
        except OSError:
            yield Finding(_kind_of_unopened(f"{folder}/{path}"), path)
        else:
            if found is None:
                yield Finding(Kind.UNSAFE, path)
            elif found != expected:
                yield Finding(Kind.CHANGED, path)


def _digest(file: str) -> str | None:
    """A file's SHA-256; ``None`` where it is no plain file."""
    handle = os.open(file, _FLAGS)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            return None
        piece = os.read(handle, min(status.st_size + 1, _PIECE_BYTES))
        digest = hashlib.sha256(piece)
        while len(piece) >= _PIECE_BYTES and (piece := os.read(handle, _PIECE_BYTES)):
            digest.update(piece)
        return digest.hexdigest()
    finally:
        os.close(handle)


def _kind_of_unopened(file: str) -> Kind:
    try:
        return Kind.UNREADABLE if stat.S_ISREG(os.lstat(file).st_mode) else Kind.UNSAFE
    except FileNotFoundError:
        return Kind.MISSING
    except OSError:
        return Kind.UNREADABLE
