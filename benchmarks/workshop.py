"""What every measurement starts from: an archive's lines, the newsroom and the Hugo site made of them.

Everything is made once in a work folder on tmpfs and copied from there. ``--work FOLDER`` keeps it for
the next time; otherwise it is thrown away at the end.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.newsroom import Newsroom
from benchmarks.watching import watch

PROJECT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).parent / "results"
SIZES = (1_000, 10_000, 100_000)
CORES = 2
# From here on a measurement takes so long that people should be told before, and fewer rounds do.
LONG = 50_000
_OUTSIDE = PROJECT.parent / "shared" / "bench"


def say(text: str) -> None:
    """Tell whoever waits what is going on."""
    print(f"[{datetime.datetime.now(tz=datetime.UTC):%H:%M:%S}] {text}", file=sys.stderr, flush=True)


class Workshop:
    """A work folder with archives, newsrooms and Hugo sites, each by its number of stories."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._number = 0

    @property
    def archive_name(self) -> str:
        """Which archive is used: the project's outside one where it lies beside, else our own."""
        return "../shared/bench/corpus.py" if _OUTSIDE.is_dir() else "benchmarks/archive.py"

    def lines(self, count: int) -> Path:
        """The archive's first stories as ninjs, one a line."""
        file = self.folder / f"archive-{count}.jsonl"
        if not file.is_file():
            say(f"Writing {count:,} stories by {self.archive_name}")
            script = [str(_OUTSIDE / "corpus.py")] if _OUTSIDE.is_dir() else ["-m", "benchmarks.archive"]
            with file.open("wb") as out:
                subprocess.run([sys.executable, *script, str(count)], stdout=out, cwd=PROJECT, check=True)
        return file

    def hugo_site(self, count: int) -> Path:
        """The same stories as a site for Hugo."""
        site = self.folder / f"hugo-{count}"
        if not site.is_dir():
            lines = self.lines(count)
            say(f"Writing Hugo's site of {count:,} stories")
            script = [str(_OUTSIDE / "hugo_site.py")] if _OUTSIDE.is_dir() else ["-m", "benchmarks.hugo_site"]
            with lines.open("rb") as given:
                subprocess.run([sys.executable, *script, str(site)], stdin=given, cwd=PROJECT, check=True)
        return site

    def newsroom(self, count: int) -> Newsroom:
        """A newsroom that holds the stories and was never pressed; to be copied, not to be used."""
        home = self.folder / f"newsroom-{count}"
        ready = home / "ready.json"
        tables = _tables()
        if not ready.is_file() or json.loads(ready.read_text(encoding="utf-8"))["tables"] != tables:
            shutil.rmtree(home, ignore_errors=True)
            facts = self._fill(Newsroom(home), count)
            ready.write_text(json.dumps({**facts, "tables": tables}), encoding="utf-8")
        return Newsroom(home)

    def import_facts(self, count: int) -> dict[str, Any]:
        """How the stories came in: in how many seconds, and with how much memory."""
        text = (self.folder / f"newsroom-{count}" / "ready.json").read_text(encoding="utf-8")
        facts: dict[str, Any] = json.loads(text)
        return facts

    def _fill(self, room: Newsroom, count: int) -> dict[str, Any]:
        lines = self.lines(count)
        say(f"Importing {count:,} stories")
        room.nashra("init")
        options = ("--publish", "--create-sections", "--no-press")
        command = [sys.executable, "-m", "nashra", "import", "ninjs", str(lines), *options]
        watched = watch(command, room.environment)
        return {"seconds": round(watched.seconds, 1), "peak_bytes": watched.peak_bytes}

    def fresh(self, count: int, *, below: Path | None = None, **settings: str) -> Newsroom:
        """A copy of the newsroom with that many stories; ``below`` another folder, such as on a disk."""
        self._number += 1
        home = (below or self.folder) / f"copy-{os.getpid()}-{self._number}"
        return self.newsroom(count).copy(home, **settings)


def _tables() -> str:
    """What tells that a kept newsroom has this version's tables: a digest of all migrations."""
    migrations = sorted((PROJECT / "src" / "nashra").glob("*/migrations/*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in migrations)).hexdigest()


def remove(room: Newsroom) -> None:
    """Take a copied newsroom away."""
    room.stop()
    shutil.rmtree(room.home)


def options(description: str) -> argparse.ArgumentParser:
    """The options that every measurement takes."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--sizes",
        type=lambda text: tuple(int(size) for size in text.split(",")),
        default=SIZES,
        help="numbers of stories, separated by commas (1000,10000,100000)",
    )
    parser.add_argument("--rounds", type=int, default=5, help="pairs of runs for each number (5)")
    parser.add_argument("--work", type=Path, help="a folder on tmpfs for archives, kept for the next time")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where the JSON goes")
    return parser


@contextlib.contextmanager
def workshop(kept: Path | None) -> Iterator[Workshop]:
    """A work folder for a while, with this process and all it starts held to two cores."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    if kept is not None:
        yield Workshop(kept)
        return
    tmpfs = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 -- a folder of its own in it
    with tempfile.TemporaryDirectory(prefix="nashra-bench-", dir=tmpfs) as folder:
        yield Workshop(Path(folder))


def circumstances(shop: Workshop) -> dict[str, Any]:
    """When, where and on what was measured."""
    return {
        "measured_on": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        "machine": {
            "cores": len(os.sched_getaffinity(0)),
            "python": platform.python_version(),
            "system": platform.platform(),
            "file_system": file_system(shop.folder),
        },
        "archive": shop.archive_name,
    }


def file_system(folder: Path) -> str:
    """The type of the file system that a folder lies on, such as ``tmpfs`` or ``ext4``."""
    done = subprocess.run(["df", "--output=fstype", str(folder)], capture_output=True, text=True, check=True)
    return done.stdout.split()[-1]


def write_results(folder: Path, name: str, results: dict[str, Any]) -> None:
    """Keep the results as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.json"
    file.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    say(f"Written to {file}")
