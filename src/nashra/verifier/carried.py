"""A bundle that somebody carried: a file with its signature beside it, or the folder that it was unpacked to.

Must not unpack anything outside a folder of its own, which is removed again.
"""

from __future__ import annotations

import datetime
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

from nashra.bundles.unpacking import BadArchive, unpack
from nashra.edition.manifest import MAX_MANIFEST_BYTES, BadManifest, parse_manifest, walk_files
from nashra.edition.verify import Kind
from nashra.seal.signature_files import check_minisig, check_sig, digest_for_minisign
from nashra.seal.signing import BadKey, BadSignature, PublicKey
from nashra.verifier.edition import digest_of_file
from nashra.verifier.hashing import differences
from nashra.verifier.memory import Memory
from nashra.verifier.verdict import Problem, Trust, Verdict, judge
from nashra.verifier.verifying import Trusted

ARCHIVES = (".zip", ".epub", ".tar.zst", ".tar")
_COMMENT = re.compile(r"bundle of edition ([1-9][0-9]*), cut (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC")
_MAX_SIGNATURE_BYTES = 4096
# In an e-book, what vouches for it lies apart from the book.
_SEALS = ("", "META-INF/")


def is_bundle_folder(folder: Path) -> bool:
    """Whether a folder is an unpacked bundle."""
    return any((folder / f"{seal}bundle.json").is_file() for seal in _SEALS)


def verify_file(file: Path, trusted: Trusted, *, now: datetime.datetime, memory: Memory) -> Verdict:
    """What can be said of a bundle's file, by the signature beside it or the one within.

    Raises:
        OSError: it cannot be read.
    """
    signature = file.with_name(f"{file.name}.minisig")
    if not signature.is_file():
        return _verify_within(file, trusted, now=now, memory=memory)
    data = signature.read_bytes()[: _MAX_SIGNATURE_BYTES + 1]
    digest = digest_of_file(file)
    verdict = Verdict(files=1)
    why = ""
    keys = keys_to_try(trusted, memory)
    for public in keys:
        try:
            comment = check_minisig(public, data, digest)
        except BadSignature as error:
            why = str(error)
            continue
        verdict.trust, verdict.key_text = Trust.KEY, public.text
        _take_comment(verdict, comment)
        return _judged(verdict, now=now, memory=memory)
    if trusted.key is not None or (keys and "another key" not in why):
        verdict.problems.append(Problem("signature", file.name, why))
    judge(verdict, now=now, newest_seen=None)
    if not verdict.problems:
        verdict.reason = "needs-key"
    return verdict


def verify_bundle_folder(
    folder: Path, trusted: Trusted, *, now: datetime.datetime, memory: Memory
) -> Verdict:
    """What can be said of an unpacked bundle, by the signed list within it.

    Raises:
        OSError: it cannot be read.
    """
    seal = next(each for each in _SEALS if (folder / f"{each}bundle.json").is_file())
    verdict = Verdict()
    public = _public_key(folder, seal, trusted, memory, verdict)
    if public is None:
        judge(verdict, now=now, newest_seen=None)
        return verdict
    verdict.key_text = public.text
    digests = _signed_list(folder, seal, public, verdict)
    if digests is not None:
        for finding in differences(folder, digests):
            verdict.problems.append(Problem(finding.kind.value, finding.path))
        own = {f"{seal}{name}" for name in ("SHA256", "SHA256.sig", "SHA256.minisig", "edition.pub")}
        for path, _entry in walk_files(folder):
            if path not in digests and path not in own:
                verdict.problems.append(Problem(Kind.ADDED.value, path))
        verdict.files = len(digests)
    return _judged(verdict, now=now, memory=memory)


def keys_to_try(trusted: Trusted, memory: Memory) -> list[PublicKey]:
    """The keys that the reader trusts: the one named, that of the root named, or all that are remembered."""
    if trusted.key is not None:
        return [trusted.key]
    texts: Iterable[str] = sorted(memory.keys | set(memory.keys_of_roots.values()))
    if trusted.root_fingerprint is not None:
        texts = filter(None, [memory.keys_of_roots.get(trusted.root_fingerprint)])
    return [PublicKey.from_text(text) for text in texts]


def _verify_within(file: Path, trusted: Trusted, *, now: datetime.datetime, memory: Memory) -> Verdict:
    if not file.name.endswith(ARCHIVES):
        return Verdict()
    with tempfile.TemporaryDirectory(prefix="nashra-") as held:
        folder = Path(held) / "bundle"
        try:
            unpack(file, folder)
        except BadArchive as error:
            verdict = Verdict(problems=[Problem("archive", file.name, str(error))])
            judge(verdict, now=now, newest_seen=None)
            return verdict
        if not is_bundle_folder(folder):
            return Verdict()
        return verify_bundle_folder(folder, trusted, now=now, memory=memory)


def _public_key(
    folder: Path, seal: str, trusted: Trusted, memory: Memory, verdict: Verdict
) -> PublicKey | None:
    path = f"{seal}edition.pub"
    data = _read(folder / path, _MAX_SIGNATURE_BYTES)
    if data is None:
        verdict.problems.append(Problem("missing", path))
        return None
    try:
        found = PublicKey.from_file_bytes(data)
    except BadKey as error:
        verdict.problems.append(Problem("key", path, str(error)))
        return None
    keys = keys_to_try(trusted, memory)
    if found in keys:
        verdict.trust = Trust.KEY
    elif trusted.key is not None:
        verdict.problems.append(Problem("other-key", path))
        return None
    return found


def _signed_list(folder: Path, seal: str, public: PublicKey, verdict: Verdict) -> dict[str, str] | None:
    path = f"{seal}SHA256"
    data = _read(folder / path, MAX_MANIFEST_BYTES)
    minisig = _read(folder / f"{path}.minisig", _MAX_SIGNATURE_BYTES)
    sig = _read(folder / f"{path}.sig", MAX_MANIFEST_BYTES + _MAX_SIGNATURE_BYTES)
    for name, content in ((path, data), (f"{path}.minisig", minisig), (f"{path}.sig", sig)):
        if content is None:
            verdict.problems.append(Problem("missing", name))
    if data is None or minisig is None or sig is None:
        return None
    try:
        _take_comment(verdict, check_minisig(public, minisig, digest_for_minisign(data)))
        if check_sig(public, sig) != data:
            verdict.problems.append(Problem("changed", path))
            return None
        return parse_manifest(data)
    except BadSignature as error:
        verdict.problems.append(Problem("signature", path, str(error)))
    except BadManifest as error:
        verdict.problems.append(Problem("list", path, str(error)))
    return None


def _take_comment(verdict: Verdict, comment: str) -> None:
    """The edition and its date, which were signed with the file."""
    match = _COMMENT.fullmatch(comment)
    if match is None:
        verdict.problems.append(Problem("archive", "", "is signed as something else than a bundle"))
        return
    moment = datetime.datetime.strptime(match[2], "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 -- UTC, one line below.
    verdict.number, verdict.cut_at = int(match[1]), moment.replace(tzinfo=datetime.UTC)


def _judged(verdict: Verdict, *, now: datetime.datetime, memory: Memory) -> Verdict:
    seen = memory.seen.get(verdict.key_text)
    verdict.highest_seen = seen.number if seen else None
    judge(verdict, now=now, newest_seen=seen.cut_at if seen else None)
    if verdict.exit_code == 0 and verdict.number is not None and verdict.cut_at is not None:
        memory.keys.add(verdict.key_text)
        memory.learn(verdict.key_text, verdict.number, verdict.cut_at)
    return verdict


def _read(file: Path, max_bytes: int) -> bytes | None:
    if file.is_symlink() or not file.is_file():
        return None
    with file.open("rb") as opened:
        return opened.read(max_bytes + 1)
