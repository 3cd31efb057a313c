"""A reader who writes comments from a bad line, told as they would tell it."""

from __future__ import annotations

import json
import secrets

from playwright.sync_api import Locator, Page, expect

from nashra.theme.language import translate
from tests.journeys.served import ServedNewsroom

COUNT = """
from nashra.readers.models import Comment
print("rows:", Comment.objects.filter(text={text!r}).count())
"""


def rows(newsroom: ServedNewsroom, text: str) -> int:
    """How many comments with these words the newsroom holds."""
    printed = newsroom.nashra("manage", "shell", "-v0", "-c", COUNT.format(text=text))
    return int(printed.rpartition("rows:")[2])


def new(text: str) -> str:
    """The text with a word that no other comment has."""
    return f"{text} ({secrets.token_hex(4)})"


def story_address(page: Page, newsroom: ServedNewsroom, language: str = "en", number: int = 0) -> str:
    page.goto(f"{newsroom.site}/{language}/")
    links = page.locator("main .card h2 a, main .card h3 a")
    address = links.nth(number % links.count()).get_attribute("href")
    assert address
    return address


class Writer:
    """A reader who writes from a bad line, in one window."""

    def __init__(self, page: Page, newsroom: ServedNewsroom, language: str = "en", number: int = 0) -> None:
        self.page, self.site, self.language = page, newsroom.site, language
        self.address = story_address(page, newsroom, language, number)
        self.open()

    def said(self, sentence: str) -> str:
        return translate(self.language, sentence)

    def open(self, address: str = "") -> None:
        self.page.goto(self.site + (address or self.address))

    def lose_the_line(self) -> None:
        self.page.context.set_offline(True)

    def find_a_line(self) -> None:
        self.page.context.set_offline(False)

    def button(self, sentence: str) -> Locator:
        return self.page.get_by_role("button", name=self.said(sentence), exact=True)

    def write(self, text: str, name: str = "Nur") -> None:
        self.page.locator("#name").fill(name)
        self.page.locator("#text").fill(text)

    def preview(self) -> None:
        self.button("See how it will look").click()

    def keep(self) -> None:
        expect(
            self.page.get_by_text(
                self.said(
                    "Keep it on this device until there is a line? Whoever has this device can read it."
                )
            )
        ).to_be_visible()
        assert self.kept() == []
        self.button("Keep it here").click()
        assert len(self.kept()) > 0

    def kept(self) -> list[dict[str, str]]:
        held = self.page.evaluate("localStorage.getItem('nashra-postbox')")
        return [dict(each["fields"]) for each in json.loads(held or "[]")]

    def is_asked(self) -> None:
        question = self.said("You have a line. Send your comment, which is kept on this device?")
        expect(self.page.get_by_role("status").filter(has_text=question)).to_be_visible()

    def is_asked_nothing(self) -> None:
        expect(self.page.locator("div.postbox")).to_have_count(0)

    def is_thanked(self) -> None:
        expect(
            self.page.get_by_role("heading", name=self.said("Thank you: your comment is with us"))
        ).to_be_visible()
