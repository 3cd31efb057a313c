"""Content → bytes: each page by the theme, and what every page is made with as one fingerprint.

No database and no files: the same page always gives the same bytes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from urllib.parse import quote

from nashra.edition import paths
from nashra.edition.pages import Page
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


def gone_file(address: str, page: Page) -> PressFile:
    """The file that says that what stood at an address was withdrawn."""
    return press_file(paths.gone_path(address), rendering.render(page))


def moved_file(address: str, target: str) -> PressFile:
    """The file that leads from an old address to the new one: one percent-encoded line."""
    return press_file(paths.moved_path(address), quote(target, safe="/").encode("ascii") + b"\n")


def fingerprint(site_url: str) -> str:
    """What every page depends on besides its content: the theme, and the site's own origin."""
    return hashlib.sha256(f"{rendering.THEME_DIGEST} {site_url}".encode()).hexdigest()
