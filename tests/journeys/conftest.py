"""Newsrooms that are really served, and browsers that tell what they asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.databases import Ground
from tests.journeys.served import ServedNewsroom
from tests.journeys.watched import WatchedBrowser
from tests.system import browser as system_browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, for the tests of one module."""
    # Chromium's own sandbox does not start for root, and these pages are our own.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_browser(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def browsers(chromium) -> Iterator[WatchedBrowser]:
    """Opens windows, and keeps account of every request that they make."""
    watched = WatchedBrowser(chromium)
    yield watched
    watched.close()


def _newsroom(ground: Ground, folder) -> ServedNewsroom:
    home = folder / "newsroom"
    home.mkdir()
    return ServedNewsroom(home, ground.new_database_addresses(home))


@pytest.fixture(scope="module")
def served_newsroom(test_ground, tmp_path_factory) -> Iterator[ServedNewsroom]:
    """An empty newsroom in English and Arabic, served by ``nashra serve``."""
    newsroom = _newsroom(test_ground, tmp_path_factory.mktemp("served"))
    newsroom.found("en", "ar")
    newsroom.start()
    yield newsroom
    assert newsroom.stop() == 0, newsroom.log()


@pytest.fixture(scope="module")
def demo_newsroom(test_ground, tmp_path_factory) -> Iterator[ServedNewsroom]:
    """The demo newsroom, served by ``nashra demo``."""
    newsroom = _newsroom(test_ground, tmp_path_factory.mktemp("demo"))
    newsroom.start("demo")
    yield newsroom
    assert newsroom.stop() == 0, newsroom.log()
