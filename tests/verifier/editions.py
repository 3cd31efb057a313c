"""Editions for the verifier's tests: small, real, signed by keys that the tests hold."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from nashra.binding.cutting import Leaf, finish, prepare, prepared_targets, sign_prepared
from nashra.binding.folders import EditionFolder
from nashra.binding.vouching import versions_in, vouch_for
from nashra.edition.mirrors import mirrors_bytes
from nashra.edition.notices import Notices
from nashra.edition.tombstones import tombstones_bytes
from nashra.seal.metadata import Holders, root_bytes
from nashra.seal.signature_files import sign_manifest
from nashra.seal.signing import SigningKey

EDITION, ONE, TWO, THREE, TARGETS, SNAPSHOT, THIEF, NEW_EDITION, NEW_TARGETS = (
    SigningKey.from_seed(bytes([number]) * 32) for number in range(40, 49)
)
HOLDERS = Holders([ONE, TWO, THREE], TARGETS, SNAPSHOT, SNAPSHOT)
CUT = datetime.datetime(2026, 11, 26, 8, 0, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
ROOT = root_bytes(HOLDERS, version=1, now=CUT)
FRONT, OCTOBER, NOVEMBER = (frozenset([name]) for name in ("front", "2026-10", "2026-11"))
NOTICES = Notices(mirrors_bytes(()), tombstones_bytes(()))
LEAVES = (
    Leaf("en/index.html", FRONT, b"<p>home</p>" * 40),
    Leaf("en/harbour/the-ferry/index.html", OCTOBER, b"<p>the ferry</p>" * 40),
    Leaf("ar/سوق/index.html", NOVEMBER, "<p>الخبز</p>".encode() * 40),
    Leaf("photos/ferry.jpg", OCTOBER | NOVEMBER, b"\xff\xd8ferry" * 40),
)


def cut(
    folder: Path,
    leaves: Sequence[Leaf] = LEAVES,
    *,
    at: datetime.datetime = CUT,
    key: SigningKey = EDITION,
    roots: Sequence[bytes] = (ROOT,),
    holders: Holders = HOLDERS,
) -> Path:
    """Cut the next edition into a folder, and give it."""
    edition = EditionFolder(folder, folder.with_name(f"{folder.name}.next"))
    assert prepare(edition, leaves, name="The Lantern", cut_at=at, public=key.public, notices=NOTICES)
    chain = vouch_for(
        prepared_targets(edition),
        roots,
        before=versions_in(folder),
        keys=(holders.targets, holders.snapshot, holders.timestamp),
        now=at,
    )
    sign = partial(sign_manifest, key, trusted_comment="edition")
    finish(edition, sign_prepared(edition, sign), public=key.public, chain=chain)
    return folder


def corrected(words: bytes) -> Leaf:
    """The ferry's story with other words."""
    return replace(LEAVES[1], content=words)


def copy(folder: Path, to: Path) -> Path:
    """The same edition, as a carrier brings it."""
    shutil.copytree(folder, to)
    return to


def forge_number(folder: Path, number: int, *, key: SigningKey = EDITION, at=CUT, holders=HOLDERS) -> Path:
    """An edition with any number, signed by whoever holds the keys."""
    from nashra.edition.index import edition_bytes

    edition = EditionFolder(folder, folder.with_name(f"{folder.name}.next"))
    lying = edition.edition()
    assert lying is not None
    index = folder / "edition" / "edition.json"
    index.write_bytes(edition_bytes(replace(lying, number=number - 1)))
    return cut(folder, [corrected(b"<p>a forged ferry</p>")], at=at, key=key, holders=holders)
