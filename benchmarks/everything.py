"""`make bench`: every measurement, one after the other, and the whole table.

    python -m benchmarks.everything [--sizes 1000,10000,100000] [--rounds 5] [--work FOLDER]

All start from the same imported archives. Each measurement's results are kept as soon as it ends.
"""

from __future__ import annotations

from typing import Any

from benchmarks import peers, press, publish, report, serving
from benchmarks.workshop import LONG, Workshop, circumstances, options, remove, say, workshop, write_results

PEERS = ("hugo", "nginx", "wrk")


def main() -> None:
    """Measure all, keep it, print it."""
    parser = options(description="Measure everything.")
    parser.add_argument("--publications", type=int, default=publish.PUBLICATIONS, help="for each size (40)")
    parser.add_argument("--clicks", type=int, default=publish.CLICKS, help="through the served desk (100)")
    parser.add_argument("--reading-rounds", type=int, default=serving.ROUNDS, help="pairs beside nginx (9)")
    parser.add_argument("--seconds", type=int, default=serving.SECONDS, help="for each turn of reading (10)")
    chosen = parser.parse_args()
    for name in PEERS:
        peers.program(name)
    if max(chosen.sizes) >= LONG:
        say(f"An archive of {max(chosen.sizes):,} stories takes most of an hour to import and to measure.")
        say("Without it: make bench ARGS=--sizes=1000,10000")
    with workshop(chosen.work) as shop:
        found = press.measure(shop, chosen.sizes, chosen.rounds)
        write_results(chosen.results, "press", found)
        found = publish.measure(shop, chosen.sizes, chosen.publications, chosen.clicks)
        write_results(chosen.results, "publish", found)
        found = _reading(shop, chosen.reading_rounds, chosen.seconds)
        write_results(chosen.results, "serve", found)
    report.publish(chosen.results)


def _reading(shop: Workshop, rounds: int, seconds: int) -> dict[str, Any]:
    room = shop.fresh(serving.STORIES)
    try:
        room.full_press()
        say(f"Reading beside nginx, {rounds} rounds")
        return circumstances(shop) | serving.measure(room, rounds=rounds, seconds=seconds)
    finally:
        remove(room)


if __name__ == "__main__":
    main()
