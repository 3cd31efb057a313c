"""Signatures as files: signify's, minisign's, and the bare 64 bytes that openssl and browsers take.

What is read must be written exactly as it is written here: the other programs pass over comment lines and
spare bits that nobody signed, and a reader who is told "authentic" must be able to rely on every byte. Must
not know keys' secrets beyond asking one to sign, and must not read a disk.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from nashra.seal.signing import (
    ALGORITHM,
    NUMBER_BYTES,
    SIGNATURE_BYTES,
    BadSignature,
    PublicKey,
    SigningKey,
    decode_base64,
)

# signify takes the key's file name from this line where it is told no other.
_SIGNIFY_COMMENT = b"untrusted comment: verify with edition.pub\n"
_MINISIGN_COMMENT = b"untrusted comment: signature of the nashra edition key\n"
_TRUSTED = b"trusted comment: "
# minisign signs a digest in place of the file, and says so by a capital D.
_PREHASHED = b"ED"
MAX_COMMENT_BYTES = 300
_DIGEST_BYTES = 64


@dataclass(frozen=True, slots=True)
class Signatures:
    """One manifest's signature in each form.

    ``sig`` holds the manifest too (signify wants it so), ``minisig`` signs its digest, ``raw`` is 64 bytes.
    """

    sig: bytes
    minisig: bytes
    raw: bytes


def digest_for_minisign(data: bytes) -> bytes:
    """BLAKE2b-512 of a file, which minisign signs in its place."""
    return hashlib.blake2b(data).digest()


def sign_manifest(key: SigningKey, manifest: bytes, *, trusted_comment: str) -> Signatures:
    """Sign a manifest in every form; ``trusted_comment`` is one line that is signed with it.

    Raises:
        ValueError: the comment is more than one line, or too long.
    """
    raw = key.sign(manifest)
    return Signatures(
        sig=embed(key.public, raw, manifest),
        minisig=sign_digest(key, digest_for_minisign(manifest), trusted_comment=trusted_comment),
        raw=raw,
    )


def embed(public: PublicKey, raw: bytes, manifest: bytes) -> bytes:
    """The signify file of a manifest that has been signed; whether it is signed right, ``check_sig`` says."""
    return _SIGNIFY_COMMENT + base64.b64encode(ALGORITHM + public.number + raw) + b"\n" + manifest


def sign_digest(key: SigningKey, digest: bytes, *, trusted_comment: str) -> bytes:
    """A ``.minisig`` for the file with this BLAKE2b-512 digest, however large it is.

    Raises:
        ValueError: the comment is more than one line, or too long; or the digest is none.
    """
    comment = _comment_bytes(trusted_comment)
    if len(digest) != _DIGEST_BYTES:
        raise ValueError(f"A BLAKE2b-512 digest has {_DIGEST_BYTES} bytes, not {len(digest)}.")
    signature = key.sign(digest)
    return b"".join(
        (
            _MINISIGN_COMMENT,
            base64.b64encode(_PREHASHED + key.public.number + signature) + b"\n",
            _TRUSTED + comment + b"\n",
            base64.b64encode(key.sign(signature + comment)) + b"\n",
        )
    )


def check_sig(public: PublicKey, sig: bytes) -> bytes:
    """The manifest that a signify file holds and this key signed.

    Raises:
        BadSignature: it is not signed so, or not written so.
    """
    if not sig.startswith(_SIGNIFY_COMMENT):
        raise BadSignature("does not begin as our signify files do")
    line, found, manifest = sig[len(_SIGNIFY_COMMENT) :].partition(b"\n")
    if not found:
        raise BadSignature("ends before the list that it signs")
    public.check(_signature_of(public, line, ALGORITHM), manifest)
    return manifest


def check_minisig(public: PublicKey, minisig: bytes, digest: bytes) -> str:
    """The trusted comment of a minisign file by which this key signed this BLAKE2b-512 digest.

    Raises:
        BadSignature: it is not signed so, or not written so.
    """
    if not minisig.startswith(_MINISIGN_COMMENT):
        raise BadSignature("does not begin as our minisign files do")
    lines = minisig[len(_MINISIGN_COMMENT) :].split(b"\n")
    if len(lines) != 4 or lines[3] or not lines[1].startswith(_TRUSTED):
        raise BadSignature("does not have the four lines of a minisign file")
    signature = _signature_of(public, lines[0], _PREHASHED)
    comment = lines[1].removeprefix(_TRUSTED)
    public.check(signature, digest)
    public.check(decode_base64(lines[2], BadSignature), signature + comment)
    try:
        return comment.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadSignature("has a comment that is not UTF-8") from error


def check_raw(public: PublicKey, raw: bytes, data: bytes) -> None:
    """Accept 64 bytes by which this key signed this data.

    Raises:
        BadSignature: they do not.
    """
    if len(raw) != SIGNATURE_BYTES:
        raise BadSignature(f"has {len(raw)} bytes where a signature has {SIGNATURE_BYTES}")
    public.check(raw, data)


def _signature_of(public: PublicKey, line: bytes, algorithm: bytes) -> bytes:
    data = decode_base64(line, BadSignature)
    head = len(algorithm) + NUMBER_BYTES
    if len(data) != head + SIGNATURE_BYTES or not data.startswith(algorithm):
        raise BadSignature("holds no signature of the kind that belongs there")
    if data[len(algorithm) : head] != public.number:
        raise BadSignature("was signed by another key")
    return data[head:]


def _comment_bytes(text: str) -> bytes:
    comment = text.encode("utf-8")
    if len(comment) > MAX_COMMENT_BYTES or not text.isprintable() or text != text.strip():
        raise ValueError(f"A trusted comment is one printable line of at most {MAX_COMMENT_BYTES} bytes.")
    return comment
