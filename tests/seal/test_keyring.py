"""A folder of keys is opened together or not at all, and says what is wrong with it."""

from __future__ import annotations

import datetime
import hashlib
import itertools
import stat

import pytest

from nashra.seal.chain import check_roots
from nashra.seal.keyring import BadKeyring, make_throw_away_keys, open_keyring, read_passphrases

NOW = datetime.datetime(2026, 11, 27, 12, 0, tzinfo=datetime.UTC)


def drawn():
    numbers = itertools.count()
    return lambda size: hashlib.sha512(str(next(numbers)).encode()).digest()[:size]


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "keys"
    make_throw_away_keys(folder, randomness=drawn(), now=NOW, passphrase_file=folder / "passphrases.txt")
    return folder


def passphrases(folder):
    return read_passphrases(folder / "passphrases.txt")


def test_throw_away_keys_open_with_what_lies_beside_them_and_say_what_they_are(folder):
    keys = open_keyring(folder, passphrases(folder))
    assert keys.is_throw_away
    assert "for trying only" in (folder / "throw-away").read_text()
    assert (folder / "edition.pub").read_bytes() == keys.edition.public.file_bytes()
    assert check_roots(keys.roots).version == 1


def test_secrets_are_for_their_owner_alone(folder):
    for name in ("edition.key", "targets.key", "snapshot.key", "passphrases.txt"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_keys_are_never_made_over_others(folder):
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    with pytest.raises(BadKeyring, match="never written over"):
        make_throw_away_keys(folder, randomness=drawn(), now=NOW, passphrase_file=folder / "other.txt")
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("1.root.json", None, "1.root.json is missing"),
        ("1.root.json", b"{}", "is no root metadata"),
        ("targets.key", None, "cannot be read"),
        ("targets.key", b"hello", "is no encrypted key file"),
    ],
)
def test_what_is_missing_or_damaged_is_named(folder, name, content, words):
    found = passphrases(folder)
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
        (folder / name).chmod(0o600)
    with pytest.raises(BadKeyring, match=words):
        open_keyring(folder, found)


def test_a_missing_or_wrong_passphrase_is_named(folder):
    found = passphrases(folder)
    with pytest.raises(BadKeyring, match="add a line `edition: six words`"):
        open_keyring(folder, {})
    with pytest.raises(BadKeyring, match="does not open with this passphrase"):
        open_keyring(folder, {**found, "edition": "quite another passphrase"})


def test_a_file_of_passphrases_that_others_can_read_is_refused(folder):
    (folder / "passphrases.txt").chmod(0o644)
    with pytest.raises(BadKeyring, match="chmod 600"):
        passphrases(folder)


def test_a_line_without_a_passphrase_is_named(tmp_path):
    file = tmp_path / "passphrases.txt"
    file.touch(mode=0o600)
    file.write_text("edition: some words of a phrase\n\ntargets\n")
    with pytest.raises(BadKeyring, match="line 3"):
        read_passphrases(file)
