"""The rows of new stories themselves: pages, stories, bylines, topics and first revisions.

Inserts in statements of many rows, and sends no signals: whoever waits for those is told in ``traces``.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, OuterRef, Subquery, TextField
from django.db.models.functions import Cast
from wagtail.models import Page, Revision

from nashra.desk.models import Story, StoryAuthor


def insert_stories(stories: Sequence[Story], states: Sequence[dict[str, Any]]) -> None:
    """Insert the two rows of each story, its page's in its final state; the stories get their keys."""
    pages = [_page(story, state) for story, state in zip(stories, states, strict=True)]
    Page.objects.bulk_create(pages)
    for story, page in zip(stories, pages, strict=True):
        story.id = story.pk = page.pk
        story._state.adding = False
    # Django has no bulk_create for a model of two tables; this is its own insertion into the second.
    Story.objects.get_queryset()._batched_insert(list(stories), Story._meta.local_concrete_fields, None)


def _page(story: Story, state: dict[str, Any]) -> Page:
    """The plain page beneath a story."""
    values = {field.attname: getattr(story, field.attname) for field in Page._meta.concrete_fields}
    return Page(**{**values, **state})


def insert_authors(stories: Sequence[Story]) -> None:
    """Insert the bylines that were set on the stories."""
    authors = []
    for story in stories:
        for author in story.authors.all():
            author.story_id = story.pk
            authors.append(author)
    StoryAuthor.objects.bulk_create(authors)


def insert_topics(stories: Sequence[Story], topic_ids: Sequence[Sequence[int]]) -> None:
    """Insert what the stories are about."""
    through = Story.topics.through
    through.objects.bulk_create(
        through(story_id=story.pk, topic_id=topic_id)
        for story, ids in zip(stories, topic_ids, strict=True)
        for topic_id in ids
    )


def insert_revisions(
    stories: Sequence[Story], topic_ids: Sequence[Sequence[int]], *, now: datetime.datetime
) -> list[int]:
    """Insert each story's first revision, and name it in the page's row; gives the revisions' keys."""
    types = {
        "content_type": ContentType.objects.get_for_model(Story),
        "base_content_type": ContentType.objects.get_for_model(Page),
    }
    revisions = Revision.objects.bulk_create(
        Revision(
            object_id=str(story.pk),
            object_str=story.title,
            created_at=now,
            content=_content(story, ids),
            **types,
        )
        for story, ids in zip(stories, topic_ids, strict=True)
    )
    own = Revision.objects.filter(
        base_content_type=types["base_content_type"], object_id=Cast(OuterRef("pk"), TextField())
    )
    pages = Page.objects.filter(pk__in=[story.pk for story in stories])
    pages.update(latest_revision=Subquery(own.values("pk")[:1]))
    pages.filter(live=True).update(live_revision=F("latest_revision"))
    return [revision.pk for revision in revisions]


def _content(story: Story, topic_ids: Sequence[int]) -> dict[str, Any]:
    """What ``Page.save_revision`` keeps of a new draft."""
    content = story.serializable_data()
    content["topics"] = list(topic_ids)
    return content
