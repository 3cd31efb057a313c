"""Where commands find keys, and how they ask for what opens them.

Passphrases come from a file that ``NASHRA_KEYS_PASSPHRASE_FILE`` names, or are asked for without being
shown. Must not keep any, and must not make or change keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from nashra import environment
from nashra.doorway import Refusal, refuse, var_folder
from nashra.seal.keyring import (
    KEY_NAMES,
    BadKeyring,
    Keyring,
    open_key,
    open_keyring,
    read_passphrases,
    read_roots,
)
from nashra.seal.signing import SigningKey

# What `nashra demo` makes, and says of it that it is for trying only.
THROW_AWAY_PASSPHRASES = "passphrases.txt"


def keys_folder() -> Path:
    """The folder of this newsroom's keys."""
    return var_folder() / "keys"


def passphrases_for(folder: Path, names: Iterable[str], *, may_ask: bool = True) -> dict[str, str]:
    """What opens these keys of a folder.

    Raises:
        Refusal: they are not at hand, and nobody may be asked.
    """
    given = environment.text("NASHRA_KEYS_PASSPHRASE_FILE")
    file = Path(given) if given else folder / THROW_AWAY_PASSPHRASES
    try:
        if given or file.is_file():
            return read_passphrases(file)
    except BadKeyring as error:
        raise Refusal(str(error)) from error
    if not may_ask:
        refuse("No passphrases are at hand: name a file of them in NASHRA_KEYS_PASSPHRASE_FILE.")
    return {name: click.prompt(f"Passphrase of the {name} key", hide_input=True) for name in names}


def open_keys(folder: Path, *, may_ask: bool = True) -> Keyring:
    """The keys that sign an edition by themselves, unlocked.

    Raises:
        Refusal: there are none, or they cannot be opened.
    """
    if not folder.is_dir():
        refuse(f"There are no keys in {folder}: hold a key ceremony first (`nashra keys init`).")
    passphrases = passphrases_for(folder, KEY_NAMES, may_ask=may_ask)
    try:
        return open_keyring(folder, passphrases)
    except BadKeyring as error:
        raise Refusal(str(error)) from error


def open_some_keys(folder: Path, *names: str) -> list[SigningKey]:
    """These keys of a folder, unlocked, in their order.

    Raises:
        Refusal: one is missing, or cannot be opened.
    """
    passphrases = passphrases_for(folder, names)
    try:
        return [open_key(folder, name, passphrases) for name in names]
    except BadKeyring as error:
        raise Refusal(str(error)) from error


def roots_of(folder: Path) -> Sequence[bytes]:
    """Every root in a folder of keys, the first first.

    Raises:
        Refusal: there is none, or one does not hold.
    """
    try:
        return read_roots(folder)
    except BadKeyring as error:
        raise Refusal(str(error)) from error
