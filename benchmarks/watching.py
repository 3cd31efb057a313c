"""How much memory a command takes, all its processes together.

Counted as the proportional set size (PSS) of every process in the command's session, added up and
looked at every 20 ms: memory that forked processes share counts once. Looking takes time from the
command, so a press whose memory is watched is never one whose time counts.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_LOOK_EVERY_S = 0.02
_PSS = re.compile(rb"^Pss:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Watched:
    """The most memory that a command took at any one look, and how long it ran while it was watched."""

    peak_bytes: int
    seconds: float


def watch(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Watched:
    """Run a command to its end and look at its memory all the while.

    Raises:
        RuntimeError: the command failed.
    """
    peak = 0
    began = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        running = subprocess.Popen(
            command, env=environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=said
        )
        while running.poll() is None:
            peak = max(peak, sum(_pss_bytes(process) for process in _session(running.pid)))
            time.sleep(_LOOK_EVERY_S)
        if running.returncode:
            said.seek(0)
            raise RuntimeError(f"{' '.join(command)} failed:\n{said.read().decode(errors='replace')}")
    return Watched(peak, time.perf_counter() - began)


def _session(leader: int) -> Iterator[Path]:
    """The processes of a session, as folders under /proc."""
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            status = (process / "stat").read_bytes()
        except OSError:  # It has ended since.
            continue
        # After the name in parentheses: state, parent, group, session.
        if int(status.rpartition(b")")[2].split()[3]) == leader:
            yield process


def _pss_bytes(process: Path) -> int:
    try:
        found = _PSS.search((process / "smaps_rollup").read_bytes())
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0


def available_memory_bytes() -> int:
    """What the system could still give to programs."""
    text = Path("/proc/meminfo").read_text(encoding="ascii")
    return int(re.search(r"^MemAvailable:\s+(\d+) kB", text, re.MULTILINE)[1]) * 1024  # type: ignore[index]
