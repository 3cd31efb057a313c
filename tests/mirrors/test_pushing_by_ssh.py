"""Editions on their way to a mirror over ssh, by a real server on this machine."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from nashra.edition.manifest import digest_folder
from nashra.mirrors.push import Pace, check_target, push_all
from tests.verifier.editions import CUT, DAY, corrected, cut

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
PACE = Pace(lambda: CUT, sleep=lambda _s: None, pauses_s=(), limit_s=60)


@pytest.fixture
def edition(tmp_path):
    return cut(tmp_path / "edition")


def send(edition: Path, target: str) -> str:
    (outcome,) = push_all(edition, {"attic": check_target(target)}, pace=PACE)
    return outcome.error


def make_key(file: Path) -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file], check=True)
    return file


@contextmanager
def ssh_server(folder: Path, monkeypatch, *, is_known: bool = True):
    """A server to which this user may come by a key of the test's own; ``attic`` is its name for ssh."""
    if not SSHD:
        # Installing one would have it listen on the machine of whoever only runs the tests.
        pytest.skip("no sshd")
    folder.mkdir()
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    host, own = make_key(folder / "host"), make_key(folder / "own")
    (folder / "authorized").write_bytes(own.with_suffix(".pub").read_bytes())
    public = host.with_suffix(".pub").read_text() if is_known else own.with_suffix(".pub").read_text()
    (folder / "known").write_text(f"[127.0.0.1]:{port} {public}")
    (folder / "sshd_config").write_text(
        f"ListenAddress 127.0.0.1\nPort {port}\nHostKey {host}\nPidFile none\nUsePAM no\nStrictModes no\n"
        f"AuthorizedKeysFile {folder / 'authorized'}\nPasswordAuthentication no\nPermitRootLogin yes\n"
    )
    (folder / "ssh_config").write_text(
        f"Host attic\nHostName 127.0.0.1\nPort {port}\nUser {getpass.getuser()}\nIdentityFile {own}\n"
        f"IdentitiesOnly yes\nUserKnownHostsFile {folder / 'known'}\nStrictHostKeyChecking yes\n"
    )
    if os.geteuid() == 0:
        # Where a server that drops its rights locks itself in; Debian's makes it when it starts by itself.
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    monkeypatch.setenv("RSYNC_RSH", f"ssh -F {folder / 'ssh_config'} -o BatchMode=yes -o ConnectTimeout=20")
    command = [SSHD, "-D", "-e", "-f", folder / "sshd_config"]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=log) as server,
    ):
        for _ in range(100):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        try:
            yield
        finally:
            server.terminate()


def test_a_host_gets_the_whole_edition_over_ssh_and_then_the_next(edition, tmp_path, monkeypatch):
    with ssh_server(tmp_path / "ssh", monkeypatch):
        assert send(edition, f"attic:{tmp_path / 'mirror'}") == ""
        assert digest_folder(tmp_path / "mirror") == digest_folder(edition)
        cut(edition, [corrected(b"<p>another ferry</p>")], at=CUT + DAY)
        assert send(edition, f"attic:{tmp_path / 'mirror'}") == ""
    assert digest_folder(tmp_path / "mirror") == digest_folder(edition)


def test_a_host_whose_key_is_another_than_before_gets_nothing(edition, tmp_path, monkeypatch):
    with ssh_server(tmp_path / "ssh", monkeypatch, is_known=False):
        assert "rsync ended with" in send(edition, f"attic:{tmp_path / 'mirror'}")
    assert not (tmp_path / "mirror").exists()


def test_a_host_that_is_away_is_told_and_nobody_is_asked_for_a_password(edition, tmp_path, monkeypatch):
    with ssh_server(tmp_path / "ssh", monkeypatch):
        (tmp_path / "ssh" / "authorized").write_bytes(b"")
        assert "Permission denied" in send(edition, f"attic:{tmp_path / 'mirror'}")
    assert "refused" in send(edition, f"attic:{tmp_path / 'mirror'}")
    assert not (tmp_path / "mirror").exists()
