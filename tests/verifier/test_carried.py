"""Bundles that somebody carried: as files with a signature beside them or within, or unpacked."""

from __future__ import annotations

import datetime
import random
from pathlib import Path

import pytest

from nashra.bundles.making import make
from nashra.bundles.unpacking import unpack
from nashra.verifier.carried import is_bundle_folder, verify_bundle_folder, verify_file
from nashra.verifier.memory import Memory
from nashra.verifier.verdict import State
from nashra.verifier.verifying import Trusted
from nashra.verifier.words import LANGUAGES, lines
from tests.bundles.samples import CUT, KEY, bundle
from tests.verifier.editions import THIEF

BY_KEY = Trusted(key=KEY.public)
NOW = CUT + datetime.timedelta(days=2)
PACKED = ["tar.zst", "zip", "epub"]


def carry(folder: Path, format_: str, *, beside: bool = True) -> Path:
    made = make(bundle("en", "ar"), format_, KEY)
    file = folder / f"news.{format_}"
    file.write_bytes(made.content)
    if beside:
        (folder / f"news.{format_}.minisig").write_bytes(made.minisig)
    return file


@pytest.mark.parametrize("format_", [*PACKED, "html"])
def test_a_bundle_is_told_by_the_signature_beside_it(tmp_path, format_):
    file = carry(tmp_path, format_)
    verdict = verify_file(file, BY_KEY, now=NOW, memory=Memory())
    assert (verdict.state, verdict.number, verdict.cut_at) == (State.OLD, 7, CUT)
    assert verify_file(file, Trusted(key=THIEF.public), now=NOW, memory=Memory()).exit_code == 1
    untold = verify_file(file, Trusted(root_fingerprint="0" * 64), now=NOW, memory=Memory())
    assert (untold.exit_code, untold.reason) == (2, "needs-key")
    memory = Memory()
    verify_file(file, BY_KEY, now=NOW, memory=memory)
    assert verify_file(file, Trusted(), now=NOW, memory=memory).exit_code == 0


@pytest.mark.parametrize("format_", [*PACKED, "html"])
def test_a_flipped_byte_anywhere_is_refused(tmp_path, format_):
    file = carry(tmp_path, format_)
    good = file.read_bytes()
    chance = random.Random(3)  # noqa: S311 -- places, not secrets
    for place in chance.sample(range(len(good)), 40):
        file.write_bytes(good[:place] + bytes([good[place] ^ 4]) + good[place + 1 :])
        assert verify_file(file, BY_KEY, now=NOW, memory=Memory()).exit_code == 1
    file.write_bytes(good)
    signature = file.with_name(f"{file.name}.minisig")
    own = signature.read_bytes()
    for place in range(len(own)):
        signature.write_bytes(own[:place] + bytes([own[place] ^ 1]) + own[place + 1 :])
        assert verify_file(file, BY_KEY, now=NOW, memory=Memory()).exit_code == 1, place


@pytest.mark.parametrize("format_", PACKED)
def test_without_a_signature_beside_it_the_one_within_is_asked(tmp_path, format_):
    file = carry(tmp_path, format_, beside=False)
    verdict = verify_file(file, BY_KEY, now=NOW, memory=Memory())
    assert (verdict.state, verdict.number) == (State.OLD, 7)
    unknown = verify_file(file, Trusted(), now=NOW, memory=Memory())
    assert (unknown.exit_code, unknown.key_text) == (2, KEY.public.text)
    file.write_bytes(b"junk" * 500)
    assert verify_file(file, BY_KEY, now=NOW, memory=Memory()).exit_code == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_of_a_bundle_names_its_edition_and_nothing_that_is_not_known(tmp_path, language):
    verdict = verify_file(carry(tmp_path, "zip"), BY_KEY, now=NOW, memory=Memory())
    first = next(lines(verdict, language))
    assert "7" in first
    assert " of ," not in first
    assert "من ،" not in first
    assert "از ،" not in first


def test_a_page_alone_with_no_signature_cannot_be_told(tmp_path):
    file = carry(tmp_path, "html", beside=False)
    assert verify_file(file, BY_KEY, now=NOW, memory=Memory()).exit_code == 2


@pytest.mark.parametrize("format_", PACKED)
def test_an_unpacked_bundle_is_told_file_by_file(tmp_path, format_):
    folder = tmp_path / "inside"
    unpack(carry(tmp_path, format_), folder)
    assert is_bundle_folder(folder)
    assert verify_bundle_folder(folder, BY_KEY, now=NOW, memory=Memory()).exit_code == 0
    assert verify_bundle_folder(folder, Trusted(), now=NOW, memory=Memory()).exit_code == 2
    page = next(folder.rglob("1.*html"))
    good = page.read_bytes()
    for change in (good.replace(b"<h1>", b"<h1>No: "), None):
        page.unlink()
        if change:
            page.write_bytes(change)
        verdict = verify_bundle_folder(folder, BY_KEY, now=NOW, memory=Memory())
        assert verdict.exit_code == 1
        assert page.name in verdict.problems[0].path
    page.write_bytes(good)
    (folder / "extra.html").write_bytes(b"hello")
    verdict = verify_bundle_folder(folder, BY_KEY, now=NOW, memory=Memory())
    assert [problem.path for problem in verdict.problems] == ["extra.html"]


def test_what_was_signed_as_something_else_is_no_bundle(tmp_path):
    from nashra.seal.signature_files import digest_for_minisign, sign_digest

    file = carry(tmp_path, "zip")
    digest = digest_for_minisign(file.read_bytes())
    file.with_name("news.zip.minisig").write_bytes(sign_digest(KEY, digest, trusted_comment="delta"))
    assert verify_file(file, BY_KEY, now=NOW, memory=Memory()).exit_code == 1
