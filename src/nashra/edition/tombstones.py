"""``edition/tombstones.json``: the withdrawn stories that readers' devices should forget, written in one way.

A story is named by the hash of its id alone: who still holds its page can tell that it is meant, and nobody
else what it was. Must not know who asked for it, nor when.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from typing import Any

SCHEMA = "nashra-tombstones-1"
TOMBSTONES_PATH = "edition/tombstones.json"
MAX_TOMBSTONES = 20_000
MAX_TOMBSTONES_BYTES = 2 * 1024 * 1024
_HASH = re.compile(r"[0-9a-f]{64}")


class BadTombstones(ValueError):
    """A list of tombstones that is none of ours; the message goes on from its name."""


def story_hash(public_id: str) -> str:
    """How a tombstone names the story of this id: SHA-256, in hexadecimal, of ``urn:nashra:story:ID``.

    Every copy of a story's page says its id: that of its ``article``.
    """
    return hashlib.sha256(f"urn:nashra:story:{public_id}".encode()).hexdigest()


def tombstones_bytes(hashes: Iterable[str]) -> bytes:
    """The canonical ``tombstones.json`` of stories by their hashes, in whatever order.

    Raises:
        BadTombstones: one is no hash, or there are more than ``MAX_TOMBSTONES``.
    """
    data = _canonical({"schema": SCHEMA, "stories": sorted(set(hashes))})
    parse_tombstones(data)
    return data


def parse_tombstones(data: bytes) -> tuple[str, ...]:
    """The hashes that a ``tombstones.json`` lists, which must be written exactly as ours are.

    Raises:
        BadTombstones: it is not.
    """
    if len(data) > MAX_TOMBSTONES_BYTES:
        raise BadTombstones(f"is longer than {MAX_TOMBSTONES_BYTES} bytes")
    try:
        content = json.loads(data)
        canonical = _canonical(content)
    except (ValueError, RecursionError) as error:
        raise BadTombstones("is no JSON") from error
    if not isinstance(content, dict) or content.keys() != {"schema", "stories"}:
        raise BadTombstones("does not say what a list of tombstones says")
    hashes = content["stories"]
    if content["schema"] != SCHEMA or not isinstance(hashes, list):
        raise BadTombstones("does not say what a list of tombstones says")
    if len(hashes) > MAX_TOMBSTONES:
        raise BadTombstones(f"names more than {MAX_TOMBSTONES} stories")
    if not all(isinstance(each, str) and _HASH.fullmatch(each) for each in hashes):
        raise BadTombstones("names a story by something that is no hash")
    if hashes != sorted(set(hashes)) or canonical != data:
        raise BadTombstones("is not written in the one way that a signature can cover")
    return tuple(hashes)


def _canonical(content: Any) -> bytes:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8") + b"\n"
