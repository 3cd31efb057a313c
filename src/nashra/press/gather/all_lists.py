"""Which lists there are, and which of them must stand before any story's page does.

Reads their names alone; what they hold, ``lists`` gathers.
"""

from __future__ import annotations

from collections.abc import Collection

from nashra.channels import rss
from nashra.press.gather.lists import month_of, section_key
from nashra.press.gather.mastheads import Mastheads
from nashra.press.gather.placings import addresses_of, list_keys
from nashra.press.gather.readers_part import block_addresses
from nashra.press.plan import SITEMAP_INDEX, ListKey


def ahead_of_stories(mastheads: Mastheads, alias: str) -> list[str]:
    """The lists to which every page leads, at most by one page between, and that do not stand there yet.

    A renamed section's front and months, a new publication's home: these are pressed before any page that
    leads to them. The months come before the fronts, and these before the homes.
    """
    wanted: dict[str, str] = {}
    for section in mastheads.by_key.values():
        for key in list_keys(f"month:{section.language}:{section.key}:", alias):
            wanted[key] = month_of(section, ListKey.parse(key)).address
        wanted[f"feed:{section.language}:{section.key}"] = f"{section.link.address}{rss.FEED_FILE}"
        wanted[section_key(section)] = section.link.address
    for language, paper in mastheads.papers.items():
        wanted[f"feed:{language}:"] = f"{paper.publication.address}{rss.FEED_FILE}"
        wanted[f"home:{language}:"] = paper.publication.address
    wanted |= block_addresses()
    standing = addresses_of(list(wanted), alias)
    return [key for key, address in wanted.items() if standing.get(key) != address]


def every_list(mastheads: Mastheads, alias: str) -> list[str]:
    """The keys of all lists that there may be."""
    keys = [SITEMAP_INDEX.key, *sorted(block_addresses())]
    for language in mastheads.papers:
        keys += [f"{kind}:{language}:" for kind in ("home", "feed", "sitemap")]
    for section in mastheads.by_key.values():
        keys += [f"{kind}:{section.language}:{section.key}" for kind in ("section", "feed")]
    for key in list_keys("", alias):
        if not key.startswith("section:"):
            keys.append(key)
        if key.startswith("month:"):
            keys.append(f"sitemap:{key.removeprefix('month:')}")
    return keys


def months_ahead(mastheads: Mastheads, lists: Collection[str], alias: str) -> set[str]:
    """The months that do not stand yet and to which the fronts among these lists lead."""
    fronts = [key.replace("section:", "month:", 1) + ":" for key in lists if key.startswith("section:")]
    return {key for key in ahead_of_stories(mastheads, alias) if key.startswith(tuple(fronts))}


def in_frame(lists: Collection[str], mastheads: Mastheads) -> set[str]:
    """Without those of a section that was taken off line: other lists lead there until all is pressed."""
    return {key for key in lists if mastheads.has_list(ListKey.parse(key))}


def but_sitemaps(own: set[str], lists: set[str]) -> set[str]:
    """Leave the index of sitemaps, and the addresses that sitemaps left, to the press of everything to come.

    A newer index would name sitemaps at addresses that only that press fills, and the older one names those
    that ended.
    """
    lists.discard(SITEMAP_INDEX.key)
    return {key for key in own if not key.startswith("sitemap")}
