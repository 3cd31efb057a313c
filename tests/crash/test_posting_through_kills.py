"""A crowd posts and votes while two moderators decide, and all of the newsroom is killed again and again.

Real `nashra serve`, real connections, real SIGKILL to every process of it. What is tried is the death of
processes, not of the machine: that a commit waits for the disk is seen elsewhere, in the kernel's calls.

``NASHRA_TEST_CLIENTS`` and ``NASHRA_TEST_READER_KILLS`` say how many; `make test-crash` asks for 50 and 10.
"""

from __future__ import annotations

import gzip
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import brotli
import pytest

from tests.cli.newsrooms import Newsroom, descendants, wait_for_the_end_of
from tests.crash import reckoning
from tests.crash.crowd import Crowd
from tests.crash.desk_pair import Pair
from tests.crash.reader import AGENT, FORWARDED, LANGUAGE, NETWORK, Words
from tests.crash.reckoning import Rows
from tests.crash.room import Room
from tests.databases import Ground
from tests.serve.ports import free_ports, wait_until_it_answers

CLIENTS = int(os.environ.get("NASHRA_TEST_CLIENTS", "8"))
KILLS = int(os.environ.get("NASHRA_TEST_READER_KILLS", "2"))
STORIES = 3
# A life ends after so many answers to each reader, at most, and a moment more; or after so many seconds.
MOST_ANSWERS = 8
LONGEST_LIFE_S = 60.0
SETTLED_WITHIN_S = 120
PASSWORD = "a long enough pass phrase"
MODERATORS = ("maryam", "omar")
# Held for a moment only, so that what was decided is carried out and pressed in the midst of it all.
QUICK = {"NASHRA_UNDO_S": "2", "NASHRA_APPROVAL_BATCH_S": "1"}


class Served:
    """`nashra serve` on two ports that stay the same through all its deaths."""

    def __init__(self, newsroom: Newsroom, folder: Path) -> None:
        self.port, self.desk_port = free_ports(2)
        self.said = folder / "readers-serve.log"
        # Every temporary file of it lies where we can look.
        self.temporary = folder / "readers-tmp"
        self.temporary.mkdir()
        self.newsroom = newsroom
        # The most that it can be asked to say.
        said = {"NASHRA_LOG_LEVEL": "DEBUG", "TMPDIR": str(self.temporary), "PYTHONUNBUFFERED": "1"}
        self._environment = newsroom.environment | QUICK | said
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start all of it; does not wait."""
        ports = ("--port", str(self.port), "--desk-port", str(self.desk_port))
        with self.said.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "nashra", "serve", *ports, "--workers", "2"],
                cwd=self.newsroom.folder,
                env=self._environment,
                stdout=log,
                stderr=log,
            )

    def wait(self) -> None:
        """Until both origins answer."""
        for port in (self.port, self.desk_port):
            wait_until_it_answers(port, 90)

    def kill(self) -> int:
        """SIGKILL every process of it, the first of them first; gives how many."""
        assert self._process is not None
        left = list(descendants(self._process.pid))
        for pid in (self._process.pid, *left):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()
        wait_for_the_end_of(left)
        return 1 + len(left)

    def stop(self) -> None:
        """As Ctrl-C does."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            assert self._process.wait(60) == 0, self.said.read_text()


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What everybody was promised, and what stands when all has become quiet."""

    served: Served
    stories: Mapping[str, str]
    site: Path
    crowd: Crowd
    pair: Pair
    opened: Mapping[str, str]
    rows: Rows
    # What was wrong with the pages beside these rows: a test that comes first may erase some of them.
    page_faults: list[str]


@pytest.fixture(scope="module")
def aftermath(room: Room, seed: int) -> Iterator[Aftermath]:
    """The crowd, the moderators and the kills; then quiet, and a newsroom that is still served."""
    print(f"NASHRA_TEST_SEED={seed}")
    chance = random.Random(seed)  # noqa: S311 -- chances, not secrets
    stories = room.work("open_to_readers", STORIES)
    room.work("hire_moderators", MODERATORS, PASSWORD)
    served = Served(room.newsroom, room.folder)
    served.start()
    try:
        served.wait()
        crowd = Crowd(CLIENTS, served.port, stories, seed)
        pair = Pair(dict.fromkeys(MODERATORS, PASSWORD), served.desk_port, seed)
        crowd.gather()
        pair.begin()
        try:
            for number in range(KILLS):
                live_and_die(served, crowd, pair, chance, is_sudden=number % 5 == 4)
            # Once more undisturbed, so that something comes of it whatever the moments were.
            wait_until(lambda: is_enough(pair), within_s=2 * LONGEST_LIFE_S)
        finally:
            pair.end()
            crowd.disperse()
        crowd.settle()
        wait_for_quiet(room.newsroom.environment["READERS_DATABASE_URL"])
        rows = reckoning.read_rows(room.newsroom.environment["READERS_DATABASE_URL"], stories)
        print(f"{dict(crowd.did)}; of {sum(pair.tried.values())} decisions {pair.second} came second")
        page_faults = reckoning.wrong_pages(rows, stories, room.site)
        opened = crowd.ask_all_receipts()
        yield Aftermath(served, stories, room.site, crowd, pair, opened, rows, page_faults)
    finally:
        served.stop()


def live_and_die(served: Served, crowd: Crowd, pair: Pair, chance: random.Random, *, is_sudden: bool) -> None:
    """Let it work for a while and kill it; or in the midst of its start, where that is ``is_sudden``.

    By what was answered, not by the clock: on a slow machine nothing would come of any life.
    """
    answers = crowd.answers + chance.randrange(len(crowd.readers), MOST_ANSWERS * len(crowd.readers))
    presses = pair.presses + chance.randrange(1, 8)
    if not is_sudden:
        wait_until(lambda: crowd.answers >= answers and pair.presses >= presses)
    time.sleep(chance.random())
    print(f"killed {served.kill()} processes after {crowd.answers} answers, {pair.presses} buttons pressed")
    served.start()
    if not is_sudden:
        served.wait()


def is_enough(pair: Pair) -> bool:
    """Whether the two have done some of everything, and come in each other's way."""
    return {deed.action for deed in pair.done} >= {"approve", "reject", "undo"} and pair.second > 0


def wait_until(enough: Callable[[], bool], within_s: float = LONGEST_LIFE_S) -> None:
    """Until that is so, but not for ever: a slow machine need not do everything."""
    deadline = time.monotonic() + within_s
    while not enough() and time.monotonic() < deadline:
        time.sleep(0.02)


def wait_for_quiet(readers_database: str) -> None:
    """Until every decision is carried out and every page pressed."""
    deadline = time.monotonic() + SETTLED_WITHIN_S
    held = "SELECT id FROM readers_comment WHERE held_until IS NOT NULL"
    while reckoning.ask(readers_database, held) or reckoning.ask(
        readers_database, "SELECT id FROM readers_change"
    ):
        assert time.monotonic() < deadline, "decisions or pages were left"
        time.sleep(0.5)
    # A change's row goes once its page stands.
    time.sleep(1)


def all_well(faults: list[str]) -> None:
    """No fault; or the first of them, and how many there are."""
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults[:10])


def test_the_crowd_and_the_moderators_did_all_that_they_came_for(aftermath: Aftermath) -> None:
    all_well(aftermath.crowd.troubles + aftermath.pair.troubles)
    did, states = aftermath.crowd.did, {row["state"] for row in aftermath.rows.comments}
    assert {"comment", "vote", "repeat", "lost"} <= did.keys(), did
    assert "approved" in states, states
    assert {"approve", "reject", "undo"} <= {deed.action for deed in aftermath.pair.done}
    assert aftermath.pair.second, "nobody ever came second"


def test_no_promised_comment_is_lost_and_none_is_doubled(aftermath: Aftermath) -> None:
    all_well(reckoning.lost_or_doubled(aftermath.rows, aftermath.crowd.kept))
    all_well(reckoning.missing_receipts(aftermath.opened, aftermath.crowd.kept))


def test_counts_equal_rows_and_every_counted_vote_is_there(aftermath: Aftermath) -> None:
    all_well(reckoning.wrong_counts(aftermath.rows))
    all_well(reckoning.wrong_votes(aftermath.rows, aftermath.crowd.ballots))


def test_nothing_was_decided_twice(aftermath: Aftermath) -> None:
    all_well(reckoning.decided_twice(aftermath.rows, aftermath.pair.tried, aftermath.pair.done))


def test_what_is_approved_stands_and_what_waits_stands_nowhere(aftermath: Aftermath) -> None:
    all_well(aftermath.page_faults)


def test_nothing_tells_who_wrote_and_nothing_of_what_was_erased(
    aftermath: Aftermath, room: Room, test_ground: Ground
) -> None:
    """Rows, logs, cache, temporary files, pages: all of the newsroom's files, and every row of its databases.

    PostgreSQL's own files, write-ahead log included, are searched for senders, whom they never hold. Erased
    words they keep until the server uses the space again, which "What a seized server reveals" says.
    """
    erased = erase_some(aftermath)
    wait_for_quiet(room.newsroom.environment["READERS_DATABASE_URL"])
    deadline = time.monotonic() + 30
    while not room.work("tidy"):
        assert time.monotonic() < deadline, "somebody reads for ever"
    senders = [NETWORK, FORWARDED, AGENT.split()[0], AGENT, LANGUAGE.split(",")[0]]
    needles = [needle.encode() for needle in senders] + [words.word.encode() for words in erased]
    look_everywhere(room, aftermath, needles, test_ground)
    aftermath.served.stop()
    look_everywhere(room, aftermath, needles, test_ground)
    if test_ground.kind == "postgresql":
        test_ground.settle()
        files = contents_of(test_ground.folder / "postgresql")
        all_well(
            [f"{needle} in {file}" for file, holds in files for needle in senders if needle.encode() in holds]
        )


def erase_some(aftermath: Aftermath) -> list[Words]:
    """Have a few commenters erase what they wrote: what waits, what is rejected, and what stands."""
    states = {row["text"]: row["state"] for row in aftermath.rows.comments}
    chosen = []
    for state in sorted(set(states.values())):
        of_state = [
            (reader, words)
            for reader in aftermath.crowd.readers
            for words in reader.kept
            if states[words.text] == state
        ]
        chosen += of_state[:2] + of_state[-1:]
    for reader, words in chosen:
        asked = {"receipt": words.receipt, "language": "en", "step": "erase-now"}
        assert reader.post("/readers/receipt", asked).status in {200, 404}
        assert reader.look(words.receipt).status == 404
    assert chosen
    return [words for _reader, words in chosen]


def look_everywhere(room: Room, aftermath: Aftermath, needles: list[bytes], ground: Ground) -> None:
    """Search all that the newsroom keeps."""
    places = [room.newsroom.folder, room.folder / "databases", aftermath.served.temporary]
    files = [found for place in places for found in contents_of(place)]
    files.append(("its words", aftermath.served.said.read_bytes()))
    if ground.kind == "postgresql":
        for name in ("DATABASE_URL", "READERS_DATABASE_URL"):
            files += rows_of(room.newsroom.environment[name])
    kept = next(words for words in aftermath.crowd.kept if words.word.encode() not in needles)
    assert any(kept.word.encode() in content for _name, content in files), "the search finds nothing at all"
    all_well([f"{needle!r} in {name}" for name, content in files for needle in needles if needle in content])


def contents_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file beneath a folder as it is, and what was compressed once more as it reads."""
    for file in folder.rglob("*"):
        # A press that runs may take one away while we look.
        with suppress(FileNotFoundError):
            if file.is_file() and not file.is_socket():
                content = file.read_bytes()
                yield str(file), content
                if file.suffix == ".gz":
                    yield f"{file}, read", gzip.decompress(content)
                if file.suffix == ".br":
                    yield f"{file}, read", brotli.decompress(content)


def rows_of(address: str) -> list[tuple[str, bytes]]:
    """Every row of a database, as text."""
    tables = reckoning.ask(address, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return [
        (table["tablename"], str(row["row"]).encode())
        for table in tables
        for row in reckoning.ask(address, f'SELECT t::text AS row FROM "{table["tablename"]}" t')  # noqa: S608
    ]
