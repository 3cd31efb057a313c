"""``nashra verify``: a folder, a list, and in plain words what the one says of the other.

Must claim no more than was checked, and must not need Django or a network.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nashra.edition.manifest import MAX_MANIFEST_BYTES, BadManifest, parse_manifest
from nashra.edition.verify import Kind, findings

_UNSIGNED = (
    "The list is not signed: it shows that files and list agree, not who wrote them. "
    "Trust it as far as you trust the way it came to you."
)


class CannotTell(Exception):
    """Nothing can be said of the folder; the message says why."""


def verify_folder(folder: Path, manifest_file: Path, *, say: Callable[[str], None]) -> bool:
    """Whether the folder holds exactly what the list names; ``say`` gets each finding and the outcome.

    Raises:
        CannotTell: folder or list cannot be read, or the list is none, or files cannot be read and
            nothing else is wrong.
    """
    digests = _read_list(folder, manifest_file)
    kinds: set[Kind] = set()
    count = 0
    try:
        for finding in findings(folder, digests, except_file=manifest_file):
            say(f"{finding.kind}: {finding.shown_path}")
            kinds.add(finding.kind)
            count += 1
    except OSError as error:
        raise CannotTell(f"{folder} cannot be read through: {error.strerror}.") from error
    if kinds == {Kind.UNREADABLE}:
        raise CannotTell(f"{count} of the files in {folder} cannot be read; all others are as the list says.")
    if count:
        say(f"NOT WHOLE: {count} of what the folder holds, or should hold, is not as the list says.")
    else:
        say(f"Whole: {len(digests)} files, each as the list says, and no other.")
    say(_UNSIGNED)
    return not count


def _read_list(folder: Path, manifest_file: Path) -> dict[str, str]:
    if not folder.is_dir():
        raise CannotTell(f"{folder} is not a folder.")
    try:
        with manifest_file.open("rb") as file:
            return parse_manifest(file.read(MAX_MANIFEST_BYTES + 1))
    except OSError as error:
        raise CannotTell(f"The list {manifest_file} cannot be read: {error.strerror}.") from error
    except BadManifest as error:
        raise CannotTell(f"{manifest_file} is no list that can be trusted: it {error}.") from error
