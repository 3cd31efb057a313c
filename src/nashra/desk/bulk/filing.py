"""The bulk verb: a list of new stories → their rows, published or as drafts.

Must not read anything of where stories come from; it knows the desk's models and nothing else.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations
from wagtail.blocks import StreamValue

from nashra.desk import body
from nashra.desk.bulk import rows, traces
from nashra.desk.bulk.places import give_places
from nashra.desk.models import Section, Story, StoryAuthor

# What hangs on a story: relations that modelcluster would ask the database for.
_HANGING = [
    *(relation.get_accessor_name() for relation in get_all_child_relations(Story)),
    *(relation.name for relation in get_all_child_m2m_relations(Story)),
]


@dataclass(frozen=True, slots=True)
class SetBody:
    """A body as the desk stores it, with what is made from it."""

    raw_stream: list[dict[str, Any]]
    html: str
    word_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStory:
    """A story that is to be written, in values that were checked already.

    ``published_at`` and ``updated_at`` are for stories that appeared elsewhere before; a draft keeps
    the first of them until somebody publishes it. ``fields`` are the story's others: standfirst,
    dateline_place_id, lead_caption, lead_credit, notes.
    """

    section_id: int
    headline: str
    body: SetBody
    is_published: bool
    author_ids: Sequence[int] = ()
    topic_ids: Sequence[int] = ()
    published_at: datetime.datetime | None = None
    updated_at: datetime.datetime | None = None
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filed:
    """A story that was written: its key, and that of its revision."""

    story_id: int
    revision_id: int


def set_body(blocks: Sequence[tuple[str, Any]]) -> SetBody:
    """Set (block, value) pairs as in ``blocks.BodyBlock``; asks no database unless they name pages.

    A list's items are bare rich texts here, and get the ids that the desk gives them.
    """
    raw_stream = [{"type": kind, "value": _value(kind, value), "id": _new_id()} for kind, value in blocks]
    named = body.named_in(raw_stream)
    stories = {}
    if named.page_pks:
        stories = dict(Story.objects.filter(pk__in=named.page_pks).values_list("pk", "public_id"))
    html = body.body_html(raw_stream, photos={}, stories=stories)
    return SetBody(raw_stream, html, body.word_count(html))


def _value(kind: str, value: Any) -> Any:
    if kind != "list":
        return value
    return {**value, "items": [{"type": "item", "value": item, "id": _new_id()} for item in value["items"]]}


def _new_id() -> str:
    return str(uuid.uuid4())


@transaction.atomic
def file_stories(new_stories: Sequence[NewStory], *, now: datetime.datetime) -> list[Filed]:
    """Write stories, in their order; those that are to be published reach readers at once.

    The sections' rows stay locked until the transaction ends, so that nobody else's story can take
    the same place or the same address.
    """
    section_ids = sorted({new.section_id for new in new_stories})
    locked = Section.objects.select_for_update().filter(pk__in=section_ids).order_by("pk")
    sections = {section.pk: section for section in locked}
    stories = [_story(sections[new.section_id], new) for new in new_stories]
    for section in sections.values():
        give_places(section, [story for story, new in _pairs(stories, new_stories, section)])
    topic_ids = [new.topic_ids for new in new_stories]
    rows.insert_stories(stories, [_final_state(new, now) for new in new_stories])
    rows.insert_authors(stories)
    rows.insert_topics(stories, topic_ids)
    revision_ids = rows.insert_revisions(stories, topic_ids, now=now)
    public = {story.pk for story, new in zip(stories, new_stories, strict=True) if new.is_published}
    traces.log_stories(stories, revision_ids, published=public, now=now)
    traces.index_references(stories)
    traces.tell_press([story for story in stories if story.pk in public])
    traces.index_words(stories)
    return [Filed(story.pk, revision_id) for story, revision_id in zip(stories, revision_ids, strict=True)]


def _pairs(
    stories: Sequence[Story], new_stories: Sequence[NewStory], section: Section
) -> list[tuple[Story, NewStory]]:
    pairs = zip(stories, new_stories, strict=True)
    return [(story, new) for story, new in pairs if new.section_id == section.pk]


def _story(section: Section, new: NewStory) -> Story:
    """The story as a draft that was never published: this is what its first revision keeps."""
    story = Story(
        title=new.headline,
        draft_title=new.headline,
        locale_id=section.locale_id,
        content_type=ContentType.objects.get_for_model(Story),
        live=False,
        has_unpublished_changes=True,
        first_published_at=new.published_at,
        body_html=new.body.html,
        word_count=new.body.word_count,
        **new.fields,
    )
    story.body = StreamValue(Story.body.field.stream_block, new.body.raw_stream, is_lazy=True)
    # Whatever hangs on a new story is known to be empty: nobody has to ask for it.
    for name in _HANGING:
        setattr(story, name, [])
    story.authors = [
        StoryAuthor(person_id=person_id, sort_order=place) for place, person_id in enumerate(new.author_ids)
    ]
    return story


def _final_state(new: NewStory, now: datetime.datetime) -> dict[str, Any]:
    """What a page's row says in the end, where its first revision says otherwise."""
    state: dict[str, Any] = {"latest_revision_created_at": now, "first_published_at": None}
    if new.is_published:
        state |= {
            "live": True,
            "has_unpublished_changes": False,
            "first_published_at": new.published_at or now,
            "last_published_at": new.updated_at or new.published_at or now,
        }
    return state
