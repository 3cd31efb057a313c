"""`make bench-readers`: comments and reactions beside Isso, on SQLite and on PostgreSQL, in turn.

    python -m benchmarks.readers [--rounds 5] [--seconds 8] [--press-stories 10000] [--work FOLDER]

Everything lies on the project's own disk, where a commit that is answered has to wait for it. What is
sent, and what counts, is told in ``docs/reference/measurements.md``.
"""

from __future__ import annotations

import contextlib
import shutil
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from typing import Any

from benchmarks import report
from benchmarks.newsroom import Newsroom
from benchmarks.peers import program
from benchmarks.readers_load import Load, Loaded
from benchmarks.readers_peers import IssoPrograms, PostgreSQL
from benchmarks.readers_proofs import fifty_votes, page_growth, seen_on_disk, under_press
from benchmarks.reading import Served, readers_pid
from benchmarks.workshop import (
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

STORIES, ROUNDS, SECONDS, PRESS_STORIES = 1_000, 5, 8, 10_000
# Over so many stories readers' comments and votes are spread, on either side.
SPREAD = 100
MOST_VOTES_A_SECOND = 5_000
DISK = PROJECT / "benchmarks" / "work"
# The load names a network of its own for each reader, as a proxy does; the limits are those that ship.
PROXY = {"NASHRA_TRUSTED_PROXIES": "127.0.0.1"}


def main() -> None:
    """Measure, keep, print."""
    parser = options(description="Measure comments and reactions beside Isso.")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="for each turn (8)")
    parser.add_argument(
        "--press-stories", type=int, default=PRESS_STORIES, help="in the press beside (10000)"
    )
    parser.set_defaults(rounds=ROUNDS)
    chosen = parser.parse_args()
    for name in ("wrk", "strace"):
        program(name)
    with workshop(chosen.work) as shop:
        results = circumstances(shop) | measure(
            shop, rounds=chosen.rounds, seconds=chosen.seconds, press_stories=chosen.press_stories
        )
    write_results(chosen.results, "readers", results)
    report.publish(chosen.results)


def measure(shop: Workshop, *, rounds: int, seconds: int, press_stories: int) -> dict[str, Any]:
    """All rows, one after the other."""
    DISK.mkdir(exist_ok=True)
    isso = IssoPrograms(DISK / "isso-programs")
    with _rooms(shop) as rooms:
        results: dict[str, Any] = {
            "isso": isso.versions,
            "disk": file_system(DISK),
            "postgresql": rooms.database.version,
            "durability": rooms.database.durability,
        }
        turns = _Turns(rooms, isso, Load(DISK / "load"), seconds)
        for number in range(rounds):
            say(f"Comments and reactions beside Isso, round {number + 1} of {rounds}")
            turns.one()
        results |= turns.results()
        say("Fifty votes with one cookie, and what the disk saw of one comment")
        results["fifty_votes"] = {name: _served(room, fifty_votes) for name, room in rooms.each().items()}
        results["seen_on_disk"] = _served(rooms.sqlite, seen_on_disk)
        results["page_growth"] = page_growth(rooms.sqlite)
    say(f"Comments while {press_stories:,} stories are pressed")
    room = shop.fresh(press_stories, below=DISK, **PROXY)
    try:
        results["under_press"] = under_press(room, Load(DISK / "load"), press_stories)
    finally:
        remove(room)
    return results


@dataclass(frozen=True)
class _Rooms:
    """The same newsroom twice, its readers' rows in either database."""

    sqlite: Newsroom
    postgresql: Newsroom
    database: PostgreSQL

    def each(self) -> dict[str, Newsroom]:
        return {"sqlite": self.sqlite, "postgresql": self.postgresql}


@contextlib.contextmanager
def _rooms(shop: Workshop) -> Iterator[_Rooms]:
    shutil.rmtree(DISK / "postgresql", ignore_errors=True)
    with PostgreSQL(DISK / "postgresql") as database:
        sqlite = shop.fresh(STORIES, below=DISK, **PROXY)
        address = database.new_database("readers")
        postgresql = shop.fresh(STORIES, below=DISK, READERS_DATABASE_URL=address, **PROXY)
        try:
            for room in (sqlite, postgresql):
                say(f"Pressing {STORIES:,} stories")
                room.nashra("init")
                room.full_press()
            yield _Rooms(sqlite, postgresql, database)
        finally:
            remove(postgresql)
            remove(sqlite)
    shutil.rmtree(DISK / "postgresql", ignore_errors=True)


def _served(room: Newsroom, measure_it: Callable[[Newsroom], Any]) -> Any:
    room.serve()
    try:
        return measure_it(room)
    finally:
        room.stop()


@dataclass
class _Turns:
    """One peer after the other, again and again, so that a slow minute of the machine meets all of them."""

    rooms: _Rooms
    isso: IssoPrograms
    load: Load
    seconds: int
    found: dict[str, dict[str, list[Loaded]]] = field(default_factory=dict)

    def one(self) -> None:
        """A turn of each."""
        for name, room in self.rooms.each().items():
            stories = [each["public_id"] for each in room.rows("stories", str(SPREAD))]
            before = room.rows("counts")
            cookies = room.rows("cookies", str(MOST_VOTES_A_SECOND * self.seconds))
            seen = _served(room, partial(self._ours, stories=stories, cookies=cookies))
            _check(before, room.rows("counts"), seen)
            self._keep(name, seen)
        with self.isso.serve(DISK / "isso") as running:
            self.load.warm_up(running.served, "isso-comment", range(SPREAD))
            seen = {"comment": self._load(running.served, "isso-comment", range(SPREAD))}
            comments, _likes = running.rows()
            seen["reaction"] = seen["vote"] = self._load(running.served, "isso-like", range(1, comments + 1))
            self._keep("isso", seen)

    def _ours(self, room: Newsroom, stories: list[str], cookies: list[str]) -> dict[str, Loaded]:
        served = Served(room.site, readers_pid(room))
        seen = {}
        for way in ("comment", "reaction"):
            self.load.warm_up(served, way, stories)
            seen[way] = self._load(served, way, stories)
        # Each cookie votes once.
        ballots = [f"{story} {cookie}" for story, cookie in zip(cycle(stories), cookies, strict=False)]
        seen["vote"] = self._load(served, "vote", ballots)
        return seen

    def _load(self, served: Served, way: str, names: Any) -> Loaded:
        return self.load.run(served, way, names, self.seconds)

    def _keep(self, name: str, seen: dict[str, Loaded]) -> None:
        for way, loaded in seen.items():
            self.found.setdefault(way, {}).setdefault(name, []).append(loaded)

    def results(self) -> dict[str, Any]:
        """Medians of the rounds, and the median of the ratios to Isso's."""
        told: dict[str, Any] = {}
        for way, peers in self.found.items():
            told[way] = {name: _median(loads) for name, loads in peers.items()}
            for name in ("sqlite", "postgresql"):
                pairs = [
                    ours.per_second / theirs.per_second
                    for ours, theirs in zip(peers[name], peers["isso"], strict=True)
                ]
                told[way][name]["ratio"] = round(statistics.median(pairs), 2)
                told[way][name]["ratios"] = [round(pair, 2) for pair in sorted(pairs)]
        return told


def _median(loads: list[Loaded]) -> dict[str, Any]:
    rounds = [loaded.told() for loaded in loads]
    return {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}


def _check(before: dict[str, int], after: dict[str, int], seen: dict[str, Loaded]) -> None:
    """Whether what was answered is in the rows.

    Raises:
        RuntimeError: an answered comment or vote is not there, or a counter is not the number of its rows.
    """
    comments, votes = (after[name] - before[name] for name in ("comments", "votes"))
    voted = seen["reaction"].done + seen["vote"].done
    if comments < seen["comment"].done or votes < voted or after["votes"] != after["counted"]:
        raise RuntimeError(f"Rows and answers do not agree: {before}, {after}, {seen}")


if __name__ == "__main__":
    main()
