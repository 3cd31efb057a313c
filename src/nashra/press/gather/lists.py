"""Pages that gather stories: homes, section fronts, months, topics, people; and the fixed pages.

Each list reads at most ``NEWEST`` stories, but for a month, which holds all of its own.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.db.models import Q, QuerySet

from nashra.desk import models as desk
from nashra.desk.body import text_html
from nashra.edition.content import Link, Publication, StoryCard
from nashra.edition.pages import (
    CorrectionsPage,
    FrontDoorPage,
    HomePage,
    Month,
    MonthPage,
    NoticePage,
    Page,
    PersonPage,
    SectionCards,
    SectionPage,
    TextPage,
    TopicPage,
    TrustPage,
)
from nashra.press.gather.mastheads import Mastheads, SectionRow
from nashra.press.gather.photos import photo_content
from nashra.press.gather.stories import published, story_card, with_everything
from nashra.press.plan import ListKey
from nashra.theme.rendering import card_fragment

NEWEST = 30
HOME_NEWEST = 9
HOME_PER_SECTION = 4


def gather_list(key: ListKey, mastheads: Mastheads, alias: str) -> tuple[str, Page] | None:
    """The address and content of a list page, or nothing where there is no such page (any more)."""
    if key.language not in mastheads.papers:
        return None
    return _GATHERERS[key.kind](key, mastheads, alias)


def _cards(
    stories: QuerySet[desk.Story], mastheads: Mastheads, limit: int | None = None
) -> tuple[StoryCard, ...]:
    rows = with_everything(stories)[:limit]
    return tuple(card for row in rows if (card := story_card(row, mastheads)))


def _cards_html(
    stories: QuerySet[desk.Story], publication: Publication, mastheads: Mastheads, limit: int | None = None
) -> tuple[str, ...]:
    return tuple(card_fragment(card, publication) for card in _cards(stories, mastheads, limit))


def _listed(mastheads: Mastheads, alias: str) -> QuerySet[desk.Story]:
    """Published stories, newest first, less those whose own page could not be pressed."""
    stories = published(alias).exclude(public_id__in=mastheads.unlisted)
    return stories.order_by("-first_published_at", "-pk")


def _in_language(language: str, mastheads: Mastheads, alias: str) -> QuerySet[desk.Story]:
    """A publication's stories in its live sections, so that no other takes a place on a short list."""
    below = Q(pk__in=[])
    for section in mastheads.by_key.values():
        if section.language == language:
            below |= Q(path__startswith=section.tree_path)
    return _listed(mastheads, alias).filter(below)


def _in_section(section: SectionRow, mastheads: Mastheads, alias: str) -> QuerySet[desk.Story]:
    stories = _listed(mastheads, alias)
    return stories.filter(path__startswith=section.tree_path, depth=len(section.tree_path) // 4 + 1)


def _home(key: ListKey, mastheads: Mastheads, alias: str) -> tuple[str, Page]:
    publication = mastheads.papers[key.language].publication
    sections = [section for section in mastheads.by_key.values() if section.language == key.language]
    page = HomePage(
        publication=publication,
        newest=_cards(_in_language(key.language, mastheads, alias), mastheads, HOME_NEWEST),
        sections=tuple(
            SectionCards(
                section=section.link,
                cards=_cards(_in_section(section, mastheads, alias), mastheads, HOME_PER_SECTION),
            )
            for section in sections
        ),
    )
    return publication.address, page


def _section(key: ListKey, mastheads: Mastheads, alias: str) -> tuple[str, Page] | None:
    section = mastheads.by_key.get(key.owner)
    if section is None:
        return None
    stories = _in_section(section, mastheads, alias)
    publication = mastheads.papers[section.language].publication
    page = SectionPage(
        publication=publication,
        section=section.link,
        description=section.description,
        cards_html=_cards_html(stories, publication, mastheads, NEWEST),
        months=tuple(months_of(section, mastheads, alias)),
    )
    return section.link.address, page


def months_of(section: SectionRow, mastheads: Mastheads, alias: str) -> Iterator[Month]:
    """The months in which a section published, newest first."""
    zone = mastheads.papers[section.language].zone
    stories = _in_section(section, mastheads, alias).order_by()
    for first in stories.datetimes("first_published_at", "month", order="DESC", tzinfo=zone):
        yield _month(section, first.year, first.month)


def _month(section: SectionRow, year: int, month: int) -> Month:
    return Month(year=year, month=month, address=f"{section.link.address}{year:04d}/{month:02d}/")


def _month_page(key: ListKey, mastheads: Mastheads, alias: str) -> tuple[str, Page] | None:
    section = mastheads.by_key.get(key.owner)
    if section is None:
        return None
    zone = mastheads.papers[section.language].zone
    start = datetime.datetime(key.year, key.month, 1, tzinfo=zone)
    end = datetime.datetime(key.year + key.month // 12, key.month % 12 + 1, 1, tzinfo=zone)
    stories = _in_section(section, mastheads, alias).filter(
        first_published_at__gte=start, first_published_at__lt=end
    )
    publication = mastheads.papers[section.language].publication
    cards_html = _cards_html(stories.order_by("first_published_at", "pk"), publication, mastheads)
    if not cards_html:
        return None
    month = _month(section, key.year, key.month)
    page = MonthPage(publication=publication, section=section.link, month=month, cards_html=cards_html)
    return month.address, page


def _topic(key: ListKey, mastheads: Mastheads, alias: str) -> tuple[str, Page] | None:
    topic = desk.Topic.objects.using(alias).prefetch_related("translations").filter(pk=key.owner).first()
    if topic is None:
        return None
    publication = mastheads.papers[key.language].publication
    stories = _in_language(key.language, mastheads, alias).filter(topics=topic)
    cards_html = _cards_html(stories, publication, mastheads, NEWEST)
    if not cards_html:
        return None
    link = Link(text=topic.name_in(key.language), address=f"{publication.address}topics/{topic.slug}/")
    return link.address, TopicPage(publication=publication, topic=link, cards_html=cards_html)


def _person(key: ListKey, mastheads: Mastheads, alias: str) -> tuple[str, Page] | None:
    people = desk.Person.objects.using(alias).select_related("portrait").prefetch_related("translations")
    person = people.filter(pk=key.owner, name_withheld=False).first()
    if person is None:
        return None
    publication = mastheads.papers[key.language].publication
    stories = _in_language(key.language, mastheads, alias).filter(authors__person=person).distinct()
    cards_html = _cards_html(stories, publication, mastheads, NEWEST)
    if not cards_html:
        return None
    link = Link(text=person.name_in(key.language), address=f"{publication.address}people/{person.slug}/")
    page = PersonPage(
        publication=publication,
        person=link,
        biography_html=text_html(person.biography_in(key.language), stories={}),
        portrait=photo_content(person.portrait) if person.portrait else None,
        cards_html=cards_html,
    )
    return link.address, page


_GATHERERS = {"home": _home, "section": _section, "month": _month_page, "topic": _topic, "person": _person}


def every_list(mastheads: Mastheads, alias: str) -> list[ListKey]:
    """The keys of all list pages that there may be."""
    keys = [ListKey("home", language) for language in mastheads.papers]
    for section in mastheads.by_key.values():
        keys.append(ListKey("section", section.language, section.key))
        keys += [
            ListKey("month", section.language, section.key, month.year, month.month)
            for month in months_of(section, mastheads, alias)
        ]
    for kind, field in (("topic", "topics"), ("person", "authors__person")):
        named = published(alias).filter(**{f"{field}__isnull": False}).order_by()
        pairs = named.values_list("locale__language_code", field).distinct()
        keys += [ListKey(kind, language, str(pk)) for language, pk in sorted(pairs)]
    return keys


def fixed_pages(mastheads: Mastheads) -> Iterator[tuple[str, Page]]:
    """Pages that depend on no story: texts, corrections, the front door and the pages on trust."""
    publications = mastheads.publications
    yield "/", FrontDoorPage(publications=publications)
    yield "/verify/", TrustPage(kind="verify", publications=publications)
    yield "/mirrors/", TrustPage(kind="mirrors", publications=publications)
    for paper in mastheads.papers.values():
        publication = paper.publication
        for kind, address, body_html in (
            ("policy", publication.policy_address, paper.policy_html),
            ("about", publication.about_address, paper.about_html),
        ):
            yield address, TextPage(publication=publication, kind=kind, address=address, body_html=body_html)
        yield publication.corrections_address, CorrectionsPage(publication=publication, corrections=())
        yield f"{publication.address}404.html", NoticePage(publication=publication, kind="not-found")
    if publications:
        yield "/404.html", NoticePage(publication=publications[0], kind="not-found")
