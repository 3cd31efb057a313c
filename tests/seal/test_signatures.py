"""What the edition key signs, the world's own programs accept; and nothing that is not exactly that."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nashra.edition.manifest import digest_folder, manifest_bytes
from nashra.seal.signature_files import (
    Signatures,
    check_minisig,
    check_raw,
    check_sig,
    digest_for_minisign,
    sign_digest,
    sign_manifest,
)
from nashra.seal.signing import BadKey, BadSignature, PublicKey, SigningKey

KEY = SigningKey.from_seed(bytes(range(32)))
OTHER = SigningKey.from_seed(bytes(range(1, 33)))
COMMENT = "edition 12, 2026-11-26 – نشرة"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An edition of two pages, its list and its signatures beside it."""
    pages = tmp_path / "pages"
    pages.joinpath("ar").mkdir(parents=True)
    pages.joinpath("index.html").write_text("<p>The ferry came in.</p>\n" * 40, encoding="utf-8")
    pages.joinpath("ar", "عبّارة.html").write_text("<p>وصلت العبّارة.</p>\n" * 40, encoding="utf-8")
    manifest = manifest_bytes(digest_folder(pages))
    signed = sign_manifest(KEY, manifest, trusted_comment=COMMENT)
    for name, content in (
        ("SHA256", manifest),
        ("SHA256.sig", signed.sig),
        ("SHA256.minisig", signed.minisig),
        ("SHA256.raw", signed.raw),
        ("edition.pub", KEY.public.file_bytes()),
        ("edition.pem", KEY.public.pem()),
    ):
        pages.joinpath(name).write_bytes(content)
    return pages


SIGNIFY = ("signify-openbsd", "-p", "edition.pub", "-x", "SHA256.sig")
MINISIGN = ("minisign", "-V", "-x", "SHA256.minisig", "-m", "SHA256")
OPENSSL = ("openssl", "pkeyutl", "-verify", "-rawin", "-in", "SHA256", "-sigfile", "SHA256.raw")
PROGRAMS = {
    "signify": (*SIGNIFY, "-C"),
    "signify without the files": (*SIGNIFY, "-V", "-e", "-m", "/dev/null"),
    "minisign": (*MINISIGN, "-p", "edition.pub"),
    "minisign, prehashed only": (*MINISIGN, "-H", "-p", "edition.pub"),
    "minisign by the characters": (*MINISIGN, "-P", KEY.public.text),
    "openssl": (*OPENSSL, "-pubin", "-inkey", "edition.pem"),
    "sha256sum": ("sha256sum", "--check", "--strict", "--quiet", "SHA256"),
}
READ_PAGES = ("signify", "sha256sum")


def accepts(program: str, folder: Path) -> bool:
    """Whether a program is content with a folder."""
    done = subprocess.run(PROGRAMS[program], cwd=folder, capture_output=True, check=False)
    return done.returncode == 0


def flip(file: Path, place: int | None = None) -> None:
    """Change one bit, in the middle where no place is named."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2 if place is None else place] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_program_accepts_what_we_sign(folder: Path, program: str) -> None:
    assert accepts(program, folder)


@pytest.mark.parametrize("program", READ_PAGES)
@pytest.mark.parametrize("page", ["index.html", "ar/عبّارة.html"])
def test_a_program_that_reads_pages_refuses_one_flipped_bit_in_a_page(
    folder: Path, program: str, page: str
) -> None:
    flip(folder / page)
    assert not accepts(program, folder)


@pytest.mark.parametrize("program", [name for name in PROGRAMS if name != "sha256sum"])
def test_every_program_refuses_one_flipped_bit_in_the_list(folder: Path, program: str) -> None:
    flip(folder / "SHA256")
    content = folder.joinpath("SHA256.sig").read_bytes()
    # signify reads the list that stands within the signature's own file.
    flip(folder / "SHA256.sig", len(content) - folder.joinpath("SHA256").stat().st_size // 2)
    assert not accepts(program, folder)


@pytest.fixture
def manifest(folder: Path) -> bytes:
    return folder.joinpath("SHA256").read_bytes()


@pytest.fixture
def signed(manifest: bytes) -> Signatures:
    return sign_manifest(KEY, manifest, trusted_comment=COMMENT)


def checks(signed: Signatures, manifest: bytes) -> dict[str, tuple[bytes, Callable[[bytes], object]]]:
    """Each signature's bytes, and what checks them."""
    digest = digest_for_minisign(manifest)
    return {
        "sig": (signed.sig, lambda data: check_sig(KEY.public, data)),
        "minisig": (signed.minisig, lambda data: check_minisig(KEY.public, data, digest)),
        "raw": (signed.raw, lambda data: check_raw(KEY.public, data, manifest)),
    }


def damaged(content: bytes) -> Iterator[bytes]:
    """A file with one bit of each byte flipped, cut off anywhere, or with something added."""
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1
        yield bytes(changed)
        changed[place] ^= 0x21
        yield bytes(changed)
        yield content[:place]
    for more in (b"\n", b" ", b"\x00", b"untrusted comment: more\n"):
        yield content + more
        yield more + content


def test_what_was_signed_is_given_back(signed: Signatures, manifest: bytes) -> None:
    assert check_sig(KEY.public, signed.sig) == manifest
    assert check_minisig(KEY.public, signed.minisig, digest_for_minisign(manifest)) == COMMENT
    check_raw(KEY.public, signed.raw, manifest)


@pytest.mark.parametrize("form", ["sig", "minisig", "raw"])
def test_not_one_byte_of_a_signature_can_be_changed(signed: Signatures, manifest: bytes, form: str) -> None:
    content, check = checks(signed, manifest)[form]
    for changed in damaged(content):
        with pytest.raises(BadSignature):
            check(changed)


@pytest.mark.parametrize("form", ["sig", "minisig", "raw"])
def test_a_signature_by_another_key_is_refused(manifest: bytes, form: str) -> None:
    content, check = checks(sign_manifest(OTHER, manifest, trusted_comment=COMMENT), manifest)[form]
    with pytest.raises(BadSignature):
        check(content)


def test_a_signature_of_another_list_is_refused(signed: Signatures) -> None:
    with pytest.raises(BadSignature):
        check_minisig(KEY.public, signed.minisig, digest_for_minisign(b"another"))
    with pytest.raises(BadSignature):
        check_raw(KEY.public, signed.raw, b"another")


def test_one_key_signs_the_same_bytes_in_the_same_way(signed: Signatures, manifest: bytes) -> None:
    assert sign_manifest(SigningKey.from_seed(bytes(range(32))), manifest, trusted_comment=COMMENT) == signed


@pytest.mark.parametrize("comment", ["two\nlines", "x" * 301, " space", "tab\there", "\u202ebidi"])
def test_a_comment_that_could_mislead_is_not_signed(manifest: bytes, comment: str) -> None:
    with pytest.raises(ValueError, match="one printable line"):
        sign_manifest(KEY, manifest, trusted_comment=comment)


def test_only_a_digest_is_signed_in_place_of_a_file() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        sign_digest(KEY, b"no digest", trusted_comment="none")


def test_the_public_key_is_known_by_56_characters() -> None:
    text = KEY.public.text
    assert len(text) == 56
    assert PublicKey.from_text(f" {text[:20]} {text[20:]}\n") == KEY.public
    assert PublicKey.from_file_bytes(KEY.public.file_bytes()) == KEY.public
    assert repr(KEY).count("seed") == 0


def test_not_one_character_of_a_key_can_be_changed() -> None:
    for changed in damaged(KEY.public.file_bytes()):
        with pytest.raises(BadKey):
            PublicKey.from_file_bytes(changed)
    for text in ("", "RWQ", KEY.public.text[:-1] + "ي", "ي" * 56, "A" * 56):
        with pytest.raises(BadKey):
            PublicKey.from_text(text)
