"""What a reader's verifier remembers: trusted roots and keys, and the newest edition seen of each key.

One small file in the reader's own folder, for their eyes alone. A phone that is seized tells by it that its
owner read this newsroom; whoever fears that switches it off. Must not remember anything that was not checked.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SCHEMA = "nashra-memory-1"
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"
MAX_MEMORY_BYTES = 1024 * 1024


@dataclass(slots=True)
class Seen:
    """The highest edition and the newest signed date seen of one edition key."""

    number: int
    cut_at: datetime.datetime


@dataclass(slots=True)
class Memory:
    """All that is remembered; ``keys`` by their 56 characters, ``roots`` by the first root's fingerprint.

    ``keys`` holds those that the reader named, or that a trusted root vouches for; a root's value is the
    version that was the newest.
    """

    seen: dict[str, Seen] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    roots: dict[str, int] = field(default_factory=dict)
    keys_of_roots: dict[str, str] = field(default_factory=dict)

    def learn(self, key: str, number: int, cut_at: datetime.datetime) -> None:
        """An edition of this key was found authentic."""
        before = self.seen.get(key)
        if before is None or (number, cut_at) > (before.number, before.cut_at):
            self.seen[key] = Seen(
                max(number, before.number if before else 0), max(cut_at, before.cut_at if before else cut_at)
            )

    def learn_root(self, fingerprint: str, version: int, key: str) -> None:
        """This root vouches for this edition key; one that it named before is retired and forgotten.

        What a thief signed with a retired key must not make every true edition look old for ever.
        """
        before = self.keys_of_roots.get(fingerprint)
        if before is not None and before != key:
            self.seen.pop(before, None)
            self.keys.discard(before)
        self.roots[fingerprint] = max(version, self.roots.get(fingerprint, 0))
        self.keys_of_roots[fingerprint] = key


def memory_file(environment: dict[str, str]) -> Path:
    """Where it lies, by the XDG base directories."""
    base = environment.get("XDG_STATE_HOME") or os.path.join(  # noqa: PTH118 -- a text, not yet a path
        environment.get("HOME", "."), ".local", "state"
    )
    return Path(base) / "nashra" / "seen.json"


def read_memory(file: Path) -> Memory:
    """What is remembered; nothing where there is no file, or none that can be read."""
    try:
        with file.open("rb") as opened:
            content = json.loads(opened.read(MAX_MEMORY_BYTES))
        return _parse(content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Memory()


def write_memory(file: Path, memory: Memory) -> bool:
    """Keep it, whole or not at all; says whether that could be done."""
    content = {
        "schema": SCHEMA,
        "seen": {
            key: {"number": seen.number, "cut_at": seen.cut_at.strftime(_MOMENT)}
            for key, seen in memory.seen.items()
        },
        "keys": sorted(memory.keys),
        "roots": memory.roots,
        "keys_of_roots": memory.keys_of_roots,
    }
    temporary = file.with_name(f"{file.name}.{os.getpid()}.new")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as opened:
            json.dump(content, opened, sort_keys=True, indent=1)
        temporary.replace(file)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        return False
    return True


def _parse(content: dict[str, Any]) -> Memory:
    if content["schema"] != SCHEMA:
        return Memory()
    return Memory(
        seen={
            str(key): Seen(int(each["number"]), _moment(each["cut_at"]))
            for key, each in content["seen"].items()
        },
        keys={str(key) for key in content["keys"]},
        roots={str(root): int(version) for root, version in content["roots"].items()},
        keys_of_roots={str(root): str(key) for root, key in content["keys_of_roots"].items()},
    )


def _moment(text: str) -> datetime.datetime:
    return datetime.datetime.strptime(text, _MOMENT).replace(tzinfo=datetime.UTC)
