"""The Update Framework's metadata of an edition: made, renewed, and put beside the edition it vouches for.

Versions rise by one from what lies here. Must not read a clock or a key file, and must not sign a list of
files: that is the edition key's work.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nashra.binding.folders import EditionFolder
from nashra.edition.index import EDITION_MANIFEST, INDEX_PATH, PUBLIC_KEY_PATH, Edition
from nashra.edition.notices import NOTICE_PATHS
from nashra.seal.chain import Chain, ChainFiles, check_chain
from nashra.seal.metadata import Target, snapshot_bytes, targets_bytes, timestamp_bytes
from nashra.seal.signing import SigningKey

TARGET_EDGES = (EDITION_MANIFEST, INDEX_PATH, PUBLIC_KEY_PATH, *NOTICE_PATHS)
TIMESTAMP_PATH = "metadata/timestamp.json"
_VERSIONED = re.compile(r"metadata/([0-9]+)\.(root|targets|snapshot)\.json")


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of the three roles below root, as they lie; zero where none does."""

    targets: int = 0
    snapshot: int = 0
    timestamp: int = 0


def targets_of(edition: Edition, edges: Mapping[str, bytes]) -> dict[str, Target]:
    """What the targets role vouches for: an edition's own files, and its volumes' lists."""
    targets = {path: Target(hashlib.sha256(data).hexdigest(), len(data)) for path, data in edges.items()}
    for volume in edition.volumes:
        targets[volume.manifest_path] = Target(volume.sha256, volume.size_bytes)
    return targets


def read_chain(folder: Path) -> ChainFiles | None:
    """The metadata that lies in an edition's folder, unchecked; ``None`` where there is no timestamp."""
    found: dict[str, dict[int, Path]] = {"root": {}, "targets": {}, "snapshot": {}}
    for file in sorted((folder / "metadata").glob("*.json")):
        if match := _VERSIONED.fullmatch(f"metadata/{file.name}"):
            found[match[2]][int(match[1])] = file
    timestamp = folder / TIMESTAMP_PATH
    if not timestamp.is_file():
        return None

    def newest(role: str) -> bytes:
        return found[role][max(found[role])].read_bytes() if found[role] else b""

    roots = [found["root"][number].read_bytes() for number in sorted(found["root"])]
    return ChainFiles(roots, newest("targets"), newest("snapshot"), timestamp.read_bytes())


def versions_in(folder: Path) -> Versions:
    """The versions that lie in an edition's folder, whose chain must hold.

    Raises:
        BadChain: it does not.
    """
    files = read_chain(folder)
    if files is None:
        return Versions()
    chain = check_chain(files)
    return Versions(chain.targets_version, chain.snapshot_version, chain.timestamp_version)


def vouch_for(
    targets: Mapping[str, Target],
    roots: Sequence[bytes],
    *,
    before: Versions,
    keys: tuple[SigningKey, SigningKey, SigningKey],
    now: datetime.datetime,
) -> ChainFiles:
    """New metadata of all three roles; ``keys`` are those of targets, snapshot and timestamp."""
    targets_key, snapshot_key, timestamp_key = keys
    signed = targets_bytes(targets, targets_key, version=before.targets + 1, now=now)
    return bind_targets(signed, roots, before=before, keys=(snapshot_key, timestamp_key), now=now)


def bind_targets(
    targets: bytes,
    roots: Sequence[bytes],
    *,
    before: Versions,
    keys: tuple[SigningKey, SigningKey],
    now: datetime.datetime,
) -> ChainFiles:
    """New snapshot and timestamp for targets that are signed already, perhaps on another machine."""
    snapshot = snapshot_bytes(targets, keys[0], version=before.snapshot + 1, now=now)
    timestamp = timestamp_bytes(snapshot, keys[1], version=before.timestamp + 1, now=now)
    return ChainFiles(tuple(roots), targets, snapshot, timestamp)


def stage_chain(folder: EditionFolder, files: ChainFiles) -> Chain:
    """Prepare metadata to be put in place, and what it replaces to be removed.

    Raises:
        BadChain: it does not hold together, so that no reader would believe it; nothing was prepared.
    """
    chain = check_chain(files)
    named = {f"metadata/{number}.root.json": data for number, data in enumerate(files.roots, start=1)}
    named[f"metadata/{chain.targets_version}.targets.json"] = files.targets
    named[f"metadata/{chain.snapshot_version}.snapshot.json"] = files.snapshot
    named[TIMESTAMP_PATH] = files.timestamp
    for path, data in named.items():
        folder.stage(path, data)
    lying = (f"metadata/{file.name}" for file in (folder.folder / "metadata").glob("*.json"))
    folder.note_removed(path for path in lying if path not in named)
    return chain


def renew(
    folder: EditionFolder,
    roots: Sequence[bytes],
    *,
    keys: tuple[SigningKey, SigningKey, SigningKey],
    now: datetime.datetime,
) -> Chain:
    """Say anew that the edition which lies here is the newest; its files stay as they are.

    ``folder`` must have a place of its own for what it prepares: an edition may wait there to be signed.

    Raises:
        BadChain: what lies here does not hold, or the keys are not those that the newest root names.
    """
    files = read_chain(folder.folder)
    lying = check_chain(files) if files else None
    before = versions_in(folder.folder)
    folder.clear_next()
    targets = dict(lying.targets) if lying else {}
    chain = stage_chain(folder, vouch_for(targets, roots, before=before, keys=keys, now=now))
    folder.put_in_place()
    return chain
