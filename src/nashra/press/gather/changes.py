"""What is due: the outbox rows of desk and readers, and the published stories they concern."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import Q

from nashra.bulk_rows import ask
from nashra.desk import models as desk
from nashra.press.gather.mastheads import Mastheads
from nashra.press.gather.readers_part import block_key
from nashra.press.gather.rows import published, story_version
from nashra.press.ledger import in_batches
from nashra.press.models import ListDue, Mention, OldAddress, Overdue, Standing
from nashra.press.plan import Due, ListKey, StoryFacts, story_key
from nashra.readers.models import Change as ReadersChange

# One run takes up to this many rows; the rest follow in the next, after whatever is more urgent.
ROWS_A_RUN = 200
# What concerns more stories than this is pressed like an import: batch by batch, and others pass it by.
STORIES_A_RUN = 400

_WHOLE = (desk.Change.Kind.SECTION, desk.Change.Kind.PUBLICATION)


def has_urgent(now: datetime.datetime, *, but: Due | None = None) -> bool:
    """Whether anything waits that nothing else may hold up; a query or two by index.

    ``but`` are rows that are being seen to; those that came before them are left for later too.
    """
    seen_to, seen_to_readers = (but.desk_change_ids, but.readers_change_ids) if but else ([], [])
    single = desk.Change.objects.filter(is_bulk=False, pk__gt=max(seen_to, default=0))
    waiting = ReadersChange.objects.filter(at__lte=now, pk__gt=max(seen_to_readers, default=0))
    return (
        single.exclude(kind__in=_WHOLE).exists()
        or waiting.exists()
        or (but is None and Overdue.objects.filter(try_again_at__lte=now).exists())
    )


def everything_waiting(alias: str, now: datetime.datetime) -> Due:
    """Every row that waits now, whatever it says: a press of everything sees to all of them."""
    return Due(
        # After an import there are as many as stories.
        desk_change_ids=[pk for (pk,) in ask("SELECT id FROM desk_change", (), using=alias)],
        readers_change_ids=list(ReadersChange.objects.filter(at__lte=now).values_list("pk", flat=True)),
    )


def has_bulk() -> bool:
    """Whether stories wait that came by the thousand."""
    return desk.Change.objects.filter(is_bulk=True).exists()


def has_whole() -> bool:
    """Whether every page is due, since a section or a publication changed."""
    return desk.Change.objects.filter(kind__in=_WHOLE).exists()


def has_leftovers() -> bool:
    """Whether a run that was cut off left lists or old addresses undone."""
    return ListDue.objects.exists() or OldAddress.objects.filter(is_settled=False).exists()


def has_due(now: datetime.datetime) -> bool:
    """Whether anything waits to be pressed: five queries by index, cheap enough for ten times a second."""
    return (
        desk.Change.objects.exists()
        or ReadersChange.objects.filter(at__lte=now).exists()
        or Overdue.objects.filter(try_again_at__lte=now).exists()
        or has_leftovers()
    )


def gather_urgent(alias: str, now: datetime.datetime, *, but: Due | None = None) -> Due:
    """What single changes make due: the desk's first, and readers' where the desk has none.

    ``but``: see ``has_urgent``.
    """
    due = Due()
    seen_to, seen_to_readers = (but.desk_change_ids, but.readers_change_ids) if but else ([], [])
    changes = desk.Change.objects.using(alias).filter(is_bulk=False, pk__gt=max(seen_to, default=0))
    changes = changes.exclude(kind__in=_WHOLE)
    rows = list(changes.order_by("pk")[:ROWS_A_RUN])
    due.desk_change_ids = [row.pk for row in rows]
    named: dict[str, set[str]] = {}
    for row in rows:
        named.setdefault(row.kind, set()).add(row.object_key)
    due.stories |= named.get("story", set()) | named.get("story-removed", set())
    due.stories |= _stories_naming(named, alias)
    late = set(Overdue.objects.filter(try_again_at__lte=now).values_list("public_id", flat=True))
    # A list's key has a colon in it, and no public id has.
    due.stories |= {name for name in late if ":" not in name}
    due.lists |= {name for name in late if ":" in name}
    due.lists |= set(_lists_of_things(named))
    if not rows:
        rows_of_readers = ReadersChange.objects.filter(at__lte=now, pk__gt=max(seen_to_readers, default=0))
        waiting = rows_of_readers.order_by("pk")[:ROWS_A_RUN]
        for pk, thread, block in waiting.values_list("pk", "thread", "block"):
            due.readers_change_ids.append(pk)
            if block is None:
                due.dependents.add(thread)
            else:
                due.lists.add(block_key(thread, block))
    due.dependents |= _dependents(due.stories, alias)
    due.dependents -= due.stories
    return due


def gather_bulk(alias: str, limit: int, *, but: int = 0) -> Due:
    """The next of the stories that came by the thousand, past the row ``but``, in their order."""
    rows = desk.Change.objects.using(alias).filter(is_bulk=True, pk__gt=but).order_by("pk")[:limit]
    due = Due()
    for pk, public_id in rows.values_list("pk", "object_key"):
        due.desk_change_ids.append(pk)
        due.stories.add(public_id)
    due.dependents = _dependents(due.stories, alias) - due.stories
    return due


def count_bulk() -> int:
    """How many rows wait that came by the thousand."""
    return desk.Change.objects.filter(is_bulk=True).count()


@transaction.atomic
def make_bulk(due: Due) -> None:
    """Have what concerns very many stories pressed batch by batch, in place of the rows that said so."""
    note_bulk(due.concerned)
    for key in due.lists:
        ListDue.objects.get_or_create(key=key)
    # They are due by their rows now, and must not be due a second time for ever.
    for batch in in_batches([*due.concerned, *sorted(due.lists)]):
        Overdue.objects.filter(public_id__in=batch).delete()
    take_away(due)


def note_bulk(public_ids: Iterable[str]) -> None:
    """Write that many stories must be pressed, after whatever is more urgent."""
    for batch in in_batches(public_ids):
        desk.Change.objects.bulk_create(
            desk.Change(kind=desk.Change.Kind.STORY, object_key=public_id, is_bulk=True)
            for public_id in batch
        )


def _lists_of_things(named: dict[str, set[str]]) -> Iterator[str]:
    """The lists that a renamed topic or person changes besides those of stories."""
    languages = list(desk.Publication.objects.values_list("locale__language_code", flat=True).distinct())
    for kind in ("topic", "person"):
        for owner in named.get(kind, ()):
            keys = [ListKey(kind, language, owner).key for language in languages]
            for key in Standing.objects.filter(key__in=keys).values_list("key", flat=True):
                yield key
                yield ListKey("sitemap", ListKey.parse(key).language).key


def _stories_naming(named: dict[str, set[str]], alias: str) -> set[str]:
    """Published stories whose byline, dateline, topics or pictures changed."""
    photos = named.get("photo", set())
    people = named.get("person", set())
    if not (photos or people or named.get("place") or named.get("topic")):
        return set()
    portrayed = desk.Person.objects.using(alias).filter(portrait__in=photos).values_list("pk", flat=True)
    concerned = published(alias).filter(
        Q(authors__person__in={*people, *map(str, portrayed)})
        | Q(dateline_place__in=named.get("place", set()))
        | Q(topics__in=named.get("topic", set()))
        | Q(lead_photo__in=photos)
    )
    found = set(concerned.values_list("public_id", flat=True))
    pictures = desk.Photo.objects.using(alias).filter(pk__in=photos).values_list("public_id", flat=True)
    return found | _stories_mentioning(f"picture:{name}" for name in pictures)


def _dependents(public_ids: set[str], alias: str) -> set[str]:
    """Stories whose pages name these ones: by a link, or as translations of each other."""
    if not public_ids:
        return set()
    keys = published(alias).filter(public_id__in=public_ids).order_by().values("translation_key")
    family = published(alias).filter(translation_key__in=keys).order_by()
    return set(family.values_list("public_id", flat=True)) | _stories_mentioning(
        story_key(name) for name in public_ids
    )


def _stories_mentioning(names: Iterable[str]) -> set[str]:
    keys = Mention.objects.filter(name__in=set(names), key__startswith="story:").values_list("key", flat=True)
    return {key.removeprefix("story:") for key in keys}


def take_away(due: Due) -> None:
    """Delete the desk's rows that a run has seen to; call it in the transaction that keeps what it did."""
    for batch in in_batches(due.desk_change_ids):
        desk.Change.objects.filter(pk__in=batch).delete()


def take_away_readers(due: Due) -> None:
    """Delete the readers' rows that a run has seen to: theirs is another database."""
    for batch in in_batches(due.readers_change_ids):
        ReadersChange.objects.filter(pk__in=batch).delete()


def overlooked(mastheads: Mastheads, alias: str) -> Iterator[str]:
    """Stories that stand otherwise than they should: what a lost change, or a crash, left behind.

    Reads every live story's row once, so it is for the start of a press process only.
    """
    fields = ("public_id", "slug", "path", "live_revision_id", "last_published_at")
    rows = published(alias).order_by("pk").values_list(*fields)
    for batch in in_batches(rows.iterator(chunk_size=2000)):
        should = {
            row[0]: (f"{section.link.address}{row[1]}/", story_version(row[3], row[4]))
            for row in batch
            if (section := mastheads.section_of(row[2]))
        }
        stand = _standing_versions([story_key(row[0]) for row in batch])
        for row in batch:
            if should.get(row[0]) != stand.get(row[0]):
                yield row[0]
    yield from gone(mastheads, alias)


def _standing_versions(keys: list[str]) -> dict[str, tuple[str, str]]:
    rows = Standing.objects.filter(key__in=keys).values_list("key", "address", "facts")
    return {
        key.removeprefix("story:"): (address, StoryFacts.from_json(facts).version)
        for key, address, facts in rows
    }


def gone(mastheads: Mastheads, alias: str) -> Iterator[str]:
    """Stories that stand and that readers may see no more."""
    keys = Standing.objects.filter(key__startswith="story:").order_by("key").values_list("key", flat=True)
    for batch in in_batches(keys.iterator(chunk_size=2000)):
        names = [key.removeprefix("story:") for key in batch]
        rows = published(alias).filter(public_id__in=names).order_by().values_list("public_id", "path")
        live = {public_id for public_id, path in rows if mastheads.section_of(path)}
        yield from (name for name in names if name not in live)


def count_waiting(now: datetime.datetime) -> int:
    """How many changes wait for the press."""
    return desk.Change.objects.count() + ReadersChange.objects.filter(at__lte=now).count()


def waiting_since(now: datetime.datetime) -> datetime.datetime | None:
    """When the oldest change that waits was made; ``None`` where nothing waits."""
    desks = desk.Change.objects.order_by("pk").values_list("at", flat=True).first()
    readers = ReadersChange.objects.filter(at__lte=now).order_by("at").values_list("at", flat=True).first()
    return min((moment for moment in (desks, readers) if moment), default=None)
