"""A folder, what a reader trusts and remembers, and the clock → a verdict.

Must not ask a network, and writes nothing but the reader's own memory, where it is given one.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from nashra.seal.signing import PublicKey
from nashra.verifier.edition import EditionCheck
from nashra.verifier.memory import Memory
from nashra.verifier.verdict import Problem, Trust, Verdict, judge


@dataclass(frozen=True, slots=True)
class Trusted:
    """What a reader names as trusted: a key, or the fingerprint of the first root, or neither."""

    key: PublicKey | None = None
    root_fingerprint: str | None = None


def vouches(folder: Path, trusted: Trusted, memory: Memory) -> Verdict:
    """Whether what the reader trusts vouches for the lists in a folder, whose files may still be to come.

    Gives what was found of that alone; the state is not judged, and nothing is learned.

    Raises:
        OSError: the folder cannot be read through.
    """
    given = trusted if trusted.key or trusted.root_fingerprint else _remembered(folder, memory)
    return EditionCheck(folder).run(given.key, given.root_fingerprint)


def verify_edition(folder: Path, trusted: Trusted, *, now: datetime.datetime, memory: Memory) -> Verdict:
    """What can be said of the edition in a folder; what was found authentic is learned by ``memory``.

    Raises:
        OSError: the folder cannot be read through.
    """
    check = EditionCheck(folder)
    given = trusted if trusted.key or trusted.root_fingerprint else _remembered(folder, memory)
    verdict = check.run(given.key, given.root_fingerprint)
    chain = check.chain
    if verdict.trust is Trust.ROOT and chain is not None:
        seen_version = memory.roots.get(chain.root_fingerprint, 0)
        if chain.root_version < seen_version:
            verdict.problems.append(Problem("root-behind", f"metadata/{chain.root_version}.root.json"))
    seen = memory.seen.get(verdict.key_text)
    verdict.highest_seen = seen.number if seen else None
    judge(verdict, now=now, newest_seen=seen.cut_at if seen else None)
    if verdict.exit_code == 0 and verdict.number is not None and verdict.cut_at is not None:
        if verdict.trust is Trust.ROOT and chain is not None:
            memory.learn_root(chain.root_fingerprint, chain.root_version, verdict.key_text)
        else:
            memory.keys.add(verdict.key_text)
        memory.learn(verdict.key_text, verdict.number, verdict.cut_at)
    return verdict


def _remembered(folder: Path, memory: Memory) -> Trusted:
    """What the reader trusted before, of that which lies here: a root before a key."""
    fingerprint, key_text = EditionCheck(folder).identify()
    if fingerprint in memory.roots:
        return Trusted(root_fingerprint=fingerprint)
    if key_text in memory.keys:
        return Trusted(key=PublicKey.from_text(key_text))
    return Trusted()
