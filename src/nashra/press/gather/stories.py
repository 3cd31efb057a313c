"""Stories of the desk → a story's content, its card and the facts that the plan needs.

``story_content`` serves the press and the desk's preview alike, so that they cannot differ.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from nashra.desk import models as desk
from nashra.desk.body import photo_ids, story_ids
from nashra.edition.content import Author, Link, Photo, Story, StoryCard, Translation
from nashra.press.gather.mastheads import Mastheads, SectionRow
from nashra.press.gather.photos import file_names, lead_photo, photos_by_id
from nashra.press.plan import StoryFacts


@dataclass(frozen=True, slots=True)
class Named:
    """What the stories of one batch name besides themselves, read in few queries for all of them."""

    photos: dict[str, Photo]
    links: dict[str, Link]
    translations: dict[str, list[Translation]]
    families: dict[str, list[str]]
    stale: frozenset[str]


def published(alias: str) -> QuerySet[desk.Story]:
    """Stories that readers may see, as far as the story's own row tells: live, and no alias."""
    stories: QuerySet[desk.Story] = desk.Story.objects.using(alias).live().filter(alias_of__isnull=True)
    return stories


def with_everything(stories: QuerySet[desk.Story]) -> QuerySet[desk.Story]:
    """The same stories with all that ``story_content`` reads, in a fixed number of queries."""
    return stories.select_related("lead_photo", "dateline_place").prefetch_related(
        "authors__person__translations",
        "topics__translations",
        "dateline_place__translations",
        "lead_photo__files",
    )


def gather_stories(
    public_ids: Sequence[str], mastheads: Mastheads, alias: str
) -> list[tuple[StoryFacts, Story, desk.Story]]:
    """Facts and content of these stories, less those that readers may not see."""
    rows = [
        row
        for row in with_everything(published(alias).filter(public_id__in=public_ids)).order_by("pk")
        if mastheads.section_of(row.path)
    ]
    named = gather_named(rows, mastheads, alias)
    return [(story_facts(row, mastheads, named), story_content(row, mastheads, named), row) for row in rows]


def gather_named(rows: Sequence[desk.Story], mastheads: Mastheads, alias: str) -> Named:
    """Photos, linked stories and translations of these stories."""
    photo_names = {name for row in rows for name in photo_ids(row.body_html)}
    linked = {name for row in rows for name in story_ids(row.body_html)}
    families, stale = _families(rows, mastheads, alias)
    return Named(
        photos=photos_by_id(photo_names, alias) if photo_names else {},
        links=_links(linked, mastheads, alias) if linked else {},
        translations={row.public_id: _others(row, families, stale) for row in rows},
        families={
            row.public_id: [
                member.public_id
                for member, _section in families.get(row.translation_key, ())
                if member.public_id != row.public_id
            ]
            for row in rows
        },
        stale=stale,
    )


def _links(public_ids: Iterable[str], mastheads: Mastheads, alias: str) -> dict[str, Link]:
    links: dict[str, Link] = {}
    for row in (
        published(alias).filter(public_id__in=set(public_ids)).only("public_id", "title", "slug", "path")
    ):
        section = mastheads.section_of(row.path)
        if section:
            address = f"{section.link.address}{row.slug}/"
            links[row.public_id] = Link(text=row.title, address=address, language=section.language)
    return links


# The live stories that are translations of each other, the original first, by translation key.
Families = dict[object, list[tuple[desk.Story, SectionRow]]]


def _families(
    rows: Sequence[desk.Story], mastheads: Mastheads, alias: str
) -> tuple[Families, frozenset[str]]:
    """The families of these stories, and the ids of translations older than their original."""
    families: Families = {}
    found = published(alias).filter(translation_key__in={row.translation_key for row in rows})
    for member in found.order_by("first_published_at", "pk").only(
        "public_id", "title", "slug", "path", "translation_key", "first_published_at", "last_published_at"
    ):
        section = mastheads.section_of(member.path)
        if section:
            families.setdefault(member.translation_key, []).append((member, section))
    stale = frozenset(
        member.public_id
        for family in families.values()
        for member, _section in family[1:]
        if is_older_than(member, family[0][0])
    )
    return families, stale


def _others(row: desk.Story, families: Families, stale: frozenset[str]) -> list[Translation]:
    return [
        Translation(
            language=section.language,
            headline=member.title,
            address=f"{section.link.address}{member.slug}/",
            is_older_than_original=member.public_id in stale,
        )
        for member, section in families.get(row.translation_key, ())
        if member.public_id != row.public_id
    ]


def is_older_than(translation: desk.Story, original: desk.Story) -> bool:
    """Whether the original was updated after its translation last was."""
    updated_at = original.updated_at
    return bool(updated_at and translation.last_published_at and updated_at > translation.last_published_at)


def story_authors(row: desk.Story, publication_address: str, language: str) -> tuple[Author, ...]:
    """The byline; a person whose name is withheld leaves nothing that could tell who it is."""
    return tuple(
        Author(name="")
        if entry.person.name_withheld
        else Author(
            name=entry.person.name_in(language), address=f"{publication_address}people/{entry.person.slug}/"
        )
        for entry in row.authors.all()
    )


def _moment(row: desk.Story) -> datetime.datetime:
    """When a story was first published; a draft in preview takes the time it was last touched."""
    moment: datetime.datetime | None = row.first_published_at or row.latest_revision_created_at
    if moment is None:
        return datetime.datetime.fromtimestamp(0, tz=datetime.UTC)
    return _to_second(moment)


def _to_second(moment: datetime.datetime) -> datetime.datetime:
    """In UTC and without microseconds, which HTML's ``datetime`` does not know."""
    return moment.astimezone(datetime.UTC).replace(microsecond=0)


def story_content(row: desk.Story, mastheads: Mastheads, named: Named) -> Story:
    """A story as readers get it; ``row`` may be a draft that was never saved, as in a preview."""
    section = mastheads.section_of(row.path)
    if section is None:
        raise LookupError(f"The story {row.public_id} lies in no live section.")
    publication = mastheads.papers[section.language].publication
    return Story(
        public_id=row.public_id,
        publication=publication,
        address=f"{section.link.address}{row.slug}/",
        headline=row.title,
        standfirst=row.standfirst,
        section=section.link,
        authors=story_authors(row, publication.address, section.language),
        place=row.dateline_place.name_in(section.language) if row.dateline_place else "",
        published_at=_moment(row),
        updated_at=_to_second(row.updated_at) if row.updated_at else None,
        lead_photo=lead_photo(row),
        body_html=row.body_html,
        word_count=row.word_count,
        photos={name: named.photos[name] for name in photo_ids(row.body_html) if name in named.photos},
        related={name: named.links[name] for name in story_ids(row.body_html) if name in named.links},
        topics=_topics(row, publication.address, section.language),
        translations=tuple(named.translations.get(row.public_id, ())),
        is_older_than_original=row.public_id in named.stale,
    )


def _topics(row: desk.Story, publication_address: str, language: str) -> tuple[Link, ...]:
    topics = sorted(row.topics.all(), key=lambda topic: (topic.name, topic.pk))
    return tuple(
        Link(text=topic.name_in(language), address=f"{publication_address}topics/{topic.slug}/")
        for topic in topics
    )


def story_facts(row: desk.Story, mastheads: Mastheads, named: Named) -> StoryFacts:
    """What a later press must know of this story."""
    section = mastheads.section_of(row.path)
    if section is None:
        raise LookupError(f"The story {row.public_id} lies in no live section.")
    day = mastheads.local(section.language, _moment(row))
    return StoryFacts(
        public_id=row.public_id,
        address=f"{section.link.address}{row.slug}/",
        language=section.language,
        section=section.key,
        year=day.year,
        month=day.month,
        version=story_version(row),
        topics=tuple(sorted(str(topic.pk) for topic in row.topics.all())),
        people=tuple(
            sorted({str(entry.person_id) for entry in row.authors.all() if not entry.person.name_withheld})
        ),
        mentions=_mentions(row, named),
    )


def _mentions(row: desk.Story, named: Named) -> tuple[str, ...]:
    pictures = photo_ids(row.body_html)
    mentions = {f"story:{name}" for name in story_ids(row.body_html)}
    mentions.update(f"picture:{name}" for name in pictures)
    mentions.update(f"story:{name}" for name in named.families.get(row.public_id, ()))
    photos = [lead_photo(row), *(named.photos.get(name) for name in pictures)]
    mentions.update(f"file:{name}" for name in file_names(photos))
    return tuple(sorted(mentions))


def story_version(row: desk.Story) -> str:
    """What tells that a story was published anew: its live revision and when that was."""
    return f"{row.live_revision_id or 0} {row.last_published_at.isoformat() if row.last_published_at else ''}"


def story_card(row: desk.Story, mastheads: Mastheads) -> StoryCard | None:
    """What lists show of a story, or nothing where readers may not see it."""
    section = mastheads.section_of(row.path)
    if section is None:
        return None
    publication = mastheads.papers[section.language].publication
    return StoryCard(
        public_id=row.public_id,
        address=f"{section.link.address}{row.slug}/",
        language=section.language,
        headline=row.title,
        standfirst=row.standfirst,
        section=section.link,
        authors=story_authors(row, publication.address, section.language),
        place=row.dateline_place.name_in(section.language) if row.dateline_place else "",
        published_at=_moment(row),
        photo=lead_photo(row),
    )
