"""Sitemaps: one index, one sitemap for each publication's own pages, one for each section's month.

Follows sitemaps.org's protocol 0.9. Each file depends on as little as can be, so that publishing a
story changes its month's sitemap and no other: the index names no moments (a ``lastmod`` there would
change it with every story), and fronts have none (theirs would change the publication's sitemap).
Translations are told by each page's own ``hreflang`` links: told here, a month would depend on other
months' stories.
"""

from __future__ import annotations

import datetime

from nashra.channels.xml_text import DECLARATION, plain
from nashra.edition.pages import SitemapEntry, SitemapIndexPage, SitemapPage
from nashra.theme.addresses import absolute

INDEX_ADDRESS = "/sitemap.xml"
# The protocol allows 50,000 addresses and 50 MB. Our longest address (three slugs of 150 bytes, each
# byte percent-encoded, on the longest host name) takes under 1,250 bytes with its tags, so that no
# file of this many entries can be too large.
ENTRIES_A_FILE = 40_000
MAX_SITEMAPS = 50_000

_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


class TooManySitemaps(ValueError):
    """There are more sitemaps than one index may name."""


def sitemap_addresses(folder: str, count: int) -> tuple[str, ...]:
    """Where the sitemaps of a folder's ``count`` entries lie: ``…/sitemap.xml``, ``…/sitemap-2.xml``…

    All but the largest folders have one. A folder without entries has none.
    """
    files = -(-count // ENTRIES_A_FILE)
    return tuple(f"{folder}sitemap{f'-{number}' if number > 1 else ''}.xml" for number in range(1, files + 1))


def sitemaps(page: SitemapPage) -> tuple[tuple[str, bytes], ...]:
    """Each of a folder's sitemaps: its address and its bytes."""
    addresses = sitemap_addresses(page.folder, len(page.entries))
    return tuple(
        (address, _urlset(page.site_url, page.entries[start : start + ENTRIES_A_FILE]))
        for address, start in zip(addresses, range(0, len(page.entries), ENTRIES_A_FILE), strict=True)
    )


def sitemap_index(page: SitemapIndexPage) -> bytes:
    """The index: the sitemaps' addresses and nothing more.

    Raises:
        TooManySitemaps: an index may name 50,000.
    """
    if len(page.addresses) > MAX_SITEMAPS:
        raise TooManySitemaps(f"An index names at most {MAX_SITEMAPS} sitemaps, not {len(page.addresses)}.")
    lines = [
        f"<sitemap><loc>{plain(absolute(page.site_url, address))}</loc></sitemap>\n"
        for address in page.addresses
    ]
    return f"{DECLARATION}<sitemapindex {_NAMESPACE}>\n{''.join(lines)}</sitemapindex>\n".encode()


def _urlset(site_url: str, entries: tuple[SitemapEntry, ...]) -> bytes:
    lines = "".join(_url(site_url, entry) for entry in entries)
    return f"{DECLARATION}<urlset {_NAMESPACE}>\n{lines}</urlset>\n".encode()


def _url(site_url: str, entry: SitemapEntry) -> str:
    changed = f"<lastmod>{_w3c(entry.changed_at)}</lastmod>" if entry.changed_at else ""
    return f"<url><loc>{plain(absolute(site_url, entry.address))}</loc>{changed}</url>\n"


def _w3c(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
