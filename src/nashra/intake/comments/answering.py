"""Which comment an old one answers here, where replies are one level deep.

A reply to a reply answers the top comment. Pure; must not read a database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from nashra.intake.comments.spool import Entry


def answered(
    entries: Iterable[Entry], by_key: Mapping[str, Entry], *, may_be_answered: Callable[[Entry], bool]
) -> dict[str, str]:
    """For each comment's key that of the topmost one above it which may be answered, or "".

    What may not be answered (it waits, or was not taken) is passed over on the way up. A comment of
    another story is none above, and a circle ends where it closes.
    """
    tops: dict[str, str] = {}
    for entry in entries:
        way = _way_up(entry, by_key, tops)
        for below in reversed(way):
            parent = by_key.get(below.parent)
            if parent is None or parent.story != below.story or parent.key not in tops:
                tops[below.key] = ""
            elif tops[parent.key]:
                tops[below.key] = tops[parent.key]
            else:
                tops[below.key] = parent.key if may_be_answered(parent) else ""
    return tops


def _way_up(entry: Entry, by_key: Mapping[str, Entry], tops: Mapping[str, str]) -> list[Entry]:
    """The comment and those above it whose answer is not known yet, from below to above."""
    way: list[Entry] = []
    passed: set[str] = set()
    step: Entry | None = entry
    while step is not None and step.key not in tops and step.key not in passed:
        passed.add(step.key)
        way.append(step)
        above = by_key.get(step.parent)
        step = above if above is not None and above.story == step.story else None
    return way
