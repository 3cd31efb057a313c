"""What is due: the outbox rows of desk and readers, and the published stories they concern."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db.models import Q

from nashra.desk import models as desk
from nashra.press.gather.mastheads import Mastheads
from nashra.press.gather.stories import published, story_version
from nashra.press.models import Mention, Overdue, Standing
from nashra.press.plan import Due
from nashra.readers.models import Change as ReadersChange

# One run takes up to this many rows; the rest follow in the next.
ROWS_A_RUN = 2000

_WHOLE = frozenset({"section", "publication"})


def has_due(now: datetime.datetime) -> bool:
    """Whether anything waits to be pressed: three queries by index, cheap enough for ten times a second."""
    return (
        desk.Change.objects.exists()
        or ReadersChange.objects.filter(at__lte=now).exists()
        or Overdue.objects.filter(try_again_at__lte=now).exists()
    )


def gather_due(alias: str, now: datetime.datetime) -> Due:
    """Everything that the waiting rows make due."""
    due = Due()
    rows = list(desk.Change.objects.using(alias).order_by("pk")[:ROWS_A_RUN])
    due.desk_change_ids = [row.pk for row in rows]
    named: dict[str, set[str]] = {}
    for row in rows:
        named.setdefault(row.kind, set()).add(row.object_key)
    due.everything = bool(_WHOLE & named.keys())
    due.stories |= named.get("story", set()) | named.get("story-removed", set())
    due.stories |= _stories_naming(named, alias)
    due.stories |= set(Overdue.objects.filter(try_again_at__lte=now).values_list("public_id", flat=True))
    waiting = ReadersChange.objects.filter(at__lte=now).order_by("pk")[:ROWS_A_RUN]
    for pk, thread in waiting.values_list("pk", "thread"):
        due.readers_change_ids.append(pk)
        due.dependents.add(thread)
    due.dependents |= _dependents(due.stories, alias)
    due.dependents -= due.stories
    return due


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
    keys = published(alias).filter(public_id__in=public_ids).values("translation_key")
    family = published(alias).filter(translation_key__in=keys).values_list("public_id", flat=True)
    return set(family) | _stories_mentioning(f"story:{name}" for name in public_ids)


def _stories_mentioning(names: Iterable[str]) -> set[str]:
    keys = Mention.objects.filter(name__in=set(names), key__startswith="story:").values_list("key", flat=True)
    return {key.removeprefix("story:") for key in keys}


def take_away(due: Due) -> None:
    """Delete the desk's rows that a run has seen to; call it in the run's last transaction."""
    desk.Change.objects.filter(pk__in=due.desk_change_ids).delete()


def take_away_readers(due: Due) -> None:
    """Delete the readers' rows that a run has seen to: theirs is another database."""
    ReadersChange.objects.filter(pk__in=due.readers_change_ids).delete()


def overlooked(mastheads: Mastheads, alias: str) -> set[str]:
    """Stories that stand otherwise than they should: what a lost change, or a crash, left behind.

    Reads every live story's row once, so it is for the start of a press process only.
    """
    standing = {
        key.removeprefix("story:"): (address, facts.get("version"))
        for key, address, facts in Standing.objects.filter(key__startswith="story:").values_list(
            "key", "address", "facts"
        )
    }
    due: set[str] = set()
    fields = ("public_id", "slug", "path", "live_revision_id", "last_published_at")
    for row in published(alias).only(*fields).iterator(chunk_size=2000):
        section = mastheads.section_of(row.path)
        if section is None:
            continue
        if standing.pop(row.public_id, None) != (f"{section.link.address}{row.slug}/", story_version(row)):
            due.add(row.public_id)
    return due | standing.keys()


def count_waiting(now: datetime.datetime) -> int:
    """How many changes wait for the press."""
    return desk.Change.objects.count() + ReadersChange.objects.filter(at__lte=now).count()
