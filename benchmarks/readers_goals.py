"""What was measured of comments and reactions, beside what it should be: a row for each goal."""

from __future__ import annotations

import statistics
from typing import Any

from benchmarks.goals import Row

_DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_COMMENT_GOALS = {"sqlite": 3.0, "postgresql": 2.0}
_REACTION_GOALS = {"sqlite": 3.0, "postgresql": None}
_P99_GOAL_MS = 250


def readers_rows(results: dict[str, Any]) -> list[Row]:
    """All rows of the readers' table."""
    return [
        *_comments(results["comment"]),
        *_reactions(results),
        *_memory(results["comment"]),
        *_proofs(results),
        *_growth(results["page_growth"]),
    ]


def _comments(found: dict[str, Any]) -> list[Row]:
    rows = []
    for name, database in _DATABASES.items():
        rows.append(
            _ratio(
                f"accepted comments/s, {database}, preview and sending ÷ Isso's",
                found,
                name,
                _COMMENT_GOALS[name],
            )
        )
    for name, label in (*_DATABASES.items(), ("isso", "Isso")):
        each = found[name]
        whole = (
            "" if name == "isso" else f"; with its preview {each['whole_p50_ms']} / {each['whole_p99_ms']} ms"
        )
        told = (
            f"{each['alone_p50_ms']} / {each['alone_p99_ms']} ms{whole}; {each['cpu_ms_each']} ms of CPU each"
        )
        rows.append(Row(f"the sending alone, {label}: p50 / p99", "", told))
    return rows


def _reactions(results: dict[str, Any]) -> list[Row]:
    rows = []
    for name, database in _DATABASES.items():
        votes = f"votes/s of browsers that have their cookie, {database} ÷ Isso's likes"
        rows.append(_ratio(votes, results["vote"], name, _REACTION_GOALS[name]))
        both = f"first votes/s, {database}, asking for the cookie and voting ÷ Isso's likes"
        rows.append(_ratio(both, results["reaction"], name, None))
    for name, label in (*_DATABASES.items(), ("isso", "Isso")):
        each = results["vote"][name]
        told = f"{each['alone_p50_ms']} / {each['alone_p99_ms']} ms; {each['cpu_ms_each']} ms of CPU each"
        rows.append(Row(f"a vote, {label}: p50 / p99", "", told))
    return rows


def _ratio(what: str, found: dict[str, Any], name: str, goal: float | None) -> Row:
    ours, theirs = found[name], found["isso"]
    told = (
        f"{ours['ratio']:.2f} ({ours['per_second']:,.0f} ÷ {theirs['per_second']:,.0f}; "
        f"pairs {ours['ratios'][0]:.2f} to {ours['ratios'][-1]:.2f})"
    )
    return Row(what, f"≥ {goal:g}" if goal else "", told, ours["ratio"] >= goal if goal else None)


def _memory(found: dict[str, Any]) -> list[Row]:
    told = " / ".join(f"{found[name]['peak_memory_mb']:.0f}" for name in (*_DATABASES, "isso"))
    return [
        Row(
            "peak memory while comments come, all processes that answer: SQLite / PostgreSQL / Isso",
            "",
            f"{told} MB",
        )
    ]


def _proofs(results: dict[str, Any]) -> list[Row]:
    press, votes = results["under_press"], results["fifty_votes"]
    alone_ms = press["without_press"]["alone_p99_ms"]
    pressed = (
        f"{press['p99_ms']:.0f} ms (p50 {press['p50_ms']:.0f} ms, slowest {press['slowest_ms']:.0f} ms, "
        f"{press['per_second']:.0f} comments/s; without the press p99 {alone_ms:.0f} ms)"
    )
    counted = " / ".join(str(votes[name]) for name in _DATABASES)
    return [
        Row(
            f"p99 of a comment while {press['stories']:,} stories are pressed, {press['press_s']:.0f} s",
            f"≤ {_P99_GOAL_MS} ms",
            pressed,
            press["p99_ms"] <= _P99_GOAL_MS,
        ),
        Row(
            "50 votes at once with one cookie, SQLite / PostgreSQL: counted",
            "1",
            counted,
            set(votes.values()) == {1},
        ),
        Row(
            "strace of one comment on SQLite",
            "synced before the answer",
            " → ".join(results["seen_on_disk"]["order"]),
            results["seen_on_disk"]["is_before"],
        ),
    ]


def _growth(found: list[dict[str, Any]]) -> list[Row]:
    sizes = " / ".join(f"{row['comments']:,}" for row in found)
    plain = " / ".join(f"{row['bytes']:,}" for row in found)
    zipped = " / ".join(f"{row['gzip_bytes']:,}" for row in found)
    few, many = (row for row in found[-2:])
    is_flat = abs(many["bytes"] - few["bytes"]) <= 10_240
    times = {
        row["comments"]: statistics.median(row["approve_to_pressed_ms"]) for row in found if row["comments"]
    }
    told = " / ".join(f"{each:.0f} ms" for each in times.values())
    steady = times[many["comments"]] <= 1.25 * times[few["comments"]] + 5
    return [
        Row(f"a story's page with {sizes} comments: bytes", "the last two within 10 KB", plain, is_flat),
        Row("the same, gzip", "", zipped),
        Row(
            "one more approved: from the decision to the pressed page",
            "the last two alike",
            f"– / {told}",
            steady,
        ),
    ]
