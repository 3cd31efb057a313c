"""Attended signing: the one small file that goes to an editor's machine, and the one that comes back.

The request holds every list that wants a signature, whole, so that the signer's machine reckons by itself
what it signs and need believe nothing that the server says of it. Must not hold a key, and must not put an
edition in place.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nashra.binding.cutting import CannotFinish, Signer
from nashra.binding.folders import EditionFolder
from nashra.binding.vouching import TARGET_EDGES, targets_of
from nashra.edition.index import (
    EDITION_MANIFEST,
    INDEX_PATH,
    PUBLIC_KEY_PATH,
    PUBLIC_PEM_PATH,
    BadIndex,
    Edition,
    parse_edition,
)
from nashra.edition.manifest import BadManifest, parse_manifest
from nashra.edition.mirrors import MIRRORS_PATH, parse_mirrors
from nashra.edition.tombstones import TOMBSTONES_PATH, parse_tombstones
from nashra.seal.metadata import Target, targets_bytes
from nashra.seal.signature_files import Signatures, embed
from nashra.seal.signing import PublicKey, SigningKey

_REQUEST, _ANSWER = "nashra-sign-request-1", "nashra-signatures-1"
# A month of ten thousand stories takes some 3 MB; a request of several such months is no small file.
MAX_REQUEST_BYTES = 32 * 1024 * 1024
MAX_CONTENT_BYTES = 256 * 1024 * 1024


class BadRequest(ValueError):
    """A file that is no request or answer of ours, or does not agree with itself; the message says why."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be signed: ``lists`` by their paths, and what the metadata must vouch for.

    ``targets_version`` is the version that the new targets metadata must have; ``mirrors`` are the addresses
    that it tells of, ``tombstones`` the hashes of the stories that readers' devices are to forget.
    """

    edition: Edition
    lists: Mapping[str, bytes]
    targets: Mapping[str, Target]
    targets_version: int
    public: PublicKey
    mirrors: Sequence[str]
    tombstones: Sequence[str]


@dataclass(frozen=True, slots=True)
class Answer:
    """Signatures by the paths of the lists, and the targets metadata of an edition."""

    number: int
    signatures: Mapping[str, Signatures]
    targets: bytes


def request_bytes(folder: EditionFolder, *, targets_version: int) -> bytes:
    """The request to sign what is prepared.

    Raises:
        CannotFinish: nothing is prepared.
    """
    if not folder.is_prepared():
        raise CannotFinish("No edition is prepared: run `nashra edition cut --attended` first.")
    paths = {*folder.staged_manifests(), *TARGET_EDGES}
    files = {path: (folder.staged(path) or b"").decode("utf-8") for path in sorted(paths)}
    content = {"schema": _REQUEST, "targets_version": targets_version, "files": files}
    return zlib.compress(_json(content), 9)


def read_request(data: bytes) -> Request:
    """A request, every part of which agrees with every other.

    Raises:
        BadRequest: it does not, or is none.
    """
    content = _read(data, _REQUEST)
    files, version = content.get("files"), content.get("targets_version")
    if not isinstance(files, dict) or type(version) is not int or version < 1:
        raise BadRequest("is no request to sign an edition")
    if any(not isinstance(text, str) for text in files.values()) or not set(TARGET_EDGES) <= set(files):
        raise BadRequest("lacks a part of the edition")
    held = {path: text.encode("utf-8") for path, text in files.items()}
    try:
        edition = parse_edition(held[INDEX_PATH])
        named = parse_manifest(held[EDITION_MANIFEST])
        public = PublicKey.from_file_bytes(held[PUBLIC_KEY_PATH])
        told = parse_mirrors(held[MIRRORS_PATH]), parse_tombstones(held[TOMBSTONES_PATH])
    except (BadIndex, BadManifest, ValueError) as error:
        raise BadRequest(f"holds a part that cannot be read: it {error}") from error
    _check_agreement(edition, named, held | {PUBLIC_PEM_PATH: public.pem()})
    lists = {
        path: body for path, body in held.items() if path not in TARGET_EDGES or path == EDITION_MANIFEST
    }
    edges = {path: held[path] for path in TARGET_EDGES}
    return Request(edition, lists, targets_of(edition, edges), version, public, *told)


def _check_agreement(edition: Edition, named: Mapping[str, str], held: Mapping[str, bytes]) -> None:
    """The edition's own list names just these files, and its volumes as ``edition.json`` does."""
    volumes = {volume.manifest_path: volume.sha256 for volume in edition.volumes}
    edges = {path for path in TARGET_EDGES if path != EDITION_MANIFEST} | {PUBLIC_PEM_PATH}
    if set(named) != edges | set(volumes):
        raise BadRequest("names other files than an edition has")
    for path, body in held.items():
        if path == EDITION_MANIFEST:
            continue
        if named.get(path) != hashlib.sha256(body).hexdigest():
            raise BadRequest(f"holds {path}, which is not what the edition's list names")
    if any(named[path] != digest for path, digest in volumes.items()):
        raise BadRequest("has volumes on which its list and edition.json do not agree")
    for path in volumes.keys() & held.keys():
        try:
            parse_manifest(held[path])
        except BadManifest as error:
            raise BadRequest(f"holds {path}, which {error}") from error


def answer_bytes(request: Request, sign: Signer, targets_key: SigningKey, *, now: datetime.datetime) -> bytes:
    """The answer to a request: every list signed, and the targets metadata."""
    signatures = {path: sign(body) for path, body in sorted(request.lists.items())}
    targets = targets_bytes(request.targets, targets_key, version=request.targets_version, now=now)
    content = {
        "schema": _ANSWER,
        "number": request.edition.number,
        "signatures": {
            path: {
                "minisig": found.minisig.decode("utf-8"),
                "raw": base64.b64encode(found.raw).decode("ascii"),
            }
            for path, found in signatures.items()
        },
        "targets": targets.decode("utf-8"),
    }
    return zlib.compress(_json(content), 9)


def read_answer(data: bytes, *, public: PublicKey, lists: Mapping[str, bytes]) -> Answer:
    """The signatures that came back for ``lists``; whether they are right, ``finish`` checks.

    Raises:
        BadRequest: it is no answer, or is one to another request.
    """
    content = _read(data, _ANSWER)
    found, number, targets = (content.get(name) for name in ("signatures", "number", "targets"))
    if not isinstance(found, dict) or type(number) is not int or not isinstance(targets, str):
        raise BadRequest("holds no signatures of an edition")
    if set(found) != set(lists):
        raise BadRequest("signs other lists than those of the edition that is prepared")
    signatures = {}
    for path, body in lists.items():
        try:
            raw = base64.b64decode(found[path]["raw"], validate=True)
            signatures[path] = Signatures(embed(public, raw, body), found[path]["minisig"].encode(), raw)
        except (AttributeError, KeyError, TypeError, binascii.Error, UnicodeError, ValueError) as error:
            raise BadRequest(f"holds no signature of {path} that can be read") from error
    return Answer(number, signatures, targets.encode("utf-8"))


def lists_prepared(folder: EditionFolder) -> dict[str, bytes]:
    """The lists that want signatures, by their paths."""
    return {path: folder.staged(path) or b"" for path in folder.staged_manifests()}


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def _read(data: bytes, schema: str) -> dict[str, Any]:
    if len(data) > MAX_REQUEST_BYTES:
        raise BadRequest(f"is longer than {MAX_REQUEST_BYTES} bytes")
    opened = zlib.decompressobj()
    try:
        body = opened.decompress(data, MAX_CONTENT_BYTES)
        content = json.loads(body)
    except (zlib.error, ValueError, RecursionError) as error:
        raise BadRequest("cannot be read: take it anew from the machine that wrote it") from error
    if not opened.eof or not isinstance(content, dict) or content.get("schema") != schema:
        raise BadRequest("is not the file that belongs here: requests end in .request, answers in .signed")
    return content
