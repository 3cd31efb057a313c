"""``nashra verify``, typed: exit codes, words, JSON, memory, and no network for a path."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nashra.seal.metadata import root_bytes
from tests.verifier.editions import EDITION, HOLDERS, LEAVES, THIEF, cut

NOW = datetime.datetime.now(tz=datetime.UTC).replace(microsecond=0)
ROOT = root_bytes(HOLDERS, version=1, now=NOW)


@pytest.fixture
def edition(tmp_path) -> Path:
    return cut(tmp_path / "edition", at=NOW, roots=[ROOT])


@pytest.fixture
def run(tmp_path):
    """Type ``nashra verify``; what runs before it may be given."""

    def run_it(*words: str | Path, before: tuple[str, ...] = (), **more: str):
        environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state"), "LANG": "C.UTF-8", **more}
        environment.pop("LC_ALL", None)
        command = [*before, sys.executable, "-m", "nashra", "verify", *words]
        return subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
        )

    return run_it


def fingerprint() -> str:
    import hashlib

    return hashlib.sha256(ROOT).hexdigest()


def test_an_authentic_edition_ends_with_nothing_to_complain_of(run, edition):
    done = run(edition, "--root", fingerprint())
    assert done.returncode == 0, done.stdout + done.stderr
    assert "CURRENT" in done.stdout
    by_key = run(edition, "--key", EDITION.public.text)
    assert by_key.returncode == 0
    assert "AUTHENTIC, OLD" in by_key.stdout


def test_a_forged_one_ends_with_one_and_names_the_file(run, edition):
    (edition / LEAVES[1].path).write_bytes(b"<p>forged</p>")
    done = run(edition, "--root", fingerprint())
    assert done.returncode == 1
    assert f"{LEAVES[1].path}: changed" in done.stdout
    assert "NOT AUTHENTIC" in done.stdout
    assert run(edition, "--key", THIEF.public.text).returncode == 1


def test_where_nothing_vouches_for_the_key_it_ends_with_two(run, edition):
    done = run(edition)
    assert done.returncode == 2
    assert EDITION.public.text in done.stdout


def test_what_cannot_be_read_is_a_sentence(run, tmp_path, edition):
    for words, sentence in (
        ((tmp_path / "nowhere",), "is not"),
        ((edition / "en",), "holds no edition and no bundle"),
        ((edition, "--key", "ABC"), "has 3 characters"),
        ((edition, "--root", "abc"), "64 digits"),
    ):
        done = run(*words)
        assert done.returncode == 2
        assert sentence in done.stderr
        assert "Traceback" not in done.stderr


def test_machines_read_the_same_as_people(run, edition):
    done = run(edition, "--root", fingerprint(), "--json")
    told = json.loads(done.stdout)
    assert told["state"] == "current"
    assert told["number"] == 1
    assert told["key"] == EDITION.public.text
    assert told["problems"] == []


@pytest.mark.parametrize(("language", "word"), [("ar", "حديث"), ("fa", "تازه")])
def test_it_speaks_the_readers_language(run, edition, language, word):
    assert word in run(edition, "--root", fingerprint(), "--language", language).stdout
    assert word in run(edition, "--root", fingerprint(), LANG=f"{language}.UTF-8").stdout


def test_it_remembers_only_where_it_may(run, edition, tmp_path):
    assert run(edition, "--root", fingerprint(), "--no-memory").returncode == 0
    assert not (tmp_path / "state").exists()
    assert run(edition, "--root", fingerprint()).returncode == 0
    assert run(edition).returncode == 0
    assert run(edition, "--no-memory").returncode == 2


def test_a_path_is_looked_at_without_a_network(run, edition, tmp_path):
    """The kernel is asked for no socket at all, and where there is no network it works as well."""
    log = tmp_path / "calls"
    done = run(
        edition, "--root", fingerprint(), before=("strace", "-f", "-e", "trace=%network", "-o", str(log))
    )
    assert done.returncode == 0, done.stderr
    calls = [line for line in log.read_text().splitlines() if "(" in line and "SIG" not in line]
    assert calls == []
    assert run(edition, "--root", fingerprint(), before=("unshare", "-n")).returncode == 0


def test_it_needs_neither_django_nor_a_newsroom(edition):
    program = (
        "import sys\n"
        "for name in ('django', 'wagtail', 'lxml', 'jinja2', 'PIL'): sys.modules[name] = None\n"
        "from nashra.cli import main\n"
        f"main(['verify', {str(edition)!r}, '--key', {EDITION.public.text!r}, '--no-memory'])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
