"""Asks axe-core whether people with disabilities would stumble over a page, in any browser window of a test.

The script comes with the package ``axe-playwright-python``: nothing asks the network. For the theme's pages
(the whole page) and for the desk's (our part of it alone, for the rest is Wagtail's own).
"""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def axe_finds_nothing(window: Page, *, within: str | None = None) -> None:
    """Fail with axe's report when it complains of anything; ``within`` selects a part."""
    if within is not None:
        assert window.locator(within).count() == 1, f"there is not one {within} to look at"
    results = Axe().run(window, context=within, options={"runOnly": list(TAGS)})
    assert results.response["passes"], "axe looked at nothing"
    assert results.violations_count == 0, results.generate_report()
