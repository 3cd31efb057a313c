"""The edition key: Ed25519, in the forms that signify, minisign and openssl read.

One public key serves all of them. Must hold no cryptography of its own and no file formats (see
``signature_files``), and must not know what is signed or whether a key is still to be trusted.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SEED_BYTES = 32
KEY_BYTES = 32
NUMBER_BYTES = 8
SIGNATURE_BYTES = 64

# How signify and minisign call a plain Ed25519 key and signature.
ALGORITHM = b"Ed"
PUBLIC_COMMENT = b"untrusted comment: nashra edition public key\n"
TEXT_CHARACTERS = 56


class BadSignature(ValueError):
    """Bytes that this key did not sign, or no signature at all; the message goes on from a file's name."""


class BadKey(ValueError):
    """Text or bytes that are no edition key; the message says why."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An edition key as readers know it; ``number`` is made from ``key`` and names it in signatures."""

    number: bytes
    key: bytes

    @classmethod
    def of(cls, key: bytes) -> PublicKey:
        """The public key of these 32 bytes.

        Raises:
            BadKey: they are not 32.
        """
        if len(key) != KEY_BYTES:
            raise BadKey(f"holds {len(key)} bytes where a key has {KEY_BYTES}")
        # Both programs want a number, and a random one would be one more thing to keep.
        return cls(hashlib.sha256(key).digest()[:NUMBER_BYTES], key)

    @classmethod
    def from_text(cls, text: str) -> PublicKey:
        """The key that these 56 characters name, as they are printed on cards and read out.

        Raises:
            BadKey: they are no key of ours; white space around and between them does not matter.
        """
        characters = "".join(text.split())
        if len(characters) != TEXT_CHARACTERS:
            raise BadKey(f"has {len(characters)} characters where a key has {TEXT_CHARACTERS}")
        data = decode_base64(characters.encode("utf-8", "surrogatepass"), BadKey)
        public = cls.of(data[len(ALGORITHM) + NUMBER_BYTES :])
        if data != ALGORITHM + public.number + public.key:
            raise BadKey("holds a wrong character: its parts do not belong together")
        return public

    @classmethod
    def from_file_bytes(cls, data: bytes) -> PublicKey:
        """The key that an ``edition.pub`` holds, which must be written exactly as ours are.

        Raises:
            BadKey: it is no such file.
        """
        if not data.startswith(PUBLIC_COMMENT) or len(data) > 200:
            raise BadKey("is no edition.pub of ours: its first line is another")
        try:
            public = cls.from_text(data[len(PUBLIC_COMMENT) :].decode("ascii"))
        except UnicodeDecodeError as error:
            raise BadKey("is no edition.pub of ours: it holds more than letters and digits") from error
        if public.file_bytes() != data:
            raise BadKey("is no edition.pub of ours: it is written otherwise")
        return public

    @property
    def text(self) -> str:
        """The 56 characters by which the key is printed, spoken and typed."""
        return base64.b64encode(ALGORITHM + self.number + self.key).decode("ascii")

    def file_bytes(self) -> bytes:
        """``edition.pub``: what ``signify -p`` and ``minisign -p`` take."""
        return PUBLIC_COMMENT + self.text.encode("ascii") + b"\n"

    def pem(self) -> bytes:
        """``edition.pem``: what ``openssl pkeyutl`` and browsers take.

        Source: RFC 8410, section 4.
        """
        key = Ed25519PublicKey.from_public_bytes(self.key)
        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def check(self, signature: bytes, data: bytes) -> None:
        """Accept 64 bytes that this key's owner made from exactly this data.

        Raises:
            BadSignature: they are not.
        """
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, data)
        except (InvalidSignature, ValueError) as error:
            raise BadSignature("was not signed by this key, or was changed since") from error


class SigningKey:
    """The secret half; it shows itself in no ``repr``, and is not to be copied."""

    __slots__ = ("_key", "public")

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = PublicKey.of(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    @classmethod
    def from_seed(cls, seed: bytes) -> SigningKey:
        """The key of 32 secret bytes, the same each time.

        Raises:
            ValueError: they are not 32.
        """
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    def crypto_key(self) -> Ed25519PrivateKey:
        """The key itself, for The Update Framework's signers, and for nothing else."""
        return self._key

    def sign(self, data: bytes) -> bytes:
        """The 64 bytes of a plain signature.

        Source: RFC 8032, section 5.1.6: deterministic, the same for the same data.
        """
        return self._key.sign(data)


def decode_base64(text: bytes, error: type[ValueError]) -> bytes:
    """Base64 in its one canonical spelling: no space, no spare bits, no missing sign.

    Raises:
        ValueError: of the kind ``error``; it is not.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as found:
        raise error("holds a line that is not base64") from found
    if base64.b64encode(data) != text:
        raise error("holds base64 with spare bits, which could be changed unnoticed")
    return data
