"""What new stories leave elsewhere: the history, both indexes, and the outbox.

These are what Wagtail's signals and ``log`` would write for each story alone.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.contrib.contenttypes.models import ContentType
from modelsearch.backends import get_search_backends_with_name
from wagtail.models import Page, PageLogEntry, ReferenceIndex

from nashra.desk.models import Change, Story


def log_stories(
    stories: Sequence[Story], revision_ids: Sequence[int], *, published: set[int], now: datetime.datetime
) -> None:
    """Write into each story's history that it was made; ``published`` are the keys of those to add it for."""
    entries = []
    for story, revision_id in zip(stories, revision_ids, strict=True):
        entries.append(_entry(story, "wagtail.create", now, None))
        if story.pk in published:
            entries.append(_entry(story, "wagtail.publish", now, revision_id))
    PageLogEntry.objects.bulk_create(entries)


def _entry(story: Story, action: str, now: datetime.datetime, revision_id: int | None) -> PageLogEntry:
    return PageLogEntry(
        page_id=story.pk,
        content_type=ContentType.objects.get_for_model(Story),
        label=story.title,
        action=action,
        timestamp=now,
        revision_id=revision_id,
        content_changed=True,
    )


def index_references(stories: Sequence[Story]) -> None:
    """Write what the stories refer to: people, places, and pages that links lead to."""
    types = {
        "content_type": ContentType.objects.get_for_model(Story),
        "base_content_type": ContentType.objects.get_for_model(Page),
    }
    ReferenceIndex.objects.bulk_create(
        ReferenceIndex(
            object_id=story.pk,
            to_content_type_id=to_content_type_id,
            to_object_id=to_object_id,
            model_path=model_path,
            content_path=content_path,
            content_path_hash=ReferenceIndex._get_content_path_hash(content_path),
            **types,
        )
        for story in stories
        for to_content_type_id, to_object_id, model_path, content_path in dict.fromkeys(
            ReferenceIndex._extract_references_from_object(story)
        )
    )


def index_words(stories: Sequence[Story]) -> None:
    """Put the stories into the desk's search; ``settle_search`` ends what this begins."""
    for _name, backend in get_search_backends_with_name(with_auto_update=True):
        index = backend.get_index_for_model(Story)
        if hasattr(index, "_refresh_title_norms"):
            # SQLite's weights come from an average over the whole table, which would be read each time.
            index._refresh_title_norms = lambda full=False: None
        index.add_items(Story, list(stories))


def settle_search() -> None:
    """Weigh the words of all that was indexed since the last time; anybody's next save would do it, too."""
    for _name, backend in get_search_backends_with_name(with_auto_update=True):
        index = backend.get_index_for_model(Story)
        if hasattr(index, "_refresh_title_norms"):
            index._refresh_title_norms()


def tell_press(stories: Sequence[Story]) -> None:
    """Write into the outbox that the stories are new, as of many."""
    Change.objects.bulk_create(
        Change(kind=Change.Kind.STORY, object_key=story.public_id, is_bulk=True) for story in stories
    )
