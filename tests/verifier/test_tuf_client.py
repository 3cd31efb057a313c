"""Our client of The Update Framework, typed as the public conformance suite types it."""

from __future__ import annotations

import datetime
import subprocess
import sys
from pathlib import Path

import pytest

from nashra.seal.metadata import root_bytes
from tests.loopback import served
from tests.verifier.editions import DAY, HOLDERS, ONE, TWO, corrected, cut

NOW = datetime.datetime.now(tz=datetime.UTC).replace(microsecond=0)
ROOT = root_bytes(HOLDERS, version=1, now=NOW)


@pytest.fixture
def edition(tmp_path) -> Path:
    return cut(tmp_path / "edition", at=NOW, roots=[ROOT])


class Client:
    """The command with one metadata folder and one target folder."""

    def __init__(self, work: Path, address: str) -> None:
        self.metadata, self.targets = work / "trusted", work / "targets"
        self.metadata.mkdir()
        self.targets.mkdir()
        self.address = address
        (work / "root.json").write_bytes(ROOT)
        assert self.run("init", str(work / "root.json")).returncode == 0

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        options = ["--metadata-dir", str(self.metadata), "--metadata-url", f"{self.address}/metadata"]
        command = [sys.executable, "-m", "nashra.verifier.tuf_client", *options, *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def download(self, name: str) -> subprocess.CompletedProcess[str]:
        where = ["--target-name", name, "--target-base-url", self.address, "--target-dir", str(self.targets)]
        return self.run(*where, "download")

    def downloaded(self) -> list[bytes]:
        return [file.read_bytes() for file in self.targets.rglob("*") if file.is_file()]


@pytest.fixture
def client(edition, tmp_path):
    with served(edition) as address:
        yield Client(tmp_path, address)


def test_it_follows_the_metadata_and_gets_what_it_names(client, edition):
    done = client.run("refresh")
    assert done.returncode == 0, done.stderr
    assert {"root.json", "timestamp.json", "snapshot.json", "targets.json"} <= {
        file.name for file in client.metadata.iterdir()
    }
    assert client.download("edition/edition.json").returncode == 0
    assert client.downloaded() == [(edition / "edition/edition.json").read_bytes()]


def test_a_newer_root_and_edition_are_followed(client, edition):
    assert client.run("refresh").returncode == 0
    second = root_bytes(HOLDERS, version=2, now=NOW, previous=[ONE, TWO])
    cut(edition, [corrected(b"<p>new</p>")], at=NOW, roots=[ROOT, second])
    done = client.run("refresh")
    assert done.returncode == 0, done.stderr
    assert (client.metadata / "root.json").read_bytes() == second


def test_an_older_edition_is_refused_once_a_newer_was_seen(client, edition):
    old = (edition / "metadata/timestamp.json").read_bytes()
    cut(edition, [corrected(b"<p>new</p>")], at=NOW, roots=[ROOT])
    assert client.run("refresh").returncode == 0
    (edition / "metadata/timestamp.json").write_bytes(old)
    assert client.run("refresh").returncode == 1


def test_expired_and_flipped_metadata_are_refused(client, edition):
    good = (edition / "metadata/timestamp.json").read_bytes()
    (edition / "metadata/timestamp.json").write_bytes(good.replace(b'"version":1', b'"version":2'))
    assert client.run("refresh").returncode == 1
    (edition / "metadata/timestamp.json").write_bytes(good)
    cut(edition, [corrected(b"<p>old</p>")], at=NOW - 100 * DAY, roots=[ROOT])
    done = client.run("refresh")
    assert done.returncode == 1
    assert "expired" in done.stderr


def test_a_file_that_was_substituted_is_not_kept(client, edition):
    for file in (edition / "edition").glob("*.edition.json"):
        file.write_bytes(b"x" * file.stat().st_size)
    assert client.download("edition/edition.json").returncode == 1
    assert client.downloaded() == []
    assert client.download("edition/nothing").returncode == 1
