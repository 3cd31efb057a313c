"""What stands in which list, from the press's own account: no list is ever made by reading the archive.

Each question is answered by an index, however long the list is. What is placed has been pressed, so a
list made from here leads only to pages that are there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from nashra.bulk_rows import ask, select
from nashra.press.models import PlacedList, Standing

_NEWEST = """
    SELECT placed.key, placed.moment_us, standing.address, standing.card
    FROM press_placing AS placed JOIN press_standing AS standing ON standing.key = placed.key
    WHERE placed.placed_list_id = (SELECT id FROM press_placedlist WHERE key = %s)
    ORDER BY placed.moment_us {order}, placed.key {order} LIMIT %s
"""
_CHANGED = """
    SELECT standing.address, standing.changed_us
    FROM press_placing AS placed JOIN press_standing AS standing ON standing.key = placed.key
    WHERE placed.placed_list_id = (SELECT id FROM press_placedlist WHERE key = %s)
    ORDER BY placed.moment_us, placed.key
"""
# More than any month of one section will ever hold.
_ALL = 1_000_000
_KEYS_A_QUERY = 500


class Placed(NamedTuple):
    """A story in a list, with the card that was made for lists when its page was."""

    key: str
    moment_us: int
    address: str
    card: str

    @property
    def public_id(self) -> str:
        """The story's public id."""
        return self.key.removeprefix("story:")


def newest(list_key: str, limit: int, alias: str) -> list[Placed]:
    """The newest stories of a list, newest first."""
    return _rows(_NEWEST.format(order="DESC"), list_key, limit, alias)


def oldest_first(list_key: str, alias: str) -> list[Placed]:
    """All stories of a list, oldest first."""
    return _rows(_NEWEST.format(order="ASC"), list_key, _ALL, alias)


def last_changes(list_key: str, alias: str) -> list[tuple[str, int]]:
    """Each story's address and last publication, in microseconds since 1970; the oldest story first."""
    return [(address, changed_us) for address, changed_us in ask(_CHANGED, [list_key], using=alias)]


def _rows(statement: str, list_key: str, limit: int, alias: str) -> list[Placed]:
    return [Placed._make(row) for row in ask(statement, [list_key, limit], using=alias)]


def newest_of(list_keys: Sequence[str], limit: int, alias: str) -> list[Placed]:
    """The newest stories of several lists together, newest first."""
    found = [placed for key in list_keys for placed in newest(key, limit, alias)]
    return sorted(found, key=lambda placed: (placed.moment_us, placed.key), reverse=True)[:limit]


def list_keys(prefix: str, alias: str) -> list[str]:
    """The keys of all lists that begin with ``prefix`` and hold a story, sorted."""
    rows = PlacedList.objects.using(alias).filter(key__startswith=prefix)
    return sorted(rows.values_list("key", flat=True))


def addresses_of(keys: Sequence[str], alias: str) -> dict[str, str]:
    """Where things stand, by key; what does not stand is left out."""
    found: dict[str, str] = {}
    for start in range(0, len(keys), _KEYS_A_QUERY):
        part = keys[start : start + _KEYS_A_QUERY]
        found.update(dict(select(Standing, ("key", "address"), "key", part, using=alias)))
    return found
