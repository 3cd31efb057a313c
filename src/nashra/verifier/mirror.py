"""An edition at an address → a verdict: first what vouches for it, and its files only if that holds.

What the mirror says is kept in a folder that ends with the look, and bounded by what is signed. Must not
believe the mirror: all that it gave is checked again, as if it had come on a stick.
"""

from __future__ import annotations

import datetime
import json
import tempfile
from pathlib import Path

from nashra.edition.index import EDITION_MANIFEST, INDEX_PATH, PUBLIC_KEY_PATH, Volume, parse_edition
from nashra.edition.manifest import MAX_MANIFEST_BYTES, BadManifest, parse_manifest
from nashra.seal.chain import MAX_ROOTS, MAX_SIZE_BYTES, BadChain, root_version
from nashra.verifier.edition import (
    MAX_SIGNATURE_BYTES,
    SIGNATURE_SUFFIXES,
)
from nashra.verifier.fetching import FetchFailed, Mirror, Patience
from nashra.verifier.memory import Memory
from nashra.verifier.verdict import Trust, Verdict
from nashra.verifier.verifying import Trusted, verify_edition, vouches

# Whatever is signed: no look at an edition fills a reader's disk.
MAX_TOTAL_BYTES = 4 * 1024 * 1024 * 1024
_MAX_EDGE_BYTES = 1024 * 1024


def verify_address(
    address: str,
    trusted: Trusted,
    *,
    now: datetime.datetime,
    memory: Memory,
    patience: Patience | None = None,
) -> Verdict:
    """What can be said of the edition that a mirror gives; its files are asked for only if a key vouches.

    Raises:
        FetchFailed: the mirror cannot be asked, or gives what no mirror of an edition gives.
        OSError: the disk refused.
    """
    mirror = Mirror(address, patience)
    try:
        with tempfile.TemporaryDirectory(prefix="nashra-") as work:
            folder = Path(work)
            fetch = _Fetch(mirror, folder)
            fetch.what_vouches()
            found = vouches(folder, trusted, memory)
            if not found.problems and found.trust is not Trust.NOTHING:
                fetch.volumes()
            return verify_edition(folder, trusted, now=now, memory=memory)
    finally:
        mirror.close()


class _Fetch:
    """One edition from one mirror into one folder."""

    def __init__(self, mirror: Mirror, folder: Path) -> None:
        self._mirror = mirror
        self._folder = folder
        self._left_bytes = MAX_TOTAL_BYTES

    def what_vouches(self) -> None:
        """The roots, the newest metadata, and the edition's own lists and key."""
        self._roots()
        data = self._get("metadata/timestamp.json", MAX_SIZE_BYTES["timestamp"])
        for role in ("snapshot", "targets"):
            data = self._get(f"metadata/{_version_named(data, role)}.{role}.json", MAX_SIZE_BYTES[role])
        self._get(PUBLIC_KEY_PATH, MAX_SIGNATURE_BYTES)
        self._get(INDEX_PATH, _MAX_EDGE_BYTES)
        for path in self._signed(EDITION_MANIFEST, MAX_MANIFEST_BYTES):
            if path.startswith("edition/"):
                self._get(path, _MAX_EDGE_BYTES)

    def volumes(self) -> None:
        """The files of every volume that the mirror has; the edition's own lists have been checked."""
        edition = parse_edition((self._folder / INDEX_PATH).read_bytes())
        for volume in edition.volumes:
            try:
                paths = self._signed(volume.manifest_path, volume.size_bytes)
            except FetchFailed as error:
                if error.is_absent and error.path == volume.manifest_path:
                    continue
                raise
            self._files(volume, paths)

    def _files(self, volume: Volume, paths: list[str]) -> None:
        left_bytes = volume.total_bytes
        for path in paths:
            left_bytes -= _size_of(self._folder / path) or self._save(path, left_bytes)

    def _roots(self) -> None:
        for number in range(1, MAX_ROOTS + 1):
            path = f"metadata/{number}.root.json"
            try:
                data = self._get(path, MAX_SIZE_BYTES["root"])
            except FetchFailed as error:
                if error.is_absent and number > 1:
                    return
                raise
            try:
                found = root_version(data)
            except BadChain as error:
                raise FetchFailed(path, "is no root: this is no mirror of an edition") from error
            if found != number:
                raise FetchFailed(path, f"says that it is version {found}")

    def _signed(self, path: str, size_bytes: int) -> list[str]:
        data = self._get(path, size_bytes)
        for suffix in SIGNATURE_SUFFIXES:
            self._get(path + suffix, MAX_SIGNATURE_BYTES + (len(data) if suffix == ".sig" else 0))
        try:
            return list(parse_manifest(data))
        except BadManifest as error:
            raise FetchFailed(path, f"is no list: it {error}") from error

    def _get(self, path: str, max_bytes: int) -> bytes:
        if not _size_of(self._folder / path):
            self._save(path, max_bytes)
        return (self._folder / path).read_bytes()

    def _save(self, path: str, max_bytes: int) -> int:
        file = self._folder / path
        size_bytes = 0
        bound = min(max_bytes, self._left_bytes)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("xb") as opened:
                for piece in self._mirror.pieces(path, bound):
                    size_bytes += opened.write(piece)
        except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
            raise FetchFailed(path, "is a file where the same edition has a folder") from error
        except FetchFailed as error:
            file.unlink(missing_ok=True)
            if error.is_absent and not path.startswith(("metadata/", "edition/", "volumes/")):
                return 0
            raise
        self._left_bytes -= size_bytes
        return size_bytes


def _size_of(file: Path) -> int:
    """How many bytes a file has that was fetched already; none where it was not."""
    return file.stat().st_size if file.is_file() else 0


def _version_named(data: bytes, role: str) -> int:
    """Which version of the next role metadata names; that it is signed so is checked later."""
    try:
        version = json.loads(data)["signed"]["meta"][f"{role}.json"]["version"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise FetchFailed("metadata/timestamp.json", f"names no {role}") from error
    if type(version) is not int or not 1 <= version < 2**53:
        raise FetchFailed("metadata/timestamp.json", f"names no {role}")
    return version
