"""Cuts an edition: from what changed since the last, whatever the archive's size.

First everything is prepared beside the edition, its lists unsigned; then they are signed, here or by an
editor elsewhere; then all is put in place. The same changes at the same moment give the same bytes. Must
not read a clock, a database or a key file.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nashra.binding.folders import EditionFolder
from nashra.binding.vouching import TARGET_EDGES, stage_chain, targets_of
from nashra.edition.index import (
    EDITION_MANIFEST,
    INDEX_PATH,
    PUBLIC_KEY_PATH,
    PUBLIC_PEM_PATH,
    Edition,
    Volume,
    edition_bytes,
    parse_edition,
    volume_manifest_path,
)
from nashra.edition.manifest import digest_file, manifest_bytes, parse_manifest
from nashra.edition.notices import NOTICE_PATHS, Notices
from nashra.seal.chain import BadChain, ChainFiles, check_chain
from nashra.seal.metadata import Target
from nashra.seal.signature_files import Signatures, check_minisig, check_raw, check_sig, digest_for_minisign
from nashra.seal.signing import BadSignature, PublicKey

_SUFFIXES = ("", ".sig", ".minisig", ".raw")

# To read all lists costs as much as to search them for so many files.
_MOST_SEARCHED = 200

# Makes the signatures of a list; ``sign_manifest`` with a key and a comment.
Signer = Callable[[bytes], Signatures]


class CannotFinish(Exception):
    """A prepared edition cannot be put in place; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A file as the next edition should carry it, and in which volumes; in none when it leaves.

    ``content`` is its bytes, or a file that holds them; it may be left out where the file leaves.
    """

    path: str
    volumes: frozenset[str] = frozenset()
    content: bytes | Path = b""


@dataclass(slots=True)
class _Shelf:
    """The volumes' lists while leaves are laid in and taken out."""

    raw: dict[str, bytes]
    lists: dict[str, dict[str, str]]
    searched: int = 0

    def holding(self, path: str) -> set[str]:
        """The volumes that hold a file now; of few files, the lists are searched as they lie."""
        self.searched += 1
        if self.searched == _MOST_SEARCHED:
            for name in self.raw:
                self.list_of(name)
        line = f"SHA256 ({path}) = ".encode()
        unread = {name for name, data in self.raw.items() if name not in self.lists and line in data}
        return unread | {name for name, digests in self.lists.items() if path in digests}

    def list_of(self, name: str) -> dict[str, str]:
        if name not in self.lists:
            self.lists[name] = parse_manifest(self.raw.get(name, b""))
        return self.lists[name]


def prepare(
    folder: EditionFolder,
    leaves: Iterable[Leaf],
    *,
    name: str,
    cut_at: datetime.datetime,
    public: PublicKey,
    notices: Notices,
) -> Edition | None:
    """Prepare the next edition; ``None``, and nothing is prepared, where it would be the one that lies here.

    ``name`` is the publication's, ``cut_at`` a whole second, ``notices`` what it tells besides.

    Raises:
        BadIndex, BadManifest: the edition that lies here is damaged.
        UnsafePath: some disk could not hold a file by its name.
    """
    previous = folder.edition()
    volumes = {volume.name: volume for volume in previous.volumes} if previous else {}
    shelf = _Shelf({each: folder.manifest(volume) for each, volume in volumes.items()}, {})
    folder.clear_next()
    gone = [path for leaf in leaves for path in _lay(leaf, shelf, folder)]
    changed = {each: data for each in shelf.lists if (data := _changed_list(each, shelf)) is not None}
    edges = {PUBLIC_KEY_PATH: public.file_bytes(), PUBLIC_PEM_PATH: public.pem(), **notices.files()}
    if not changed and previous and folder.lies(edges):
        folder.clear_next()
        return None
    for each, data in changed.items():
        before = volumes.pop(each, None)
        gone += _volume_files(before) if before else []
        if data:
            volumes[each] = _next_revision(each, before, data, shelf.lists[each], folder)
    if not folder.lies({PUBLIC_KEY_PATH: public.file_bytes()}):
        # Another key than before: what it signs now must not still be signed by the one before it.
        for volume in volumes.values():
            folder.stage(volume.manifest_path, changed.get(volume.name) or folder.manifest(volume))
    edition = Edition(previous.number + 1 if previous else 1, cut_at, name, tuple(volumes.values()))
    index = edition_bytes(edition)
    _stage_edges(folder, {**edges, INDEX_PATH: index}, parse_edition(index))
    gone += _edge_copies(folder, previous)
    staged = {path for path in gone if folder.staged(path) is not None}
    folder.note_removed(set(gone) - staged)
    return parse_edition(index)


def sign_prepared(folder: EditionFolder, sign: Signer) -> dict[str, Signatures]:
    """The signatures of every list that was prepared, by its path."""
    return {path: sign(folder.staged(path) or b"") for path in folder.staged_manifests()}


def finish(
    folder: EditionFolder,
    signatures: Mapping[str, Signatures],
    *,
    public: PublicKey,
    chain: ChainFiles | None = None,
) -> Edition:
    """Put the prepared edition in place with its signatures and metadata, all of which is checked first.

    Raises:
        CannotFinish: none is prepared, or a signature is missing or is not this key's, or the metadata
            vouches for something else; nothing changed.
        OSError: the disk refused; call ``folder.put_in_place`` when it can be written again.
    """
    index = folder.staged(INDEX_PATH)
    if not folder.is_prepared() or index is None:
        raise CannotFinish("No edition is prepared: run `nashra edition cut` first.")
    for path in folder.staged_manifests():
        _check(path, folder.staged(path) or b"", signatures.get(path), public)
    if chain is not None:
        _stage_metadata(folder, chain)
    for path, found in signatures.items():
        folder.stage(f"{path}.sig", found.sig)
        folder.stage(f"{path}.minisig", found.minisig)
        folder.stage(f"{path}.raw", found.raw)
    folder.put_in_place()
    return parse_edition(index)


def prepared_targets(folder: EditionFolder) -> dict[str, Target]:
    """What the metadata of the prepared edition must vouch for.

    Raises:
        CannotFinish: none is prepared.
    """
    edges = {path: data for path in TARGET_EDGES if (data := folder.staged(path)) is not None}
    if not folder.is_prepared() or INDEX_PATH not in edges:
        raise CannotFinish("No edition is prepared: run `nashra edition cut` first.")
    return targets_of(parse_edition(edges[INDEX_PATH]), edges)


def _stage_metadata(folder: EditionFolder, files: ChainFiles) -> None:
    try:
        chain = check_chain(files)
    except BadChain as error:
        raise CannotFinish(f"The edition's {error.file} {error}. Sign the edition again.") from error
    if dict(chain.targets) != prepared_targets(folder):
        raise CannotFinish("The signed metadata vouches for another edition. Sign this one again.")
    stage_chain(folder, files)


def _lay(leaf: Leaf, shelf: _Shelf, folder: EditionFolder) -> list[str]:
    """Bring one file up to date in the lists, and stage it where it changed; gives its path if it leaves."""
    held = shelf.holding(leaf.path)
    for each in sorted(held - leaf.volumes):
        del shelf.list_of(each)[leaf.path]
    if not leaf.volumes:
        return [leaf.path] if held else []
    known = {shelf.list_of(each)[leaf.path] for each in sorted(held & leaf.volumes)}
    digest = _digest(leaf.content)
    if known != {digest}:
        folder.stage(leaf.path, leaf.content)
    for each in sorted(leaf.volumes):
        shelf.list_of(each)[leaf.path] = digest
    return []


def _digest(content: bytes | Path) -> str:
    return hashlib.sha256(content).hexdigest() if isinstance(content, bytes) else digest_file(content)


def _changed_list(name: str, shelf: _Shelf) -> bytes | None:
    """A volume's new list, empty where nothing is left of it; ``None`` where it is as it was."""
    digests = shelf.lists[name]
    data = manifest_bytes(digests) if digests else b""
    return None if data == shelf.raw.get(name, b"") else data


def _next_revision(
    name: str, before: Volume | None, data: bytes, digests: Mapping[str, str], folder: EditionFolder
) -> Volume:
    volume = Volume(
        name=name,
        revision=before.revision + 1 if before else 1,
        sha256=hashlib.sha256(data).hexdigest(),
        size_bytes=len(data),
        files=len(digests),
        total_bytes=sum(folder.size_bytes(path) for path in digests),
    )
    for path in (volume.manifest_path, hashed_path(volume.manifest_path, volume.sha256)):
        folder.stage(path, data)
    return volume


def hashed_path(path: str, sha256: str) -> str:
    """The name under which The Update Framework's clients ask for a file.

    Source: The Update Framework specification, section 6.2.
    """
    before, slash, name = path.rpartition("/")
    return f"{before}{slash}{sha256}.{name}"


def _stage_edges(folder: EditionFolder, edges: Mapping[str, bytes], edition: Edition) -> None:
    """What an edition says of itself, and the list that binds it to its volumes."""
    digests = {path: hashlib.sha256(data).hexdigest() for path, data in edges.items()}
    lists = {volume.manifest_path: volume.sha256 for volume in edition.volumes}
    bound = {**edges, EDITION_MANIFEST: manifest_bytes({**digests, **lists})}
    for path, data in bound.items():
        folder.stage(path, data)
        folder.stage(hashed_path(path, hashlib.sha256(data).hexdigest()), data)


def _edge_copies(folder: EditionFolder, previous: Edition | None) -> list[str]:
    """The previous edition's own files under the names of their digests."""
    if previous is None:
        return []
    paths = (EDITION_MANIFEST, INDEX_PATH, PUBLIC_KEY_PATH, PUBLIC_PEM_PATH, *NOTICE_PATHS)
    files = [(path, folder.folder / path) for path in paths]
    return [hashed_path(path, digest_file(file)) for path, file in files if file.is_file()]


def _volume_files(volume: Volume) -> list[str]:
    """All that vouched for one revision of a volume."""
    path = volume_manifest_path(volume.name, volume.revision)
    return [f"{path}{suffix}" for suffix in _SUFFIXES] + [hashed_path(path, volume.sha256)]


def _check(path: str, data: bytes, found: Signatures | None, public: PublicKey) -> None:
    if found is None:
        raise CannotFinish(f"The list {path} is not signed yet: run `nashra edition sign`.")
    try:
        check_raw(public, found.raw, data)
        check_minisig(public, found.minisig, digest_for_minisign(data))
        signed = check_sig(public, found.sig)
    except BadSignature as error:
        raise CannotFinish(f"The signature of {path} {error}. Sign the edition again.") from error
    if signed != data:
        raise CannotFinish(f"The signature of {path} signs another list. Sign the edition again.")
