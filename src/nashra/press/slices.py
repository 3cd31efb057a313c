"""Which stories a great round presses, in which order, cut into what one of the crew prints at a time.

Reads what waits and what stands. Must not press anything.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from nashra.press import ledger
from nashra.press.gather import changes
from nashra.press.gather.mastheads import Mastheads
from nashra.press.gather.placings import addresses_of
from nashra.press.gather.rows import newest_first, published
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

    Where readers have a site already, the pages that they do not have yet all stand before any other is
    printed, which may lead to them.
    """
    if is_first:
        yield from _slices(pk for pk, _path, _slug in newest_first("default"))
        return
    yield from _slices(_where_page(mastheads, has_page=False))
    yield from _slices(_where_page(mastheads, has_page=True), after_all=True)


def _slices(keys: Iterator[int], *, after_all: bool = False) -> Iterator[Slice]:
    """These stories in batches; ``after_all`` holds for the first, and so for all that follow it."""
    for number, batch in enumerate(ledger.in_batches(keys, STORIES_A_BATCH)):
        yield Slice(
            primary_keys=batch,
            notes_lists=False,
            ends_missing=False,
            after_all=after_all and number == 0,
        )


def new_pages_first(public_ids: Iterable[str], mastheads: Mastheads) -> list[str]:
    """These stories, those first at whose address nothing stands: pages that stand may lead to them."""
    names = sorted(public_ids)
    if len(names) <= STORIES_A_BATCH:
        # Of one batch, whoever prints it sees to that.
        return names
    keys = [story_key(name) for name in names]
    found = published("default").filter(public_id__in=names).order_by()
    addresses = {
        public_id: f"{section.link.address}{slug}/"
        for public_id, slug, path in found.values_list("public_id", "slug", "path")
        if (section := mastheads.section_of(path))
    }
    standing = addresses_of(keys, "default")
    return sorted(names, key=lambda name: standing.get(story_key(name)) == addresses.get(name))


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
