"""Content → bytes: each page by the theme, each feed and sitemap by its channel; one fingerprint of all.

No database and no files: the same page always gives the same bytes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from urllib.parse import quote

from nashra.channels import robots, rss, sitemap
from nashra.edition import paths
from nashra.edition.pages import FeedPage, Page, SitemapIndexPage, SitemapPage
from nashra.theme import rendering


@dataclass(frozen=True, slots=True)
class PressFile:
    """One file of the readers' site, ready to be written."""

    path: str
    content: bytes
    sha256: str


def press_file(path: str, content: bytes) -> PressFile:
    """A file with its digest."""
    return PressFile(path, content, hashlib.sha256(content).hexdigest())


def page_file(address: str, page: Page) -> PressFile:
    """The file that holds a page at an address."""
    return press_file(paths.page_path(address), rendering.render(page))


def list_files(address: str, page: Page | FeedPage | SitemapPage | SitemapIndexPage) -> list[PressFile]:
    """The files of a list: one, but for a sitemap with too many entries for one file."""
    match page:
        case FeedPage():
            return [press_file(paths.page_path(address), rss.feed(page))]
        case SitemapIndexPage():
            return [press_file(paths.page_path(address), sitemap.sitemap_index(page))]
        case SitemapPage():
            return [press_file(paths.page_path(each), content) for each, content in sitemap.sitemaps(page)]
    return [page_file(address, page)]


def gone_file(address: str, page: Page) -> PressFile:
    """The file that says that what stood at an address was withdrawn."""
    return press_file(paths.gone_path(address), rendering.render(page))


def moved_file(address: str, target: str) -> PressFile:
    """The file that leads from an old address to the new one: one percent-encoded line."""
    return press_file(paths.moved_path(address), quote(target, safe="/").encode("ascii") + b"\n")


def robots_file(site_url: str) -> PressFile:
    """What machines are told at the site's door."""
    content = robots.robots(site_url, sitemap_address=sitemap.INDEX_ADDRESS)
    return press_file(paths.page_path(robots.ADDRESS), content)


def fingerprint(*settings: str) -> str:
    """What every page depends on besides its content: the theme, and settings such as the site's origin."""
    return hashlib.sha256(" ".join([rendering.THEME_DIGEST, *settings]).encode()).hexdigest()
