"""The list of files: one way to write it, and nothing else is read."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nashra.edition.manifest import (
    BadManifest,
    UnsafePath,
    check_file_path,
    digest_folder,
    manifest_bytes,
    parse_manifest,
)

A, B = hashlib.sha256(b"a").hexdigest(), hashlib.sha256(b"b").hexdigest()
names = st.text(st.characters(categories=("L", "N"), include_characters="-_/."), min_size=1, max_size=20)


def is_safe(path: str) -> bool:
    try:
        check_file_path(path)
    except UnsafePath:
        return False
    return True


def test_it_writes_one_line_a_file_sorted_by_bytes() -> None:
    digests = {"en/b.html": B, "en-old/a.html": A, "ar/العبّارة.html": A, "Z.html": B}
    assert manifest_bytes(digests).decode().splitlines() == [
        f"SHA256 (Z.html) = {B}",
        f"SHA256 (ar/العبّارة.html) = {A}",
        f"SHA256 (en-old/a.html) = {A}",
        f"SHA256 (en/b.html) = {B}",
    ]


@given(st.dictionaries(names.filter(is_safe), st.sampled_from([A, B]), max_size=8))
def test_a_list_reads_back_as_it_was_written(digests: dict[str, str]) -> None:
    try:
        data = manifest_bytes(digests)
    except UnsafePath:
        return
    assert parse_manifest(data) == digests
    assert manifest_bytes(parse_manifest(data)) == data


@given(st.integers(0, 200), st.integers(0, 255))
def test_a_list_with_any_byte_changed_is_refused_or_says_something_else(position: int, byte: int) -> None:
    data = bytearray(manifest_bytes({"en/a.html": A, "en/b.html": B}))
    position %= len(data)
    unchanged = data[position] == byte
    data[position] = byte
    try:
        parsed = parse_manifest(bytes(data))
    except BadManifest:
        assert not unchanged
        return
    assert (parsed == {"en/a.html": A, "en/b.html": B}) == unchanged


@pytest.mark.parametrize(
    "data",
    [
        f"SHA256 (b) = {B}\nSHA256 (a) = {A}\n",
        f"SHA256 (a) = {A}\nSHA256 (a) = {A}\n",
        f"SHA256 (a) = {A}",
        f"SHA256 (a) = {A}\r\n",
        f"SHA256 (a) = {A}\n\n",
        f"SHA256 (a)  = {A}\n",
        f"SHA256 (a) = {A.upper()}\n",
        f"SHA512 (a) = {A}\n",
        f"SHA256 (../a) = {A}\n",
        f"SHA256 (/a) = {A}\n",
        f"SHA256 (a b) = {A}\n",
        f"SHA256 (a(b)) = {A}\n",
        f"SHA256 (A) = {A}\nSHA256 (a) = {A}\n",
        f"\ufeffSHA256 (a) = {A}\n",
        "hello\n",
    ],
)
def test_it_refuses_a_list_that_is_not_canonical(data: str) -> None:
    with pytest.raises(BadManifest):
        parse_manifest(data.encode())


def test_it_says_which_line_is_wrong() -> None:
    with pytest.raises(BadManifest, match="line 2"):
        parse_manifest(f"SHA256 (a) = {A}\nnonsense\n".encode())
    with pytest.raises(BadManifest, match="UTF-8"):
        parse_manifest(b"SHA256 (\xff) = ")


@pytest.mark.parametrize(
    "path",
    ["", "/a", "a/", "a//b", "../a", "a/./b", "a b", "a\u3000b", "a\nb", "(a)", "cafe\u0301", "a" * 201],
)
def test_it_refuses_names_that_some_disk_reads_otherwise(path: str) -> None:
    with pytest.raises(UnsafePath):
        manifest_bytes({path: A})


@pytest.mark.parametrize("other", ["EN/a.html", "en/A.html"])
def test_it_refuses_two_names_that_are_one_on_some_disk(other: str) -> None:
    with pytest.raises(UnsafePath, match="same file"):
        manifest_bytes({"en/a.html": A, other: B})


def test_other_people_s_programs_read_the_list(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en/العبّارة.html").write_text("a")
    (tmp_path / "index.html").write_text("b")
    data = manifest_bytes(digest_folder(tmp_path))
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict"], input=data, cwd=tmp_path, capture_output=True
    )
    assert checked.returncode == 0, checked.stderr
    (tmp_path / "index.html").write_text("c")
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict"], input=data, cwd=tmp_path, capture_output=True
    )
    assert checked.returncode == 1
