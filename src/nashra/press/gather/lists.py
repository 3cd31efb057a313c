"""Files that gather stories: homes, section fronts, months, topics, people, feeds, sitemaps.

Each reads at most ``NEWEST`` stories, but for a month, which holds all of its own. What a list shows of a
story was made with the story's page; only homes and feeds, which show it in a way of their own, make it anew.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from nashra.bulk_rows import select
from nashra.channels import rss, sitemap
from nashra.desk import models as desk
from nashra.desk.body import text_html
from nashra.edition.content import Link, StoryCard
from nashra.edition.pages import (
    CommentsPage,
    FeedPage,
    HomePage,
    Month,
    MonthPage,
    PersonPage,
    SectionCards,
    SectionPage,
    SitemapEntry,
    SitemapIndexPage,
    SitemapPage,
    TopicPage,
)
from nashra.press.gather.mastheads import Mastheads, SectionRow
from nashra.press.gather.names import Names
from nashra.press.gather.photos import file_names, photo_content
from nashra.press.gather.placings import (
    Placed,
    last_changes,
    list_keys,
    newest,
    newest_of,
    oldest_first,
)
from nashra.press.gather.readers_part import gather_block
from nashra.press.gather.rows import EPOCH
from nashra.press.gather.stories import gather_cards
from nashra.press.models import Mention
from nashra.press.plan import SITEMAP_INDEX, ListKey, story_key

NEWEST = 30
HOME_NEWEST = 9
HOME_PER_SECTION = 4

ListPage = (
    HomePage
    | SectionPage
    | MonthPage
    | TopicPage
    | PersonPage
    | CommentsPage
    | FeedPage
    | SitemapPage
    | SitemapIndexPage
)


def gather_list(
    key: ListKey, mastheads: Mastheads, alias: str, names: Names, fresh: Sequence[Placed] = ()
) -> tuple[str, ListPage] | None:
    """A list's address and content, or nothing where there is no such list (any more).

    ``fresh`` are stories that a topic's or a person's page shows before they are written down.
    """
    if key == SITEMAP_INDEX:
        return _sitemap_index(mastheads, alias)
    if key.kind == "comments":
        return gather_block(key, mastheads)
    if not mastheads.has_list(key):
        return None
    if key.kind in _OF_THINGS:
        return _OF_THINGS[key.kind](key, mastheads, names, _placed(key, alias, fresh))
    if key.kind in _OF_CARDS:
        return _OF_CARDS[key.kind](key, mastheads, alias, names)
    return _GATHERERS[key.kind](key, mastheads, alias)


def _placed(key: ListKey, alias: str, fresh: Sequence[Placed]) -> list[Placed]:
    found = {placed.key: placed for placed in (*newest(key.key, NEWEST, alias), *fresh)}
    return sorted(found.values(), key=lambda each: (each.moment_us, each.key), reverse=True)[:NEWEST]


def _cards_html(placed: list[Placed]) -> tuple[str, ...]:
    return tuple(each.card for each in placed)


def _sections_of(language: str, mastheads: Mastheads) -> list[SectionRow]:
    return [section for section in mastheads.by_key.values() if section.language == language]


def _with_pressed_photos(cards: dict[str, StoryCard], alias: str) -> dict[str, StoryCard]:
    """The cards without the photos that their stories' pages do not show yet: those files are not there."""
    pairs = select(Mention, ("key", "name"), "key", [story_key(name) for name in cards], using=alias)
    there = set(pairs)
    return {
        name: card
        if all((story_key(name), f"file:{file}") in there for file in file_names([card.photo]))
        else replace(card, photo=None)
        for name, card in cards.items()
    }


def section_key(section: SectionRow) -> str:
    """The name of a section's front among the lists."""
    return f"section:{section.language}:{section.key}"


def _home(key: ListKey, mastheads: Mastheads, alias: str, names: Names) -> tuple[str, HomePage]:
    publication = mastheads.papers[key.language].publication
    sections = _sections_of(key.language, mastheads)
    parts = {section.key: newest(section_key(section), HOME_NEWEST, alias) for section in sections}
    front = sorted(
        (placed for part in parts.values() for placed in part),
        key=lambda placed: (placed.moment_us, placed.key),
        reverse=True,
    )[:HOME_NEWEST]
    for name, part in parts.items():
        parts[name] = part[:HOME_PER_SECTION]
    shown = {placed.public_id for part in (front, *parts.values()) for placed in part}
    cards = _with_pressed_photos(gather_cards(sorted(shown), mastheads, alias, names), alias)
    return publication.address, HomePage(
        publication=publication,
        newest=_standing(front, cards),
        sections=tuple(
            SectionCards(section=section.link, cards=_standing(parts[section.key], cards))
            for section in sections
        ),
    )


def _standing(placed: list[Placed], cards: dict[str, StoryCard]) -> tuple[StoryCard, ...]:
    """Their cards; a story that has moved, and whose new page is not pressed yet, waits for that."""
    found = ((each, cards.get(each.public_id)) for each in placed)
    return tuple(card for each, card in found if card is not None and card.address == each.address)


def _section(key: ListKey, mastheads: Mastheads, alias: str) -> tuple[str, SectionPage]:
    section = mastheads.by_key[key.owner]
    page = SectionPage(
        publication=mastheads.papers[section.language].publication,
        section=section.link,
        description=section.description,
        cards_html=_cards_html(newest(key.key, NEWEST, alias)),
        months=tuple(months_of(section, alias)),
    )
    return section.link.address, page


def months_of(section: SectionRow, alias: str) -> list[Month]:
    """The months in which a section published, newest first."""
    keys = [ListKey.parse(key) for key in list_keys(f"month:{section.language}:{section.key}:", alias)]
    return [month_of(section, key) for key in reversed(keys)]


def month_of(section: SectionRow, key: ListKey) -> Month:
    """A link to a section's archive of one month."""
    address = f"{section.link.address}{key.year:04d}/{key.month:02d}/"
    return Month(year=key.year, month=key.month, address=address)


def _month_page(key: ListKey, mastheads: Mastheads, alias: str) -> tuple[str, MonthPage] | None:
    section = mastheads.by_key[key.owner]
    placed = oldest_first(key.key, alias)
    if not placed:
        return None
    month = month_of(section, key)
    page = MonthPage(
        publication=mastheads.papers[section.language].publication,
        section=section.link,
        month=month,
        cards_html=_cards_html(placed),
    )
    return month.address, page


def address_of_thing(key: ListKey, mastheads: Mastheads, names: Names) -> str:
    """Where a topic's or a person's page has its place; ``names`` must know of them."""
    publication = mastheads.papers[key.language].publication
    if key.kind == "topic":
        return f"{publication.address}topics/{names.topics[int(key.owner)].slug}/"
    return f"{publication.address}people/{names.people[int(key.owner)].slug}/"


def _topic(
    key: ListKey, mastheads: Mastheads, names: Names, placed: list[Placed]
) -> tuple[str, TopicPage] | None:
    topic = names.topics.get(int(key.owner))
    if topic is None or not placed:
        return None
    publication = mastheads.papers[key.language].publication
    link = Link(text=topic.name_in(key.language), address=address_of_thing(key, mastheads, names))
    page = TopicPage(publication=publication, topic=link, cards_html=_cards_html(placed))
    return link.address, page


def _person(
    key: ListKey, mastheads: Mastheads, names: Names, placed: list[Placed]
) -> tuple[str, PersonPage] | None:
    person = names.people.get(int(key.owner))
    if person is None or person.name_withheld or not placed:
        return None
    publication = mastheads.papers[key.language].publication
    link = Link(text=person.name_in(key.language), address=address_of_thing(key, mastheads, names))
    page = PersonPage(
        publication=publication,
        person=link,
        biography_html=text_html(person.biography_in(key.language), stories={}),
        portrait=photo_content(person.portrait) if person.portrait else None,
        cards_html=_cards_html(placed),
    )
    return link.address, page


def _feed(key: ListKey, mastheads: Mastheads, alias: str, names: Names) -> tuple[str, FeedPage]:
    publication = mastheads.papers[key.language].publication
    section = mastheads.by_key[key.owner] if key.owner else None
    sections = [section] if section else _sections_of(key.language, mastheads)
    placed = newest_of([section_key(each) for each in sections], rss.NEWEST, alias)
    found = gather_cards([each.public_id for each in placed], mastheads, alias, names)
    cards = _standing(placed, found)
    page = FeedPage(
        publication=publication,
        section=section.link if section else None,
        description=section.description if section else "",
        # Their moments may be other ones by now than when they were placed.
        stories=tuple(sorted(cards, key=lambda card: card.published_at, reverse=True)),
    )
    return rss.feed_address(page), page


def _second(moment_us: int) -> datetime.datetime:
    return (EPOCH + datetime.timedelta(microseconds=moment_us)).replace(microsecond=0)


def _sitemap(key: ListKey, mastheads: Mastheads, alias: str) -> tuple[str, SitemapPage] | None:
    publication = mastheads.papers[key.language].publication
    if not key.owner:
        entries = tuple(SitemapEntry(address=address) for address in _own_addresses(key, mastheads, alias))
        folder = publication.address
    else:
        folder = month_of(mastheads.by_key[key.owner], key).address
        month = f"month:{key.language}:{key.owner}:{key.year:04d}-{key.month:02d}"
        entries = tuple(
            SitemapEntry(address=address, changed_at=_second(changed_us))
            for address, changed_us in last_changes(month, alias)
        )
    if not entries:
        return None
    page = SitemapPage(folder=folder, site_url=publication.site_url, entries=entries)
    return sitemap.sitemap_addresses(folder, 1)[0], page


def _own_addresses(key: ListKey, mastheads: Mastheads, alias: str) -> Iterator[str]:
    """A publication's fronts and texts, its topics' and its people's pages."""
    publication = mastheads.papers[key.language].publication
    yield publication.address
    yield publication.policy_address
    yield publication.about_address
    yield publication.corrections_address
    for section in _sections_of(key.language, mastheads):
        yield section.link.address
        yield from (month.address for month in months_of(section, alias))
    topics = [ListKey.parse(name).owner for name in list_keys(f"topic:{key.language}:", alias)]
    people = [ListKey.parse(name).owner for name in list_keys(f"person:{key.language}:", alias)]
    topic_slugs = desk.Topic.objects.using(alias).filter(pk__in=topics).order_by("slug")
    yield from (f"{publication.address}topics/{slug}/" for slug in topic_slugs.values_list("slug", flat=True))
    named = desk.Person.objects.using(alias).filter(pk__in=people, name_withheld=False).order_by("slug")
    yield from (f"{publication.address}people/{slug}/" for slug in named.values_list("slug", flat=True))


def _sitemap_index(mastheads: Mastheads, alias: str) -> tuple[str, SitemapIndexPage]:
    addresses: list[str] = []
    site_url = ""
    for language, paper in mastheads.papers.items():
        site_url = paper.publication.site_url
        addresses += sitemap.sitemap_addresses(paper.publication.address, 1)
        for section in _sections_of(language, mastheads):
            for month in reversed(months_of(section, alias)):
                addresses += sitemap.sitemap_addresses(month.address, 1)
    page = SitemapIndexPage(site_url=site_url, addresses=tuple(addresses))
    return sitemap.INDEX_ADDRESS, page


_OF_THINGS: dict[str, Callable[[ListKey, Mastheads, Names, list[Placed]], tuple[str, ListPage] | None]] = {
    "topic": _topic,
    "person": _person,
}
_OF_CARDS: dict[str, Callable[[ListKey, Mastheads, str, Names], tuple[str, ListPage]]] = {
    "home": _home,
    "feed": _feed,
}
_GATHERERS: dict[str, Callable[[ListKey, Mastheads, str], tuple[str, ListPage] | None]] = {
    "section": _section,
    "month": _month_page,
    "sitemap": _sitemap,
}
