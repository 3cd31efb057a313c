"""`make bench-press`: the whole archive pressed, beside Hugo on the same stories, in turn.

    python -m benchmarks.press [--sizes 1000,10000,100000] [--rounds 5] [--work FOLDER] [--results FOLDER]

Each run begins with a newsroom that was never pressed and an empty folder. Both sides write to tmpfs,
where a run takes the same time twice; what a disk makes of it is measured beside. Memory is watched in
runs of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import peers, report
from benchmarks.newsroom import full_press_command
from benchmarks.watching import available_memory_bytes, watch
from benchmarks.workshop import (
    LONG,
    PROJECT,
    Workshop,
    circumstances,
    file_system,
    options,
    remove,
    say,
    workshop,
    write_results,
)

# How a press treats what is compressed ahead: not at all, or one gzip file beside each page.
WAYS = {"plain": {"NASHRA_PRECOMPRESS": "none"}, "gzip": {}}
LONG_ROUNDS = 2
DISK_ROUNDS = 3
# Hugo holds a whole site in memory: 1.1 GB at 10,000 stories, and its output lies on tmpfs as well.
HUGO_BYTES_A_STORY = 150_000
_DISK = PROJECT / "benchmarks" / "work"


def main() -> None:
    """Measure, keep, print."""
    parser = options(description="Measure full presses beside Hugo.")
    parser.add_argument("--no-disk", action="store_true", help="leave out what a disk makes of it")
    chosen = parser.parse_args()
    with workshop(chosen.work) as shop:
        results = measure(shop, chosen.sizes, chosen.rounds, with_disk=not chosen.no_disk)
    write_results(chosen.results, "press", results)
    report.publish(chosen.results)


def measure(shop: Workshop, sizes: tuple[int, ...], rounds: int, *, with_disk: bool = True) -> dict[str, Any]:
    """All that is to be known of full presses, for each size of archive."""
    results = {**circumstances(shop), "hugo": peers.version("hugo"), "sizes": {}}
    _warm_up(shop, min(sizes))
    for count in sizes:
        few = min(rounds, LONG_ROUNDS) if count >= LONG else rounds
        found = _in_turn(shop, count, few)
        found["import"] = shop.import_facts(count)
        found["again_ms"] = _again(shop, count, few)
        found["memory_bytes"] = _memory(shop, count)
        if with_disk and count == max((size for size in sizes if size < LONG), default=0):
            found["disk"] = _on_disk(shop, count)
        results["sizes"][str(count)] = found
    return results


def _warm_up(shop: Workshop, count: int) -> None:
    """One run of each that does not count: the first reads its own program from the disk."""
    _hugo_s(shop, count, None)
    room = shop.fresh(count)
    room.full_press()
    remove(room)


def _in_turn(shop: Workshop, count: int, rounds: int, *, below: Path | None = None) -> dict[str, Any]:
    """Hugo, then each way of ours, ``rounds`` times; every value is kept."""
    shop.newsroom(count)
    has_room = available_memory_bytes() > count * HUGO_BYTES_A_STORY
    found: dict[str, Any] = {"hugo_s": [], "pages": 0, **{way: [] for way in WAYS}}
    if not has_room:
        found["hugo_left_out"] = f"{count * HUGO_BYTES_A_STORY >> 30} GB of memory are not free"
    for number in range(rounds):
        say(f"{count:,} stories, round {number + 1} of {rounds}")
        if has_room:
            found["hugo_s"].append(_hugo_s(shop, count, below))
        for way, settings in WAYS.items():
            room = shop.fresh(count, below=below, **settings)
            _settle(below)
            found[way].append(asdict(room.full_press()))
            found["pages"] = room.pages()
            remove(room)
    return found


def _hugo_s(shop: Workshop, count: int, below: Path | None) -> float:
    output = (below or shop.folder) / "hugo-output"
    shutil.rmtree(output, ignore_errors=True)
    command = _hugo_command(shop, count, output)
    _settle(below)
    began = time.perf_counter()
    subprocess.run(command, check=True)
    took_s = time.perf_counter() - began
    shutil.rmtree(output)
    return took_s


def _hugo_command(shop: Workshop, count: int, output: Path) -> list[str]:
    return [peers.program("hugo"), "--quiet", "-s", str(shop.hugo_site(count)), "-d", str(output)]


def _settle(below: Path | None) -> None:
    """Let a disk finish what earlier runs left to it, so that no run pays for another."""
    if below is not None:
        os.sync()


def _again(shop: Workshop, count: int, rounds: int) -> list[int]:
    """Milliseconds of a full press over pages that stand already as they should."""
    say(f"{count:,} stories pressed over themselves")
    room = shop.fresh(count)
    room.full_press()
    times = [room.full_press().run_ms for _round in range(rounds)]
    remove(room)
    return times


def _memory(shop: Workshop, count: int) -> dict[str, int]:
    say(f"{count:,} stories, looking at memory")
    room = shop.fresh(count)
    command = [sys.executable, "-m", "nashra", *full_press_command()]
    found = {"nashra": watch(command, room.environment).peak_bytes}
    remove(room)
    if available_memory_bytes() > count * HUGO_BYTES_A_STORY:
        output = shop.folder / "hugo-output"
        found["hugo"] = watch(_hugo_command(shop, count, output)).peak_bytes
        shutil.rmtree(output)
    return found


def _on_disk(shop: Workshop, count: int) -> dict[str, Any] | None:
    """The same on the disk that the project lies on, if it is one."""
    _DISK.mkdir(parents=True, exist_ok=True)
    kind = file_system(_DISK)
    if kind == "tmpfs":
        return None
    say(f"The same on {kind}")
    try:
        return {"file_system": kind, **_in_turn(shop, count, DISK_ROUNDS, below=_DISK)}
    finally:
        shutil.rmtree(_DISK)


if __name__ == "__main__":
    main()
