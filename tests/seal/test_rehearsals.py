"""Rehearsed: a ceremony, rotations, the loss of a root key, theft; each ends with readers who are safe."""

from __future__ import annotations

import datetime
import hashlib
import itertools
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from nashra.seal import ceremony
from nashra.seal.ceremony import (
    BadCeremony,
    adopt,
    draft_rotation,
    hold_ceremony,
    next_key_file,
    rotate_edition_key,
    sign_draft,
)
from nashra.seal.chain import BadChain, ChainFiles, check_chain
from nashra.seal.keyfiles import read_key_file
from nashra.seal.keyring import open_keyring, read_roots
from nashra.seal.metadata import Target, snapshot_bytes, targets_bytes, timestamp_bytes
from nashra.seal.passphrases import LIST_LENGTH, draw_passphrase
from nashra.seal.signing import SigningKey

NOW = datetime.datetime(2026, 11, 27, 12, 0, tzinfo=datetime.UTC)
YEAR = datetime.timedelta(days=365)
WORDS = "one two three four five six"


@pytest.fixture
def randomness():
    numbers = itertools.count()
    return lambda size: hashlib.sha512(str(next(numbers)).encode()).digest()[:size]


class Newsroom:
    """Keys after a ceremony, with what opens them."""

    def __init__(self, folder: Path, randomness) -> None:
        self.folder, self.server, self.randomness = folder, folder / "server", randomness
        numbers = itertools.count()
        self.passphrases = hold_ceremony(
            folder, passphrase=lambda: f"{WORDS} {next(numbers)}", randomness=randomness, now=NOW
        )

    def root_key(self, name: str) -> SigningKey:
        return read_key_file(self.folder / name / f"{name}.key", self.passphrases[name])

    def rotate(self, name: str, signers: tuple[str, ...], *, to: Path | None = None) -> None:
        file = to / f"{name}.key" if to else next_key_file(self.server, name)
        draft = draft_rotation(
            self.server, name, file, passphrase=f"{WORDS} anew", seed=self.randomness(32), now=NOW + YEAR
        )
        roots = read_roots(self.server)
        if to:
            self.passphrases[name] = f"{WORDS} anew"
        for number, signer in enumerate(signers, start=1):
            # Whatever the others do meanwhile, the keys that are in use sign what readers believe.
            check_chain(self.chain(), root_fingerprint=self.fingerprint)
            lacks, file = sign_draft(draft, self.root_key(signer), roots, now=NOW + YEAR)
            assert bool(lacks) == (number < len(signers)), (signer, lacks)
        assert file.name == f"{len(roots) + 1}.root.json"
        self.passphrases[name] = f"{WORDS} anew"

    def chain(self, **stolen: SigningKey) -> ChainFiles:
        """Metadata by the keys of the server, or by stolen ones in their place."""
        keys = replace(open_keyring(self.server, self.passphrases), **stolen)
        targets = targets_bytes({"edition/SHA256": Target("ab" * 32, 9)}, keys.targets, version=3, now=NOW)
        snapshot = snapshot_bytes(targets, keys.snapshot, version=3, now=NOW)
        return ChainFiles(
            keys.roots, targets, snapshot, timestamp_bytes(snapshot, keys.timestamp, version=3, now=NOW)
        )

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256((self.server / "1.root.json").read_bytes()).hexdigest()


@pytest.fixture
def newsroom(tmp_path, randomness) -> Newsroom:
    return Newsroom(tmp_path / "ceremony", randomness)


def test_after_a_ceremony_each_holder_has_one_key_and_the_server_no_root_key(newsroom):
    for name in ("root-1", "root-2", "root-3"):
        assert [file.name for file in (newsroom.folder / name).iterdir()] == [f"{name}.key"]
    assert {file.name for file in newsroom.server.iterdir()} == {
        *("edition.key", "targets.key", "snapshot.key", "1.root.json", "edition.pub", "edition.pem"),
        "holders.json",
    }
    for file in newsroom.folder.rglob("*.key"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    chain = check_chain(newsroom.chain(), root_fingerprint=newsroom.fingerprint)
    assert chain.root_version == 1
    assert len(set(newsroom.passphrases.values())) == 6


def test_a_ceremony_is_held_in_an_empty_folder_only(newsroom, randomness):
    with pytest.raises(BadCeremony, match="is not empty"):
        hold_ceremony(newsroom.folder, passphrase=lambda: WORDS, randomness=randomness, now=NOW)


@pytest.mark.parametrize("name", ["targets", "snapshot"])
def test_a_stolen_key_is_of_no_use_once_two_root_holders_have_signed(newsroom, name):
    stolen = read_key_file(newsroom.server / f"{name}.key", newsroom.passphrases[name])
    believed = newsroom.chain()
    newsroom.rotate(name, ("root-1", "root-3"))
    chain = check_chain(
        newsroom.chain(), root_fingerprint=newsroom.fingerprint, trusted_root=believed.roots[0]
    )
    assert chain.root_version == 2
    thiefs = {name: stolen} | ({"timestamp": stolen} if name == "snapshot" else {})
    with pytest.raises(BadChain, match="is signed by 0"):
        check_chain(newsroom.chain(**thiefs), root_fingerprint=newsroom.fingerprint)


def test_a_lost_root_key_is_replaced_by_the_two_others(newsroom, tmp_path):
    (newsroom.folder / "root-2" / "root-2.key").unlink()
    newsroom.rotate("root-2", ("root-1", "root-3"), to=newsroom.folder / "root-2")
    assert check_chain(newsroom.chain(), root_fingerprint=newsroom.fingerprint).root_version == 2
    newsroom.rotate("targets", ("root-2", "root-3"))
    assert check_chain(newsroom.chain(), root_fingerprint=newsroom.fingerprint).root_version == 3


def test_two_lost_root_keys_cannot_be_replaced_by_the_third(newsroom, randomness):
    draft = draft_rotation(
        newsroom.server, "targets", next_key_file(newsroom.server, "targets"),
        passphrase=WORDS, seed=randomness(32), now=NOW,
    )  # fmt: skip
    roots = read_roots(newsroom.server)
    lacks, file = sign_draft(draft, newsroom.root_key("root-1"), roots, now=NOW)
    again, _file = sign_draft(draft, newsroom.root_key("root-1"), roots, now=NOW)
    assert (lacks, again) == (1, 1)
    assert file == draft
    assert read_roots(newsroom.server) == roots


def test_a_root_that_was_signed_elsewhere_is_adopted_where_the_keys_are(newsroom, tmp_path, randomness):
    draft = draft_rotation(
        newsroom.server, "targets", next_key_file(newsroom.server, "targets"),
        passphrase=f"{WORDS} anew", seed=randomness(32), now=NOW,
    )  # fmt: skip
    away = tmp_path / "away"
    away.mkdir()
    for file in (draft, newsroom.server / "1.root.json"):
        (away / file.name).write_bytes(file.read_bytes())
    roots = read_roots(away)
    for name in ("root-1", "root-2"):
        _lacks, root = sign_draft(away / draft.name, newsroom.root_key(name), roots, now=NOW)
    assert adopt(newsroom.server, now=NOW) == []
    check_chain(newsroom.chain(), root_fingerprint=newsroom.fingerprint)
    (newsroom.server / root.name).write_bytes(root.read_bytes())
    assert adopt(newsroom.server, now=NOW) == ["targets"]
    newsroom.passphrases["targets"] = f"{WORDS} anew"
    assert check_chain(newsroom.chain(), root_fingerprint=newsroom.fingerprint).root_version == 2


def test_a_stranger_cannot_sign_a_root(newsroom, randomness):
    draft = draft_rotation(
        newsroom.server, "targets", next_key_file(newsroom.server, "targets"),
        passphrase=WORDS, seed=randomness(32), now=NOW,
    )  # fmt: skip
    with pytest.raises(BadCeremony, match="no root key"):
        sign_draft(draft, SigningKey.from_seed(bytes(32)), read_roots(newsroom.server), now=NOW)


def test_a_new_edition_key_needs_no_root_and_the_old_one_is_put_aside(newsroom, randomness):
    before = ceremony.read_holders(newsroom.server)["edition"]
    rotate_edition_key(newsroom.server, passphrase=WORDS, seed=randomness(32), now=NOW)
    after = ceremony.read_holders(newsroom.server)["edition"]
    assert before != after
    assert after.text in (newsroom.server / "edition.pub").read_text()
    assert list(newsroom.server.glob("edition.key.retired-*"))
    assert read_roots(newsroom.server)[-1] == (newsroom.server / "1.root.json").read_bytes()


def test_a_name_that_no_root_knows_is_refused(newsroom, randomness):
    with pytest.raises(BadCeremony, match="choose from root-1, root-2, root-3, snapshot, targets"):
        draft_rotation(
            newsroom.server, "editor", newsroom.server / "editor.key",
            passphrase=WORDS, seed=randomness(32), now=NOW,
        )  # fmt: skip


def test_a_passphrase_has_six_words_of_the_whole_list():
    asked: list[int] = []

    def below(count: int) -> int:
        asked.append(count)
        return len(asked)

    words = draw_passphrase(below).split(" ")
    assert asked == [LIST_LENGTH] * 6
    assert len(set(words)) == 6
    assert all(word.isascii() for word in words)
