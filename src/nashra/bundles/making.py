"""A bundle → the bytes of a file in one format, with its own signed list inside, and the signature beside it.

The same bundle and key give the same bytes. Must not read a disk or a clock.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from nashra.bundles.archives import tar_zst, zip_bytes
from nashra.bundles.bundle import Bundle
from nashra.bundles.epub import epub_bytes, epub_files
from nashra.bundles.single import single_page
from nashra.bundles.site import INDEX, STYLE_FILE, site_files
from nashra.edition.manifest import manifest_bytes
from nashra.seal.signature_files import digest_for_minisign, sign_digest, sign_manifest
from nashra.seal.signing import SigningKey

FORMATS = ("tar.zst", "zip", "epub", "html")
MANIFEST = "SHA256"
# An e-book holds what is not of the book itself apart.
_EPUB_SEAL = "META-INF/"


@dataclass(frozen=True, slots=True)
class Made:
    """A bundle's file, and the signature that goes beside it under the same name with ``.minisig``."""

    content: bytes
    minisig: bytes


def make(bundle: Bundle, format_: str, key: SigningKey) -> Made:
    """The file of one of ``FORMATS``.

    Raises:
        KeyError: there is no such format.
    """
    content = _MAKERS[format_](bundle, key)
    comment = comment_of(bundle)
    return Made(content, sign_digest(key, digest_for_minisign(content), trusted_comment=comment))


def comment_of(bundle: Bundle) -> str:
    """What minisign shows beside a good signature: enough to tell an old bundle from a new one."""
    return f"bundle of edition {bundle.number}, cut {bundle.cut_at:%Y-%m-%d %H:%M:%S} UTC"


def sizes(bundle: Bundle, key: SigningKey) -> dict[str, int]:
    """How many bytes each format would have."""
    return {format_: len(make(bundle, format_, key).content) for format_ in FORMATS}


def sealed(files: dict[str, bytes], bundle: Bundle, key: SigningKey, prefix: str = "") -> dict[str, bytes]:
    """The files with what a bundle says of itself, the list of them all, and its signatures."""
    held = {**files, f"{prefix}bundle.json": facts(bundle)}
    listed = {path: hashlib.sha256(data).hexdigest() for path, data in held.items()}
    manifest = manifest_bytes(listed)
    signatures = sign_manifest(key, manifest, trusted_comment=comment_of(bundle))
    held[f"{prefix}{MANIFEST}"] = manifest
    held[f"{prefix}{MANIFEST}.sig"] = signatures.sig
    held[f"{prefix}{MANIFEST}.minisig"] = signatures.minisig
    held[f"{prefix}edition.pub"] = key.public.file_bytes()
    return held


def facts(bundle: Bundle) -> bytes:
    """``bundle.json``: of which edition it is, and which stories it holds, by their addresses."""
    content = {
        "schema": "nashra-bundle-1",
        "edition": bundle.number,
        "cut_at": f"{bundle.cut_at:%Y-%m-%dT%H:%M:%SZ}",
        "stories": [story.address for story in bundle.stories],
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode() + b"\n"


def _tar_zst(bundle: Bundle, key: SigningKey) -> bytes:
    files = sealed(site_files(bundle), bundle, key)
    # Stories of one language beside one another are packed the smaller.
    pages = [f"{number}.html" for number in _by_language(bundle)]
    return tar_zst(files, [INDEX, STYLE_FILE, *pages])


def _by_language(bundle: Bundle) -> list[int]:
    numbered = list(enumerate(bundle.stories, start=1))
    return [number for number, story in sorted(numbered, key=lambda each: (each[1].language, each[0]))]


def _zip(bundle: Bundle, key: SigningKey) -> bytes:
    files = sealed(site_files(bundle), bundle, key)
    return zip_bytes(files, moment=bundle.cut_at, order=[INDEX])


def _epub(bundle: Bundle, key: SigningKey) -> bytes:
    identity = f"{key.public.text} {bundle.number} {facts(bundle).decode()}"
    return epub_bytes(sealed(epub_files(bundle, identity), bundle, key, _EPUB_SEAL), bundle)


def _html(bundle: Bundle, _key: SigningKey) -> bytes:
    return single_page(bundle)


_MAKERS: dict[str, Callable[[Bundle, SigningKey], bytes]] = {
    "tar.zst": _tar_zst,
    "zip": _zip,
    "epub": _epub,
    "html": _html,
}
