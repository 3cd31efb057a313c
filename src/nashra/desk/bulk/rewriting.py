"""A later version of a story that came from elsewhere, and its withdrawal: one by one, as of many.

Here Wagtail's own verbs do the work: a later version is rare, and a story that the desk has may hang
on more than a bulk statement knows. Only the outbox is told that the change is one of many.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from wagtail.blocks import StreamValue

from nashra.desk import publishing
from nashra.desk.bulk.filing import NewStory
from nashra.desk.models import Change, Story, StoryAuthor


@transaction.atomic
def rewrite_story(story: Story, new: NewStory) -> int:
    """Give a story its later version, at its old address; returns the new revision's key.

    One that is not to be published waits as a draft, and readers keep what they have.

    Raises:
        ValidationError: the story cannot stand as it is.
    """
    before = _last_change()
    draft = Story.objects.get(pk=story.pk).get_latest_revision_as_object()
    draft.title = new.headline
    for name, value in new.fields.items():
        setattr(draft, name, value)
    draft.body = StreamValue(Story.body.field.stream_block, new.body.raw_stream, is_lazy=True)
    draft.authors = [StoryAuthor(person_id=pk, sort_order=place) for place, pk in enumerate(new.author_ids)]
    draft.topics = list(new.topic_ids)
    if new.published_at is not None:
        draft.first_published_at = new.published_at
    revision = draft.save_revision()
    if new.is_published:
        publishing.publish_story(story=story)
        if new.updated_at or new.published_at:
            _set_dates(story, new)
    _as_of_many(story, before)
    return revision.pk


@transaction.atomic
def withdraw_in_bulk(story: Story) -> None:
    """Take a story from readers, as one of many."""
    before = _last_change()
    publishing.withdraw_story(story=story)
    _as_of_many(story, before)


def _set_dates(story: Story, new: NewStory) -> None:
    last: datetime.datetime | None = new.updated_at or new.published_at
    Story.objects.filter(pk=story.pk).update(last_published_at=last)


def _last_change() -> int:
    return Change.objects.aggregate(last=Max("pk"))["last"] or 0


def _as_of_many(story: Story, before: int) -> None:
    own: dict[str, Any] = {"kind": Change.Kind.STORY, "object_key": story.public_id, "pk__gt": before}
    Change.objects.filter(**own).update(is_bulk=True)
