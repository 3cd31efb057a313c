"""``nashra import ninjs``: a stream of items → stories, and a report of what became of each.

It holds the loop and the bounds of a batch. Must not hold more of the stream than one batch.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from nashra.desk import bulk
from nashra.desk.models import Provenance
from nashra.desk.slugs import normalise_slug
from nashra.intake.ninjs.filing import Filing, Ready
from nashra.intake.ninjs.identity import is_known, uri_of
from nashra.intake.ninjs.item import read_item
from nashra.intake.ninjs.reading import Found, found_items
from nashra.intake.ninjs.report import BadItem, LeftOut, Report
from nashra.intake.ninjs.resolving import Newsroom

# A transaction of this many stories holds the desk's lock for less than half a second.
ITEMS_A_BATCH = 100
CHARS_A_BATCH = 2_000_000


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
    done = 0
    for chunk in _chunks(found_items(stream)):
        fresh = _fresh(chunk, report)
        ready = (_ready(found, value, zones, wishes, report) for found, value in fresh)
        for batch in _batches([one for one in ready if one is not None]):
            filing.file(batch)
        done += len(chunk)
        progress(done)
    bulk.settle_search()
    return report


def _chunks(items: Iterator[Found]) -> Iterator[list[Found]]:
    """Some items at a time: so many, or so much."""
    chunk: list[Found] = []
    chars = 0
    for found in items:
        chunk.append(found)
        chars += len(found.text or "")
        if len(chunk) >= ITEMS_A_BATCH or chars >= CHARS_A_BATCH:
            yield chunk
            chunk, chars = [], 0
    if chunk:
        yield chunk


def _fresh(chunk: list[Found], report: Report) -> list[tuple[Found, dict[str, Any] | BadItem]]:
    """The items that the desk does not surely have, so that a second run is quick; bad ones among them."""
    values = [(found, _parsed(found)) for found in chunk]
    uris = {uri for _found, value in values if isinstance(value, dict) and (uri := uri_of(value))}
    versions = dict(Provenance.objects.filter(uri__in=uris).values_list("uri", "version_created_at"))
    fresh = [
        (found, value)
        for found, value in values
        if isinstance(value, BadItem) or not is_known(value, versions)
    ]
    report.counts["known"] += len(values) - len(fresh)
    return fresh


def _parsed(found: Found) -> dict[str, Any] | BadItem:
    try:
        return found.parsed()
    except BadItem as error:
        return error


def _ready(
    found: Found,
    value: dict[str, Any] | BadItem,
    zones: Mapping[str, datetime.tzinfo],
    wishes: Wishes,
    report: Report,
) -> Ready | None:
    """The item with its body set, before any lock is taken; ``None`` where it becomes no story."""
    try:
        if isinstance(value, BadItem):
            raise value
        item = read_item(value, zones=zones, default_language=wishes.language)
    except BadItem as error:
        report.bad(found.place, str(error))
        return None
    except LeftOut as error:
        report.leave(str(error))
        return None
    return Ready(found.place, item, bulk.set_body(item.blocks))


def _batches(ready: list[Ready]) -> Iterator[list[Ready]]:
    """The items in their order, cut where one comes again in another version."""
    batch: list[Ready] = []
    uris: set[str] = set()
    for one in ready:
        if one.item.uri in uris:
            yield batch
            batch, uris = [], set()
        batch.append(one)
        uris.add(one.item.uri)
    if batch:
        yield batch
