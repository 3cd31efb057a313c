"""Whether metadata that came by any road is the newsroom's: each root by the one before it, all else by root.

Works on bytes that are at hand, off line, and looks at no clock: that something has expired is for the
caller to say, with ``expires_at``. Must not fetch, keep or guess anything, and raises nothing but
``BadChain``, whatever the bytes are.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from securesystemslib.exceptions import Error as SigningError
from securesystemslib.signer import Key
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, Targets, Timestamp
from tuf.api.serialization.json import JSONSerializer

from nashra.seal.metadata import Target

# Source: python-tuf's own client stops at these sizes and after so many roots (ngclient.UpdaterConfig).
MAX_SIZE_BYTES = {"root": 512_000, "targets": 5_000_000, "snapshot": 2_000_000, "timestamp": 16_384}
MAX_ROOTS = 256

_Content = TypeVar("_Content", Root, Timestamp, Snapshot, Targets)
# What python-tuf raises where JSON is not the metadata that it should be.
_UNREADABLE = (
    RepositoryError,
    SigningError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


class BadChain(ValueError):
    """Metadata that is not to be believed; ``file`` is its path, and the message goes on from there."""

    def __init__(self, file: str, why: str) -> None:
        super().__init__(why)
        self.file = file


@dataclass(frozen=True, slots=True)
class ChainFiles:
    """The metadata of an edition, as bytes; ``roots`` are all of them, the first first."""

    roots: Sequence[bytes]
    targets: bytes
    snapshot: bytes
    timestamp: bytes


@dataclass(frozen=True, slots=True)
class Chain:
    """What a chain that holds says; ``expires_at`` is when the first of its newest metadata expires.

    ``root_fingerprint`` is the SHA-256 of the first root: all of this is as true as that fingerprint.
    """

    root_version: int
    root_fingerprint: str
    targets: Mapping[str, Target]
    targets_version: int
    snapshot_version: int
    timestamp_version: int
    expires_at: datetime.datetime


def check_chain(
    files: ChainFiles, *, root_fingerprint: str | None = None, trusted_root: bytes | None = None
) -> Chain:
    """The chain from the first root to the targets, every step of which is checked.

    ``root_fingerprint`` is the SHA-256 of the first root in hexadecimal digits, ``trusted_root`` any root
    that is trusted already. Without either, nothing but the chain itself vouches for its first root.

    Raises:
        BadChain: a step does not hold; whatever else there is must not be believed either.
        Source: The Update Framework specification, section 5.3 to 5.6, but for the clock.
    """
    fingerprint = _check_beginning(files.roots, root_fingerprint, trusted_root)
    root = _newest_root(files.roots)
    timestamp = _of_role("timestamp", "metadata/timestamp.json", files.timestamp, root, Timestamp)
    snapshot_file = f"metadata/{timestamp.snapshot_meta.version}.snapshot.json"
    _check_bound(snapshot_file, files.snapshot, timestamp.snapshot_meta)
    snapshot = _of_role("snapshot", snapshot_file, files.snapshot, root, Snapshot)
    if snapshot.version != timestamp.snapshot_meta.version:
        raise BadChain(snapshot_file, "is of another version than timestamp.json says")
    if snapshot.meta.keys() != {"targets.json"}:
        raise BadChain(snapshot_file, "names other metadata than targets.json")
    bound = snapshot.meta["targets.json"]
    targets_file = f"metadata/{bound.version}.targets.json"
    _check_bound(targets_file, files.targets, bound)
    targets = _of_role("targets", targets_file, files.targets, root, Targets)
    if targets.version != bound.version:
        raise BadChain(targets_file, "is of another version than snapshot.json says")
    return Chain(
        root_version=root.version,
        root_fingerprint=fingerprint,
        targets=_targets(targets_file, targets),
        targets_version=targets.version,
        snapshot_version=snapshot.version,
        timestamp_version=timestamp.version,
        expires_at=min(each.expires for each in (root, timestamp, snapshot, targets)),
    )


def check_roots(
    roots: Sequence[bytes], *, root_fingerprint: str | None = None, trusted_root: bytes | None = None
) -> Root:
    """The newest of these roots, each signed by the one before it; see ``check_chain``.

    Raises:
        BadChain: a step does not hold.
    """
    _check_beginning(roots, root_fingerprint, trusted_root)
    return _newest_root(roots)


def read_root(data: bytes) -> Metadata[Root]:
    """A root, or a draft of one; none of its signatures is checked.

    Raises:
        BadChain: it is none, or is not written as ours are.
    """
    return _read("the root", "root", data, Root)


def root_version(data: bytes) -> int:
    """The version that a root says it has; nothing of it is checked.

    Raises:
        BadChain: it is no root.
    """
    return _read("a root", "root", data, Root).signed.version


def _check_beginning(roots: Sequence[bytes], root_fingerprint: str | None, trusted_root: bytes | None) -> str:
    if not roots:
        raise BadChain("metadata/1.root.json", "is missing")
    if len(roots) > MAX_ROOTS:
        raise BadChain("metadata", f"holds more than {MAX_ROOTS} roots")
    fingerprint = hashlib.sha256(roots[0]).hexdigest()
    if root_fingerprint is not None and fingerprint != root_fingerprint.lower():
        raise BadChain("metadata/1.root.json", "is not the root that the fingerprint names")
    if trusted_root is not None and trusted_root not in roots:
        raise BadChain(f"metadata/{root_version(trusted_root)}.root.json", "is not the root that is trusted")
    return fingerprint


def _newest_root(roots: Sequence[bytes]) -> Root:
    previous: Root | None = None
    for number, data in enumerate(roots, start=1):
        file = f"metadata/{number}.root.json"
        metadata = _read(file, "root", data, Root)
        root = metadata.signed
        if root.version != number:
            raise BadChain(file, f"says that it is version {root.version}")
        if not root.consistent_snapshot:
            raise BadChain(file, "does not ask for files by their digests")
        publics = {str(key.keyval.get("public")).lower() for key in root.keys.values()}
        if len(publics) != len(root.keys):
            # The threshold counts ids: one person's key under two of them would be two people.
            raise BadChain(file, "names one key under two ids")
        believed = [root] if previous is None else [previous, root]
        _check_signatures(file, metadata, [(each, "root") for each in believed])
        previous = root
    assert previous is not None  # noqa: S101 -- there is at least one, says _check_beginning.
    return previous


def _of_role(role: str, file: str, data: bytes, root: Root, kind: type[_Content]) -> _Content:
    """A role's metadata, signed as the newest root demands."""
    metadata = _read(file, role, data, kind)
    _check_signatures(file, metadata, [(root, role)])
    return metadata.signed


def _read(file: str, role: str, data: bytes, kind: type[_Content]) -> Metadata[_Content]:
    """Metadata that is written in the one way that ours is, and holds nothing that no signature covers."""
    if not data:
        raise BadChain(file, "is missing or empty")
    if len(data) > MAX_SIZE_BYTES[role]:
        raise BadChain(file, f"is longer than {MAX_SIZE_BYTES[role]} bytes")
    try:
        metadata = Metadata[_Content].from_bytes(data)
        written = metadata.to_bytes(JSONSerializer(compact=True))
    except _UNREADABLE as error:
        raise BadChain(file, f"is no {role} metadata") from error
    if not isinstance(metadata.signed, kind):
        raise BadChain(file, f"is no {role} metadata")
    signatures = list(metadata.signatures.values())
    has_spare = metadata.unrecognized_fields or any(each.unrecognized_fields for each in signatures)
    # Hexadecimal digits say the same in capitals.
    has_spare = has_spare or any(each.signature != each.signature.lower() for each in signatures)
    if written != data or has_spare or list(metadata.signatures) != sorted(metadata.signatures):
        raise BadChain(file, "is not written in the one way that a signature can cover")
    return metadata


def _check_signatures(file: str, metadata: Metadata[Any], roles: Collection[tuple[Root, str]]) -> None:
    """Each role's threshold is met, and each signature there is by a key that may sign, and right."""
    keys: dict[str, Key] = {}
    signed_bytes = metadata.signed_bytes
    for root, role in roles:
        wanted = root.roles[role]
        try:
            result = root.get_verification_result(role, signed_bytes, metadata.signatures)
        except _UNREADABLE as error:
            raise BadChain(file, "is signed by a key that nobody can read") from error
        if len(result.signed) < wanted.threshold:
            raise BadChain(
                file,
                f"is signed by {len(result.signed)} of the keys that may sign it, "
                f"and root {root.version} wants {wanted.threshold}",
            )
        keys |= result.signed
    if set(metadata.signatures) - set(keys):
        raise BadChain(file, "has a signature that is wrong, or by a key that may not sign it")


def _check_bound(file: str, data: bytes, bound: MetaFile) -> None:
    digest = (bound.hashes or {}).get("sha256")
    if bound.length != len(data) or digest != hashlib.sha256(data).hexdigest():
        raise BadChain(file, "is not the file that the signed metadata names" if data else "is missing")


def _targets(file: str, targets: Targets) -> dict[str, Target]:
    if targets.delegations is not None:
        raise BadChain(file, "hands its trust on to others, which ours never does")
    found = {}
    for path, target in targets.targets.items():
        sha256 = target.hashes.get("sha256")
        if sha256 is None:
            raise BadChain(file, f"names no SHA-256 of {path}")
        found[path] = Target(sha256, target.length)
    return found
