"""A story's own row, read past the ORM's instances: a full press reads them by the ten thousand.

``published`` says which stories readers may see; nobody else decides that.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import connections
from django.db.models import QuerySet
from wagtail.models import Page

from nashra.bulk_rows import ask, select
from nashra.desk import models as desk

EPOCH = datetime.datetime.fromtimestamp(0, tz=datetime.UTC)
_STORIES_A_QUERY = 2000
_TRANSLATION_KEY = Page._meta.get_field("translation_key")
_MICROSECOND = datetime.timedelta(microseconds=1)

_FIELDS = (
    *("pk", "public_id", "path", "slug", "title", "standfirst", "body_html", "word_count"),
    *("comments_enabled", "dateline_place_id", "lead_photo_id", "lead_caption", "lead_credit"),
    *("first_published_at", "last_published_at", "live_revision_id", "translation_key"),
)
# The same fields; ``alias_of_id`` is compared in a way that no index serves, or SQLite would take the
# one on it for the narrowest way in and read every page.
_PUBLISHED = """
    FROM desk_story AS story JOIN wagtailcore_page AS page ON page.id = story.page_ptr_id
    WHERE page.live AND coalesce(page.alias_of_id, 0) = 0 AND {field} IN ({names})
"""
_ROWS = f"""
    SELECT page.id, story.public_id, page.path, page.slug, page.title, story.standfirst, story.body_html,
        story.word_count, story.comments_enabled, story.dateline_place_id, story.lead_photo_id,
        story.lead_caption, story.lead_credit, page.first_published_at, page.last_published_at,
        page.live_revision_id, page.translation_key {_PUBLISHED} ORDER BY page.id
"""
# Of the pages' table alone: a story's own row is long, and would be read for nothing. The plus keeps SQLite
# from taking the index on the type, and so from sorting all pages for each bit.
_LAST_WRITTEN = """
    SELECT page.id, page.path, page.slug FROM wagtailcore_page AS page
    WHERE page.live AND coalesce(page.alias_of_id, 0) = 0 AND +page.content_type_id = %s AND page.id < %s
    ORDER BY page.id DESC LIMIT %s
"""
_COUNT = """
    SELECT count(*) FROM wagtailcore_page AS page
    WHERE page.live AND coalesce(page.alias_of_id, 0) = 0 AND page.content_type_id = %s
"""


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
    # As the database gives it: to one story in ten thousand, it must be made something else.
    translation_key: str | uuid.UUID
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


def story_rows(names: Sequence[str] | Sequence[int], alias: str) -> list[StoryRow]:
    """The rows of these stories, by public id or by primary key, less those that readers may not see.

    Three queries; in the order of their primary keys.
    """
    if not names:
        return []
    field = "story.public_id" if isinstance(names[0], str) else "story.page_ptr_id"
    rows = ask(_ROWS.format(field=field, names=", ".join(["%s"] * len(names))), names, using=alias)
    pks = [row[0] for row in rows]
    authors = _grouped(
        select(
            *(desk.StoryAuthor, ("story", "person"), "story", pks),
            order_by=("sort_order", "id"),
            using=alias,
        )
    )
    through = desk.Story.topics.through
    topics = _grouped(select(through, ("story", "topic"), "story", pks, order_by=("topic",), using=alias))
    return [
        StoryRow._make(
            (
                *row[:8],
                bool(row[8]),
                *row[9:13],
                _moment(row[13]),
                _moment(row[14]),
                row[15],
                row[16],
                authors.get(row[0], ()),
                topics.get(row[0], ()),
            )
        )
        for row in rows
    ]


def _moment(value: datetime.datetime | None) -> datetime.datetime | None:
    """A moment as the driver gives it: SQLite's has no zone, and is in UTC."""
    return value.replace(tzinfo=datetime.UTC) if value is not None and value.tzinfo is None else value


def kept_key(translation_key: uuid.UUID, alias: str) -> str | uuid.UUID:
    """A translation key as the database keeps it."""
    kept: str | uuid.UUID = _TRANSLATION_KEY.get_db_prep_value(translation_key, connections[alias])
    return kept


def count_published(alias: str) -> int:
    """How many stories readers may see, as far as their own rows tell."""
    return int(ask(_COUNT, [_kind(alias)], using=alias)[0][0])


def _kind(alias: str) -> int:
    """What the pages' table calls a story."""
    return int(ContentType.objects.db_manager(alias).get_for_model(desk.Story).pk)


def newest_first(alias: str) -> Iterator[tuple[int, str, str]]:
    """Primary key, tree path and slug of all published stories, the last written first, read bit by bit.

    Each bit is a query of its own, so that no state of the database is held for the whole time.
    """
    kind = _kind(alias)
    before = 1 << 62
    while rows := ask(_LAST_WRITTEN, [kind, before, _STORIES_A_QUERY], using=alias):
        yield from ((pk, path, slug) for pk, path, slug in rows)
        before = rows[-1][0]


def public_id_of(name: str | int, alias: str) -> str:
    """A story's public id, from either of its names."""
    if isinstance(name, str):
        return name
    return str(desk.Story.objects.using(alias).values_list("public_id", flat=True).get(pk=name))


def row_of(story: desk.Story) -> StoryRow:
    """The row of an instance, which may be a draft that was never saved, as in a preview."""
    moment = story.first_published_at or story.latest_revision_created_at or EPOCH
    values = {name: getattr(story, name) for name in _FIELDS} | {
        "first_published_at": moment,
        "translation_key": kept_key(story.translation_key, "default"),
    }
    if story.last_published_at is None or story.first_published_at is None:
        values["last_published_at"] = moment
    authors = [entry.person_id for entry in story.authors.all()]
    topics = sorted(topic.pk for topic in story.topics.all())
    return StoryRow._make((*values.values(), authors, topics))


def _grouped(pairs: Iterable[tuple[int, ...]]) -> dict[int, list[int]]:
    groups: dict[int, list[int]] = {}
    for story, other in pairs:
        groups.setdefault(story, []).append(other)
    return groups
