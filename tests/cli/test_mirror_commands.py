"""``nashra mirror``, typed: an edition on its way to a folder, looked at where readers ask, and refusals."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest

from nashra.edition.manifest import digest_folder
from nashra.edition.mirrors import parse_mirrors
from nashra.seal.keyring import make_throw_away_keys
from tests.cli.newsrooms import Newsroom
from tests.loopback import served


@pytest.fixture
def paper(empty_folder: Callable[[], Newsroom]) -> Newsroom:
    """A newsroom of its own for each test: what one adds, another would find."""
    newsroom = empty_folder()
    assert newsroom.run("init", "--language", "en", "--name", "The Harbour Post").returncode == 0
    make_throw_away_keys(
        newsroom.var / "keys",
        randomness=secrets.token_bytes,
        now=datetime.datetime.now(tz=datetime.UTC),
        passphrase_file=newsroom.var / "keys" / "passphrases.txt",
    )
    assert newsroom.run("press", "--quiet").returncode == 0
    return newsroom


def test_an_edition_reaches_a_mirror_and_is_found_intact_there(paper: Newsroom, tmp_path: Path) -> None:
    refused = paper.run("mirror", "push")
    assert refused.returncode == 1
    assert "There is no mirror yet" in refused.stderr
    target = tmp_path / "mirror"
    with served(target.parent) as address:
        added = paper.run("mirror", "add", "attic", target, "--url", f"{address}/mirror/")
        assert added.returncode == 0, added.stderr
        assert "There is no edition yet" in paper.run("mirror", "push").stderr
        assert paper.run("edition", "cut").returncode == 0
        pushed = paper.run("mirror", "push")
        assert pushed.returncode == 0, pushed.stderr
        assert "attic carries edition 1" in pushed.stdout
        assert digest_folder(target) == digest_folder(paper.var / "edition")
        told = paper.run("mirror", "status")
        assert told.returncode == 0, told.stderr
        assert "carries edition 1, as we do" in told.stdout
        key = (paper.var / "keys" / "edition.pub").read_text().splitlines()[1]
        looked = paper.run("verify", f"{address}/mirror", "--key", key, "--no-memory")
        assert looked.returncode == 0, looked.stdout + looked.stderr
        (target / "edition" / "SHA256").write_bytes(b"forged")
        (target / "index.html").write_bytes(b"forged")
        for file in (target / "edition").glob("*.SHA256"):
            file.write_bytes(b"forged")
        broken = paper.run("mirror", "status")
        assert broken.returncode == 1
        assert "not as they should be: attic" in broken.stderr
        assert paper.run("verify", f"{address}/mirror", "--key", key, "--no-memory").returncode != 0
    assert paper.run("mirror", "remove", "attic").returncode == 0
    assert paper.run("mirror", "remove", "attic").returncode == 2


def test_a_listed_mirror_is_told_of_in_the_next_edition(paper: Newsroom, tmp_path: Path) -> None:
    listed = ("mirror", "add", "open", tmp_path / "m", "--url", "https://mirror.example", "--listed")
    assert paper.run(*listed).returncode == 0
    assert paper.run("mirror", "add", "quiet", tmp_path / "q").returncode == 0
    assert paper.run("edition", "cut").returncode == 0
    data = (paper.var / "edition" / "edition" / "mirrors.json").read_bytes()
    assert parse_mirrors(data) == ("https://mirror.example/",)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["add", "Bad Name", "/m"], "small letters"),
        (["add", "one", "/"], "the whole disk"),
        (["add", "one", "/m", "--listed"], "give --url"),
        (["push", "nobody"], "no mirror called 'nobody'"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(newsroom, words: list[str], sentence: str) -> None:
    done = newsroom.run("mirror", *words)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
