"""The next root from the last: who holds which key from now on, signed in steps by people who need not meet.

A root that still lacks signatures is a draft: nobody believes it, and anybody may carry it. Must not read key
files, and must not decide who is to be trusted.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.metadata import Metadata, Root
from tuf.api.serialization.json import JSONSerializer

from nashra.seal.chain import check_roots, read_root
from nashra.seal.metadata import ROLES, expiry
from nashra.seal.signing import PublicKey, SigningKey

ROOT_NAMES = ("root-1", "root-2", "root-3")


class CannotRotate(Exception):
    """The next root cannot be made or signed so; the message says why."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """How many signatures a draft still lacks, of the old root's keys and of its own."""

    old: int
    new: int

    def __bool__(self) -> bool:
        return bool(self.old or self.new)


def draft_root(roots: Sequence[bytes], replaced: Mapping[str, SSlibKey], *, now: datetime.datetime) -> bytes:
    """The next root, unsigned; ``replaced`` are new keys, by the key id that each takes the place of.

    Raises:
        BadChain: the roots do not hold.
        CannotRotate: no role has a key with such an id.
    """
    before = check_roots(roots)
    root = Root(before.version + 1, before.spec_version, expiry("root", now), consistent_snapshot=True)
    left = dict(replaced)
    for role in ROLES:
        for key_id in before.roles[role].keyids:
            key = replaced.get(key_id, before.keys[key_id])
            left.pop(key_id, None)
            root.add_key(key, role)
        root.roles[role].threshold = before.roles[role].threshold
    if left:
        raise CannotRotate("The newest root names no key that is to be replaced: it may be replaced already.")
    return _written(Metadata[Any](root))


def add_signature(draft: bytes, key: SigningKey, roots: Sequence[bytes]) -> bytes:
    """The draft with one more signature, of a key that the old root or the draft itself names.

    Raises:
        BadChain: the roots do not hold, or the draft is none.
        CannotRotate: the key may not sign it.
    """
    metadata = read_root(draft)
    signer = CryptoSigner(key.crypto_key())
    allowed = {
        key_id for root in (check_roots(roots), metadata.signed) for key_id in root.roles["root"].keyids
    }
    if signer.public_key.keyid not in allowed:
        raise CannotRotate("This is no root key: neither the old root nor the new one names it.")
    metadata.signatures.pop(signer.public_key.keyid, None)
    metadata.sign(signer, append=True)
    metadata.signatures = dict(sorted(metadata.signatures.items()))
    return _written(metadata)


def lacking(draft: bytes, roots: Sequence[bytes]) -> Lacking:
    """How many signatures a draft still lacks.

    Raises:
        BadChain: the roots do not hold, or the draft is none.
    """
    metadata = read_root(draft)
    counts = []
    for root in (check_roots(roots), metadata.signed):
        result = root.get_verification_result("root", metadata.signed_bytes, metadata.signatures)
        counts.append(max(0, root.roles["root"].threshold - len(result.signed)))
    return Lacking(*counts)


def finished(draft: bytes, roots: Sequence[bytes]) -> bytes:
    """The draft as the next root, where every signature is there that is needed and none that is not.

    Raises:
        BadChain: it is not believed yet.
    """
    check_roots([*roots, draft])
    return draft


def key_of(public: PublicKey) -> SSlibKey:
    """A public key as metadata names it."""
    return SSlibKey.from_crypto(Ed25519PublicKey.from_public_bytes(public.key))


def key_ids(roots: Sequence[bytes]) -> dict[str, list[str]]:
    """The ids of each role's keys in the newest root.

    Raises:
        BadChain: the roots do not hold.
    """
    root = check_roots(roots)
    return {role: list(root.roles[role].keyids) for role in ROLES}


def _written(metadata: Metadata[Any]) -> bytes:
    written: bytes = metadata.to_bytes(JSONSerializer(compact=True))
    return written
