"""Checking a volume of many files, beside ``sha256sum --check`` on the same files.

    python -m benchmarks.edition_verify [--files 10000] [--rounds 5]

Both are run as commands, in turn, on files that lie in memory; ours checks the signatures and looks for
added files as well. A ratio above 1 means that ours is faster.
"""

from __future__ import annotations

import argparse
import datetime
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

from nashra.binding.cutting import Leaf, finish, prepare, sign_prepared
from nashra.binding.folders import EditionFolder
from nashra.edition.mirrors import mirrors_bytes
from nashra.edition.notices import Notices
from nashra.edition.tombstones import tombstones_bytes
from nashra.seal.signature_files import sign_manifest
from nashra.seal.signing import SigningKey

_KEY = SigningKey.from_seed(bytes(32))
_NOW = datetime.datetime(2026, 11, 27, tzinfo=datetime.UTC)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure how fast a volume is checked.")
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    tell(measure(chosen.files, chosen.rounds))


def measure(files: int, rounds: int) -> dict[str, Any]:
    """Milliseconds of both, round by round."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as work:
        folder = _edition(Path(work) / "edition", files)
        environment = {**os.environ, "NASHRA_HOME": work}
        ours = [
            sys.executable,
            "-m",
            "nashra",
            "verify",
            str(folder),
            "--key",
            _KEY.public.text,
            "--no-memory",
        ]
        theirs = ["sha256sum", "--check", "--strict", "--quiet", "volumes/2026-11/r1/SHA256"]
        times: dict[str, list[float]] = {"nashra": [], "sha256sum": []}
        for _round in range(rounds):
            for name, command in (("sha256sum", theirs), ("nashra", ours)):
                began = time.perf_counter()
                subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
                times[name].append((time.perf_counter() - began) * 1000)
    return {"files": files, "ms": times}


def _edition(folder: Path, files: int) -> Path:
    """An edition with one volume of pages whose sizes are those of stories."""
    chance = random.Random(11)  # noqa: S311 -- contents, not secrets
    november = frozenset(["2026-11"])
    leaves = [
        Leaf(
            f"en/harbour/story-{number}/index.html", november, chance.randbytes(chance.randint(9_000, 26_000))
        )
        for number in range(files)
    ]
    edition = EditionFolder(folder, folder.with_name("next"))
    prepare(
        edition,
        leaves,
        name="Measured",
        cut_at=_NOW,
        public=_KEY.public,
        notices=Notices(mirrors_bytes(()), tombstones_bytes(())),
    )
    finish(
        edition,
        sign_prepared(edition, partial(sign_manifest, _KEY, trusted_comment="measured")),
        public=_KEY.public,
    )
    return folder


def tell(results: dict[str, Any]) -> None:
    """Print the medians and their ratio."""
    medians = {name: statistics.median(each) for name, each in results["ms"].items()}
    print(
        f"{results['files']:,} files: sha256sum {medians['sha256sum']:.0f} ms, nashra verify "
        f"{medians['nashra']:.0f} ms, {medians['sha256sum'] / medians['nashra']:.2f} × its speed"
    )


if __name__ == "__main__":
    main()
