"""Where new stories stand in a section: their paths in the tree, their slugs and their addresses.

The section must be locked by the caller: what is free here is free only as long as nobody else adds.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F
from wagtail.models import Page

from nashra.desk.models import Section, Story
from nashra.desk.slugs import make_slug


def give_places(section: Section, stories: Sequence[Story]) -> None:
    """Give each story its path, slug and address below the section, and count them there."""
    path = _last_path(section)
    slugs = _free_slugs(section, [story.title for story in stories])
    for story, slug in zip(stories, slugs, strict=True):
        path = _next_path(section, path)
        story.path, story.depth, story.slug = path, section.depth + 1, slug
        story.url_path = f"{section.url_path}{slug}/"
    Page.objects.filter(pk=section.pk).update(numchild=F("numchild") + len(stories))


def _last_path(section: Section) -> str:
    below = Page.objects.filter(path__startswith=section.path, depth=section.depth + 1)
    return below.order_by("-path").values_list("path", flat=True).first() or ""


def _next_path(section: Section, last: str) -> str:
    """treebeard's own step: a fixed number of digits in its own alphabet."""
    if not last:
        return Page._get_path(section.path, section.depth + 1, 1)
    return Page(path=last, depth=section.depth + 1)._inc_path()


def _free_slugs(section: Section, headlines: Sequence[str]) -> list[str]:
    """A slug for each headline that neither a sibling nor one before it in the list has."""
    wanted = [make_slug(headline, fallback=Story.slug_fallback) for headline in headlines]
    siblings = section.get_children()
    taken = set(siblings.filter(slug__in=set(wanted)).values_list("slug", flat=True))
    slugs: list[str] = []
    for slug in wanted:
        candidate, number = slug, 1
        if slug in taken:
            # Asked once for each slug that is taken: then all its numbers are known.
            taken |= set(siblings.filter(slug__startswith=f"{slug}-").values_list("slug", flat=True))
        while candidate in taken:
            number += 1
            candidate = f"{slug}-{number}"
        taken.add(candidate)
        slugs.append(candidate)
    return slugs
