"""A secret key as a file: encrypted under a passphrase, for its owner's eyes alone, never written over.

PKCS#8 in PEM, as ``openssl pkey`` reads it, after a line with the public key: the encryption alone would not
tell a damaged file from another key. OpenSSL makes the file's key from the passphrase by PBKDF2 with
2,048 rounds, which slows a guesser little: what protects a stolen file is the passphrase's own length. Must
not ask anybody for a passphrase, and must not make one up.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from nashra.seal.signing import SEED_BYTES, SigningKey

# Six words of a list of 7,776 have 77 bits; their shortest spelling is longer than this.
MIN_PASSPHRASE_CHARACTERS = 20
MAX_FILE_BYTES = 4096


class BadKeyFile(Exception):
    """A key file that cannot be used; the message says which, why, and what to do."""


def write_key_file(file: Path, seed: bytes, passphrase: str) -> SigningKey:
    """Write a new key, made of 32 secret random bytes, and give it.

    The file can be read by its owner alone from its first moment on, and so can a folder made for it.

    Raises:
        BadKeyFile: a file is there already, the disk refused, or the passphrase is too short.
        ValueError: the seed has not 32 bytes.
    """
    if len(_normal(passphrase)) < MIN_PASSPHRASE_CHARACTERS:
        raise BadKeyFile(
            f"A passphrase for {file.name} needs {MIN_PASSPHRASE_CHARACTERS} characters or more."
        )
    if len(seed) != SEED_BYTES:
        raise ValueError(f"A key is made of {SEED_BYTES} bytes.")
    key = Ed25519PrivateKey.from_private_bytes(seed)
    encryption = BestAvailableEncryption(_normal(passphrase).encode())
    signing = SigningKey(key)
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        if not file.is_file():
            raise BadKeyFile(f"No key can be written to {file}: {error.strerror}.") from error
        raise BadKeyFile(f"There is a key in {file} already: a key is never written over.") from error
    except OSError as error:
        raise BadKeyFile(f"No key can be written to {file}: {error.strerror}.") from error
    with os.fdopen(handle, "wb") as opened:
        opened.write(signing.public.text.encode() + b"\n" + secret)
        opened.flush()
        os.fsync(handle)
    return signing


def read_key_file(file: Path, passphrase: str) -> SigningKey:
    """The key that a file holds; the passphrase's case and the space between its words do not matter.

    Raises:
        BadKeyFile: it is not there, not private, damaged, no key of ours, or the passphrase is another.
    """
    name, _line, secret = _private_content(file).partition(b"\n")
    if not secret.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n"):
        raise BadKeyFile(f"{file} is no encrypted key file.")
    try:
        key = load_pem_private_key(secret, _normal(passphrase).encode())
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadKeyFile(
            f"{file} does not open with this passphrase, or is damaged: try again, then a copy of it."
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKeyFile(f"{file} holds a key of another kind: ours are Ed25519.")
    signing = SigningKey(key)
    if signing.public.text.encode() != name:
        raise BadKeyFile(f"{file} is damaged: it does not hold the key that it names. Take a copy of it.")
    return signing


def _private_content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            status = os.fstat(opened.fileno())
            content = opened.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise BadKeyFile(f"The key file {file} cannot be read: {error.strerror}.") from error
    if os.name == "posix" and stat.S_IMODE(status.st_mode) & 0o077:
        raise BadKeyFile(f"Others can read {file}: run `chmod 600 {file}`, and ask who has read it.")
    if len(content) > MAX_FILE_BYTES:
        raise BadKeyFile(f"{file} is no key file: it is longer than {MAX_FILE_BYTES} bytes.")
    return content


def _normal(passphrase: str) -> str:
    """As it is typed, so it is not always spaced."""
    return " ".join(passphrase.casefold().split())
