"""Moderators at work in a real browser: by keyboard alone, without scripts, on a phone, in Arabic."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from wagtail.users.models import UserProfile

from nashra.readers import reports
from nashra.readers.models import Comment, Thread
from tests.axe import axe_finds_nothing
from tests.journeys.watched import origin
from tests.outside.conftest import outside
from tests.readers.conftest import make_moderator, make_thread
from tests.readers.queue_desk import standing, waiting

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "readers"]),
]

__all__ = ["outside"]

PHONE = {"width": 360, "height": 740}
# The letters that these keys write under an Arabic layout.
ARABIC_LETTERS = {"KeyJ": "ت", "KeyK": "ن", "KeyA": "ش", "KeyR": "ق", "KeyU": "ع"}


@pytest.fixture(scope="module", autouse=True)
def _rows_beside_the_browser() -> Iterator[None]:
    """Let this thread ask for rows although Playwright keeps a loop in it: it waits for each of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


class Desk:
    """A moderator's browser at the desk that this process serves."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser = browser
        self.address = address
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []
        self.strays: list[str] = []

    def window(
        self, user: User, *, scripts: bool = True, viewport: dict[str, int] | None = None, **look: Any
    ) -> Page:
        """A window in which somebody is logged in."""
        client = Client()
        client.force_login(user)
        context = self._browser.new_context(
            java_script_enabled=scripts, viewport=viewport or {"width": 1280, "height": 900}, **look
        )
        context.set_default_timeout(20_000)
        cookie = client.cookies["nashra_desk"]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address}])
        context.on("request", lambda request: self._look_at(request.url))
        context.on("console", lambda said: self._listen(said.type, said.text))
        context.on("weberror", lambda fault: self.complaints.append(str(fault.error)))
        context.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self._contexts.append(context)
        return context.new_page()

    def open(self, page: Page, path: str = "/comments/") -> None:
        page.goto(self.address + path)

    def close(self) -> None:
        """Close every window; whatever the browser complained of fails the test."""
        for context in self._contexts:
            context.close()
        assert self.complaints == []
        assert self.strays == []

    def _look_at(self, url: str) -> None:
        if not url.startswith(("data:", "blob:")) and origin(url) != self.address:
            self.strays.append(url)

    def _listen(self, kind: str, text: str) -> None:
        # A form that is sent back with its faults has a status of its own, and the browser notes it down.
        if kind == "error" and "status of 422" not in text:
            self.complaints.append(text)


@pytest.fixture
def desk(chromium: Browser, live_server: Any) -> Iterator[Desk]:
    """The desk's browsers."""
    made = Desk(chromium, live_server.url)
    yield made
    made.close()


@pytest.fixture
def story() -> Thread:
    """A story with a thread."""
    return make_thread()


@pytest.fixture
def maryam() -> User:
    """A moderator."""
    return make_moderator("maryam")


def speaks(user: User, language: str) -> User:
    """Let the desk speak a language to somebody."""
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})
    return user


def state_of(comment: Comment) -> str:
    return Comment.objects.values_list("state", flat=True).get(pk=comment.pk)


def with_focus(page: Page, comment: Comment) -> None:
    """The frame is around a comment."""
    expect(page.locator(f"#comment-{comment.public_id}")).to_be_focused()


def type_by_place(page: Page, code: str, layout: dict[str, str]) -> None:
    """Press a key as a keyboard of some layout does: what it writes, and where it lies."""
    page.evaluate(
        """([code, key]) => document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", {code, key, bubbles: true, cancelable: true}))""",
        [code, layout.get(code, code[-1].lower())],
    )


def no_wider_than_the_page(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    too_wide = """() => [...document.querySelectorAll("main *")].filter((each) => {
        const box = each.getBoundingClientRect();
        return box.width > 2 && (box.right > innerWidth + 1 || box.left < -1) && each.checkVisibility();
    }).map((each) => each.outerHTML.slice(0, 120))"""
    assert page.evaluate(too_wide) == []


@pytest.mark.parametrize("layout", [{}, ARABIC_LETTERS], ids=["latin", "arabic"])
def test_a_moderator_decides_and_undoes_by_keyboard_alone(
    desk: Desk, story: Thread, maryam: User, layout: dict[str, str]
) -> None:
    first, second, third = (waiting(story, f"Words of reader {n}.") for n in range(3))
    page = desk.window(maryam)
    desk.open(page)
    press = {"J": "KeyJ", "K": "KeyK", "A": "KeyA", "R": "KeyR", "U": "KeyU"}

    def key(name: str) -> None:
        type_by_place(page, press[name], layout)

    key("J")
    with_focus(page, first)
    key("J")
    with_focus(page, second)
    key("A")
    with_focus(page, third)
    expect(page.locator("[data-just-now]")).to_contain_text("Words of reader 1.")
    assert state_of(second) == "approved"
    key("R")
    with_focus(page, first)
    assert state_of(third) == "rejected"
    key("U")
    with_focus(page, third)
    assert state_of(third) == "waiting"
    key("K")
    with_focus(page, first)
    expect(page.locator("#queue-said")).to_contain_text("the comment waits again")


def test_the_keys_rest_in_a_field_with_a_modifier_and_when_they_are_switched_off(
    desk: Desk, story: Thread, maryam: User
) -> None:
    comment = waiting(story, "Words of a reader.")
    page = desk.window(maryam)
    desk.open(page)
    page.locator(".queue-find summary").click()
    page.locator("#queue-words").press_sequentially("jar?")
    expect(page.locator("#queue-words")).to_have_value("jar?")
    page.locator("#queue-words").fill("")
    page.locator(f"#comment-{comment.public_id}").focus()
    for chord in ("Control+a", "Alt+r", "Meta+a", "Shift+A"):
        page.keyboard.press(chord)
    page.locator("select[name=told]").focus()
    page.keyboard.press("r")
    switch = page.get_by_role("checkbox", name="Decide by keys")
    switch.focus()
    page.keyboard.press("Space")
    for _visit in range(2):
        expect(switch).not_to_be_checked()
        page.locator(f"#comment-{comment.public_id}").focus()
        page.keyboard.press("a")
        page.keyboard.press("Shift+Slash")
        expect(page.locator("#queue-keys-list")).not_to_be_visible()
        page.reload()
    assert state_of(comment) == "waiting"
    switch.check()
    page.reload()
    expect(switch).to_be_checked()
    page.locator(f"#comment-{comment.public_id}").focus()
    page.keyboard.press("a")
    expect(page.locator("[data-just-now]")).to_be_visible()
    assert state_of(comment) == "approved"


def test_a_question_mark_tells_the_keys_and_none_decides_behind_the_list(
    desk: Desk, story: Thread, maryam: User
) -> None:
    comment = waiting(story, "Words of a reader.")
    page = desk.window(maryam)
    desk.open(page)
    page.keyboard.press("j")
    with_focus(page, comment)
    page.keyboard.press("?")
    listed = page.get_by_role("dialog", name="Keys")
    expect(listed).to_be_visible()
    expect(listed.locator("kbd")).to_have_text(["J", "K", "A", "R", "U", "?"])
    axe_finds_nothing(page, within="#queue-keys-list")
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    expect(listed).not_to_be_visible()
    with_focus(page, comment)
    assert state_of(comment) == "waiting"
    # Wagtail's own list of keys stays closed.
    assert page.locator(".w-dialog:not([aria-hidden])").count() == 0


def test_what_was_decided_counts_down_and_then_cannot_be_undone(
    desk: Desk, story: Thread, maryam: User, settings: Any
) -> None:
    settings.NASHRA_UNDO_S, settings.NASHRA_APPROVAL_BATCH_S = 4, 1
    comment = waiting(story, "Words of a reader.")
    page = desk.window(maryam)
    desk.open(page)
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.locator(".queue-left").first).to_have_text("(1)", timeout=8_000)
    expect(page.locator("[data-just-now]")).to_have_count(0)
    expect(page.get_by_text("Nothing waits for you.")).to_be_visible()
    assert state_of(comment) == "approved"


def test_a_newsroom_answer_is_sent_and_taken_back_with_its_words(
    desk: Desk, story: Thread, maryam: User
) -> None:
    comment = standing(story, "When does it leave?", maryam)
    page = desk.window(maryam)
    desk.open(page, "/comments/?state=approved")
    page.get_by_text("Answer…").click()
    page.get_by_label("Answer", exact=True).fill("At nine.")
    page.get_by_role("button", name="Send the answer").click()
    with_focus(page, comment)
    expect(page.locator("[data-just-now]")).to_contain_text("At nine.")
    page.locator("[data-just-now]").get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Answer", exact=True)).to_have_value("At nine.")
    axe_finds_nothing(page, within=".queue-page")
    assert not Comment.objects.filter(is_staff=True).exists()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_many_are_chosen_looked_at_again_and_decided(
    desk: Desk, story: Thread, maryam: User, scripts: bool
) -> None:
    comments = [waiting(story, f"Words of reader {n}.") for n in range(4)]
    page = desk.window(maryam, scripts=scripts)
    desk.open(page)
    if scripts:
        page.get_by_role("checkbox", name="All on this page").check()
        expect(page.locator("[data-chosen-count]")).to_have_text("4")
        page.locator("input[name=chosen]").nth(3).uncheck()
        expect(page.locator("[data-chosen-count]")).to_have_text("3")
    else:
        expect(page.get_by_role("checkbox", name="All on this page")).not_to_be_visible()
        for box in page.locator("input[name=chosen]").all()[:3]:
            box.check()
    page.get_by_role("button", name="Reject the chosen…").click()
    expect(page.locator("article")).to_have_count(3)
    page.locator("select[name=told-en]").select_option(index=5)
    page.get_by_role("button", name="Reject them").click()
    expect(page.locator(".messages")).to_contain_text("3 comments are rejected.")
    assert [state_of(comment) for comment in comments] == ["rejected"] * 3 + ["waiting"]
    assert Comment.objects.exclude(told="").count() == 3
    page.locator("[data-just-now] summary").click()
    page.get_by_role("button", name="Undo all 3").click()
    expect(page.locator("article")).to_have_count(4)


def test_with_scripts_off_one_decides_undoes_and_erases(desk: Desk, story: Thread, maryam: User) -> None:
    first, second = (waiting(story, f"Words of reader {n}.") for n in range(2))
    page = desk.window(maryam, scripts=False, viewport=PHONE)
    desk.open(page)
    page.locator(f"#comment-{first.public_id}").get_by_role("button", name="Approve").click()
    assert page.url.endswith(f"#comment-{second.public_id}")
    just_now = page.locator("[data-just-now]")
    expect(just_now).to_contain_text("Words of reader 0.")
    just_now.get_by_role("button", name="Undo").click()
    expect(page.locator("article")).to_have_count(2)
    assert state_of(first) == "waiting"
    page.locator(f"#comment-{second.public_id}").get_by_role("link", name="Erase…").click()
    page.get_by_role("button", name="Erase for good").click()
    expect(page.locator("article")).to_have_count(1)
    expect(page.get_by_text("everything on this page works")).to_be_visible()
    expect(page.get_by_text("JavaScript is required")).not_to_be_visible()
    assert list(Comment.objects.all()) == [first]


def full_queue(story: Thread, moderator: User) -> Comment:
    """One of everything that the queue can show; gives a comment with a history."""
    stands = standing(story, "Stands, and readers object.", moderator)
    for kind in ("threat", "exposes"):
        reports.report(public_id=stands.public_id, kind=kind)
    waiting(story, "A reply, with www.lumen.example in it.", answers=stands.public_id)
    waiting(story, "A reply to what is gone.", answers="gone")
    waiting(make_thread("arab1c", language="ar", headline="العبّارة تعود"), "خبر جميل" * 20)
    waiting(story, "Hidden \U000e0067 and " + "long" * 80, name="Donaudampfschifffahrtsgesellschaft" * 2)
    Thread.objects.filter(pk=story.pk).update(frozen=True)
    return stands


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("look", ["wide", "phone in the dark"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_page(
    desk: Desk, story: Thread, maryam: User, language: str, look: str
) -> None:
    """Our part of each page; the menu and the header around it are Wagtail's."""
    stands = full_queue(story, maryam)
    is_phone = look != "wide"
    page = desk.window(
        speaks(maryam, language),
        viewport=PHONE if is_phone else None,
        color_scheme="dark" if is_phone else "light",
    )
    own = f"/comments/{stands.public_id}/"
    for path in (
        "/comments/",
        "/comments/?state=approved",
        "/comments/?headline=ferry&words=words",
        "/comments/reasons/",
        "/comments/log/",
        f"{own}history/",
        f"{own}erase/",
        f"{own}answer/",
    ):
        desk.open(page, path)
        assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        page.evaluate("document.querySelectorAll('.queue-page details').forEach((each) => each.open = true)")
        axe_finds_nothing(page, within=".queue-page")
        no_wider_than_the_page(page)
    desk.open(page)
    page.locator("[data-key=approve]").nth(1).click()
    expect(page.locator("[data-just-now]")).to_be_visible()
    axe_finds_nothing(page, within=".queue-page")
    no_wider_than_the_page(page)
    page.locator("input[name=chosen]").first.check()
    page.locator("#queue-chosen button.no").click()
    expect(page.locator("article")).to_have_count(1)
    axe_finds_nothing(page, within=".queue-page")
    no_wider_than_the_page(page)


def test_naughty_strings_run_nothing_and_leave_their_neighbours_as_they_are(
    desk: Desk, story: Thread, maryam: User, outside: Path
) -> None:
    naughty = json.loads((outside / "outside" / "naughty" / "blns.json").read_text(encoding="utf-8"))
    strings = [text.encode(errors="replace").decode().replace("\x00", "") for text in naughty]
    Comment.objects.bulk_create(
        Comment(
            public_id=f"n{number}",
            thread=story,
            name=text[:80],
            text=text,
            day="2026-11-03",
            nonce=f"n{number}",
            fingerprint="",
        )
        for number, text in enumerate(strings)
    )
    page = desk.window(maryam, viewport=PHONE)
    shown = 0
    for number in range(1, len(strings) // 50 + 2):
        desk.open(page, f"/comments/?page={number}")
        no_wider_than_the_page(page)
        shown += page.locator("article").count()
        turned = page.evaluate(
            """() => [...document.querySelectorAll("article, .queue-verbs, .queue-facts")]
                .filter((each) => getComputedStyle(each).direction !== "ltr").length"""
        )
        assert turned == 0
    assert shown == len(strings)
