"""Editions on their way to mirrors, by the real rsync: to folders, to a daemon, and where they cannot go."""

from __future__ import annotations

import datetime
import os
import signal
import socket
import subprocess
import time
from contextlib import contextmanager, suppress

import pytest

from nashra.binding.vouching import read_chain
from nashra.edition.manifest import digest_folder
from nashra.mirrors import push
from nashra.mirrors.push import CannotPush, Pace, check_target, copy_by_links, push_all
from nashra.seal.chain import check_chain
from tests.verifier.editions import CUT, DAY, LEAVES, corrected, cut

FAST = Pace(lambda: CUT, sleep=lambda _s: None, pauses_s=(), limit_s=30)


@pytest.fixture
def edition(tmp_path):
    return cut(tmp_path / "edition")


def send(edition, target, *, pace=FAST, thorough=False):
    (outcome,) = push_all(edition, {"a": check_target(str(target))}, pace=pace, thorough=thorough)
    return outcome


@contextmanager
def rsync_daemon(folder, tmp_path):
    """A real rsync daemon on this machine; gives its module's address."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    config = tmp_path / "rsyncd.conf"
    who = f"uid = {os.getuid()}\ngid = {os.getgid()}\n"
    config.write_text(f"use chroot = no\n[news]\npath = {folder}\nread only = no\n{who}")
    command = [
        "rsync",
        "--daemon",
        "--no-detach",
        f"--config={config}",
        "--address=127.0.0.1",
        f"--port={port}",
    ]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as daemon:
        for _ in range(100):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        try:
            yield f"rsync://127.0.0.1:{port}/news"
        finally:
            daemon.terminate()


def test_a_folder_gets_the_whole_edition_and_loses_what_the_next_one_has_not(edition, tmp_path):
    target = tmp_path / "mirror"
    assert send(edition, target).error == ""
    assert digest_folder(target) == digest_folder(edition)
    cut(edition, [corrected(b"<p>another ferry</p>")], at=CUT + DAY)
    assert send(edition, target).edition_number == 2
    assert digest_folder(target) == digest_folder(edition)


def test_a_daemon_gets_the_whole_edition(edition, tmp_path):
    folder = tmp_path / "served"
    folder.mkdir()
    with rsync_daemon(folder, tmp_path) as url:
        outcome = send(edition, url)
        assert outcome.error == ""
        cut(edition, [corrected(b"<p>another ferry</p>")], at=CUT + DAY)
        assert send(edition, url).error == ""
    assert digest_folder(folder) == digest_folder(edition)


@pytest.mark.parametrize("turns", range(1, 7))
def test_a_push_that_ends_midway_leaves_metadata_that_holds_and_every_list_that_it_names(
    edition, tmp_path, monkeypatch, turns
):
    target = tmp_path / "mirror"
    assert send(edition, target).error == ""
    cut(edition, [corrected(b"<p>another ferry</p>")], at=CUT + DAY)
    with monkeypatch.context() as patch:
        patch.setattr(push, "_TURNS", push._TURNS[:turns])
        assert send(edition, target).error == ""
    # A client asks for what timestamp.json names, and then for targets under their digests.
    held = digest_folder(target)
    chain = chain_as_a_client_sees_it(target)
    for path, wanted in chain.targets.items():
        folder, _, name = path.rpartition("/")
        assert held[f"{folder}/{wanted.sha256}.{name}"] == wanted.sha256
    assert chain.timestamp_version == (2 if turns == 6 else 1)
    assert send(edition, target).error == ""
    assert digest_folder(target) == digest_folder(edition)


def chain_as_a_client_sees_it(target):
    import json

    from nashra.seal.chain import ChainFiles

    folder = target / "metadata"
    timestamp = (folder / "timestamp.json").read_bytes()
    snapshot = json.loads(timestamp)["signed"]["meta"]["snapshot.json"]["version"]
    snapshot = (folder / f"{snapshot}.snapshot.json").read_bytes()
    targets = json.loads(snapshot)["signed"]["meta"]["targets.json"]["version"]
    roots = read_chain(target).roots
    return check_chain(
        ChainFiles(roots, (folder / f"{targets}.targets.json").read_bytes(), snapshot, timestamp)
    )


def test_a_killed_rsync_leaves_no_half_file_under_a_name_of_ours_and_the_next_push_mends_it(
    edition, tmp_path
):
    big = edition / "photos" / "big.jpg"
    big.write_bytes(os.urandom(8_000_000))
    target = tmp_path / "mirror"
    command = ["rsync", *push._OPTIONS, "--bwlimit=600", f"{edition}/", f"{target}/"]
    with subprocess.Popen(command, start_new_session=True) as process:
        for _ in range(3000):
            if any(file.stat().st_size > 300_000 for file in target.glob("photos/.big.jpg.*")):
                break
            time.sleep(0.01)
        assert any(target.glob("photos/.big.jpg.*"))
        os.killpg(process.pid, signal.SIGTERM)
    assert not (target / "photos" / "big.jpg").exists()
    assert (target / "photos" / ".nashra-partial" / "big.jpg").is_file()
    assert send(edition, target).error == ""
    assert digest_folder(target) == digest_folder(edition)


def test_a_mirror_that_hangs_is_given_up_and_holds_no_other_up(edition, tmp_path):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"rsync://127.0.0.1:{silent.getsockname()[1]}/news/"
        targets = {"silent": url, "good": f"{tmp_path}/mirror/"}
        pace = Pace(lambda: CUT, sleep=lambda _s: None, pauses_s=(), limit_s=3)
        outcomes = list(push_all(edition, targets, pace=pace))
    assert [outcome.name for outcome in outcomes] == ["good", "silent"]
    assert outcomes[0].error == ""
    assert outcomes[1].error == "It took longer than a mirror may take."


def test_a_server_that_is_away_is_tried_again_after_growing_pauses(edition):
    slept = []
    pace = Pace(lambda: CUT, sleep=slept.append, pauses_s=(5, 20), limit_s=1000)
    outcome = send(edition, "rsync://127.0.0.1:9/news", pace=pace)
    assert slept == [5, 20]
    assert outcome.attempts == 3
    assert "rsync ended with 10" in outcome.error


def test_a_target_whose_parent_is_absent_is_refused(edition, tmp_path):
    outcome = send(edition, tmp_path / "no-stick-here" / "news")
    assert outcome.attempts == 1
    assert "No such file or directory" in outcome.error
    assert not (tmp_path / "no-stick-here").exists()


def test_what_rsync_says_of_a_full_disk_is_told_as_one_and_not_tried_again():
    said = (
        'rsync: write failed on "/m/big.jpg": No space left on device (28)\n'
        "rsync error: error in file IO (code 11)"
    )
    failure = push._failure(11, said)
    assert failure.is_hopeless
    assert str(failure).startswith("Its disk is full:")


def test_a_folder_with_somebody_elses_files_is_left_alone(edition, tmp_path):
    target = tmp_path / "documents"
    target.mkdir()
    (target / "letter.txt").write_text("mine")
    outcome = send(edition, target)
    assert outcome.error.startswith("Its folder holds something else")
    assert [file.name for file in target.iterdir()] == ["letter.txt"]


def test_a_byte_that_changed_at_the_mirror_is_found_by_a_thorough_push(edition, tmp_path):
    target = tmp_path / "mirror"
    send(edition, target)
    page = target / LEAVES[1].path
    before = page.stat()
    page.write_bytes(b"x" + page.read_bytes()[1:])
    os.utime(page, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert send(edition, target, thorough=True).error == ""
    assert digest_folder(target) == digest_folder(edition)


def test_an_edition_that_is_replaced_meanwhile_stays_as_it_was_for_those_who_take_it(edition, tmp_path):
    copied = tmp_path / "outgoing"
    copy_by_links(edition, copied)
    before = digest_folder(copied)
    cut(edition, [corrected(b"<p>another ferry</p>")], at=CUT + datetime.timedelta(hours=1))
    assert digest_folder(copied) == before


@pytest.mark.parametrize(
    "target", ["", "/", "-e sh", "news", "-oProxyCommand=x:/srv", "a@-host:/srv", "rsync://host", "/a\nb"]
)
def test_what_is_no_target_is_refused(target):
    with pytest.raises(CannotPush):
        check_target(target)


@pytest.mark.parametrize("target", ["/srv/news", "me@host.example:news", "rsync://host:874/news/a"])
def test_targets_of_each_kind_are_taken(target):
    assert check_target(target) == f"{target}/"
