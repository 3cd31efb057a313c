"""The press is killed at random moments while a newsroom works; readers never see half of anything.

Real processes, real SIGKILL. After each kill the whole site is read, the next run must put all right, and the
site must then hold the very bytes of one full press over the same ledger, which nobody disturbed.

``NASHRA_TEST_KILLS`` is how many; `make test-crash` asks for more than a hundred.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator

import pytest

from tests.cli.newsrooms import wait_for_the_end_of
from tests.crash.room import Room, Running
from tests.crash.work import CHANGES, SMALL_CHANGES

KILLS = int(os.environ.get("NASHRA_TEST_KILLS", "8"))
LONGEST_WAIT_S = 60

# What runs, what the desk did before it, and who is killed.
SCENES = (
    (("press",), SMALL_CHANGES, "press"),
    (("press",), CHANGES, "press"),
    (("press", "--full", "--workers", "2"), CHANGES, "press"),
    (("press", "--full", "--workers", "2"), SMALL_CHANGES, "worker"),
    (("press", "--watch"), SMALL_CHANGES, "watch"),
)


@pytest.fixture(scope="module")
def usual_s(room: Room) -> dict[tuple[str, ...], float]:
    """How long runs take that nobody disturbs."""
    took: dict[tuple[str, ...], float] = {}
    for number, (words, changes, _victim) in enumerate(SCENES[:3]):
        room.change(number, 3, changes)
        began = time.monotonic()
        room.run(*words)
        took[words] = max(took.get(words, 0), time.monotonic() - began)
    took[("press", "--watch")] = took[("press",)]
    return took


def kill(running: Running, victim: str, after_s: float) -> int:
    """Kill the press or one of its workers; gives the press's exit code."""
    time.sleep(max(0, running.began + after_s - time.monotonic()))
    worker = None
    if victim == "worker":
        worker = next(iter(running.workers()), None)
    left = running.kill(worker)
    code = running.wait()
    # Who was left behind ends by itself, and lets the next run begin only then.
    wait_for_the_end_of(left)
    if worker is not None:
        assert code in {0, 1}, f"a worker's death ended the press with {code}: {running.said}"
        assert "Traceback" not in running.said, running.said
        assert code == 0 or "worker" in running.said, running.said
    return code


def moments(chance: random.Random) -> Iterator[float]:
    """Parts of a run's usual time: spread over all of it, in no order."""
    while True:
        parts = [(place + chance.random()) / 8 for place in range(8)]
        chance.shuffle(parts)
        yield from parts


def crash_once(room: Room, chance: random.Random, number: int, usual: dict, part: float) -> str:
    """One kill, and what became of it; the site must be whole afterwards, and right after the next run."""
    words, changes, victim = SCENES[number % len(SCENES)]
    if victim == "watch":
        running = room.start(*words)
        # Its start is like that of `nashra press`; then it waits for changes.
        time.sleep(usual[words] * chance.random() * 2)
        done = room.change(chance.randrange(10**6), 2, changes)
        running.began = time.monotonic()
    else:
        done = room.change(chance.randrange(10**6), chance.randrange(1, 5), changes)
        running = room.start(*words)
    code = kill(running, victim, usual[words] * part)
    story = f"kill {number} at {part:.2f} of {' '.join(words)} ({victim}, code {code}) after {done}"
    faults = room.faults(settled=False)
    assert not faults, f"{story}:\n{faults}"
    if chance.random() < 0.5:
        story += f" and then {room.change(chance.randrange(10**6), 2, SMALL_CHANGES)}"
    room.run("press")
    faults = room.faults(settled=True) or room.work("beside_one_full_press")
    assert not faults, f"{story}:\n{faults}"
    return story


def test_a_killed_press_leaves_a_whole_site_and_the_next_run_puts_all_right(room, usual_s, chance):
    for number, part in zip(range(KILLS), moments(chance), strict=False):
        print(crash_once(room, chance, number, usual_s, part))
