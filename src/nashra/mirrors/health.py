"""How a mirror is, by what it answers at its public address: which edition, and whether it is the newsroom's.

Begins at our own roots and believes only what they lead to; of the files it takes a sample. Must not write
anything, nor look by itself: somebody asks.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from nashra.binding.vouching import read_chain
from nashra.edition.index import EDITION_MANIFEST, INDEX_PATH, PUBLIC_KEY_PATH, Edition, parse_edition
from nashra.edition.manifest import parse_manifest
from nashra.seal.chain import MAX_SIZE_BYTES, BadChain, Chain, ChainFiles, check_chain
from nashra.seal.metadata import Target
from nashra.seal.signature_files import check_raw
from nashra.seal.signing import SIGNATURE_BYTES, BadKey, BadSignature, PublicKey
from nashra.verifier.fetching import FetchFailed, Mirror, Patience

LIMIT_S = 60.0
SAMPLE = 5
MAX_FILE_BYTES = 20 * 1024 * 1024
_MOST_AT_ONCE = 16
# Only to see whether pages of other sites may read: no name of ours.
_FOREIGN_ORIGIN = "https://reader.example"


@dataclass(frozen=True, slots=True)
class Look:
    """What was found out about a mirror; ``None`` where it could not be told, ``problem`` goes on from it."""

    name: str
    looked_at: datetime.datetime
    is_reachable: bool | None = None
    edition_number: int | None = None
    is_intact: bool | None = None
    allows_other_sites: bool | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Looking:
    """How to look: clocks, dice, and for how long at most; ``roots`` are all of ours, the first first."""

    roots: Sequence[bytes]
    now: Callable[[], datetime.datetime]
    dice: random.Random
    limit_s: float = LIMIT_S
    sample: int = SAMPLE
    monotonic: Callable[[], float] = time.monotonic


class _NotIntact(Exception):
    """Something that the mirror answers is not the newsroom's, or not whole."""


def own_roots(edition: Path) -> Sequence[bytes]:
    """The roots that lie in our own edition, the first first.

    Raises:
        OSError: they cannot be read.
    """
    chain = read_chain(edition)
    return chain.roots if chain else ()


def look_at_all(urls: Iterable[tuple[str, str]], looking: Looking) -> Iterator[Look]:
    """Look at mirrors, by names and addresses, all at once; each look as it comes."""
    with ThreadPoolExecutor(_MOST_AT_ONCE) as pool:
        looks = [pool.submit(look_at, name, url, looking) for name, url in urls]
        for look in as_completed(looks):
            yield look.result()


def look_at(name: str, url: str, looking: Looking) -> Look:
    """Look at one mirror; whatever it answers, this ends in time and raises nothing."""
    at = looking.now()
    if not url:
        return Look(name, at, problem="has no public address at which it could be looked at")
    patience = Patience(looking.limit_s, seconds_over_all=looking.limit_s)
    mirror: Mirror | None = None
    number: int | None = None
    is_intact, problem = True, ""
    try:
        mirror = Mirror(url, patience, looking.monotonic, origin=_FOREIGN_ORIGIN)
        chain = _chain(mirror, looking.roots)
        edition = _edition(mirror, chain)
        number = edition.number
        _check_sample(mirror, edition, looking)
        if chain.expires_at <= at:
            problem = f"carries metadata that expired on {chain.expires_at:%Y-%m-%d}: push to it"
    except FetchFailed as error:
        problem = f"has no good {error.path}: it {error}"
        if error.status is None:
            # One that answered at first, and then no more, is neither intact nor away.
            return Look(name, at, number is not None, number, None, _allows_others(mirror), problem)
        is_intact = False
    except _NotIntact as error:
        is_intact, problem = False, str(error)
    finally:
        if mirror is not None:
            mirror.close()
    return Look(name, at, True, number, is_intact, _allows_others(mirror), problem)


def _allows_others(mirror: Mirror | None) -> bool | None:
    """Whether other sites' pages may read it, as far as it said so."""
    if mirror is None:
        return None
    return mirror.readable_from in {"*", _FOREIGN_ORIGIN}


def _chain(mirror: Mirror, roots: Sequence[bytes]) -> Chain:
    timestamp = mirror.read("metadata/timestamp.json", max_bytes=MAX_SIZE_BYTES["timestamp"])
    snapshot_version = _named_version(timestamp, "snapshot.json")
    snapshot = mirror.read(f"metadata/{snapshot_version}.snapshot.json", max_bytes=MAX_SIZE_BYTES["snapshot"])
    targets_version = _named_version(snapshot, "targets.json")
    targets = mirror.read(f"metadata/{targets_version}.targets.json", max_bytes=MAX_SIZE_BYTES["targets"])
    # An edition from before the last change of keys is signed as the root before said.
    failure: BadChain | None = None
    for count in range(len(roots), 0, -1):
        try:
            return check_chain(ChainFiles(tuple(roots[:count]), targets, snapshot, timestamp))
        except BadChain as error:
            failure = failure or error
    raise _NotIntact(f"answers {failure.file}, which {failure}" if failure else "has no root of ours")


def _named_version(data: bytes, name: str) -> int:
    """The version that metadata names, before it is known to be ours: only to ask for the next file."""
    try:
        version = json.loads(data)["signed"]["meta"][name]["version"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise _NotIntact("answers metadata/timestamp.json with something else") from error
    if type(version) is not int or not 0 < version < 10**9:
        raise _NotIntact("answers metadata/timestamp.json with something else")
    return version


def _edition(mirror: Mirror, chain: Chain) -> Edition:
    manifest, index, key = (
        _fetch(mirror, path, chain.targets.get(path))
        for path in (EDITION_MANIFEST, INDEX_PATH, PUBLIC_KEY_PATH)
    )
    try:
        raw = mirror.read(f"{EDITION_MANIFEST}.raw", max_bytes=SIGNATURE_BYTES)
        check_raw(PublicKey.from_file_bytes(key), raw, manifest)
        return parse_edition(index)
    except BadSignature as error:
        raise _NotIntact(f"answers {EDITION_MANIFEST}.raw, which {error}") from error
    except (BadKey, ValueError) as error:
        raise _NotIntact(f"carries an edition that {error}") from error


def _check_sample(mirror: Mirror, edition: Edition, looking: Looking) -> None:
    """A few files of a few volumes, chosen by dice that a mirror cannot know."""
    count = min(2, len(edition.volumes))
    for volume in looking.dice.sample(edition.volumes, count):
        manifest = _fetch(mirror, volume.manifest_path, Target(volume.sha256, volume.size_bytes))
        digests = parse_manifest(manifest)
        for path in looking.dice.sample(sorted(digests), min(looking.sample, len(digests))):
            data = mirror.read(path, max_bytes=MAX_FILE_BYTES)
            if hashlib.sha256(data).hexdigest() != digests[path]:
                raise _NotIntact(f"answers {path} with other bytes than the newsroom signed")


def _fetch(mirror: Mirror, path: str, target: Target | None) -> bytes:
    if target is None:
        raise _NotIntact(f"carries metadata that does not name {path}")
    data = mirror.read(path, max_bytes=target.size_bytes)
    if hashlib.sha256(data).hexdigest() != target.sha256:
        raise _NotIntact(f"answers {path} with other bytes than the newsroom signed")
    return data
