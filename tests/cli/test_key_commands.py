"""``nashra keys``, typed: a ceremony, what it leaves, a key replaced by two people, and a thief told of."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.newsrooms import Newsroom


@pytest.fixture
def held(folder: Newsroom, tmp_path: Path) -> Path:
    """A ceremony's folder; the passphrases lie in ``passphrases.txt`` beside it."""
    place = tmp_path / "ceremony"
    done = folder.run(
        "keys", "init", place, "--name", "The Lantern", "--passphrases-to", tmp_path / "words.txt"
    )
    assert done.returncode == 0, done.stderr
    return place


def words(tmp_path: Path) -> dict[str, str]:
    return {"NASHRA_KEYS_PASSPHRASE_FILE": str(tmp_path / "words.txt")}


def test_a_ceremony_shows_each_passphrase_once_and_writes_none(folder: Newsroom, tmp_path: Path) -> None:
    place = tmp_path / "ceremony"
    done = folder.run("keys", "init", place)
    assert done.returncode == 0, done.stderr
    phrases = [line.partition(": ")[2] for line in done.stdout.splitlines() if line.startswith("  ")]
    assert len(phrases) == 6
    assert all(len(phrase.split()) == 6 for phrase in phrases)
    for file in place.rglob("*"):
        if file.is_file():
            assert not any(phrase.encode() in file.read_bytes() for phrase in phrases)
    assert folder.run("keys", "init", place).returncode == 2


def test_the_card_has_fingerprint_key_and_codes_and_asks_no_network(folder: Newsroom, held: Path) -> None:
    page = (held / "card.html").read_text()
    assert page.count("<svg") == 2
    assert "The Lantern" in page
    assert "src=" not in page
    shown = folder.run("keys", "show", held / "server", "--qr")
    assert shown.returncode == 0, shown.stderr
    text = (held / "card.txt").read_text().splitlines()
    assert text[3] in shown.stdout
    assert text[3] in page
    assert "█" in shown.stdout
    assert "Keys here: edition, snapshot, targets" in shown.stdout


def test_root_keys_on_a_server_are_warned_of(folder: Newsroom, held: Path) -> None:
    shutil.copy2(held / "root-1" / "root-1.key", held / "server")
    assert "must not lie on the server" in folder.run("keys", "show", held / "server").stderr


def test_a_stolen_key_is_replaced_by_two_people(folder: Newsroom, held: Path, tmp_path: Path) -> None:
    server = held / "server"
    done = folder.run("keys", "revoke", "targets", "--keys", server)
    assert done.returncode == 0, done.stderr
    assert "Whoever has the old targets key" in done.stdout
    draft = server / "2.root.draft.json"
    for number, sentence in ((1, "still lacks 1 signature"), (3, "is the newest root")):
        key = held / f"root-{number}" / f"root-{number}.key"
        signed = folder.run("keys", "sign-root", draft, "--key", key, **words(tmp_path))
        assert signed.returncode == 0, signed.stderr
        assert sentence in signed.stdout
    assert "Root version 2" in folder.run("keys", "show", server).stdout


def test_what_cannot_be_is_refused_with_a_sentence(folder: Newsroom, held: Path, tmp_path: Path) -> None:
    server = held / "server"
    for command, sentence in (
        (["rotate", "editor", "--keys", server], "choose from"),
        (["rotate", "root-1", "--keys", server], "not on the server"),
        (["show", tmp_path / "nowhere"], "hold a key ceremony first"),
        (["sign-root", server / "1.root.json", "--key", server / "targets.key"], "no root key"),
    ):
        done = folder.run("keys", *command, **words(tmp_path))
        assert done.returncode == 2, done.stdout
        assert sentence in done.stderr
        assert "Traceback" not in done.stderr
