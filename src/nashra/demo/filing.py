"""Files the demo's stories at the desk: each written, then published with the days that its file gives.

Must not decide what was loaded before, and must run inside one transaction.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nashra.demo.newsroom import DemoStory
from nashra.desk import publishing
from nashra.desk.models import Person, Photo, Place, Section, Story, Topic

Pages = dict[tuple[str, str], Story]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Whom and what the stories name: by slug, and photos by picture and language."""

    people: Mapping[str, Person]
    places: Mapping[str, Place]
    topics: Mapping[str, Topic]
    photos: Mapping[tuple[str, str], Photo]


def file_stories(
    stories: Sequence[DemoStory],
    *,
    cast: Cast,
    sections: Mapping[tuple[str, str], Section],
    now: datetime.datetime,
    step: Callable[[], None],
) -> None:
    """Write all stories, originals before their translations; then give them their bodies and publish.

    Two rounds, since stories name each other.
    """
    pages: Pages = {}
    originals: dict[str, Story] = {}
    order = sorted(stories, key=lambda story: (-_age(story), story.name))
    for story in order:
        section = sections[story.section, story.language]
        page = _write(story, cast, section, translation_of=originals.get(story.key))
        pages[story.name] = page
        originals.setdefault(story.key, page)
    for story in order:
        _publish(story, pages, cast, now)
        step()


def _age(story: DemoStory) -> float:
    return (story.published_before or datetime.timedelta(0)).total_seconds()


def _write(story: DemoStory, cast: Cast, section: Section, *, translation_of: Story | None) -> Story:
    return publishing.write_story(
        section=section,
        headline=story.headline,
        standfirst=story.standfirst,
        authors=[cast.people[slug] for slug in story.authors],
        dateline_place=cast.places[story.place],
        lead_photo=cast.photos[story.picture, story.language] if story.picture else None,
        lead_caption=story.caption,
        topics=[cast.topics[slug] for slug in story.topics],
        slug=story.slug,
        notes=story.notes,
        translation_of=translation_of,
    )


def _publish(story: DemoStory, pages: Pages, cast: Cast, now: datetime.datetime) -> None:
    draft = pages[story.name].get_latest_revision_as_object()
    draft.body = [(kind, _block(kind, value, story, pages, cast)) for kind, value in story.body]
    draft.save_revision()
    if story.goes_live_after is not None:
        publishing.schedule_story(story=draft, go_live_at=now + story.goes_live_after)
    if story.published_before is not None:
        updated_before = story.updated_before
        publishing.publish_story(
            story=draft,
            published_at=now - story.published_before,
            updated_at=None if updated_before is None else now - updated_before,
        )


def _block(kind: str, value: Any, story: DemoStory, pages: Pages, cast: Cast) -> Any:
    """A block's value with photos and stories in place of their keys."""
    match kind:
        case "photo":
            return {**value, "photo": cast.photos[value["photo"], story.language]}
        case "related":
            return pages[value, story.language]
        case _:
            return value
