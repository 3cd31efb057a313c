"""A key ceremony's files: who holds what from now on, in folders that each go their own way.

``FOLDER/root-1`` to ``root-3`` are for three people, ``FOLDER/server`` for the machine that cuts editions.
Must not show a passphrase to anybody, and never writes over a key.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from nashra.seal.chain import BadChain
from nashra.seal.keyfiles import BadKeyFile, write_key_file
from nashra.seal.keyring import KEY_NAMES, BadKeyring, read_roots
from nashra.seal.metadata import Holders, root_bytes
from nashra.seal.rotation import (
    ROOT_NAMES,
    CannotRotate,
    add_signature,
    draft_root,
    finished,
    key_ids,
    key_of,
    lacking,
)
from nashra.seal.signing import SEED_BYTES, BadKey, PublicKey, SigningKey

SERVER = "server"
HOLDERS_FILE = "holders.json"
# The public half of keys that no root names yet.
NEXT_HOLDERS_FILE = "holders.next.json"
# Draws a new passphrase; gives so many secret random bytes.
Passphrase = Callable[[], str]
Randomness = Callable[[int], bytes]


class BadCeremony(Exception):
    """Keys cannot be made or changed so; the message says why, and what to do."""


def hold_ceremony(
    folder: Path, *, passphrase: Passphrase, randomness: Randomness, now: datetime.datetime
) -> dict[str, str]:
    """Make all keys of a newsroom; gives each key's new passphrase by its name.

    Raises:
        BadCeremony: there are keys already, or the disk refused.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BadCeremony(f"{folder} is not empty: hold the ceremony in a new folder.")
    passphrases = {name: passphrase() for name in (*ROOT_NAMES, *KEY_NAMES)}
    server = folder / SERVER
    try:
        keys = {
            name: write_key_file(_place(folder, name), randomness(SEED_BYTES), passphrases[name])
            for name in passphrases
        }
        holders = Holders(
            [keys[name] for name in ROOT_NAMES], keys["targets"], keys["snapshot"], keys["snapshot"]
        )
        (server / "1.root.json").write_bytes(root_bytes(holders, version=1, now=now))
        write_public_key(server, keys["edition"].public)
        write_holders(server, {name: key.public for name, key in keys.items()})
    except BadKeyFile as error:
        raise BadCeremony(str(error)) from error
    except OSError as error:
        raise BadCeremony(f"Nothing can be written to {folder}: {error.strerror}.") from error
    return passphrases


def _place(folder: Path, name: str) -> Path:
    return folder / (name if name in ROOT_NAMES else SERVER) / f"{name}.key"


def write_public_key(server: Path, public: PublicKey) -> None:
    """The edition key as readers take it."""
    (server / "edition.pub").write_bytes(public.file_bytes())
    (server / "edition.pem").write_bytes(public.pem())


def write_holders(server: Path, publics: Mapping[str, PublicKey], file_name: str = HOLDERS_FILE) -> None:
    """Which public key belongs to which name: nothing of it is secret."""
    content = {name: public.text for name, public in sorted(publics.items())}
    (server / file_name).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def read_holders(server: Path, file_name: str = HOLDERS_FILE) -> dict[str, PublicKey]:
    """The public keys by their names.

    Raises:
        BadCeremony: the file is missing or damaged.
    """
    file = server / file_name
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        return {name: PublicKey.from_text(text) for name, text in content.items()}
    except OSError as error:
        raise BadCeremony(f"{file} cannot be read: {error.strerror}.") from error
    except (AttributeError, BadKey, TypeError, ValueError) as error:
        raise BadCeremony(f"{file} is damaged: take it from the ceremony's folder.") from error


def rotate_edition_key(server: Path, *, passphrase: str, seed: bytes, now: datetime.datetime) -> SigningKey:
    """A new edition key in place of the old, which is kept under another name; root need not sign.

    Raises:
        BadCeremony: it cannot be made.
    """
    holders = read_holders(server)
    retire(server / "edition.key", now)
    key = _new_key(server / "edition.key", seed, passphrase)
    write_public_key(server, key.public)
    write_holders(server, {**holders, "edition": key.public})
    return key


def draft_rotation(
    server: Path, name: str, key_file: Path, *, passphrase: str, seed: bytes, now: datetime.datetime
) -> Path:
    """A new key of a name, and the draft of a root that names it; gives the draft's file.

    The key that is in use stays so until a root names the new one: see ``adopt``.

    Raises:
        BadCeremony: it cannot be made.
    """
    holders = read_holders(server)
    if name not in holders or name == "edition":
        raise BadCeremony(f"No root names a key called {name}: choose from {', '.join(_rooted(holders))}.")
    old_id = key_of(holders[name]).keyid
    try:
        roots = read_roots(server)
        key = _new_key(key_file, seed, passphrase)
        draft = draft_root(roots, {old_id: key_of(key.public)}, now=now)
    except (BadKeyring, CannotRotate) as error:
        raise BadCeremony(str(error)) from error
    write_holders(server, {name: key.public}, NEXT_HOLDERS_FILE)
    file = server / f"{len(roots) + 1}.root.draft.json"
    file.write_bytes(draft)
    return file


def next_key_file(server: Path, name: str) -> Path:
    """Where a new key of the server's lies until a root names it."""
    return server / f"{name}.next.key"


def sign_draft(
    draft_file: Path, key: SigningKey, roots: Sequence[bytes], *, now: datetime.datetime
) -> tuple[int, Path]:
    """Sign a draft; gives how many signatures it still lacks, and its file or, finished, that of the root.

    Finished where the server's keys lie, the new key is taken into use.

    Raises:
        BadCeremony: the key may not sign it, or it is no draft of the next root.
    """
    try:
        signed = add_signature(draft_file.read_bytes(), key, roots)
        missing = lacking(signed, roots)
        if missing:
            draft_file.write_bytes(signed)
            return max(missing.old, missing.new), draft_file
        root_file = draft_file.with_name(f"{len(roots) + 1}.root.json")
        root_file.write_bytes(finished(signed, roots))
        draft_file.unlink()
    except CannotRotate as error:
        raise BadCeremony(str(error)) from error
    except BadChain as error:
        raise BadCeremony(f"{draft_file} {error}.") from error
    except OSError as error:
        raise BadCeremony(f"{draft_file} cannot be read or written: {error.strerror}.") from error
    adopt(draft_file.parent, now=now)
    return 0, root_file


def adopt(server: Path, *, now: datetime.datetime) -> list[str]:
    """Take into use the new keys that the newest root names; gives their names.

    Raises:
        BadCeremony: the roots do not hold, or the disk refused.
    """
    if not (server / NEXT_HOLDERS_FILE).is_file():
        return []
    waiting = read_holders(server, NEXT_HOLDERS_FILE)
    try:
        named = {key_id for ids in key_ids(read_roots(server)).values() for key_id in ids}
        adopted = {name: public for name, public in waiting.items() if key_of(public).keyid in named}
        for name in adopted:
            if next_key_file(server, name).exists():
                retire(server / f"{name}.key", now)
                next_key_file(server, name).rename(server / f"{name}.key")
        if adopted:
            write_holders(server, {**read_holders(server), **adopted})
            (server / NEXT_HOLDERS_FILE).unlink()
    except BadKeyring as error:
        raise BadCeremony(str(error)) from error
    except OSError as error:
        raise BadCeremony(f"The new keys in {server} cannot be taken into use: {error.strerror}.") from error
    return sorted(adopted)


def retire(file: Path, now: datetime.datetime) -> None:
    """Keep an old key under a name that no command opens; what it signed is still checked by its public half.

    Raises:
        BadCeremony: the disk refused.
    """
    if not file.exists():
        return
    try:
        file.rename(file.with_name(f"{file.name}.retired-{now:%Y%m%d-%H%M%S}"))
    except OSError as error:
        raise BadCeremony(f"{file} cannot be put aside: {error.strerror}.") from error


def _rooted(holders: Mapping[str, PublicKey]) -> list[str]:
    return [name for name in holders if name != "edition"]


def _new_key(file: Path, seed: bytes, passphrase: str) -> SigningKey:
    try:
        return write_key_file(file, seed, passphrase)
    except BadKeyFile as error:
        raise BadCeremony(str(error)) from error
