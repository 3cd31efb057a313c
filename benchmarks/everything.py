"""`make bench`: every measurement, one after the other, and the whole table.

    python -m benchmarks.everything [--sizes 1000,10000,100000] [--rounds 5] [--work FOLDER]

The press and the publications start from the same imported archives.
"""

from __future__ import annotations

import subprocess
import sys

from benchmarks import peers, press, publish, report
from benchmarks.workshop import LONG, PROJECT, options, say, workshop, write_results

PEERS = ("hugo", "nginx", "wrk")


def main() -> None:
    """Measure all, keep it, print it."""
    chosen = options(description="Measure everything.").parse_args()
    for name in PEERS:
        peers.program(name)
    if max(chosen.sizes) >= LONG:
        say(f"An archive of {max(chosen.sizes):,} stories takes about an hour to import and to measure.")
        say("Without it: make bench ARGS=--sizes=1000,10000")
    with workshop(chosen.work) as shop:
        write_results(chosen.results, "press", press.measure(shop, chosen.sizes, chosen.rounds))
        write_results(
            chosen.results,
            "publish",
            publish.measure(shop, chosen.sizes, publish.PUBLICATIONS, publish.CLICKS),
        )
    subprocess.run([sys.executable, "-m", "benchmarks.serving"], cwd=PROJECT, check=True)
    report.publish(chosen.results)


if __name__ == "__main__":
    main()
