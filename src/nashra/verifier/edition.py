"""An edition's folder, checked from the key down to the last file, and told what is wrong with it.

Reads, asks no network, and believes nothing that is not signed: sizes that are read are bounded before
anything is checked. Must not write anything, nor decide what a reader is told in which words.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from nashra.edition.index import (
    EDITION_MANIFEST,
    INDEX_PATH,
    MAX_INDEX_BYTES,
    PUBLIC_KEY_PATH,
    BadIndex,
    Edition,
    Volume,
    parse_edition,
)
from nashra.edition.manifest import MAX_MANIFEST_BYTES, BadManifest, parse_manifest, walk_files
from nashra.edition.verify import Kind
from nashra.seal.chain import MAX_ROOTS, MAX_SIZE_BYTES, BadChain, Chain, ChainFiles, check_chain
from nashra.seal.signature_files import check_minisig, check_raw, check_sig, digest_for_minisign
from nashra.seal.signing import BadKey, BadSignature, PublicKey
from nashra.verifier.hashing import differences
from nashra.verifier.verdict import Problem, Trust, Verdict

SIGNATURE_SUFFIXES = (".sig", ".minisig", ".raw")
MAX_SIGNATURE_BYTES = 4096
_HASHED = re.compile(r"(?P<folder>.*/)?(?P<digest>[0-9a-f]{64})\.(?P<name>[^/]+)")
_METADATA = re.compile(r"metadata/(?:([1-9][0-9]*)\.(root|targets|snapshot)|(timestamp))\.json")
# Each file in these is signed by itself, and no edition's list names it.
_APART = ("bundles/", "deltas/")


class EditionCheck:
    """One look at one folder; ``verdict`` holds what was found."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.verdict = Verdict()
        self.chain: Chain | None = None
        self._chain_files: set[str] = set()
        self._expected: set[str] = set()

    def run(self, key: PublicKey | None, root_fingerprint: str | None) -> Verdict:
        """Check everything; ``key`` and ``root_fingerprint`` are what the reader trusts, if anything.

        Raises:
            OSError: the folder cannot be read through.
        """
        self._check_chain(root_fingerprint)
        public = self._public_key(key, root_fingerprint)
        if public is None:
            return self.verdict
        self.verdict.key_text = public.text
        edition = self._check_edition(public)
        if edition is None:
            return self.verdict
        if self.chain is not None:
            self._check_targets(self.chain, edition)
        for volume in edition.volumes:
            self._check_volume(volume, public)
        self._check_others(public)
        return self.verdict

    def identify(self) -> tuple[str, str]:
        """The fingerprint of the first root and the characters of the key that lie there, if any do.

        Nothing vouches for them yet.

        Raises:
            OSError: the folder cannot be read through.
        """
        self._check_chain(None)
        public = self._public_key(None, None)
        return self.verdict.root_fingerprint, public.text if public else ""

    # From the root to the edition key.

    def _check_chain(self, root_fingerprint: str | None) -> None:
        files = self._read_chain()
        if files is None:
            if root_fingerprint is not None:
                self._wrong("chain-missing", "metadata/timestamp.json")
            return
        try:
            self.chain = check_chain(files, root_fingerprint=root_fingerprint)
        except BadChain as error:
            self._wrong("chain", error.file, str(error))
            return
        self.verdict.root_fingerprint = self.chain.root_fingerprint
        if root_fingerprint is not None:
            self.verdict.trust = Trust.ROOT
            self.verdict.expires_at = self.chain.expires_at

    def _read_chain(self) -> ChainFiles | None:
        """The metadata that lies in the folder; ``None`` where there is none at all."""
        names: dict[str, list[int]] = {"root": [], "targets": [], "snapshot": []}
        for file in (self.folder / "metadata").glob("*.json"):
            if (match := _METADATA.fullmatch(f"metadata/{file.name}")) and match[2]:
                names[match[2]].append(int(match[1]))
        timestamp = self._read("metadata/timestamp.json", MAX_SIZE_BYTES["timestamp"])
        if timestamp is None and not any(names.values()):
            return None
        self._chain_files = {"metadata/timestamp.json"} if timestamp is not None else set()
        count = min(len(names["root"]), MAX_ROOTS)
        roots = [self._read_metadata("root", number) for number in range(1, count + 1)]
        newest = {
            role: self._read_metadata(role, max(names[role])) if names[role] else b""
            for role in ("targets", "snapshot")
        }
        return ChainFiles(roots, newest["targets"], newest["snapshot"], timestamp or b"")

    def _read_metadata(self, role: str, number: int) -> bytes:
        path = f"metadata/{number}.{role}.json"
        self._chain_files.add(path)
        return self._read(path, MAX_SIZE_BYTES[role]) or b""

    def _public_key(self, key: PublicKey | None, root_fingerprint: str | None) -> PublicKey | None:
        """The edition key: the reader's own, or the one that lies there and something may vouch for."""
        data = self._read(PUBLIC_KEY_PATH, MAX_SIGNATURE_BYTES)
        if data is None:
            self._wrong("missing", PUBLIC_KEY_PATH)
            return None
        try:
            found = PublicKey.from_file_bytes(data)
        except BadKey as error:
            self._wrong("key", PUBLIC_KEY_PATH, str(error))
            return None
        if key is not None and found != key:
            self._wrong("other-key", PUBLIC_KEY_PATH)
            return None
        if root_fingerprint is None and key is not None:
            self.verdict.trust = Trust.KEY
        return found

    # From the edition key to the lists.

    def _check_edition(self, public: PublicKey) -> Edition | None:
        manifest = self._signed(EDITION_MANIFEST, public)
        index = self._read(INDEX_PATH, MAX_INDEX_BYTES)
        if manifest is None:
            return None
        if index is None:
            self._wrong("missing", INDEX_PATH)
            return None
        try:
            named, edition = parse_manifest(manifest), parse_edition(index)
        except BadManifest as error:
            self._wrong("list", EDITION_MANIFEST, str(error))
            return None
        except BadIndex as error:
            self._wrong("index", INDEX_PATH, str(error))
            return None
        volumes = {volume.manifest_path: volume for volume in edition.volumes}
        edges = {path: digest for path, digest in named.items() if path not in volumes}
        if set(named) - set(edges) != set(volumes) or not all(path.startswith("edition/") for path in edges):
            self._wrong("list", EDITION_MANIFEST, "names other volumes than edition.json")
        for path, volume in volumes.items():
            if named.get(path) != volume.sha256:
                self._wrong("list", EDITION_MANIFEST, f"names another list of {volume.name}")
        self._compare(edges)
        self._expected |= set(edges)
        self.verdict.number, self.verdict.name = edition.number, edition.name
        self.verdict.cut_at = edition.cut_at
        return edition

    def _signed(self, path: str, public: PublicKey) -> bytes | None:
        """A list that is there and signed in every form."""
        data = self._read(path, MAX_MANIFEST_BYTES)
        if data is None:
            self._wrong("missing", path)
            return None
        self._expected |= {path, *(path + suffix for suffix in SIGNATURE_SUFFIXES)}
        found = [self._check_signature(path + suffix, suffix, data, public) for suffix in SIGNATURE_SUFFIXES]
        return data if all(found) else None

    def _check_signature(self, path: str, suffix: str, data: bytes, public: PublicKey) -> bool:
        room = MAX_SIGNATURE_BYTES + (len(data) if suffix == ".sig" else 0)
        signature = self._read(path, room)
        if signature is None:
            self._wrong("missing", path)
            return False
        try:
            if suffix == ".minisig":
                check_minisig(public, signature, digest_for_minisign(data))
            elif suffix == ".raw":
                check_raw(public, signature, data)
            elif check_sig(public, signature) != data:
                # The signature holds the list that was signed: it is the list beside it that is another.
                self._wrong("changed", path.removesuffix(suffix))
                return False
        except BadSignature as error:
            self._wrong("signature", path, str(error))
            return False
        return True

    def _check_targets(self, chain: Chain, edition: Edition) -> None:
        """The metadata vouches for just this edition: its lists, its key and its mirrors."""
        wanted = {volume.manifest_path: volume.sha256 for volume in edition.volumes}
        for path, target in chain.targets.items():
            if path in wanted:
                if wanted.pop(path) != target.sha256:
                    self._wrong("target", path)
                continue
            data = self._read(path, MAX_MANIFEST_BYTES) if path.startswith("edition/") else None
            if data is None or hashlib.sha256(data).hexdigest() != target.sha256:
                self._wrong("target", path)
        for path in {*wanted, *{EDITION_MANIFEST, INDEX_PATH, PUBLIC_KEY_PATH}.difference(chain.targets)}:
            self._wrong("target", path)

    # From the lists to the files.

    def _check_volume(self, volume: Volume, public: PublicKey) -> None:
        path = volume.manifest_path
        if not (self.folder / path).exists():
            self.verdict.absent.append(volume.name)
            return
        before = len(self.verdict.problems)
        data = self._signed(path, public)
        if data is None:
            return
        if hashlib.sha256(data).hexdigest() != volume.sha256:
            self._wrong("changed", path)
            return
        try:
            digests = parse_manifest(data)
        except BadManifest as error:
            self._wrong("list", path, str(error))
            return
        self._compare(digests)
        self._expected |= set(digests)
        self.verdict.files += len(digests)
        if len(self.verdict.problems) == before:
            self.verdict.whole.append(volume.name)

    def _compare(self, digests: dict[str, str]) -> None:
        for finding in differences(self.folder, digests):
            self._wrong(finding.kind.value, finding.path)

    def _check_others(self, public: PublicKey) -> None:
        """Whatever lies there beside what the lists name must be accounted for in another way."""
        for path, entry in walk_files(self.folder):
            if path in self._expected or path in self._chain_files:
                continue
            if not entry.is_file(follow_symlinks=False):
                self._wrong(Kind.UNSAFE.value, path)
            elif path.startswith(_APART):
                self._check_apart(path, public)
            elif not self._is_hashed_copy(path):
                self._wrong(Kind.ADDED.value, path)

    def _is_hashed_copy(self, path: str) -> bool:
        """Whether it is one of the lists again, under the name that other clients ask for."""
        match = _HASHED.fullmatch(path)
        if match is None or f"{match['folder'] or ''}{match['name']}" not in self._expected:
            return False
        data = self._read(path, MAX_MANIFEST_BYTES)
        return data is not None and hashlib.sha256(data).hexdigest() == match["digest"]

    def _check_apart(self, path: str, public: PublicKey) -> None:
        if path.endswith(".minisig"):
            if not (self.folder / path.removesuffix(".minisig")).is_file():
                self._wrong(Kind.ADDED.value, path)
            return
        signature = self._read(f"{path}.minisig", MAX_SIGNATURE_BYTES)
        if signature is None:
            self._wrong("unsigned", path)
            return
        try:
            check_minisig(public, signature, digest_of_file(self.folder / path))
        except BadSignature as error:
            self._wrong("signature", path, str(error))

    def _read(self, path: str, max_bytes: int) -> bytes | None:
        """A file's bytes, and one more where it is too long; ``None`` where it is not a plain file there."""
        file = self.folder / path
        if file.is_symlink() or not file.is_file():
            return None
        with file.open("rb") as opened:
            return opened.read(max_bytes + 1)

    def _wrong(self, kind: str, path: str, why: str = "") -> None:
        problem = Problem(kind, path, why)
        if problem not in self.verdict.problems:
            self.verdict.problems.append(problem)


def digest_of_file(file: Path) -> bytes:
    """BLAKE2b-512 of a file of any size, as minisign signs it.

    Raises:
        OSError: it cannot be read.
    """
    digest = hashlib.blake2b()
    with file.open("rb") as opened:
        while piece := opened.read(1024 * 1024):
            digest.update(piece)
    return digest.digest()
