"""Reads tars and zips that came from anybody, and writes nothing outside the folder that it was given.

Whatever an archive holds that ours never do is refused, and then nothing of it is left. Sizes are bounded
before anything is unpacked and counted while it is. Must not believe an archive's own words about its size.
"""

from __future__ import annotations

import contextlib
import errno
import shutil
import stat
import sys
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from nashra.edition.manifest import UnsafePath, check_file_path, same_on_some_disk

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAX_FILES = 50_000
MAX_TOTAL_BYTES = 2 * 1024 * 1024 * 1024
# A window of 128 MB: what `zstd -d` takes by itself, and all the memory that an archive may ask for.
MAX_WINDOW_LOG = 27
_PIECE_BYTES = 1024 * 1024
_MOST_AT_ONCE_BYTES = 4 * 1024 * 1024
_ZIP_METHODS = frozenset([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])

# What the standard library raises where an archive is not what it should be.
_DAMAGED = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    zstd.ZstdError,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)


class BadArchive(ValueError):
    """An archive that is not unpacked; the message goes on from its name."""


def unpack(archive: Path, target: Path, *, max_total_bytes: int = MAX_TOTAL_BYTES) -> list[str]:
    """Unpack a ``.zip``, ``.epub``, ``.tar`` or ``.tar.zst`` into a folder that is not there yet.

    Gives the paths. Where it is refused, the folder is not there either.

    Raises:
        BadArchive: it is damaged, or holds what no archive of ours does, or more than it may.
        OSError: it cannot be read, or the disk refused.
    """
    target.mkdir(parents=True)
    is_whole = False
    try:
        paths = _write_all(_entries(archive, max_total_bytes), target, max_total_bytes)
        is_whole = True
    except BadArchive:
        raise
    except _DAMAGED as error:
        raise BadArchive("is damaged, or is no archive") from error
    except OSError as error:
        # A zip whose parts point before its beginning.
        if error.errno != errno.EINVAL:
            raise
        raise BadArchive("is damaged, or is no archive") from error
    finally:
        if not is_whole:
            shutil.rmtree(target)
    return paths


def _entries(archive: Path, max_total_bytes: int) -> Iterator[tuple[str, int, IO[bytes]]]:
    name = archive.name
    if name.endswith((".zip", ".epub")):
        return _zip_entries(archive)
    if name.endswith((".tar", ".tar.zst")):
        return _tar_entries(archive, max_total_bytes)
    raise BadArchive("has a name that ends in none of .zip, .epub, .tar and .tar.zst")


def _zip_entries(archive: Path) -> Iterator[tuple[str, int, IO[bytes]]]:
    with zipfile.ZipFile(archive) as packed:
        infos = packed.infolist()
        if len(infos) > MAX_FILES:
            raise BadArchive(f"holds more than {MAX_FILES} files")
        for info in infos:
            mode = info.external_attr >> 16
            is_plain = not mode or stat.S_IFMT(mode) in {0, stat.S_IFREG}
            if info.is_dir() or not is_plain or info.flag_bits & 1 or info.compress_type not in _ZIP_METHODS:
                raise BadArchive(f"holds {info.filename!r}, which is no plain file")
            with packed.open(info) as opened:
                yield info.filename, info.file_size, opened


def _tar_entries(archive: Path, max_total_bytes: int) -> Iterator[tuple[str, int, IO[bytes]]]:
    with archive.open("rb") as file, contextlib.ExitStack() as stack:
        plain: IO[bytes] = file
        if archive.name.endswith(".zst"):
            plain = stack.enter_context(tempfile.TemporaryFile(dir=archive.parent))
            _decompress(file, plain, max_total_bytes)
        tar = stack.enter_context(tarfile.open(fileobj=_Sparing(plain), mode="r:"))  # type: ignore[call-overload]
        for number, entry in enumerate(tar):
            if number >= MAX_FILES:
                raise BadArchive(f"holds more than {MAX_FILES} files")
            opened = tar.extractfile(entry) if entry.isreg() and not entry.issparse() else None
            if opened is None:
                raise BadArchive(f"holds {entry.name!r}, which is no plain file")
            yield entry.name, entry.size, opened


class _Sparing:
    """A tar's file, of which no more is read at once than fits into memory, whatever its headers say."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        """So many bytes."""
        if not 0 <= size <= _MOST_AT_ONCE_BYTES:
            raise BadArchive("has a header that is longer than any of ours")
        return self._file.read(size)


def _decompress(file: IO[bytes], plain: IO[bytes], max_total_bytes: int) -> None:
    """The tar within, on disk: its headers take room, too."""
    options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: MAX_WINDOW_LOG}
    left_bytes = max_total_bytes + 2048 * MAX_FILES
    with zstd.ZstdFile(file, options=options) as stream:
        while piece := stream.read(_PIECE_BYTES):
            left_bytes -= len(piece)
            if left_bytes < 0:
                raise BadArchive(f"holds more than {max_total_bytes} bytes")
            plain.write(piece)
    plain.seek(0)


def _write_all(
    entries: Iterator[tuple[str, int, IO[bytes]]], target: Path, max_total_bytes: int
) -> list[str]:
    seen: set[str] = set()
    paths: list[str] = []
    left_bytes = max_total_bytes
    for path, size_bytes, opened in entries:
        _check_path(path, seen)
        if size_bytes > left_bytes:
            raise BadArchive(f"holds more than {max_total_bytes} bytes")
        left_bytes -= _write(opened, target / path, size_bytes)
        paths.append(path)
    return paths


def _check_path(path: str, seen: set[str]) -> None:
    try:
        check_file_path(path)
    except UnsafePath as error:
        raise BadArchive(f"holds a file by the name {path!r}, which {error}") from error
    if same_on_some_disk(path) in seen:
        raise BadArchive(f"holds two files that some disk would call {path!r}")
    seen.add(same_on_some_disk(path))


def _write(opened: IO[bytes], file: Path, size_bytes: int) -> int:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        written = 0
        with file.open("xb") as out:
            while piece := opened.read(min(_PIECE_BYTES, size_bytes - written + 1)):
                written += len(piece)
                if written > size_bytes:
                    raise BadArchive(f"holds more in {file.name!r} than it says")
                out.write(piece)
    except (FileExistsError, NotADirectoryError) as error:
        raise BadArchive("holds a file where it also has a folder") from error
    if written != size_bytes:
        raise BadArchive(f"holds less in {file.name!r} than it says")
    return written
