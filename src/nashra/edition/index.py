"""``edition.json``: which edition this is, and which revision of each volume belongs to it.

One way to write it down, and it must be read in no other: a signature covers its bytes. Must not know who
signs it, and must not look at a volume's files.
"""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import dataclass
from typing import Any

SCHEMA = "nashra-edition-1"
# A publication's front, which belongs to no month.
FRONT = "front"
INDEX_PATH = "edition/edition.json"
MANIFEST_FILE = "SHA256"
EDITION_MANIFEST = f"edition/{MANIFEST_FILE}"
PUBLIC_KEY_PATH = "edition/edition.pub"
PUBLIC_PEM_PATH = "edition/edition.pem"
# A century of months with long names takes some 250 KB.
MAX_INDEX_BYTES = 1024 * 1024
MAX_NUMBER = 2**53 - 1

_NAME = re.compile(r"front|[0-9]{4}-(?:0[1-9]|1[0-2])")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


class BadIndex(ValueError):
    """Bytes that are no ``edition.json`` of ours; the message goes on from the file's name."""


@dataclass(frozen=True, slots=True)
class Volume:
    """A volume as an edition names it; ``sha256`` and ``size_bytes`` are those of its list of files."""

    name: str
    revision: int
    sha256: str
    size_bytes: int
    files: int
    total_bytes: int

    @property
    def manifest_path(self) -> str:
        """Where the list of its files lies, from the edition's root."""
        return volume_manifest_path(self.name, self.revision)


@dataclass(frozen=True, slots=True)
class Edition:
    """The state of a publication at a cut: ``number`` rises with each, ``cut_at`` is UTC in whole seconds."""

    number: int
    cut_at: datetime.datetime
    name: str
    volumes: tuple[Volume, ...]


def volume_manifest_path(name: str, revision: int) -> str:
    """The path of one revision's list of files: ``volumes/2026-10/r3/SHA256``."""
    return f"volumes/{name}/r{revision}/{MANIFEST_FILE}"


def month_volume(year: int, month: int) -> str:
    """The volume of what was first published in a month, as the publication's own calendar has it."""
    return f"{year:04d}-{month:02d}"


def edition_bytes(edition: Edition) -> bytes:
    """The canonical ``edition.json``.

    Raises:
        ValueError: a value is none that an edition can have.
    """
    if edition.cut_at.utcoffset() is None or edition.cut_at.microsecond:
        raise ValueError("An edition is cut at a whole second of a known time zone.")
    content = {
        "schema": SCHEMA,
        "number": edition.number,
        "cut_at": edition.cut_at.astimezone(datetime.UTC).strftime(_MOMENT),
        "name": edition.name,
        "volumes": [
            {field: getattr(volume, field) for field in Volume.__slots__}
            for volume in sorted(edition.volumes, key=lambda volume: volume.name)
        ],
    }
    data = _canonical(content)
    parse_edition(data)
    return data


def parse_edition(data: bytes) -> Edition:
    """The edition that an ``edition.json`` names, which must be written exactly as ours are.

    Raises:
        BadIndex: it is not.
    """
    if len(data) > MAX_INDEX_BYTES:
        raise BadIndex(f"is longer than {MAX_INDEX_BYTES} bytes")
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadIndex("is no JSON") from error
    try:
        edition = _edition(content)
        canonical = _canonical(content)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise BadIndex("does not say what an edition says") from error
    if canonical != data:
        raise BadIndex("is not written in the one way that a signature can cover")
    return edition


def _canonical(content: Any) -> bytes:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8") + b"\n"


def _edition(content: Any) -> Edition:
    if not isinstance(content, dict) or content.keys() != {"schema", "number", "cut_at", "name", "volumes"}:
        raise ValueError
    is_list = isinstance(content["volumes"], list)
    if not is_list or not isinstance(content["name"], str) or content["schema"] != SCHEMA:
        raise ValueError
    moment = datetime.datetime.strptime(content["cut_at"], _MOMENT).replace(tzinfo=datetime.UTC)
    if moment.strftime(_MOMENT) != content["cut_at"]:
        raise ValueError
    volumes = tuple(_volume(each) for each in content["volumes"])
    names = [volume.name for volume in volumes]
    if names != sorted(set(names)):
        raise ValueError
    return Edition(_whole(content["number"], at_least=1), moment, content["name"], volumes)


def _volume(content: Any) -> Volume:
    if not isinstance(content, dict) or content.keys() != set(Volume.__slots__):
        raise ValueError
    if not _NAME.fullmatch(content["name"]) or not _DIGEST.fullmatch(content["sha256"]):
        raise ValueError
    return Volume(
        name=content["name"],
        revision=_whole(content["revision"], at_least=1),
        sha256=content["sha256"],
        size_bytes=_whole(content["size_bytes"]),
        files=_whole(content["files"]),
        total_bytes=_whole(content["total_bytes"]),
    )


def _whole(value: Any, *, at_least: int = 0) -> int:
    if type(value) is not int or not at_least <= value <= MAX_NUMBER:
        raise ValueError
    return value
