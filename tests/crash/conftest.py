"""What the tests of crashes stand on: a real newsroom, how many crashes there are, and their seed."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.newsrooms import new_newsroom
from tests.crash.room import Room
from tests.databases import Ground
from tests.press.crawler import SITE_URL

# More than the press prints alone: a full press of these has workers.
STORIES = 320
DISK_MB = 256


@pytest.fixture(scope="session")
def seed() -> int:
    """``NASHRA_TEST_SEED``, or a new one; each test says it, so that a failure can be tried again."""
    return int(os.environ.get("NASHRA_TEST_SEED") or random.SystemRandom().randrange(10**6))


@pytest.fixture
def chance(seed: int) -> random.Random:
    """Where a test's choices come from."""
    print(f"NASHRA_TEST_SEED={seed}")
    return random.Random(seed)  # noqa: S311 -- chances, not secrets


def may_mount() -> bool:
    """Whether this machine lets us make a small disk."""
    return os.geteuid() == 0 and shutil.which("mount") is not None


def make_disk(folder: Path) -> bool:
    """Mount a disk in memory there, where we may."""
    folder.mkdir(parents=True)
    if not may_mount():
        return False
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "nashra-test", str(folder)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


@pytest.fixture(scope="session")
def room(test_ground: Ground) -> Iterator[Room]:
    """A newsroom with a pressed site; ``var/`` and the databases each lie on a disk of their own."""
    folder = test_ground.folder / "crash"
    disks = [disk for disk in (folder / "home" / "var", folder / "databases" / "var") if make_disk(disk)]
    try:
        newsroom = new_newsroom(folder / "home", test_ground.new_database_addresses(folder / "databases"))
        # Named here, or each `nashra serve` on another port would press everything anew.
        origins = {"NASHRA_SITE_URL": SITE_URL, "NASHRA_DESK_URL": "http://127.0.0.1:8001"}
        newsroom.environment |= {"NASHRA_LOG_LEVEL": "ERROR", **origins}
        done = newsroom.run("init", "--name", "The Harbour Post", "--language", "en", "--language", "ar")
        assert done.returncode == 0, done.stderr
        made = Room(newsroom, folder, has_disks=len(disks) == 2)
        made.work("fill", STORIES)
        made.run("press", "--full")
        yield made
        made.close()
    finally:
        for disk in disks:
            subprocess.run(["umount", "--lazy", str(disk)], check=True)
