"""A reader speaks, is answered, reported, and erases what was said: scripts on and off, in two languages."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from nashra.theme.language import translate
from tests.axe import axe_finds_nothing
from tests.journeys.newsroom_desk import Desk
from tests.journeys.reader import PRESS_TIMEOUT_S, Reader
from tests.journeys.served import ServedNewsroom

pytestmark = pytest.mark.journey

WORDS = {
    "en": "The lamp on the pier was lit again at dusk: qx{}.",
    "ar": "أُضيء مصباح الرصيف من جديد عند الغروب: qx{}.",
}
CHANGED = {"en": "It was lit an hour before dusk: qx{}.", "ar": "بل أُضيء قبل الغروب بساعة: qx{}."}
REPLY = {"en": "I saw it from the weir: qy{}.", "ar": "رأيته من عند السدّ: qy{}."}


class Speaker(Reader):
    """A reader in one language, who sees what its pages say."""

    def __init__(self, page: Page, newsroom: ServedNewsroom, language: str, *, scripts: bool) -> None:
        super().__init__(page, newsroom)
        self.language = language
        self.has_scripts = scripts

    def finds_nothing_amiss(self, within: str) -> None:
        """Have axe look at a part of the page; it is a script, and waits for ever where these are off."""
        if self.has_scripts:
            axe_finds_nothing(self.page, within=within)

    def say(self, english: str) -> str:
        return translate(self.language, english)

    def click(self, english: str) -> None:
        self.page.get_by_role("button", name=self.say(english), exact=True).click()

    def sees(self, english: str) -> None:
        expect(self.page.get_by_text(self.say(english)).first).to_be_visible()

    def fill(self, name: str, text: str) -> None:
        self.page.locator("form.comment-form [name=name]").fill(name)
        self.page.locator("form.comment-form [name=text]").fill(text)

    def look(self) -> None:
        self.click("See how it will look")

    def send(self) -> str:
        """Send the previewed comment; gives the receipt."""
        self.click("Send the comment")
        self.sees("Thank you: your comment is with us")
        return self.page.locator(".receipt code").inner_text()

    def show(self, receipt: str) -> None:
        self.open(f"/{self.language}/receipt/")
        self.page.locator("#own-receipt").fill(receipt)
        self.click("Show my comment")


class Moderator(Desk):
    """A moderator who touches nothing but keys, once logged in."""

    def find(self, words: str, state: str = "waiting") -> None:
        self.open(f"/comments/?state={state}&words={words}")

    def decide(self, words: str, key: str) -> None:
        self.find(words)
        self.page.keyboard.press("j")
        expect(self.page.locator("article.queue-comment").first).to_be_focused()
        self.page.keyboard.press(key)
        expect(self.page.locator("#queue article.queue-comment", has_text=words)).to_have_count(0)

    def undo(self, words: str) -> None:
        self.page.keyboard.press("u")
        expect(self.page.locator("#queue article.queue-comment", has_text=words)).to_have_count(1)


def story_with_comments(newsroom: ServedNewsroom, language: str) -> str:
    """The address of the demo's story with the most comments in a language."""
    _head, *lines, _end = json.loads(newsroom.nashra("comments", "export", "--language", language))
    addresses = Counter(each["address"] for each in lines if each["kind"] == "comment")
    return max(addresses, key=lambda each: addresses[each])


def until(is_so: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PRESS_TIMEOUT_S
    while not is_so():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


def files_with(folder: Path, words: str) -> list[str]:
    return [str(file) for file in folder.rglob("*.html") if words.encode() in file.read_bytes()]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_a_reader_says_is_read_answered_reported_and_erased(browsers, demo_newsroom, language, scripts):
    mark = f"{language}{int(scripts)}"
    address = story_with_comments(demo_newsroom, language)
    lina = Speaker(browsers.window(scripts=scripts), demo_newsroom, language, scripts=scripts)
    omar = Speaker(browsers.window(scripts=scripts), demo_newsroom, language, scripts=scripts)
    desk = Moderator(browsers.window(), demo_newsroom)
    desk.log_in()

    # Too much comes back whole; what fits is previewed, sent, and known by its receipt alone.
    lina.open(address)
    lina.fill("Lina", "ا" * 1501)
    lina.look()
    lina.sees("This comment is too long. Please shorten it.")
    assert len(lina.page.locator("form.comment-form [name=text]").input_value()) == 1501
    words, changed, reply = (each[language].format(mark) for each in (WORDS, CHANGED, REPLY))
    lina.fill("Lina", words)
    lina.look()
    expect(lina.page.locator("blockquote.preview")).to_contain_text(words)
    lina.finds_nothing_amiss("main")
    receipt = lina.send()

    # Other words, by the receipt.
    lina.show(receipt)
    lina.sees("It waits until a person of ours has read it.")
    lina.click("Change the words")
    lina.page.locator("form.comment-form [name=text]").fill(changed)
    lina.click("Save these words")
    expect(lina.page.locator("blockquote.preview")).to_contain_text(changed)

    # A moderator rejects it by mistake, takes that back, and approves it: by keys.
    code = f"qx{mark}"
    desk.decide(code, "r")
    desk.undo(code)
    desk.decide(code, "a")
    lina.wait_for(address, text=changed)

    # Somebody answers, somebody reports.
    omar.open(address)
    item = omar.page.locator("ol.comments > li", has_text=changed)
    item.get_by_role("button", name=omar.say("Reply")).click()
    expect(omar.page.locator("blockquote.preview").first).to_contain_text(changed)
    omar.fill("Omar", reply)
    omar.look()
    answer_receipt = omar.send()
    desk.decide(f"qy{mark}", "a")
    omar.wait_for(address, text=reply)
    below = omar.page.locator("ol.comments > li", has_text=reply)
    expect(below.locator(".answers")).to_contain_text("Lina")
    omar.finds_nothing_amiss(".after")
    lina.show(receipt)
    expect(lina.page.locator("ol.comments")).to_contain_text(reply)
    lina.finds_nothing_amiss("main")
    omar.open(address)
    item = omar.page.locator("ol.comments > li", has_text=changed)
    item.get_by_role("button", name=omar.say("Report")).click()
    omar.finds_nothing_amiss("main")
    omar.page.locator("#kind-exposes").check()
    omar.click("Report it")
    omar.sees("Thank you: we look at it again")
    omar.finds_nothing_amiss("main")
    desk.decide(code, "a")
    omar.wait_for(address, text=changed)

    # Many others speak; the page leads to an older one, which holds the words now.
    file = demo_newsroom.home / f"crowd-{mark}.json"
    exported = json.loads(demo_newsroom.nashra("comments", "export", "--language", language))
    file.write_text(json.dumps(crowd(exported, address, mark)), encoding="utf-8")
    demo_newsroom.nashra("comments", "import", "--from", "nashra", str(file))
    lina.wait_for(address, text=lina.say("Older comments"))
    site = demo_newsroom.home / "var" / "site"
    until(lambda: any("/comments/" in each for each in files_with(site, changed)), "no older page holds it")
    lina.page.get_by_role("link", name=lina.say("Older comments")).first.click()
    lina.finds_nothing_amiss("main")

    # Erased: gone from both pages, the desk's search, the export, and a press of everything.
    lina.show(receipt)
    lina.click("Erase it…")
    lina.click("Erase it for good")
    lina.sees("Your comment is erased")
    until(lambda: files_with(site, changed) == [], "a page still holds erased words")
    lina.show(receipt)
    lina.sees("No comment is kept under this receipt. Either it was never sent, or it has been erased.")
    for state in ("waiting", "approved", "rejected"):
        desk.find(code, state)
        expect(desk.page.locator("article.queue-comment", has_text=code)).to_have_count(0)
    assert code not in demo_newsroom.nashra("comments", "export", "--all-states")
    demo_newsroom.nashra("press", "--full")
    assert files_with(site, changed) == []
    omar.show(answer_receipt)
    omar.sees("It stands under the story.")
    assert browsers.strays == []
    assert browsers.complaints == []


def crowd(exported: list[dict], address: str, mark: str) -> list[dict]:
    """Sixty comments on one story, as another newsroom's export would hold them."""
    head, *lines, end = exported
    story = next(each for each in lines if each["kind"] == "story" and each["address"] == address)
    like = next(each for each in lines if each["kind"] == "comment" and each["address"] == address)
    like |= {"name": "Crowd", "answers": None, "is_staff": False, "is_pick": False}
    many = [
        {**like, "id": f"crowd{mark}{number}", "text": f"One of many: {number}.", "position": number + 1}
        for number in range(60)
    ]
    return [head, story, *many, {**end, "stories": 1, "comments": 60}]
