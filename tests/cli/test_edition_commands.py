"""``nashra edition``, typed: cut, listed, compared, signed elsewhere, and refused with a sentence."""

from __future__ import annotations

import datetime
import json
import secrets
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from nashra.seal.keyring import make_throw_away_keys
from tests.cli.newsrooms import Newsroom

FILE_STORY = """
from nashra.desk.models import Section
from nashra.desk.publishing import publish_story, write_story
section = Section.objects.get(slug='harbour')
story = write_story(section=section, headline={headline!r}, body=[('paragraph', '<p>It came in.</p>')])
publish_story(story=story)
"""


@pytest.fixture(scope="module")
def paper(empty_folder: Callable[[], Newsroom]) -> Newsroom:
    """A newsroom with one story pressed, and keys for trying."""
    newsroom = empty_folder()
    assert newsroom.run("init", "--language", "en", "--name", "The Harbour Post").returncode == 0
    newsroom.shell(
        "from nashra.desk.models import Publication\n"
        "from nashra.desk.publishing import create_section\n"
        "paper = Publication.objects.get()\n"
        "create_section(publication=paper, title='Harbour', slug='harbour')\n"
    )
    make_throw_away_keys(
        newsroom.var / "keys",
        randomness=secrets.token_bytes,
        now=datetime.datetime.now(tz=datetime.UTC),
        passphrase_file=newsroom.var / "keys" / "passphrases.txt",
    )
    file_and_press(newsroom, "The first ferry")
    done = newsroom.run("edition", "cut")
    assert done.returncode == 0, done.stderr
    assert "Edition 1 of" in done.stdout
    assert "throw-away keys" in done.stderr
    return newsroom


def file_and_press(newsroom: Newsroom, headline: str) -> None:
    newsroom.shell(FILE_STORY.format(headline=headline))
    done = newsroom.run("press", "--quiet")
    assert done.returncode == 0, done.stderr


def listed(newsroom: Newsroom) -> list[dict[str, object]]:
    done = newsroom.run("edition", "list", "--json")
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def test_an_edition_is_cut_listed_shown_and_compared(paper: Newsroom) -> None:
    before = listed(paper)[0]["number"]
    file_and_press(paper, "A bridge opens")
    assert "Cut in" in paper.run("edition", "cut").stdout
    assert listed(paper)[0]["number"] == before + 1
    assert f"Edition {before + 1} of" in paper.run("edition", "list").stdout
    assert "front r" in paper.run("edition", "show").stdout
    assert f"Edition {before} of" in paper.run("edition", "show", str(before)).stdout
    changes = paper.run("edition", "diff", str(before)).stdout
    assert "+ en/harbour/a-bridge-opens/index.html" in changes
    assert "~ en/index.html" in changes
    assert json.loads(paper.run("edition", "diff", str(before), "--json").stdout)["went"] == []


def test_where_nothing_was_pressed_no_edition_is_cut(paper: Newsroom) -> None:
    paper.run("edition", "cut")
    before = listed(paper)
    done = paper.run("edition", "cut")
    assert done.returncode == 0
    assert "Nothing changed" in done.stdout
    assert listed(paper) == before


def test_stock_programs_accept_it_with_the_public_key_alone(paper: Newsroom) -> None:
    key = paper.var / "keys" / "edition.pub"
    for command in (
        ["signify-openbsd", "-C", "-p", key, "-x", "edition/SHA256.sig"],
        ["minisign", "-V", "-p", key, "-m", "edition/SHA256", "-x", "edition/SHA256.minisig"],
        ["sha256sum", "--check", "--strict", "--quiet", "edition/SHA256"],
    ):
        done = subprocess.run(command, cwd=paper.var / "edition", capture_output=True, check=False)
        assert done.returncode == 0, done.stderr


def test_an_edition_is_signed_on_another_machine(paper: Newsroom, folder: Newsroom, tmp_path: Path) -> None:
    """The server keeps neither the edition key nor that of the targets; the other machine has no newsroom."""
    before = listed(paper)[0]["number"]
    stick = tmp_path / "stick"
    stick.mkdir()
    for name in ("edition.key", "targets.key", "passphrases.txt"):
        shutil.copy2(paper.var / "keys" / name, stick / name)
    away = tmp_path / "away"
    away.mkdir()
    for name in ("edition.key", "targets.key"):
        (paper.var / "keys" / name).rename(away / name)
    try:
        file_and_press(paper, "The market moves")
        refused = paper.run("edition", "cut")
        assert refused.returncode == 2
        assert "edition.key cannot be read" in refused.stderr
        asked = paper.run("edition", "cut", "--attended", "--request", stick / "next.request")
        assert asked.returncode == 0, asked.stderr
        assert listed(paper)[0]["number"] == before
        signed = folder.run("edition", "sign", stick / "next.request", "--keys", stick, "--yes")
        assert signed.returncode == 0, signed.stderr
        assert f"Edition {before + 1} of" in signed.stdout
        done = paper.run("edition", "finish", stick / "next.signed")
        assert done.returncode == 0, done.stderr
        assert listed(paper)[0]["number"] == before + 1
        assert paper.run("edition", "finish", stick / "next.signed").returncode == 2
    finally:
        for name in ("edition.key", "targets.key"):
            (away / name).rename(paper.var / "keys" / name)


def test_signing_asks_first_and_a_no_signs_nothing(paper: Newsroom, tmp_path: Path) -> None:
    file_and_press(paper, "Rain at last")
    request = tmp_path / "next.request"
    assert paper.run("edition", "cut", "--attended", "--request", request).returncode == 0
    done = paper.run("edition", "sign", request)
    assert done.returncode == 1
    assert "asked to sign" in done.stdout
    assert not (tmp_path / "next.signed").exists()
    assert paper.run("edition", "cut").returncode == 0


def test_metadata_is_renewed_on_request(paper: Newsroom) -> None:
    done = paper.run("edition", "renew")
    assert done.returncode == 0, done.stderr
    assert "is good until" in done.stdout


def test_bundles_are_made_signed_and_their_sizes_told_first(paper: Newsroom, tmp_path: Path) -> None:
    folder = tmp_path / "bundles"
    done = paper.run("edition", "bundle", "--stories", "1", "--to", folder, "--yes")
    assert done.returncode == 0, done.stderr
    assert "1 story of edition" in done.stderr
    names = {f"news.{format_}" for format_ in ("tar.zst", "zip", "epub", "html")}
    assert {file.name for file in folder.iterdir()} == names | {f"{name}.minisig" for name in names}
    key = paper.var / "keys" / "edition.pub"
    for name in sorted(names):
        command = ["minisign", "-V", "-p", str(key), "-m", name]
        assert subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0
    again = tmp_path / "again"
    paper.run("edition", "bundle", "--stories", "1", "--to", again, "--yes")
    assert all((again / name).read_bytes() == (folder / name).read_bytes() for name in names)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--since", "soon"], "a number and h, d or w"),
        (["--volume", "1999-01"], "has no volume 1999-01"),
        (["--section", "no-such"], "No story of the edition is what you asked for"),
        (["--format", "docx"], "choose from tar.zst, zip, epub, html"),
        (["--name", "../evil"], "letters, digits"),
    ],
)
def test_a_bundle_that_cannot_be_is_refused_with_a_sentence(
    paper: Newsroom, words: list[str], sentence: str
) -> None:
    done = paper.run("edition", "bundle", *words, "--yes")
    assert done.returncode == 2
    assert sentence in done.stderr


def test_a_no_to_the_sizes_writes_nothing(paper: Newsroom) -> None:
    done = paper.run("edition", "bundle", "--since", "30d", "--name", "unwanted")
    assert done.returncode == 1
    assert not list((paper.var / "edition").rglob("unwanted*"))


def test_a_delta_leads_a_reader_from_one_text_to_the_next(
    paper: Newsroom, folder: Newsroom, tmp_path: Path
) -> None:
    paper.run("edition", "cut")
    (month,) = [each["name"] for each in listed(paper)[0]["volumes"] if each["name"] != "front"]  # type: ignore[attr-defined]
    old = tmp_path / "old.tar"
    assert paper.run("edition", "text", month, "--to", old).returncode == 0
    before = listed(paper)[0]["number"]
    file_and_press(paper, "Smoke over the mills")
    paper.run("edition", "cut")
    made = paper.run("edition", "deltas")
    assert made.returncode == 0, made.stderr
    delta = paper.var / "edition" / "deltas" / f"{month}.{before}-{before + 1}.zst"  # type: ignore[operator]
    assert delta.is_file()
    key = (paper.var / "keys" / "edition.pub").read_text().split("\n")[1]
    new = tmp_path / "new.tar"
    done = folder.run("edition", "apply", old, delta, "--key", key, "--to", new)
    assert done.returncode == 0, done.stderr
    paper.run("edition", "text", month, "--to", tmp_path / "straight.tar")
    assert new.read_bytes() == (tmp_path / "straight.tar").read_bytes()
    assert b"Smoke over the mills" in new.read_bytes()
    checked = paper.run("verify", paper.var / "edition", "--key", key, "--no-memory")
    assert checked.returncode == 0, checked.stdout
    old.write_bytes(old.read_bytes().replace(b"ferry", b"fairy"))
    refused = folder.run("edition", "apply", old, delta, "--key", key, "--to", tmp_path / "forged.tar")
    assert refused.returncode == 1
    assert "yours was changed" in refused.stderr
    assert not (tmp_path / "forged.tar").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["diff", "999"], "Edition 999 is not kept here"),
        (["show", "999"], "Edition 999 is not kept here"),
        (["sign", "no-such.request"], "cannot be read"),
        (["finish", "no-such.signed"], "cannot be read"),
        (["cut", "--request", "x.request"], "--request goes with --attended"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_sentence(
    paper: Newsroom, words: list[str], sentence: str
) -> None:
    done = paper.run("edition", *words)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_damaged_edition_is_named_and_nothing_is_built_upon_it(paper: Newsroom) -> None:
    file_and_press(paper, "Lights on the pier")
    index = paper.var / "edition" / "edition" / "edition.json"
    good = index.read_bytes()
    index.write_bytes(good.replace(b'"number"', b'"numbers"'))
    done = paper.run("edition", "cut")
    assert done.returncode == 2
    assert "is damaged" in done.stderr
    index.write_bytes(good)
    assert paper.run("edition", "cut").returncode == 0


def test_without_keys_it_says_how_to_get_some(newsroom: Newsroom) -> None:
    done = newsroom.run("edition", "cut")
    assert done.returncode == 2
    assert "hold a key ceremony first" in done.stderr
    assert "There is no edition yet" in newsroom.run("edition", "list").stdout


def test_an_edition_follows_each_press_where_that_is_wished(
    paper: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = listed(paper)[0]["number"]
    monkeypatch.setitem(paper.environment, "NASHRA_EDITION", "after-press")
    with paper.serving("serve", "--workers", "1") as serving:
        paper.shell(FILE_STORY.format(headline="Boats in the fog"))
        serving.wait_for_page("/en/harbour/boats-in-the-fog/", "Boats in the fog")
        page = paper.var / "edition" / "en" / "harbour" / "boats-in-the-fog" / "index.html"
        deadline = time.monotonic() + 20
        while not page.is_file():
            assert time.monotonic() < deadline, serving.log.read_text()
            time.sleep(0.05)
    assert listed(paper)[0]["number"] > before


def test_keys_that_do_not_open_hold_up_no_press(paper: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(paper.environment, "NASHRA_EDITION", "after-press")
    file = paper.folder / "wrong.txt"
    file.touch(mode=0o600)
    file.write_text("edition: a wrong passphrase of many words\n")
    monkeypatch.setitem(paper.environment, "NASHRA_KEYS_PASSPHRASE_FILE", str(file))
    with paper.serving("serve", "--workers", "1") as serving:
        serving.wait_until("No editions are cut by themselves")
        paper.shell(FILE_STORY.format(headline="Snow on the hills"))
        serving.wait_for_page("/en/harbour/snow-on-the-hills/", "Snow on the hills")
