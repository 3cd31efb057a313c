"""What stands where: the press's account, read before a batch is kept and written in one transaction with it.

Holds nothing in memory between batches. Must not render or write files; what has left an address is
written down here, and ``departures`` tells readers so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from django.conf import settings

from nashra.bulk_rows import select, upsert
from nashra.press.models import (
    FreshFile,
    ListDue,
    Mention,
    OldAddress,
    PlacedList,
    Placing,
    PressedFile,
    Standing,
)
from nashra.press.plan import SITEMAP_INDEX, ListKey, StoryFacts, touched_lists
from nashra.press.write import Written

# Rows are read and written this many at a time, which keeps a statement within SQLite's limits.
BATCH_ROWS = 500

_T = TypeVar("_T")

# What leaves a "this was withdrawn" page behind; any other page that ends simply is no more.
MOURNED = ("story:", "section:", "comments:")


class Entry(NamedTuple):
    """A thing as it stands pressed; a story has places in lists, which its ``facts`` tell too."""

    key: str
    address: str
    facts: str = "{}"
    card: str = ""
    changed_us: int = 0
    mentions: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    moment_us: int = 0


@dataclass(slots=True)
class Kept:
    """What changed in the account: keys that stand otherwise or left an address, and touched lists."""

    changed: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    lists: set[str] = field(default_factory=set)
    # Names of photo files that these things showed and show no more; others may still show them.
    dropped_files: set[str] = field(default_factory=set)


def in_batches(items: Iterable[_T], size: int = BATCH_ROWS) -> Iterator[list[_T]]:
    """The items, so many at a time."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


class _Before(NamedTuple):
    address: str
    facts: str
    card: str
    changed_us: int


def _standing(keys: Collection[str]) -> dict[str, _Before]:
    fields = ("key", *_Before._fields)
    return {
        row[0]: _Before._make(row[1:])
        for batch in in_batches(keys)
        for row in select(Standing, fields, "key", batch)
    }


def keep(
    entries: Sequence[Entry],
    *,
    ended: Collection[str] = (),
    silent: Collection[str] = (),
    is_silent: bool = False,
) -> Kept:
    """Write down how things stand and which stand no longer; call it in a transaction, after the files.

    ``silent`` names the entries whose lists need not change with them; ``is_silent`` says so of all.
    """
    before = _standing([entry.key for entry in entries] + list(ended))
    kept = Kept(ended=[key for key in ended if key in before])
    changed = [entry for entry in entries if before.get(entry.key) != entry[1:5]]
    kept.changed = [entry.key for entry in changed]
    kept.moved = [
        entry.key for entry in changed if entry.key in before and before[entry.key].address != entry.address
    ]
    upsert(
        Standing,
        Entry._fields[:5],
        [entry[:5] for entry in changed],
        key=["key"],
        update=Entry._fields[1:5],
    )
    for batch in in_batches(kept.ended):
        Standing.objects.filter(key__in=batch).delete()
    _keep_mentions(entries, before, kept)
    _keep_places(changed, before, kept)
    if not is_silent:
        # Silent or not: a story that has changed changes its lists.
        quiet = set(silent).difference(entry.key for entry in changed)
        kept.lists |= touched_lists(
            _stories({key: row.facts for key, row in before.items() if key not in quiet}),
            _stories({entry.key: entry.facts for entry in entries if entry.key not in quiet}),
        )
    _keep_old_addresses(entries, before, kept)
    return kept


def _stories(facts: Mapping[str, str]) -> list[StoryFacts]:
    return [StoryFacts.from_json(text) for key, text in facts.items() if key.startswith("story:")]


def _keep_mentions(entries: Sequence[Entry], before: Collection[str], kept: Kept) -> None:
    now = {(name, entry.key) for entry in entries for name in entry.mentions}
    known = [entry.key for entry in entries if entry.key in before]
    was = {
        pair
        for batch in in_batches([*known, *kept.ended])
        for pair in select(Mention, ("name", "key"), "key", batch)
    }
    for name, key in sorted(was - now):
        Mention.objects.filter(name=name, key=key).delete()
    if now - was:
        upsert(Mention, ["name", "key"], sorted(now - was), key=["name", "key"])
    kept.dropped_files = {name.removeprefix("file:") for name, _key in was - now if name.startswith("file:")}
    # A photo lies in the volumes of all that shows it, though its own file stays as it is.
    if takes_notes():
        shown = {name for name, _key in was ^ now if name.startswith("file:")}
        note_fresh(f"photos/{name.removeprefix('file:')}" for name in shown)


def unused(file_names: Collection[str]) -> list[str]:
    """Those of these photo files that nothing shows any more."""
    names = [f"file:{name}" for name in sorted(file_names)]
    used = {
        name
        for batch in in_batches(names)
        for name in Mention.objects.filter(name__in=batch).values_list("name", flat=True)
    }
    return [name.removeprefix("file:") for name in names if name not in used]


def _keep_places(entries: Sequence[Entry], before: dict[str, _Before], kept: Kept) -> None:
    """Give stories their places in lists, and take those that they have no more."""
    gone = {entry.key for entry in entries}.union(kept.ended)
    facts_before = {key: row.facts for key, row in before.items() if key in gone}
    was = {
        (name, facts.moment_us, facts.key) for facts in _stories(facts_before) for name in facts.placings()
    }
    now = [(name, entry.moment_us, entry.key) for entry in entries for name in entry.places]
    arriving, leaving = [place for place in now if place not in was] if was else now, was.difference(now)
    ids = _list_ids({place[0] for place in (*arriving, *leaving)}, kept)
    upsert(
        Placing,
        ["placed_list", "moment_us", "key"],
        sorted((ids[name], moment, key) for name, moment, key in arriving),
        key=["placed_list", "moment_us", "key"],
    )
    for name, moment_us, key in leaving:
        Placing.objects.filter(placed_list=ids[name], moment_us=moment_us, key=key).delete()
    for name in sorted({name for name, _moment, _key in leaving}):
        if not Placing.objects.filter(placed_list=ids[name]).exists():
            PlacedList.objects.filter(pk=ids[name]).delete()
            kept.lists |= {name, *_sitemaps_naming(name)}


def _list_ids(names: set[str], kept: Kept) -> dict[str, int]:
    """The rows of these lists, made where they are new."""
    ids = _known_lists(names)
    new = sorted(names - ids.keys())
    if new:
        PlacedList.objects.bulk_create([PlacedList(key=name) for name in new], batch_size=BATCH_ROWS)
        ids |= _known_lists(set(new))
        kept.lists |= {key for name in new for key in _sitemaps_naming(name)}
    return ids


def _known_lists(names: set[str]) -> dict[str, int]:
    return {
        key: pk
        for batch in in_batches(sorted(names))
        for key, pk in select(PlacedList, ("key", "id"), "key", batch)
    }


def _sitemaps_naming(name: str) -> set[str]:
    """The sitemaps that change when a list appears or ends."""
    key = ListKey.parse(name)
    own = ListKey("sitemap", key.language).key
    return {own, SITEMAP_INDEX.key} if key.kind == "month" else {own}


def _keep_old_addresses(entries: Sequence[Entry], before: dict[str, _Before], kept: Kept) -> None:
    """Write down which addresses were left, and unsettle all that lead to what moved, ended or returned."""
    left = [(before[key].address, key) for key in (*kept.moved, *kept.ended)]
    taken = {entry.address for entry in entries}
    upsert(
        OldAddress,
        ["address", "key", "language", "is_settled"],
        [(address, key, _language(address), False) for address, key in left if address not in taken],
        key=["address"],
        update=["key", "language", "is_settled"],
    )
    returned = [entry.key for entry in entries if entry.key not in before]
    for batch in in_batches([*kept.moved, *kept.ended, *returned]):
        OldAddress.objects.filter(key__in=batch).update(is_settled=False)


def occupied(addresses: Sequence[str]) -> set[str]:
    """Those of these addresses at which something stands."""
    return {
        row[0] for batch in in_batches(addresses) for row in select(Standing, ("address",), "address", batch)
    }


def retaken(addresses: Sequence[str]) -> list[str]:
    """Addresses that had been left, of those at which something stands again."""
    return [
        row[0]
        for batch in in_batches(addresses)
        for row in select(OldAddress, ("address",), "address", batch)
    ]


def forget_old(addresses: Sequence[str]) -> None:
    """Nobody need be led on from these addresses any more."""
    for batch in in_batches(addresses):
        OldAddress.objects.filter(address__in=batch).delete()


def keep_digests(files: Sequence[Written], *, is_first: bool = False) -> None:
    """Write down what files hold; those that are known already cost no write.

    ``is_first``: hardly any is known, so that it is cheaper to write them than to ask.
    """
    for batch in in_batches(files):
        known: dict[str, tuple[Any, ...]] = {}
        if not is_first:
            rows = select(PressedFile, Written._fields, "path", [file.path for file in batch])
            known = {row[0]: row for row in rows}
        changed = [file for file in batch if known.get(file.path) != file]
        upsert(PressedFile, Written._fields, changed, key=["path"], update=Written._fields[1:])
        note_fresh(file.path for file in changed)


def forget_digests(paths: Sequence[str]) -> None:
    """These files are no more."""
    for batch in in_batches(paths):
        PressedFile.objects.filter(path__in=batch).delete()
    note_fresh(paths)


def takes_notes() -> bool:
    """Whether editions are cut here; where none was ever, the first will look at every file."""
    return bool(settings.NASHRA_EDITION_FOLDER.is_dir())


def note_fresh(paths: Iterable[str]) -> None:
    """Have the next edition look at these files, in the transaction that keeps them."""
    if takes_notes():
        upsert(FreshFile, ["path"], [(path,) for path in sorted(paths)], key=["path"])


def note_lists(keys: Iterable[str]) -> None:
    """Write down that lists must be pressed; in the transaction that keeps what they show."""
    upsert(ListDue, ["key"], [(key,) for key in sorted(keys)], key=["key"])


def lists_due() -> list[str]:
    """The lists that must be pressed."""
    return sorted(ListDue.objects.values_list("key", flat=True))


def settle_lists(keys: Sequence[str]) -> None:
    """These lists have been pressed."""
    for batch in in_batches(keys):
        ListDue.objects.filter(key__in=batch).delete()


def _language(address: str) -> str:
    """The publication that an address lies in, by its first part."""
    return address.split("/", 2)[1]
