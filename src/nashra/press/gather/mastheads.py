"""Publications and their sections: few rows that every page names, read once a run."""

from __future__ import annotations

import datetime
import zoneinfo
from dataclasses import dataclass, field

from django.conf import settings
from wagtail.models import PageViewRestriction

from nashra.desk import models as desk
from nashra.desk.body import text_html
from nashra.edition.content import Link, Publication
from nashra.press.plan import ListKey

# Treebeard writes four characters a level into a page's path.
_STEP = 4
_LISTS_OF_SECTIONS = frozenset({"section", "month", "feed", "sitemap"})


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A live section: its key (stable), its tree path, and the link that lists show."""

    key: str
    tree_path: str
    language: str
    description: str
    link: Link


@dataclass(frozen=True, slots=True)
class Paper:
    """A live publication as pages name it, with its own texts."""

    publication: Publication
    policy_html: str
    about_html: str
    zone: zoneinfo.ZoneInfo
    takes_comments: bool = True
    # How many days a story takes comments; without end where it is 0.
    comments_close_after_days: int = 0


@dataclass(slots=True)
class Mastheads:
    """Every live publication and section."""

    papers: dict[str, Paper] = field(default_factory=dict)
    sections: dict[str, SectionRow] = field(default_factory=dict)
    by_key: dict[str, SectionRow] = field(default_factory=dict)
    private_paths: tuple[str, ...] = ()
    # Stories whose own page could not be pressed in this run: no list may lead to them.
    unlisted: set[str] = field(default_factory=set)

    def section_of(self, tree_path: str) -> SectionRow | None:
        """The live, public section that a story's tree path lies in."""
        if tree_path.startswith(self.private_paths):
            return None
        return self.sections.get(tree_path[:-_STEP])

    def has_list(self, key: ListKey) -> bool:
        """Whether the publication and the section that a list belongs to are before readers."""
        if not key.language:
            return True
        is_of_section = bool(key.owner) and key.kind in _LISTS_OF_SECTIONS
        return key.language in self.papers and (not is_of_section or key.owner in self.by_key)

    def local(self, language: str, moment: datetime.datetime) -> datetime.datetime:
        """A moment in the publication's time zone."""
        return moment.astimezone(self.papers[language].zone)

    @property
    def publications(self) -> tuple[Publication, ...]:
        """All live publications, in the tree's order."""
        return tuple(paper.publication for paper in self.papers.values())


def gather_mastheads(alias: str, *, drafts: bool = False) -> Mastheads:
    """Read all live publications and sections; a preview also needs those that are not live yet."""
    restricted = PageViewRestriction.objects.using(alias).values_list("page__path", flat=True)
    mastheads = Mastheads(private_paths=tuple(sorted(restricted)))
    # Sorted and sifted here: these are few, and a database that sorts them by path reads all pages for it.
    papers = desk.Publication.objects.using(alias).select_related("locale").order_by()
    all_sections = sorted(desk.Section.objects.using(alias).order_by(), key=lambda section: section.path)
    publications = [
        row
        for row in sorted(papers, key=lambda paper: paper.path)
        if (row.live or drafts) and not _is_private(row.path, mastheads)
    ]
    homes = [Link(text=row.title, address=f"/{row.slug}/", language=row.language) for row in publications]
    for row in publications:
        below = [section for section in all_sections if section.path[:-_STEP] == row.path]
        sections = _sections(row, below, mastheads, drafts=drafts)
        for section in sections:
            mastheads.sections[section.tree_path] = section
            mastheads.by_key[section.key] = section
        mastheads.papers[row.language] = _paper(row, sections, homes)
    return mastheads


def _is_private(tree_path: str, mastheads: Mastheads) -> bool:
    return tree_path.startswith(mastheads.private_paths)


def _sections(
    row: desk.Publication, below: list[desk.Section], mastheads: Mastheads, *, drafts: bool
) -> list[SectionRow]:
    return [
        SectionRow(
            key=str(section.pk),
            tree_path=section.path,
            language=row.language,
            description=section.description,
            link=Link(text=section.title, address=f"/{row.slug}/{section.slug}/"),
        )
        for section in below
        if (section.live or drafts)
        and section.alias_of_id is None
        and not _is_private(section.path, mastheads)
    ]


def _paper(row: desk.Publication, sections: list[SectionRow], homes: list[Link]) -> Paper:
    own = f"/{row.slug}/"
    policy_html = text_html(row.comment_policy, stories={})
    about_html = text_html(row.about, stories={})
    publication = Publication(
        language=row.language,
        name=row.title,
        strapline=row.strapline,
        address=own,
        time_zone=row.time_zone,
        site_url=settings.NASHRA_SITE_URL,
        sections=tuple(section.link for section in sections),
        siblings=tuple(link for link in homes if link.address != own),
        policy_address=f"{own}comment-policy/",
        receipt_address=f"{own}receipt/",
        about_address=f"{own}about/",
        corrections_address=f"{own}corrections/",
    )
    return Paper(
        publication,
        policy_html,
        about_html,
        zoneinfo.ZoneInfo(row.time_zone),
        takes_comments=row.takes_comments,
        comments_close_after_days=row.comments_close_after_days,
    )
