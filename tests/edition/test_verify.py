"""Holding a folder against its list."""

from __future__ import annotations

import os
import resource
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nashra.edition.manifest import digest_folder, manifest_bytes, parse_manifest
from nashra.edition.verify import Finding, Kind, findings


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    folder = tmp_path / "edition"
    for path, words in {"index.html": "door", "en/a/index.html": "one", "ar/ع/index.html": "واحد"}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(words)
    return folder


@pytest.fixture
def digests(edition: Path) -> dict[str, str]:
    return digest_folder(edition)


def test_a_whole_folder_has_no_findings(edition: Path, digests: dict[str, str]) -> None:
    assert list(findings(edition, digests)) == []


def test_it_tells_a_changed_a_missing_and_an_added_file_apart(edition: Path, digests: dict[str, str]) -> None:
    (edition / "en/a/index.html").write_text("two")
    (edition / "index.html").unlink()
    (edition / "en/b.html").write_text("new")
    assert set(findings(edition, digests)) == {
        Finding(Kind.CHANGED, "en/a/index.html"),
        Finding(Kind.MISSING, "index.html"),
        Finding(Kind.ADDED, "en/b.html"),
    }


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_flipped_bit_is_found(edition: Path, digests: dict[str, str], data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(digests)))
    before = (edition / path).read_bytes()
    flipped = bytearray(before)
    flipped[data.draw(st.integers(0, len(before) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    (edition / path).write_bytes(bytes(flipped))
    assert list(findings(edition, digests)) == [Finding(Kind.CHANGED, path)]
    (edition / path).write_bytes(before)


def test_a_link_is_never_followed(edition: Path, digests: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "door").write_text("door")
    (edition / "index.html").unlink()
    (edition / "index.html").symlink_to(tmp_path / "door")
    (edition / "loop").symlink_to(edition)
    assert set(findings(edition, digests)) == {
        Finding(Kind.UNSAFE, "index.html"),
        Finding(Kind.UNSAFE, "loop"),
    }


def test_a_pipe_in_a_file_s_place_does_not_make_it_wait(edition: Path, digests: dict[str, str]) -> None:
    (edition / "index.html").unlink()
    os.mkfifo(edition / "index.html")
    os.mkfifo(edition / "other")
    assert set(findings(edition, digests)) == {
        Finding(Kind.UNSAFE, "index.html"),
        Finding(Kind.UNSAFE, "other"),
    }


def test_names_that_no_edition_has_are_unsafe_and_shown_escaped(
    edition: Path, digests: dict[str, str]
) -> None:
    for name in (b"a b", b"red\x1b[31m", b"\xff\xfe", "cafe\u0301".encode()):
        Path(os.fsdecode(os.fsencode(edition) + b"/" + name)).write_text("x")
    found = list(findings(edition, digests))
    assert {finding.kind for finding in found} == {Kind.UNSAFE}
    shown = {finding.shown_path for finding in found}
    assert {r"red\x1b[31m", r"\udcff\udcfe", "a b"} < shown


def test_a_folder_in_a_file_s_place_is_a_missing_file(edition: Path, digests: dict[str, str]) -> None:
    (edition / "index.html").unlink()
    (edition / "index.html").mkdir()
    assert list(findings(edition, digests)) == [Finding(Kind.MISSING, "index.html")]


def test_the_list_itself_may_lie_in_the_folder(edition: Path, digests: dict[str, str]) -> None:
    own = edition / "SHA256"
    own.write_bytes(manifest_bytes(digests))
    assert list(findings(edition, parse_manifest(own.read_bytes()), except_file=own)) == []
    assert list(findings(edition, digests)) == [Finding(Kind.ADDED, "SHA256")]


def test_a_huge_file_takes_little_memory(edition: Path) -> None:
    with (edition / "huge.zip").open("wb") as file:
        file.truncate(512 * 1024 * 1024)
    digests = {"huge.zip": "0" * 64}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert Finding(Kind.CHANGED, "huge.zip") in set(findings(edition, digests))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024
