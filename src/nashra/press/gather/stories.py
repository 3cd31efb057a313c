"""Stories of the desk → a story's content, its card and the facts that the plan needs.

``story_content`` serves the press and the desk's preview alike, so that they cannot differ.
"""

from __future__ import annotations

import datetime
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from wagtail.models import Page

from nashra.bulk_rows import select
from nashra.desk.body import photo_ids, story_ids
from nashra.edition.content import Author, Link, Photo, Publication, Story, StoryCard, Translation
from nashra.press.gather.mastheads import Mastheads, SectionRow
from nashra.press.gather.names import Names
from nashra.press.gather.photos import file_names, photos_by_id
from nashra.press.gather.placings import addresses_of
from nashra.press.gather.rows import (
    EPOCH,
    StoryRow,
    kept_key,
    microseconds,
    published,
    story_rows,
)
from nashra.press.plan import StoryFacts, story_key

_T = TypeVar("_T")
_NONE: Mapping[str, Any] = MappingProxyType({})


class Member(NamedTuple):
    """One of the stories that are translations of each other."""

    public_id: str
    headline: str
    slug: str
    path: str
    first_published_at: datetime.datetime | None
    last_published_at: datetime.datetime | None
    section: SectionRow

    @property
    def address(self) -> str:
        """Where it stands."""
        return f"{self.section.link.address}{self.slug}/"


@dataclass(slots=True)
class Named:
    """What the stories of one batch name besides themselves, read in few queries for all of them."""

    names: Names
    photos: dict[str, Photo] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    # The live stories that are translations of each other, the original first.
    families: dict[str | uuid.UUID, list[Member]] = field(default_factory=dict)
    stale: frozenset[str] = frozenset()


class Gathered(NamedTuple):
    """A story as the press needs it."""

    facts: StoryFacts
    story: Story
    comments_enabled: bool


def gather_stories(
    names_or_keys: Sequence[str] | Sequence[int],
    mastheads: Mastheads,
    alias: str,
    *,
    names: Names | None = None,
    together: Collection[str] | None = None,
) -> list[Gathered]:
    """Facts and content of these stories (by public id or primary key), less those that readers may not see.

    ``together`` names the stories that are pressed in one go: of all others, only those that stand pressed
    are linked to. Without it every story is taken to stand.
    """
    rows = [row for row in story_rows(names_or_keys, alias) if mastheads.section_of(row.path)]
    named = gather_named(rows, mastheads, alias, names)
    if together is not None:
        _leave_out_unpressed(named, together, alias)
    return [
        Gathered(
            story_facts(row, mastheads, named), story_content(row, mastheads, named), row.comments_enabled
        )
        for row in rows
    ]


def gather_cards(
    public_ids: Sequence[str], mastheads: Mastheads, alias: str, names: Names
) -> dict[str, StoryCard]:
    """What lists show of these stories, by public id, less those that readers may not see."""
    rows = [row for row in story_rows(public_ids, alias) if mastheads.section_of(row.path)]
    named = Named(_names(rows, alias, names))
    cards: dict[str, StoryCard] = {}
    for row in rows:
        section, publication = _place_of(row, mastheads)
        cards[row.public_id] = StoryCard(
            public_id=row.public_id,
            address=f"{section.link.address}{row.slug}/",
            language=section.language,
            headline=row.headline,
            standfirst=row.standfirst,
            section=section.link,
            authors=_authors(row, publication, named.names),
            place=named.names.place_name(row.place, section.language),
            published_at=row.published_at,
            photo=named.names.lead_photo(row.photo, row.lead_caption, row.lead_credit),
        )
    return cards


def card_of(story: Story) -> StoryCard:
    """What lists show of a story."""
    return StoryCard(
        public_id=story.public_id,
        address=story.address,
        language=story.publication.language,
        headline=story.headline,
        standfirst=story.standfirst,
        section=story.section,
        authors=story.authors,
        place=story.place,
        published_at=story.published_at,
        photo=story.lead_photo,
    )


def gather_named(
    rows: Sequence[StoryRow], mastheads: Mastheads, alias: str, names: Names | None = None
) -> Named:
    """Photos, linked stories and translations of these stories."""
    named = Named(_names(rows, alias, names))
    photo_names = {name for row in rows for name in photo_ids(row.body_html)}
    linked = {name for row in rows for name in story_ids(row.body_html)}
    if photo_names:
        named.photos = photos_by_id(photo_names, alias)
    if linked:
        named.links = _links(linked, mastheads, alias)
    named.families = _families(rows, mastheads, alias)
    named.stale = frozenset(
        member.public_id
        for family in named.families.values()
        for member in family[1:]
        if _is_older_than(member, family[0])
    )
    return named


def _leave_out_unpressed(named: Named, together: Collection[str], alias: str) -> None:
    """No page leads to one that is not there yet; it is pressed again together with that one."""
    members = [member for family in named.families.values() for member in family]
    linked = {member.public_id: member.address for member in members}
    linked |= {name: link.address for name, link in named.links.items()}
    others = [name for name in linked if name not in together]
    if not others:
        return
    addresses = addresses_of([story_key(name) for name in others], alias)
    absent = {name for name in others if addresses.get(story_key(name)) != linked[name]}
    named.links = {name: link for name, link in named.links.items() if name not in absent}
    named.families = {
        key: [member for member in family if member.public_id not in absent]
        for key, family in named.families.items()
    }


def _names(rows: Sequence[StoryRow], alias: str, names: Names | None) -> Names:
    names = Names() if names is None else names
    names.learn(
        alias,
        people={pk for row in rows for pk in row.authors},
        places={row.place for row in rows if row.place is not None},
        topics={pk for row in rows for pk in row.topics},
        photos={row.photo for row in rows if row.photo is not None},
    )
    return names


def _links(public_ids: Iterable[str], mastheads: Mastheads, alias: str) -> dict[str, Link]:
    links: dict[str, Link] = {}
    found = published(alias).filter(public_id__in=set(public_ids)).order_by()
    for public_id, title, slug, path in found.values_list("public_id", "title", "slug", "path"):
        section = mastheads.section_of(path)
        if section:
            address = f"{section.link.address}{slug}/"
            links[public_id] = Link(text=title, address=address, language=section.language)
    return links


def _families(
    rows: Sequence[StoryRow], mastheads: Mastheads, alias: str
) -> dict[str | uuid.UUID, list[Member]]:
    """The families of these stories, where there is more than one member."""
    # Asked of the index first: most stories have no translation, and need not be read again.
    keys = {row.translation_key for row in rows}
    found = select(Page, ("translation_key",), "translation_key", keys, using=alias)
    shared = [key for key, members in Counter(found).items() if members > 1]
    if not shared:
        return {}
    families: dict[str | uuid.UUID, list[Member]] = {}
    members = (
        published(alias)
        .filter(translation_key__in=[key for (key,) in shared])
        .order_by("first_published_at", "pk")
    )
    for key, *values in members.values_list("translation_key", *_MEMBER_FIELDS):
        section = mastheads.section_of(values[3])
        if section:
            families.setdefault(kept_key(key, alias), []).append(Member._make((*values, section)))
    return families


_MEMBER_FIELDS = ("public_id", "title", "slug", "path", "first_published_at", "last_published_at")


def _others(row: StoryRow, named: Named) -> tuple[Translation, ...]:
    return tuple(
        Translation(
            language=member.section.language,
            headline=member.headline,
            address=member.address,
            is_older_than_original=member.public_id in named.stale,
        )
        for member in named.families.get(row.translation_key, ())
        if member.public_id != row.public_id
    )


def _is_older_than(translation: Member, original: Member) -> bool:
    """Whether the original was updated after its translation last was."""
    if original.last_published_at in {None, original.first_published_at}:
        return False
    return (original.last_published_at or EPOCH) > (translation.last_published_at or EPOCH)


def _place_of(row: StoryRow, mastheads: Mastheads) -> tuple[SectionRow, Publication]:
    section = mastheads.section_of(row.path)
    if section is None:
        raise LookupError(f"The story {row.public_id} lies in no live section.")
    return section, mastheads.papers[section.language].publication


def _authors(row: StoryRow, publication: Publication, names: Names) -> tuple[Author, ...]:
    return tuple(names.author(pk, publication) for pk in row.authors)


def story_content(row: StoryRow, mastheads: Mastheads, named: Named) -> Story:
    """A story as readers get it; ``row`` may be a draft's, as in a preview."""
    section, publication = _place_of(row, mastheads)
    body_html = row.body_html
    return Story(
        public_id=row.public_id,
        publication=publication,
        address=f"{section.link.address}{row.slug}/",
        headline=row.headline,
        standfirst=row.standfirst,
        section=section.link,
        authors=_authors(row, publication, named.names),
        place=named.names.place_name(row.place, section.language),
        published_at=row.published_at,
        updated_at=row.updated_at,
        lead_photo=named.names.lead_photo(row.photo, row.lead_caption, row.lead_credit),
        body_html=body_html,
        word_count=row.word_count,
        photos=_shown(named.photos, body_html, photo_ids),
        related=_shown(named.links, body_html, story_ids),
        topics=named.names.topic_links(row.topics, publication),
        translations=_others(row, named),
        is_older_than_original=row.public_id in named.stale,
    )


def _shown(known: dict[str, _T], body_html: str, names_in: Callable[[str], list[str]]) -> Mapping[str, _T]:
    """Those of the known photos or links that a body names; where none is known the body is not read."""
    if not known:
        return _NONE
    return {name: known[name] for name in names_in(body_html) if name in known}


def story_facts(row: StoryRow, mastheads: Mastheads, named: Named) -> StoryFacts:
    """What a later press must know of this story."""
    section, _publication = _place_of(row, mastheads)
    day = mastheads.local(section.language, row.first_published_at or EPOCH)
    return StoryFacts(
        public_id=row.public_id,
        address=f"{section.link.address}{row.slug}/",
        language=section.language,
        section=section.key,
        year=day.year,
        month=day.month,
        moment_us=microseconds(row.first_published_at),
        changed_us=microseconds(row.last_published_at),
        version=row.version,
        topics=tuple(str(pk) for pk in row.topics),
        people=tuple(str(pk) for pk in sorted(set(row.authors)) if not named.names.is_withheld(pk)),
        mentions=_mentions(row, named),
    )


def _mentions(row: StoryRow, named: Named) -> tuple[str, ...]:
    family = named.families.get(row.translation_key, ())
    has_tokens = "nashra" in row.body_html
    if not has_tokens and not family and row.photo is None:
        return ()
    pictures = photo_ids(row.body_html)
    mentions = {story_key(name) for name in story_ids(row.body_html)}
    mentions.update(f"picture:{name}" for name in pictures)
    mentions.update(story_key(member.public_id) for member in family if member.public_id != row.public_id)
    lead = named.names.lead_photo(row.photo, "", "")
    photos = [lead, *(named.photos.get(name) for name in pictures)]
    mentions.update(f"file:{name}" for name in file_names(photos))
    return tuple(sorted(mentions))
