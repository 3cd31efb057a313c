"""What is told of comments and reactions: a goal is met where it is, and strace is read aright."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks import goals, readers_goals
from benchmarks.readers_proofs import order_of

WRITTEN = '7 pwrite64(9</n/readers.sqlite3-wal>, "..."..., 4096, 32) = 4096'
SYNCED = "7 fdatasync(9</n/readers.sqlite3-wal>) = 0"
ANSWERED = '5 sendto(12<socket:[77]>, "HTTP/1.1 200 OK\\r\\ncache-control"..., 900, 0, NULL, 0) = 900'


def loaded(per_second: float, *ratios: float) -> dict[str, Any]:
    times = dict.fromkeys(
        ("alone_p50_ms", "alone_p99_ms", "whole_p50_ms", "whole_p99_ms", "cpu_ms_each", "peak_memory_mb"), 4.0
    )
    told: dict[str, Any] = {"per_second": per_second, **times}
    if ratios:
        told |= {"ratio": sorted(ratios)[len(ratios) // 2], "ratios": sorted(ratios)}
    return told


def results(*, sqlite: float, p99_ms: float, votes: int = 1, last_bytes: int = 61_000) -> dict[str, Any]:
    peers = {
        "sqlite": loaded(900.0, sqlite, sqlite),
        "postgresql": loaded(600.0, 2.0),
        "isso": loaded(300.0),
    }
    growth = [{"comments": 0, "bytes": 40_000, "gzip_bytes": 12_000}] + [
        {"comments": size, "bytes": each, "gzip_bytes": 13_000, "approve_to_pressed_ms": [60.0, 61.0]}
        for size, each in ((1_000, 60_000), (33_000, last_bytes))
    ]
    press = {"p99_ms": p99_ms, "p50_ms": 9.0, "slowest_ms": 400.0, "per_second": 300.0, "press_s": 9.0}
    return {
        **dict.fromkeys(("comment", "reaction", "vote"), peers),
        "fifty_votes": {"sqlite": votes, "postgresql": 1},
        "seen_on_disk": order_of([WRITTEN, SYNCED, ANSWERED]),
        "page_growth": growth,
        "under_press": press | {"stories": 10_000, "without_press": loaded(400.0)},
    }


def met(rows: list[goals.Row], words: str) -> bool | None:
    (row,) = [row for row in rows if words in row.what]
    return row.met


def test_a_goal_is_met_where_it_is_and_no_other() -> None:
    rows = readers_goals.readers_rows(results(sqlite=3.1, p99_ms=240))
    assert {row.met for row in rows} == {True, None}
    rows = readers_goals.readers_rows(results(sqlite=2.9, p99_ms=260, votes=2, last_bytes=71_000))
    for words in ("comments/s, SQLite", "have their cookie, SQLite", "p99 of a comment", "50 votes", "bytes"):
        assert met(rows, words) is False, words
    assert met(rows, "comments/s, PostgreSQL") is True


def test_an_answer_that_leaves_after_the_disk_has_the_comment_is_proof() -> None:
    assert order_of([WRITTEN, SYNCED, ANSWERED])["is_before"] is True
    resumed = [
        WRITTEN,
        "7 fdatasync(9</n/readers.sqlite3-wal> <unfinished ...>",
        "7 <... fdatasync resumed>) = 0",
        ANSWERED,
    ]
    assert order_of(resumed)["is_before"] is True


@pytest.mark.parametrize(
    "lines",
    [
        [WRITTEN, ANSWERED, SYNCED],
        [SYNCED, WRITTEN, ANSWERED],
        [WRITTEN, ANSWERED],
        [ANSWERED],
        [WRITTEN, SYNCED],
    ],
)
def test_an_answer_that_leaves_before_is_none(lines: list[str]) -> None:
    with pytest.raises(RuntimeError):
        order_of(lines)
