"""`make bench-publish`: one story published, in archives of growing size.

    python -m benchmarks.publish [--sizes 1000,10000,100000] [--publications 40] [--clicks 100]

First through the desk's verbs with no server running, the sizes in turn: how many addresses a
publication touches and how long its press run takes. Then, in the largest archive as `nashra serve`
runs it, from the desk's publish request being sent to a reader's GET that shows the story.
"""

from __future__ import annotations

import json
from typing import Any

from benchmarks import report
from benchmarks.newsroom import Newsroom
from benchmarks.publish_stories import SECTION
from benchmarks.publishing import click_to_live_ms
from benchmarks.workshop import Workshop, circumstances, options, remove, say, workshop, write_results

PUBLICATIONS, CLICKS = 40, 100
A_TURN = 10


def main() -> None:
    """Measure, keep, print."""
    parser = options(description="Measure what publishing one story costs.")
    parser.add_argument("--publications", type=int, default=PUBLICATIONS, help="for each size (40)")
    parser.add_argument("--clicks", type=int, default=CLICKS, help="through the served desk (100)")
    chosen = parser.parse_args()
    with workshop(chosen.work) as shop:
        results = measure(shop, chosen.sizes, chosen.publications, chosen.clicks)
    write_results(chosen.results, "publish", results)
    report.publish(chosen.results)


def measure(shop: Workshop, sizes: tuple[int, ...], publications: int, clicks: int) -> dict[str, Any]:
    """What a publication touches and takes, and how soon readers have it."""
    rooms = {count: _pressed(shop, count) for count in sizes}
    try:
        runs = _in_turn(rooms, publications)
        largest = max(sizes)
        say(f"{clicks} publications through the served desk, {largest:,} stories")
        rooms[largest].serve()
        clicks_ms = click_to_live_ms(rooms[largest], SECTION, clicks)
    finally:
        for room in rooms.values():
            remove(room)
    return {
        **circumstances(shop),
        "runs": {str(count): found for count, found in runs.items()},
        "click_to_live": {"stories": largest, "ms": [round(each, 1) for each in clicks_ms]},
    }


def _pressed(shop: Workshop, count: int) -> Newsroom:
    room = shop.fresh(count)
    say(f"Pressing {count:,} stories, to publish into them")
    room.full_press()
    return room


def _in_turn(rooms: dict[int, Newsroom], publications: int) -> dict[int, list[dict[str, Any]]]:
    """Some publications into each archive, again and again, so that a slow minute meets them all."""
    runs: dict[int, list[dict[str, Any]]] = {count: [] for count in rooms}
    for turn in range(-(-publications // A_TURN)):
        for count, room in rooms.items():
            say(f"{count:,} stories: {A_TURN} publications, turn {turn + 1}")
            printed = room.run("-m", "benchmarks.publish_stories", str(A_TURN), str(turn))
            runs[count] += json.loads(printed)
    return runs


if __name__ == "__main__":
    main()
