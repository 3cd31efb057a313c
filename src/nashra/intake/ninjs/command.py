"""``nashra import ninjs``: a stream of items → stories, and a report of what became of each.

It holds the loop and the bounds of a batch. Must not hold more of the stream than one batch.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from nashra.desk import bulk
from nashra.desk.slugs import normalise_slug
from nashra.intake.ninjs.filing import Filing, Ready
from nashra.intake.ninjs.item import read_item
from nashra.intake.ninjs.reading import Found, found_items
from nashra.intake.ninjs.report import BadItem, LeftOut, Report
from nashra.intake.ninjs.resolving import Newsroom

# A transaction of this many stories holds the desk's lock for less than half a second.
ITEMS_A_BATCH = 100
CHARS_A_BATCH = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What whoever imports asks for; ``language`` and ``section`` serve items that name none."""

    publish: bool = False
    create_sections: bool = False
    language: str = ""
    section: str = ""


def import_ninjs(
    stream: BinaryIO,
    *,
    source: str,
    wishes: Wishes,
    now: datetime.datetime,
    say: Callable[[str], None],
    progress: Callable[[int], None] = lambda done: None,
) -> Report:
    """Import every item of a stream; ``progress`` is called with how many are done.

    An item that cannot be taken is named by ``say`` and harms no other. Whatever was written stays
    written if the import is cut off; started again, it goes on where it was.
    """
    report = Report(say)
    newsroom = Newsroom(
        create_sections=wishes.create_sections, section=normalise_slug(wishes.section), now=now
    )
    filing = Filing(newsroom, report, publish=wishes.publish, source=source, now=now)
    zones = newsroom.zones
    batch: list[Ready] = []
    chars = done = 0
    for found in found_items(stream):
        done += 1
        ready = _ready(found, zones, wishes, report)
        if ready is None:
            continue
        if any(ready.item.uri == other.item.uri for other in batch):
            # A later version of what has not been written yet.
            filing.file(batch)
            batch, chars = [], 0
        batch.append(ready)
        chars += len(found.text or "")
        if len(batch) >= ITEMS_A_BATCH or chars >= CHARS_A_BATCH:
            filing.file(batch)
            batch, chars = [], 0
            progress(done)
    if batch:
        filing.file(batch)
    progress(done)
    bulk.settle_search()
    return report


def _ready(found: Found, zones: dict[str, datetime.tzinfo], wishes: Wishes, report: Report) -> Ready | None:
    """The item with its body set, before any lock is taken; ``None`` where it becomes no story."""
    try:
        item = read_item(found.parsed(), zones=zones, default_language=wishes.language)
    except BadItem as error:
        report.bad(found.place, str(error))
        return None
    except LeftOut as error:
        report.leave(str(error))
        return None
    return Ready(found.place, item, bulk.set_body(item.blocks))
