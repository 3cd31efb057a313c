"""Before a row says that a page stands, the disk holds the page: seen in the calls that the kernel gets.

A power cut cannot be tried here. What is tried is the order on which surviving one rests: a commit of the
desk's database never comes between the renaming of a page and the sync of its file system.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest

CALLS = "rename,renameat,renameat2,syncfs,fsync,fdatasync"
HAS_DATABASE_FILES = os.environ.get("NASHRA_TEST_DATABASE", "sqlite") == "sqlite"


@pytest.fixture
def strace() -> str:
    """The program that shows what a process asks of the kernel."""
    found = shutil.which("strace")
    if not found:
        pytest.skip("no strace")
    return found


def steps_of(trace: str, site: str) -> list[str]:
    """``page`` for a page that got its name, ``sync`` for its file system, ``commit`` for the desk's rows.

    ``extra`` is a brotli sibling: no row speaks of it.
    """
    steps = []
    for line in trace.splitlines():
        if re.search(r"\brename(at2?)?\(", line) and f'"{site}/' in line:
            steps.append("extra" if '.br"' in line else "page")
        elif re.search(rf"\bsyncfs\(\d+<{re.escape(site)}", line):
            steps.append("sync")
        elif re.search(r"\bf(data)?sync\(\d+<[^>]*desk\.sqlite3-wal>", line):
            steps.append("commit")
    return steps


def test_pages_are_on_the_disk_before_the_rows_that_say_so(room, strace, tmp_path):
    if not HAS_DATABASE_FILES:
        # A server's commits are its own calls; the order of ours is the same.
        return
    section = room.work("open_section", "tides")
    room.run("press")
    room.work("write_in", section, "The tide comes in")
    traced = tmp_path / "calls.txt"
    command = [strace, "-f", "-y", "-e", f"trace={CALLS}", "-o", str(traced)]
    done = subprocess.run(
        [*command, sys.executable, "-m", "nashra", "press"],
        cwd=room.newsroom.folder,
        env=room.newsroom.environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    steps = steps_of(traced.read_text(), str(room.site))
    assert {"page", "sync", "commit"} <= set(steps), steps
    written = [step for step in steps if step != "extra"]
    after_pages = [
        next((step for step in written[place:] if step != "page"), "nothing")
        for place, step in enumerate(written)
        if step == "page"
    ]
    assert set(after_pages) == {"sync"}, " ".join(steps)
    extras = [place for place, step in enumerate(steps) if step == "extra"]
    assert not extras or "sync" in steps[extras[-1] :], "half a sibling may outlive a power cut: " + " ".join(
        steps
    )
