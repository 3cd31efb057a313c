"""Programs that we did not write check a fresh edition, and refuse it with one byte flipped."""

from __future__ import annotations

import datetime
import subprocess
from pathlib import Path

import pytest
from tuf.api.exceptions import RepositoryError
from tuf.ngclient import Updater

from nashra.seal.metadata import root_bytes
from tests.loopback import served
from tests.verifier.editions import EDITION, HOLDERS, LEAVES, cut

NOW = datetime.datetime.now(tz=datetime.UTC).replace(microsecond=0)
ROOT = root_bytes(HOLDERS, version=1, now=NOW)
OCTOBER = "volumes/2026-10/r1/SHA256"
PAGE = LEAVES[1].path

# Each by what it is given; those that read pages are told of a changed one, all of a changed list.
PROGRAMS = {
    "signify": ["signify-openbsd", "-C", "-q", "-p", "KEY", "-x", f"{OCTOBER}.sig"],
    "signify list": ["signify-openbsd", "-V", "-q", "-p", "KEY", "-x", f"{OCTOBER}.sig", "-m", OCTOBER],
    "minisign": ["minisign", "-V", "-q", "-p", "KEY", "-m", OCTOBER, "-x", f"{OCTOBER}.minisig"],
    "minisign by text": ["minisign", "-V", "-q", "-P", "TEXT", "-m", OCTOBER, "-x", f"{OCTOBER}.minisig"],
    "sha256sum": ["sha256sum", "--check", "--strict", "--quiet", OCTOBER],
    "openssl": [
        *("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "PEM", "-rawin"),
        *("-in", OCTOBER, "-sigfile", f"{OCTOBER}.raw"),
    ],
}
READ_PAGES = {"signify", "sha256sum"}


@pytest.fixture
def edition(tmp_path) -> Path:
    folder = cut(tmp_path / "edition", at=NOW, roots=[ROOT])
    # What a reader holds, and not what came with the edition.
    (tmp_path / "held.pub").write_bytes(EDITION.public.file_bytes())
    (tmp_path / "held.pem").write_bytes(EDITION.public.pem())
    return folder


def accepts(edition: Path, program: str) -> bool:
    held = edition.parent
    words = {"KEY": held / "held.pub", "PEM": held / "held.pem", "TEXT": EDITION.public.text}
    command = [str(words.get(word, word)) for word in PROGRAMS[program]]
    return subprocess.run(command, cwd=edition, capture_output=True, check=False).returncode == 0


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


@pytest.mark.parametrize("program", PROGRAMS)
def test_each_accepts_a_fresh_edition(edition, program):
    assert accepts(edition, program)


@pytest.mark.parametrize("program", sorted(READ_PAGES))
def test_those_that_read_pages_refuse_a_flipped_byte_in_one(edition, program):
    flip(edition / PAGE)
    assert not accepts(edition, program)


@pytest.mark.parametrize("program", PROGRAMS)
def test_each_refuses_a_flipped_byte_in_the_list(edition, program):
    flip(edition / (f"{OCTOBER}.sig" if program == "signify" else OCTOBER))
    assert not accepts(edition, program)


def test_the_frameworks_own_client_accepts_it_and_refuses_a_flipped_byte(edition, tmp_path):
    def fetch(path: str, cache: Path) -> bytes:
        cache.mkdir()
        with served(edition) as address:
            updater = Updater(
                metadata_dir=str(cache),
                metadata_base_url=f"{address}/metadata/",
                target_dir=str(cache),
                target_base_url=f"{address}/",
                bootstrap=ROOT,
            )
            updater.refresh()
            return Path(updater.download_target(updater.get_targetinfo(path))).read_bytes()

    assert fetch(OCTOBER, tmp_path / "one") == (edition / OCTOBER).read_bytes()
    (hashed,) = (edition / OCTOBER).parent.glob("*.SHA256")
    flip(hashed)
    with pytest.raises(RepositoryError):
        fetch(OCTOBER, tmp_path / "two")
    flip(edition / "metadata" / "timestamp.json")
    with pytest.raises(RepositoryError):
        fetch("edition/SHA256", tmp_path / "three")
