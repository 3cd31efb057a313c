"""Mirrors: sent to in an order that keeps each whole, listed only where that is wished, and looked at."""

from __future__ import annotations

import datetime
import random
import subprocess
import time
from pathlib import Path

import pytest
from tuf.ngclient import Updater

from nashra.edition.manifest import digest_folder
from nashra.edition.mirrors import parse_mirrors
from nashra.mirrors.health import Looking, look_at_all, own_roots
from nashra.mirrors.models import Mirror
from nashra.mirrors.push import _TURNS, Pace, push_all
from nashra.mirrors.records import BadMirror, add_mirror, listed_mirrors, note_look, note_push
from nashra.seal.metadata import root_bytes
from tests.loopback import served
from tests.serve.ports import free_ports
from tests.verifier.editions import DAY, HOLDERS, LEAVES, corrected, cut

NOW = datetime.datetime.now(tz=datetime.UTC).replace(microsecond=0)
ROOTS = [root_bytes(HOLDERS, version=1, now=NOW)]
PACE = Pace(lambda: NOW, sleep=lambda _seconds: None, limit_s=60)


@pytest.fixture
def edition(tmp_path) -> Path:
    return cut(tmp_path / "edition", at=NOW, roots=ROOTS)


def push(edition: Path, **targets: str) -> dict[str, str]:
    return {outcome.name: outcome.error for outcome in push_all(edition, targets, pace=PACE)}


def test_a_folder_gets_the_edition_whole_and_follows_the_next(edition, tmp_path):
    target = tmp_path / "mirror"
    assert push(edition, one=f"{target}/") == {"one": ""}
    assert digest_folder(target) == digest_folder(edition)
    cut(edition, [corrected(b"<p>corrected</p>")], at=NOW + DAY, roots=ROOTS)
    assert push(edition, one=f"{target}/") == {"one": ""}
    assert digest_folder(target) == digest_folder(edition)


def test_an_rsync_server_gets_it_too(edition, tmp_path):
    (port,) = free_ports(1)
    (tmp_path / "module").mkdir()
    settings = tmp_path / "rsyncd.conf"
    settings.write_text(
        f"use chroot = no\n[news]\npath = {tmp_path / 'module'}\nread only = no\nuid = root\ngid = root\n"
    )
    daemon = subprocess.Popen(
        ["rsync", "--daemon", "--no-detach", f"--config={settings}", f"--port={port}", "--address=127.0.0.1"]
    )
    try:
        time.sleep(0.5)
        assert push(edition, far=f"rsync://127.0.0.1:{port}/news/") == {"far": ""}
        assert digest_folder(tmp_path / "module") == digest_folder(edition)
    finally:
        daemon.terminate()
        daemon.wait()


def test_one_that_fails_holds_up_no_other(edition, tmp_path):
    (port,) = free_ports(1)
    found = push(edition, dead=f"rsync://127.0.0.1:{port}/news/", good=f"{tmp_path / 'mirror'}/")
    assert found["good"] == ""
    assert found["dead"]
    assert digest_folder(tmp_path / "mirror") == digest_folder(edition)


def test_a_folder_that_holds_something_else_is_not_overwritten(edition, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("years of work")
    assert "something else" in push(edition, one=f"{tmp_path / 'other'}/")["one"]
    assert digest_folder(tmp_path / "other").keys() == {"thesis.txt"}


@pytest.mark.parametrize("turns", range(len(_TURNS)))
def test_a_push_cut_off_after_any_turn_vouches_for_nothing_that_is_not_there(
    edition, tmp_path, monkeypatch, turns
):
    """The public client gets all that the mirror's metadata names, whichever edition that is."""
    target = tmp_path / "mirror"
    push(edition, one=f"{target}/")
    cut(edition, [corrected(b"<p>corrected</p>")], at=NOW + DAY, roots=ROOTS)
    with monkeypatch.context() as patch:
        patch.setattr("nashra.mirrors.push._TURNS", _TURNS[:turns])
        push(edition, one=f"{target}/")
    cache = tmp_path / "cache"
    cache.mkdir()
    with served(target) as address:
        updater = Updater(
            metadata_dir=str(cache),
            metadata_base_url=f"{address}/metadata/",
            target_dir=str(cache),
            target_base_url=f"{address}/",
            bootstrap=ROOTS[0],
        )
        updater.refresh()
        for path in ("edition/SHA256", "edition/edition.json", "edition/edition.pub"):
            updater.download_target(updater.get_targetinfo(path))
    push(edition, one=f"{target}/")
    assert digest_folder(target) == digest_folder(edition)


@pytest.mark.django_db
def test_only_listed_mirrors_are_told_of():
    add_mirror("open", "/mirror/open", public_url="https://news.example", is_listed=True, now=NOW)
    add_mirror("quiet", "/mirror/quiet", public_url="https://quiet.example", is_listed=False, now=NOW)
    data = listed_mirrors()
    assert parse_mirrors(data) == ("https://news.example/",)
    assert b"quiet" not in data


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "target", "url", "listed"),
    [
        ("Bad Name", "/m", "", False),
        ("one", "-e evil", "", False),
        ("one", "relative", "", False),
        ("one", "/", "", False),
        ("one", "/m", "", True),
        ("one", "/m", "javascript:alert(1)", True),
    ],
)
def test_what_can_be_no_mirror_is_refused_with_a_sentence(name, target, url, listed):
    with pytest.raises(BadMirror):
        add_mirror(name, target, public_url=url, is_listed=listed, now=NOW)
    assert not Mirror.objects.exists()


@pytest.mark.django_db
def test_what_a_mirror_was_found_to_carry_is_kept(edition, tmp_path):
    target = tmp_path / "mirror"
    push(edition, one=f"{target}/")
    looking = Looking(own_roots(edition), lambda: NOW, random.SystemRandom())
    mirror = add_mirror("one", f"{target}", public_url="", is_listed=False, now=NOW)
    with served(target) as address:
        (look,) = look_at_all([("one", f"{address}/")], looking)
        assert look.is_intact, look.problem
        health = note_look(mirror, look, our_number=1)
        assert (health.edition_number, health.lag) == (1, 0)
        (target / LEAVES[1].path).write_bytes(b"<p>forged</p>")
        (target / LEAVES[0].path).write_bytes(b"<p>forged</p>")
        (target / LEAVES[2].path).write_bytes(b"<p>forged</p>")
        (target / LEAVES[3].path).write_bytes(b"forged")
        (look,) = look_at_all([("one", f"{address}/")], looking)
        assert not look.is_intact
        assert look.problem
    (look,) = look_at_all([("one", f"{address}/")], looking)
    assert not look.is_reachable


@pytest.mark.django_db
def test_pushes_are_written_down(edition, tmp_path):
    mirror = add_mirror("one", f"{tmp_path / 'mirror'}", public_url="", is_listed=False, now=NOW)
    for outcome in push_all(edition, {"one": mirror.target}, pace=PACE):
        note_push(mirror, outcome)
    assert [(each.edition_number, each.error) for each in mirror.pushes.all()] == [(1, "")]
