"""Cutting an edition in which one story changed, in archives of growing size.

    python -m benchmarks.edition_cutting [--sizes 1000,10000] [--cuts 20]

The story is published and pressed first; only the cut is timed: gathering what changed, signing it, its
metadata, and putting it in place. The sizes take turns, so that a slow minute meets them all.
"""

from __future__ import annotations

import json
import statistics
from typing import Any

from benchmarks.newsroom import Newsroom
from benchmarks.workshop import Workshop, circumstances, options, remove, say, workshop, write_results

CUTS, A_TURN = 20, 5
SIZES = (1_000, 10_000)


def main() -> None:
    """Measure, keep, print."""
    parser = options(description="Measure what cutting an edition costs.")
    parser.set_defaults(sizes=SIZES)
    parser.add_argument("--cuts", type=int, default=CUTS, help="for each size (20)")
    chosen = parser.parse_args()
    with workshop(chosen.work) as shop:
        results = measure(shop, chosen.sizes, chosen.cuts)
    write_results(chosen.results, "edition-cutting", results)
    tell(results)


def measure(shop: Workshop, sizes: tuple[int, ...], cuts: int) -> dict[str, Any]:
    """What a first edition and those after it take."""
    rooms: dict[int, Newsroom] = {}
    found: dict[int, dict[str, Any]] = {}
    try:
        for count in sizes:
            rooms[count] = shop.fresh(count)
            say(f"Pressing {count:,} stories, to cut editions of them")
            rooms[count].full_press()
        for turn in range(-(-cuts // A_TURN)):
            for count, room in rooms.items():
                say(f"{count:,} stories: {A_TURN} editions, turn {turn + 1}")
                told = json.loads(room.run("-m", "benchmarks.cut_editions", str(A_TURN), str(turn)))
                kept = found.setdefault(count, {"first_ms": told["first_ms"], "cuts_ms": []})
                kept["cuts_ms"] += told["cuts_ms"]
                kept["files"] = told["files"]
    finally:
        for room in rooms.values():
            remove(room)
    return {**circumstances(shop), "sizes": {str(count): each for count, each in found.items()}}


def tell(results: dict[str, Any]) -> None:
    """Print the medians, and how they grow with the archive."""
    medians = {int(count): statistics.median(each["cuts_ms"]) for count, each in results["sizes"].items()}
    for count, median_ms in medians.items():
        each = results["sizes"][str(count)]
        print(
            f"{count:>7,} stories, {each['files']:>7,} files: one story changed {median_ms:6.0f} ms "
            f"(slowest {max(each['cuts_ms']):.0f}); the first edition {each['first_ms'] / 1000:.1f} s"
        )
    print(f"The largest beside the smallest: {medians[max(medians)] / medians[min(medians)]:.2f} ×")


if __name__ == "__main__":
    main()
