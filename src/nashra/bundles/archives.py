"""Files → one archive, the same bytes each time: tar.zst, zip, and the plain tar that deltas are made of.

No user, host or time of making is in it; one thread packs it. Must not sign anything.
"""

from __future__ import annotations

import datetime
import io
import sys
import tarfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# Nineteen is the most that every unpacker takes without being told to.
ZSTD_LEVEL = 19
_FILE_MODE = 0o644
_ZIP_MADE_ON_UNIX = 3


def tar_bytes(files: Mapping[str, bytes], order: Sequence[str] = ()) -> bytes:
    """A plain tar of these files by their paths, those of ``order`` first."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path in _ordered(files, order):
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = len(files[path]), _FILE_MODE
            tar.addfile(entry, io.BytesIO(files[path]))
    return held.getvalue()


def zstd_bytes(data: bytes, *, level: int = ZSTD_LEVEL) -> bytes:
    """The data, compressed by one thread, with a checksum and its length."""
    options: dict[int, int] = {
        zstd.CompressionParameter.compression_level: level,
        zstd.CompressionParameter.checksum_flag: 1,
        zstd.CompressionParameter.content_size_flag: 1,
    }
    return zstd.compress(data, options=options)


def tar_zst(files: Mapping[str, bytes], order: Sequence[str] = ()) -> bytes:
    """A tar, compressed by zstd: the smallest of all, for whoever has the programs."""
    return zstd_bytes(tar_bytes(files, order))


def zip_bytes(
    files: Mapping[str, bytes],
    *,
    moment: datetime.datetime,
    order: Sequence[str] = (),
    stored: Iterable[str] = (),
) -> bytes:
    """A zip of these files; ``stored`` are not compressed, ``moment`` is the date of all of them."""
    held = io.BytesIO()
    when = moment.astimezone(datetime.UTC).timetuple()[:6]
    kept = set(stored)
    with zipfile.ZipFile(held, "w") as packed:
        for path in _ordered(files, order):
            entry = zipfile.ZipInfo(path, when)
            entry.create_system = _ZIP_MADE_ON_UNIX
            entry.external_attr = _FILE_MODE << 16
            is_packed = path in kept or path.endswith((".jpg", ".webp"))
            entry.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
            packed.writestr(entry, files[path], compresslevel=9)
    return held.getvalue()


def _ordered(files: Mapping[str, bytes], order: Sequence[str]) -> list[str]:
    first = [path for path in order if path in files]
    return first + sorted(set(files).difference(first))
