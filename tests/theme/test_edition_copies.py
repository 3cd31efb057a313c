"""What an edition carries of each page: readable from a folder, without a network and without its readers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from nashra.edition.copies import NotForCarrying, edition_copy
from nashra.edition.paths import page_path
from nashra.theme.rendering import render
from tests.theme import samples

CARRIED = (
    *("story", "story-conversation", "story-closed", "story-bare", "story-photo-without-files"),
    *("front-door", "home", "section", "month", "topic", "person", "policy", "about", "corrections"),
    *("notice-gone", "verify", "mirrors"),
)
ADDRESSES = {"front-door": "/", "verify": "/verify/", "mirrors": "/mirrors/"}

every_copy = pytest.mark.parametrize(
    ("language", "kind"), [(language, kind) for language in samples.LANGUAGES for kind in CARRIED]
)


def address_of(language: str, kind: str) -> str:
    return ADDRESSES.get(kind, samples.story(language).address)


def copied(language: str, kind: str) -> str:
    page = render(samples.every_page(language)[kind])
    return edition_copy(page, address_of(language, kind)).decode()


@every_copy
def test_a_copy_holds_nothing_that_runs_or_sends(language: str, kind: str) -> None:
    text = copied(language, kind)
    assert not re.search(r"<(script|form|button|input|textarea|template)\b", text)
    assert "/readers/" not in text
    assert "feed.xml" not in text
    assert not re.search(r'\s(?:src|srcset|href)="/', text)


@pytest.mark.parametrize("language", samples.LANGUAGES)
def test_a_copy_of_a_story_keeps_its_words_and_drops_its_readers(language: str) -> None:
    text = copied(language, "story-conversation")
    assert samples.HEADLINES[language][0] in text
    assert samples.CAPTIONS[language] in text
    assert samples.COMMENTS[language][0] not in text
    assert samples.COMMENTS[language][1] not in text


@pytest.mark.parametrize("language", samples.LANGUAGES)
def test_comments_and_votes_change_no_byte_of_a_copy(language: str) -> None:
    assert copied(language, "story") == copied(language, "story-conversation")
    assert copied(language, "story") == copied(language, "story-closed")


@pytest.mark.parametrize("kind", ["form", "preview", "receipt-form"])
def test_a_page_of_forms_has_no_copy(kind: str) -> None:
    page = render(samples.every_page("en")[kind])
    with pytest.raises(NotForCarrying):
        edition_copy(page, "/en/form/")


@pytest.fixture
def offline(chromium: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A window without a network and without scripts, and whatever it asks for."""
    context = chromium.new_context(offline=True, java_script_enabled=False)
    asked: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    yield page, asked
    context.close()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_copy_opens_from_a_folder_with_its_photo_and_its_style(
    offline: tuple[Page, list[str]], tmp_path: Path, language: str
) -> None:
    window, asked = offline
    story = samples.story(language)
    file = tmp_path / page_path(story.address)
    file.parent.mkdir(parents=True)
    text = copied(language, "story")
    file.write_text(text, encoding="utf-8")
    for name in set(re.findall(r"photos/([^\s\",]+)", text)):
        photo = tmp_path / "photos" / unquote(name)
        photo.parent.mkdir(exist_ok=True)
        # A browser goes by what is in a file, whatever its name; and a picture must be as wide as it says.
        Image.new("RGB", (960, 640), "gray").save(photo, "PNG")
    window.goto(file.as_uri())
    assert window.locator("h1").inner_text().strip() == story.headline
    assert all(url.startswith((tmp_path.as_uri(), "data:")) for url in asked)
    assert any("/photos/" in url for url in asked)
    widths = window.locator("article img").evaluate_all("all => all.map(each => each.naturalWidth)")
    assert widths
    assert all(widths)
    # The page's own style is let through by its hash.
    assert window.locator("a.skip").evaluate("each => getComputedStyle(each).position") == "absolute"


def test_a_copy_leads_from_file_to_file(offline: tuple[Page, list[str]], tmp_path: Path) -> None:
    window, _asked = offline
    for kind, address in (("story", samples.story("en").address), ("home", "/en/")):
        file = tmp_path / page_path(address)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(edition_copy(render(samples.every_page("en")[kind]), address))
    window.goto((tmp_path / page_path(samples.story("en").address)).as_uri())
    window.locator("header .nameplate a").click()
    assert window.url == (tmp_path / "en" / "index.html").as_uri()
