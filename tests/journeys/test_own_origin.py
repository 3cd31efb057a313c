"""No page asks another host for anything: every page of both origins, opened in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from playwright.sync_api import Page

from tests.journeys.newsroom_desk import Desk
from tests.journeys.watched import origin

pytestmark = pytest.mark.journey

# The desk's pages that a newcomer finds in its menu, and one of each form.
DESK_PAGES = (
    *(
        "/",
        "/pages/",
        "/pages/search/?q=a",
        "/comments/",
        "/comments/reasons/",
        "/comments/log/",
        "/images/",
        "/images/add/",
        "/press/",
        "/account/",
    ),
    *(
        "/snippets/desk/person/",
        "/snippets/desk/person/add/",
        "/snippets/desk/place/",
        "/snippets/desk/topic/",
    ),
    *("/users/", "/groups/", "/locales/", "/collections/", "/workflows/list/", "/reports/site-history/"),
    *("/reports/locked/", "/reports/workflow/", "/reports/aging-pages/", "/reports/page-types-usage/"),
)


def links_of(page: Page) -> set[str]:
    """Where a page leads, without fragments."""
    targets = page.locator("a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    return {urldefrag(urljoin(page.url, target)).url for target in targets}


def crawl(page: Page, start: str) -> Iterator[str]:
    """Open every page of an origin that can be reached by links."""
    due, seen = [start], {start}
    while due:
        address = due.pop()
        response = page.goto(address, wait_until="load")
        assert response is not None
        assert response.status == 200, f"{address}: {response.status}"
        yield unquote(address)
        new = {link for link in links_of(page) if origin(link) == origin(start)} - seen
        seen |= new
        due += sorted(new)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_no_page_of_the_readers_site_asks_another_host(browsers, demo_newsroom, scripts):
    window = browsers.window(scripts=scripts)
    opened = list(crawl(window, demo_newsroom.site + "/"))
    for language in ("en", "ar", "fa"):
        assert f"{demo_newsroom.site}/{language}/" in opened
    assert len(opened) > 30
    assert browsers.strays == []
    assert browsers.complaints == []
    assert {origin(url) for url in browsers.asked} == {demo_newsroom.site}


def test_no_page_of_the_desk_asks_another_host(browsers, demo_newsroom):
    desk = Desk(browsers.window(), demo_newsroom)
    desk.log_in()
    for path in DESK_PAGES:
        desk.open(path)
        assert desk.page.locator("main, .content").first.is_visible(), path
    desk.open("/pages/search/?q=a")
    forms = [link for link in sorted(links_of(desk.page)) if link.endswith("/edit/")]
    assert forms
    for link in forms[:3]:
        desk.page.goto(link)
        desk.page.wait_for_load_state("networkidle")
    assert browsers.strays == []
    assert browsers.complaints == []
    assert {origin(url) for url in browsers.asked} == {demo_newsroom.desk}


def test_the_watch_sees_what_leaves_a_page(browsers, demo_newsroom):
    window = browsers.window()
    window.goto(demo_newsroom.site + "/en/")
    # The page's own policy stops it, and the browser says so.
    window.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:1/pixel.png'}))")
    window.wait_for_timeout(200)
    assert any("pixel.png" in complaint for complaint in browsers.complaints)
    window.goto("about:blank")
    window.set_content("<img src='http://127.0.0.1:1/pixel.png'>")
    assert browsers.strays[-1] == "about:blank asked for http://127.0.0.1:1/pixel.png"


def test_a_reader_gets_no_cookie_by_reading(browsers, demo_newsroom):
    window = browsers.window()
    for _ in crawl(window, demo_newsroom.site + "/en/"):
        assert window.context.cookies() == []
