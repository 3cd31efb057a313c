"""The Update Framework's four roles, written and signed: who may speak for the newsroom, and until when.

python-tuf makes the metadata; here is decided what ours says. Same keys, versions and moment, same bytes.
Must not keep or read a key, and must not judge whether metadata that came from elsewhere is to be believed.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.metadata import (
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

from nashra.seal.signing import SigningKey

ROLES = ("root", "targets", "snapshot", "timestamp")
# Source: the design's lifetimes; a reader who is cut off for long still reads, and is told how old it is.
LIFETIME_DAYS = {"root": 730, "targets": 90, "snapshot": 30, "timestamp": 14}
_SPEC_VERSION = "1.0.31"


@dataclass(frozen=True, slots=True)
class Target:
    """A file that the targets role vouches for."""

    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Holders:
    """Who signs which role; ``threshold`` of the root keys must sign a root, and one key any other role."""

    root: Sequence[SigningKey]
    targets: SigningKey
    snapshot: SigningKey
    timestamp: SigningKey
    threshold: int = 2

    def keys_of(self, role: str) -> Sequence[SigningKey]:
        """The keys that may sign for a role."""
        found = getattr(self, role)
        return found if role == "root" else [found]


def root_bytes(
    holders: Holders, *, version: int, now: datetime.datetime, previous: Sequence[SigningKey] = ()
) -> bytes:
    """``N.root.json``, signed by its own root keys and by those of the root before it.

    ``previous`` are that root's keys, as many as its threshold wants; none for the first.

    Raises:
        ValueError: there are fewer root keys than must sign.
    """
    if not 1 <= holders.threshold <= len(holders.root):
        raise ValueError(f"{holders.threshold} root keys must sign, and there are {len(holders.root)}.")
    root = Root(version, _SPEC_VERSION, expiry("root", now), consistent_snapshot=True)
    for role in ROLES:
        for key in holders.keys_of(role):
            root.add_key(_public(key), role)
    root.roles["root"].threshold = holders.threshold
    return _signed(root, [*holders.root, *previous])


def targets_bytes(
    targets: Mapping[str, Target], key: SigningKey, *, version: int, now: datetime.datetime
) -> bytes:
    """``N.targets.json``: the files, by their paths from the edition's root."""
    files = {
        path: TargetFile(target.size_bytes, {"sha256": target.sha256}, path)
        for path, target in targets.items()
    }
    return _signed(Targets(version, _SPEC_VERSION, expiry("targets", now), files), [key])


def snapshot_bytes(targets: bytes, key: SigningKey, *, version: int, now: datetime.datetime) -> bytes:
    """``N.snapshot.json``, which binds one version of the targets.

    Raises:
        ValueError: what it should bind is no targets metadata.
    """
    meta = {"targets.json": _meta_file(targets, "targets")}
    return _signed(Snapshot(version, _SPEC_VERSION, expiry("snapshot", now), meta), [key])


def timestamp_bytes(snapshot: bytes, key: SigningKey, *, version: int, now: datetime.datetime) -> bytes:
    """``timestamp.json``, which says which snapshot is the newest.

    Raises:
        ValueError: what it should name is no snapshot metadata.
    """
    meta = _meta_file(snapshot, "snapshot")
    return _signed(Timestamp(version, _SPEC_VERSION, expiry("timestamp", now), meta), [key])


def _meta_file(data: bytes, kind: str) -> MetaFile:
    signed = Metadata[Any].from_bytes(data).signed
    if signed.type != kind:
        raise ValueError(f"This is {signed.type} metadata, where {kind} metadata belongs.")
    return MetaFile(signed.version, len(data), {"sha256": hashlib.sha256(data).hexdigest()})


def expiry(role: str, now: datetime.datetime) -> datetime.datetime:
    """When metadata of a role that is signed now expires."""
    return now.astimezone(datetime.UTC).replace(microsecond=0) + datetime.timedelta(days=LIFETIME_DAYS[role])


def _public(key: SigningKey) -> SSlibKey:
    return SSlibKey.from_crypto(key.crypto_key().public_key())


def _signed(content: Root | Targets | Snapshot | Timestamp, keys: Sequence[SigningKey]) -> bytes:
    metadata = Metadata[Any](content)
    # A key that signs for both the old and the new root signs once, and in whatever order it was given.
    signers = [CryptoSigner(key.crypto_key()) for key in keys]
    for signer in sorted(signers, key=lambda signer: signer.public_key.keyid):
        metadata.sign(signer, append=True)
    written: bytes = metadata.to_bytes(JSONSerializer(compact=True, validate=True))
    return written
