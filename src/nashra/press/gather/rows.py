"""A story's own row, read past the ORM's instances: a full press reads them by the ten thousand.

``published`` says which stories readers may see; nobody else decides that.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.db.models import QuerySet

from nashra.desk import models as desk

EPOCH = datetime.datetime.fromtimestamp(0, tz=datetime.UTC)
_STORIES_A_QUERY = 2000
_MICROSECOND = datetime.timedelta(microseconds=1)

_FIELDS = (
    *("pk", "public_id", "path", "slug", "title", "standfirst", "body_html", "word_count"),
    *("comments_enabled", "dateline_place_id", "lead_photo_id", "lead_caption", "lead_credit"),
    *("first_published_at", "last_published_at", "live_revision_id", "translation_key"),
)


class StoryRow(NamedTuple):
    """What the press reads of a story: the fields of its row, and the keys of its authors and topics."""

    pk: int
    public_id: str
    path: str
    slug: str
    headline: str
    standfirst: str
    body_html: str
    word_count: int
    comments_enabled: bool
    place: int | None
    photo: int | None
    lead_caption: str
    lead_credit: str
    first_published_at: datetime.datetime | None
    last_published_at: datetime.datetime | None
    live_revision: int | None
    translation_key: uuid.UUID
    authors: Sequence[int] = ()
    topics: Sequence[int] = ()

    @property
    def published_at(self) -> datetime.datetime:
        """When it was first published, in UTC and without microseconds, which HTML does not know."""
        return (self.first_published_at or EPOCH).astimezone(datetime.UTC).replace(microsecond=0)

    @property
    def updated_at(self) -> datetime.datetime | None:
        """When it was last published, where that was not its first time."""
        if self.last_published_at is None or self.last_published_at == self.first_published_at:
            return None
        return self.last_published_at.astimezone(datetime.UTC).replace(microsecond=0)

    @property
    def version(self) -> str:
        """What tells that a story was published anew: its live revision and when that was."""
        return story_version(self.live_revision, self.last_published_at)


def story_version(live_revision: int | None, last_published_at: datetime.datetime | None) -> str:
    """A story's version, from the two fields that change with every publication."""
    return f"{live_revision or 0} {last_published_at.isoformat() if last_published_at else ''}"


def microseconds(moment: datetime.datetime | None) -> int:
    """A moment as microseconds since 1970."""
    return 0 if moment is None else (moment - EPOCH) // _MICROSECOND


def published(alias: str) -> QuerySet[desk.Story]:
    """Stories that readers may see, as far as the story's own row tells: live, and no alias."""
    # Not "alias_of is null": SQLite takes the index on it for the narrowest way in, and reads every page.
    stories: QuerySet[desk.Story] = desk.Story.objects.using(alias).live().exclude(alias_of__gt=0)
    return stories


def story_rows(public_ids: Sequence[str], alias: str) -> list[StoryRow]:
    """The rows of these stories in three queries, less those that readers may not see; by primary key."""
    rows = sorted(published(alias).filter(public_id__in=public_ids).order_by().values_list(*_FIELDS))
    pks = [row[0] for row in rows]
    authors = _grouped(
        desk.StoryAuthor.objects.using(alias)
        .filter(story_id__in=pks)
        .order_by("sort_order", "pk")
        .values_list("story_id", "person_id")
    )
    through = desk.Story.topics.through.objects.using(alias)
    topics = _grouped(
        through.filter(story_id__in=pks).order_by("topic_id").values_list("story_id", "topic_id")
    )
    return [StoryRow._make((*row, authors.get(row[0], ()), topics.get(row[0], ()))) for row in rows]


def count_published(alias: str) -> int:
    """How many stories readers may see, as far as their own rows tell."""
    return published(alias).count()


def newest_first(alias: str) -> Iterator[tuple[str, str, str]]:
    """Public id, tree path and slug of all published stories, the newest first, read bit by bit.

    Each bit is a query of its own, so that no state of the database is held for the whole time.
    """
    fields = ("public_id", "path", "slug", "first_published_at", "pk")
    dated = published(alias).filter(first_published_at__isnull=False)
    rows = dated.order_by("-first_published_at", "-pk").values_list(*fields)
    bit = rows
    while found := list(bit[:_STORIES_A_QUERY]):
        yield from (row[:3] for row in found)
        moment, pk = found[-1][3:]
        bit = rows.filter(first_published_at__lte=moment).exclude(first_published_at=moment, pk__gte=pk)
    # A live page always has a moment; one that somebody made without is not forgotten.
    yield from published(alias).filter(first_published_at=None).values_list(*fields[:3])


def row_of(story: desk.Story) -> StoryRow:
    """The row of an instance, which may be a draft that was never saved, as in a preview."""
    moment = story.first_published_at or story.latest_revision_created_at or EPOCH
    values = {name: getattr(story, name) for name in _FIELDS} | {"first_published_at": moment}
    if story.last_published_at is None or story.first_published_at is None:
        values["last_published_at"] = moment
    authors = [entry.person_id for entry in story.authors.all()]
    topics = sorted(topic.pk for topic in story.topics.all())
    return StoryRow._make((*values.values(), authors, topics))


def _grouped(pairs: QuerySet[desk.StoryAuthor, tuple[int, int]]) -> dict[int, list[int]]:
    groups: dict[int, list[int]] = {}
    for story, other in pairs:
        groups.setdefault(story, []).append(other)
    return groups
