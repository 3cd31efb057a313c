"""Which stories a great round presses, in which order, cut into what one of the crew prints at a time.

Reads what waits and what stands. Must not press anything.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import chain

from nashra.press import ledger
from nashra.press.gather import changes
from nashra.press.gather.mastheads import Mastheads
from nashra.press.gather.rows import newest_first
from nashra.press.plan import story_key
from nashra.press.shift import Slice

STORIES_A_BATCH = 100
# After so long the lists are pressed, though more stories of a great pile are still to come.
PILE_MS = 5000


def bulk_slices() -> Iterator[Slice]:
    """The waiting stories in batches, until there are none or the lists have waited long enough."""
    deadline = time.monotonic() + PILE_MS / 1000
    taken: set[int] = set()
    while time.monotonic() < deadline:
        due = changes.gather_bulk("default", STORIES_A_BATCH, but=max(taken, default=0))
        if not due:
            return
        taken.update(due.desk_change_ids)
        yield Slice(
            public_ids=due.concerned,
            due=due,
            silent=frozenset(story_key(name) for name in due.dependents),
            together=frozenset(due.concerned),
        )


def all_slices(mastheads: Mastheads, *, is_first: bool) -> Iterator[Slice]:
    """Every story, the newest first: what readers look for stands first.

    Where readers have a site already, the pages that they do not have yet come before all others, which
    may lead to them.
    """
    keys: Iterator[int] = (pk for pk, _path, _slug in newest_first("default"))
    if not is_first:
        keys = chain(_where_page(mastheads, has_page=False), _where_page(mastheads, has_page=True))
    for batch in ledger.in_batches(keys, STORIES_A_BATCH):
        yield Slice(primary_keys=batch, notes_lists=False, ends_missing=False)


def _where_page(mastheads: Mastheads, *, has_page: bool) -> Iterator[int]:
    """The stories at whose address something stands, or those at whose address nothing does."""
    for rows in ledger.in_batches(newest_first("default")):
        addresses = {
            pk: f"{section.link.address}{slug}/"
            for pk, path, slug in rows
            if (section := mastheads.section_of(path))
        }
        standing = ledger.occupied(list(addresses.values()))
        yield from (pk for pk, address in addresses.items() if (address in standing) is has_page)
