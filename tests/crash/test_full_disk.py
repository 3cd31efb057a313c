"""The disk is full: the run says so in a sentence, readers keep a whole site, and space makes all good.

The disks are small and real (tmpfs), so that the kernel itself refuses what does not fit. How much is left
free is chosen at random, so that runs break off at all points. ``NASHRA_TEST_FULL_DISKS`` is how many do.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.crash.room import Room

FULL_DISKS = int(os.environ.get("NASHRA_TEST_FULL_DISKS", "3"))
# A server's databases lie on its own disk, which is not ours to fill.
HAS_DATABASE_FILES = os.environ.get("NASHRA_TEST_DATABASE", "sqlite") == "sqlite"
# A run that leaves an address for another needs room for both until it ends.
SLUGS = 4
MOST_TRIES = 10


@contextmanager
def full(disk: Path, *, but_bytes: int) -> Iterator[None]:
    """Fill a disk, leaving so many bytes free."""
    ballast = disk / "ballast"
    free_bytes = shutil.disk_usage(disk).free
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, free_bytes - but_bytes))
    try:
        yield
    finally:
        ballast.unlink()


def needed_bytes(room: Room, disk: str) -> int:
    """About what a run needs that presses a section at another address."""
    if disk == "database":
        return 600_000
    files = (file for file in room.site.rglob("*") if file.is_file())
    return sum(-(-file.stat().st_size // 4096) * 4096 for file in files) // 2


@pytest.fixture
def a_disk_of_its_own(room: Room) -> None:
    """Only root may mount one."""
    if not room.has_disks:
        pytest.skip("no right to mount a small disk")


@pytest.mark.usefixtures("a_disk_of_its_own")
@pytest.mark.parametrize(
    ("disk", "times"),
    [("site", FULL_DISKS), ("database", (FULL_DISKS + 2) // 3)]
    if HAS_DATABASE_FILES
    else [("site", FULL_DISKS)],
)
def test_a_run_that_meets_a_full_disk_says_so_and_leaves_a_whole_site(room, chance, disk, times):
    folder = {"site": room.newsroom.var, "database": room.folder / "databases" / "var"}[disk]
    broken_off = 0
    for number in range(times * MOST_TRIES):
        if broken_off == times:
            break
        room.work("do", "change_sections_slug", 0, number % SLUGS)
        room.change(chance.randrange(10**6), 2)
        left_bytes = int(needed_bytes(room, disk) * chance.random())
        words = ("press", "--full") if chance.random() < 0.3 else ("press",)
        with full(folder, but_bytes=left_bytes):
            running = room.start(*words)
            code = running.wait()
            faults = room.faults(settled=False)
        story = f"{' '.join(words)} with {left_bytes} bytes left for the {disk} ended with {code}"
        print(story)
        assert not faults, f"{story}:\n{faults}"
        if code:
            broken_off += 1
            is_told = any(words in running.said for words in ("No space left", "disk is full"))
            assert is_told, f"{story}: {running.said}"
            assert code in {1, 2}, f"{story}: {running.said}"
            assert "Traceback" not in running.said, f"{story}: {running.said}"
        room.run("press")
        faults = room.faults(settled=True) or room.work("beside_one_full_press")
        assert not faults, f"{story}, and then all was pressed:\n{faults}"
    assert broken_off == times, "the disks were never full enough"
