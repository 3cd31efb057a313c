"""The first, honest table: full presses, click to live, reads beside nginx.

    python -m benchmarks.first_table [--stories 1000] [--rounds 5] [--seconds 5] [--publications 50]

Prints a table and writes ``benchmarks/results/first_table.json``. Everything runs on this machine, one
thing after another, in a folder that is thrown away.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import statistics
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.newsroom import Newsroom
from benchmarks.publishing import click_to_live_ms
from benchmarks.reading import compare_with_nginx, story_address

RESULTS = Path(__file__).parent / "results"
PRESSES = 3


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description="Measure press, publication and reading.")
    parser.add_argument("--stories", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--publications", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nashra-bench-") as folder:
        results = measure(Path(folder), options)
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / "first_table.json"
    file.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(table(results))
    print(f"\nWritten to {file}")


def measure(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """All measurements, one after another."""
    demo = Newsroom(folder / "demo")
    demo.nashra("init")
    demo.run("-m", "benchmarks.load_demo")
    demo_presses = [demo.full_press() for _ in range(PRESSES)]
    archive = Newsroom(folder / "archive")
    archive.nashra("init")
    archive.run("-m", "benchmarks.write_archive", str(options.stories))
    archive_presses = [archive.full_press() for _ in range(PRESSES)]
    archive.serve()
    try:
        lives_ms = click_to_live_ms(archive, "security", options.publications)
        address = story_address(archive.site_folder)
        reads = compare_with_nginx(archive, address, rounds=options.rounds, seconds=options.seconds)
    finally:
        archive.stop()
    return {
        "measured_on": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        "machine": {
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "system": platform.platform(),
        },
        "full_press": {
            "demo": _presses(demo_presses),
            f"{options.stories} stories": _presses(archive_presses),
        },
        "click_to_live": {
            "stories_in_archive": options.stories,
            "publications": len(lives_ms),
            "p50_ms": round(statistics.median(lives_ms)),
            "p99_ms": round(statistics.quantiles(lives_ms, n=100, method="inclusive")[98]),
            "slowest_ms": round(max(lives_ms)),
        },
        "reads": reads,
    }


def _presses(presses: list[tuple[int, float, int]]) -> dict[str, Any]:
    return {
        "run_ms": statistics.median(run_ms for run_ms, _whole_s, _files in presses),
        "whole_process_s": round(statistics.median(whole_s for _run_ms, whole_s, _files in presses), 2),
        "files": presses[0][2],
    }


def table(results: dict[str, Any]) -> str:
    """The results as Markdown."""
    lines = ["| what | measured |", "|---|---|"]
    for name, press in results["full_press"].items():
        lines.append(
            f"| full press, {name}: {press['files']} files | {press['run_ms']} ms the run, "
            f"{press['whole_process_s']} s the whole process |"
        )
    live = results["click_to_live"]
    lines.append(
        f"| click to live, {live['publications']} publications into {live['stories_in_archive']} stories "
        f"| p50 {live['p50_ms']} ms, p99 {live['p99_ms']} ms, slowest {live['slowest_ms']} ms |"
    )
    for coding, reads in results["reads"].items():
        seen = ", ".join(
            f"{name} {reads[name]['reads_per_second']:,} (p99 {reads[name]['p99_ms']} ms)"
            for name in ("nashra", "nginx")
        )
        lines.append(f"| reads/s of one story, {coding}, 32 connections | {seen}, ratio {reads['ratio']} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
