"""A newsroom's folder of keys: those that sign editions, unlocked together, and the roots that name them.

Root keys have no place in it. Must not ask anybody for a passphrase, and must not make up a newsroom's real
keys: those are made at a ceremony.
"""

from __future__ import annotations

import datetime
import os
import re
import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nashra.seal.chain import BadChain, check_roots
from nashra.seal.keyfiles import BadKeyFile, read_key_file, write_key_file
from nashra.seal.metadata import Holders, root_bytes
from nashra.seal.signing import SEED_BYTES, SigningKey

# Snapshot's key signs timestamps too: both are needed at every cut, on the same machine.
KEY_NAMES = ("edition", "targets", "snapshot")
THROW_AWAY_MARK = "throw-away"
_ROOT_FILE = re.compile(r"([1-9][0-9]*)\.root\.json")
_MAX_PASSPHRASE_FILE_BYTES = 64 * 1024
_THROW_AWAY_TEXT = """These keys are for trying only.

They were made by themselves, without a ceremony, and their passphrases lie beside them: whoever can read
this folder can sign in the newsroom's name. Nobody should trust what they sign. Before readers rely on your
editions, hold a key ceremony (docs/how-to/hold-a-key-ceremony.md) and remove this folder.
"""


class BadKeyring(Exception):
    """A folder of keys or a file of passphrases that cannot be used; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys that sign editions; ``roots`` are all roots, the first first."""

    edition: SigningKey
    targets: SigningKey
    snapshot: SigningKey
    timestamp: SigningKey
    roots: tuple[bytes, ...]
    is_throw_away: bool


def open_keyring(folder: Path, passphrases: Mapping[str, str]) -> Keyring:
    """The keys of a folder, opened by the passphrases of these names: ``edition``, ``targets``, ``snapshot``.

    Raises:
        BadKeyring: a key is missing or does not open, or the roots do not hold.
    """
    keys = {name: open_key(folder, name, passphrases) for name in KEY_NAMES}
    return Keyring(
        edition=keys["edition"],
        targets=keys["targets"],
        snapshot=keys["snapshot"],
        timestamp=keys["snapshot"],
        roots=tuple(read_roots(folder)),
        is_throw_away=(folder / THROW_AWAY_MARK).exists(),
    )


def open_key(folder: Path, name: str, passphrases: Mapping[str, str]) -> SigningKey:
    """One key of a folder.

    Raises:
        BadKeyring: it is missing, or does not open with its passphrase.
    """
    if name not in passphrases:
        raise BadKeyring(f"No passphrase was given for the {name} key: add a line `{name}: six words`.")
    try:
        return read_key_file(folder / f"{name}.key", passphrases[name])
    except BadKeyFile as error:
        raise BadKeyring(str(error)) from error


def read_roots(folder: Path) -> Sequence[bytes]:
    """All roots of a folder, the first first, each signed by the one before it.

    Raises:
        BadKeyring: there is none, one is missing between others, or one does not hold.
    """
    try:
        found = {
            int(match[1]): file for file in folder.iterdir() if (match := _ROOT_FILE.fullmatch(file.name))
        }
        roots = [found[number].read_bytes() for number in sorted(found)]
        check_roots(roots)
    except OSError as error:
        raise BadKeyring(f"The keys' folder {folder} cannot be read: {error.strerror}.") from error
    except BadChain as error:
        name = error.file.rpartition("/")[2]
        raise BadKeyring(
            f"{folder / name} {error}: take it from your copy of the ceremony's folder."
        ) from error
    return roots


def read_passphrases(file: Path) -> dict[str, str]:
    """The passphrases of a file, by the names of their keys; one a line: ``targets: six words``.

    Raises:
        BadKeyring: it cannot be read, others can read it, or a line is not written so.
    """
    try:
        with file.open("rb") as opened:
            mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
            content = opened.read(_MAX_PASSPHRASE_FILE_BYTES).decode("utf-8")
    except OSError as error:
        raise BadKeyring(f"The file of passphrases {file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BadKeyring(f"The file of passphrases {file} is no text.") from error
    if os.name == "posix" and mode & 0o077:
        raise BadKeyring(f"Others can read {file}: run `chmod 600 {file}`, and ask who has read it.")
    found = {}
    for number, line in enumerate(content.splitlines(), start=1):
        if line.strip():
            name, colon, words = line.partition(":")
            if not colon or not words.strip():
                raise BadKeyring(f"{file}, line {number}: write a key's name, a colon and its passphrase.")
            found[name.strip()] = words.strip()
    return found


def make_throw_away_keys(
    folder: Path,
    *,
    randomness: Callable[[int], bytes],
    now: datetime.datetime,
    passphrase_file: Path,
) -> Keyring:
    """Make keys for trying, with their passphrases beside them; ``randomness`` gives so many secret bytes.

    The root keys are not kept: throw-away keys are thrown away, and never rotated.

    Raises:
        BadKeyring: there are keys already, or the disk refused.
    """
    passphrases = {name: randomness(16).hex() for name in KEY_NAMES}
    seeds = {name: randomness(SEED_BYTES) for name in (*KEY_NAMES, "root-1", "root-2", "root-3")}
    try:
        keys = {
            name: write_key_file(folder / f"{name}.key", seeds[name], passphrases[name]) for name in KEY_NAMES
        }
        roots = [SigningKey.from_seed(seeds[f"root-{number}"]) for number in (1, 2, 3)]
        holders = Holders(roots, keys["targets"], keys["snapshot"], keys["snapshot"])
        (folder / "1.root.json").write_bytes(root_bytes(holders, version=1, now=now))
        (folder / "edition.pub").write_bytes(keys["edition"].public.file_bytes())
        (folder / "edition.pem").write_bytes(keys["edition"].public.pem())
        (folder / THROW_AWAY_MARK).write_text(_THROW_AWAY_TEXT, encoding="utf-8")
        _write_private(passphrase_file, "".join(f"{name}: {words}\n" for name, words in passphrases.items()))
    except BadKeyFile as error:
        raise BadKeyring(str(error)) from error
    except OSError as error:
        raise BadKeyring(f"No keys can be written to {folder}: {error.strerror}.") from error
    return open_keyring(folder, passphrases)


def _write_private(file: Path, text: str) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(text)
