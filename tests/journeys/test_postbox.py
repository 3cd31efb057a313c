"""A comment that finds no line is kept on the reader's word alone, and sent on another: once, never lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.axe import axe_finds_nothing
from tests.journeys.writer import Writer, new, rows, story_address

pytestmark = [pytest.mark.journey, pytest.mark.same_on_every_database]

SET_OPEN = """
from nashra.readers.models import Thread
Thread.objects.filter(address={address!r}).update(is_open={is_open!r})
"""
COPY_NINETEEN_TIMES = """() => {
    const [one] = JSON.parse(localStorage.getItem("nashra-postbox"));
    const copies = [...Array(20).keys()].map(number => ({
        id: one.id + number,
        fields: one.fields.map(([name, value]) => [name, value.replace(", 0.", `, ${number}.`)]),
    }));
    localStorage.setItem("nashra-postbox", JSON.stringify(copies));
}"""
LANGUAGES = pytest.mark.parametrize("language", ["en", "ar", "fa"])


@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_in_what_it_asks(browsers, demo_newsroom, language) -> None:
    writer = Writer(browsers.window(), demo_newsroom, language)
    writer.write("Looked at by axe.")
    writer.lose_the_line()
    writer.preview()
    expect(writer.button("Keep it here")).to_be_visible()
    axe_finds_nothing(writer.page, within="#comments")
    writer.keep()
    axe_finds_nothing(writer.page, within="#comments")
    writer.find_a_line()
    writer.open()
    writer.is_asked()
    axe_finds_nothing(writer.page, within=".offer")


@pytest.fixture
def writer(browsers, demo_newsroom) -> Writer:
    return Writer(browsers.window(), demo_newsroom)


@LANGUAGES
def test_what_was_kept_off_line_is_sent_once_and_only_when_told(browsers, demo_newsroom, language) -> None:
    writer = Writer(browsers.window(), demo_newsroom, language)
    text = new(f"Kept for a line, in {language}.\n\nعن المرفأ.")
    writer.write(text)
    headline = writer.page.locator("article.story h1").inner_text()
    writer.lose_the_line()
    writer.preview()
    writer.keep()
    assert writer.kept()[0]["text"].replace("\r\n", "\n") == text

    writer.find_a_line()
    asked_before = len(browsers.asked)
    writer.is_asked()
    writer.open(story_address(writer.page, demo_newsroom, language, number=1))
    posts: list[str] = []
    writer.page.on("request", lambda request: posts.append(request.method))
    writer.page.reload()
    writer.is_asked()
    writer.page.wait_for_timeout(500)
    assert "POST" not in posts, "nothing is sent before the reader says so"
    assert len(browsers.asked) > asked_before
    assert rows(demo_newsroom, text) == 0
    expect(writer.page.locator(".offer .preview")).to_contain_text("عن المرفأ.")
    # It stands on another story's page now, and says for which it was written.
    assert writer.page.locator(".offer .headline-kept").inner_text() == headline
    writer.button("Send").click()
    writer.is_thanked()
    assert writer.kept() == []
    assert rows(demo_newsroom, text) == 1
    writer.page.reload()
    writer.is_asked_nothing()
    assert browsers.strays == []
    assert browsers.complaints == []


def test_what_was_kept_at_the_confirming_step_answers_as_the_first_did(writer, demo_newsroom) -> None:
    text = new("Kept when all but sent.")
    writer.write(text)
    writer.preview()
    expect(writer.button("Send the comment")).to_be_visible()
    receipt = writer.page.locator(".receipt code").inner_text()
    # The post arrives; its answer is lost.
    writer.page.route("**/readers/comment", lambda route: (route.fetch(), route.abort()))
    writer.button("Send the comment").click()
    writer.keep()
    writer.page.unroute("**/readers/comment")
    assert writer.kept()[0]["receipt"] == receipt
    assert writer.kept()[0]["token"]
    assert rows(demo_newsroom, text) == 1

    writer.open()
    writer.is_asked()
    writer.button("Send").click()
    writer.is_thanked()
    assert writer.page.locator(".offer .receipt code").inner_text() == receipt
    assert rows(demo_newsroom, text) == 1
    assert writer.kept() == []


def test_nothing_is_kept_without_a_yes(writer) -> None:
    writer.write("Not to be kept.")
    writer.lose_the_line()
    writer.preview()
    writer.button("Do not keep it").click()
    writer.is_asked_nothing()
    assert writer.page.evaluate("localStorage.length") == 0
    assert writer.page.locator("#text").input_value() == "Not to be kept."
    writer.preview()
    expect(writer.button("Keep it here")).to_be_visible()
    writer.find_a_line()
    writer.preview()
    expect(writer.button("Send the comment")).to_be_visible()
    assert writer.page.evaluate("localStorage.length") == 0


@pytest.mark.parametrize("is_reloaded", [False, True])
def test_forget_removes_it_at_once(writer, demo_newsroom, is_reloaded) -> None:
    text = new("To be forgotten.")
    writer.write(text)
    writer.lose_the_line()
    writer.preview()
    writer.keep()
    expect(writer.page.locator(":focus")).to_contain_text("kept on this device")
    if is_reloaded:
        writer.find_a_line()
        writer.open()
        writer.is_asked()
    writer.button("Forget it").click()
    assert writer.page.evaluate("localStorage.length") == 0
    writer.is_asked_nothing()
    writer.find_a_line()
    writer.open()
    writer.is_asked_nothing()
    assert rows(demo_newsroom, text) == 0


def test_several_are_handled_one_after_another_up_to_twenty(writer, demo_newsroom) -> None:
    text = new("One of many")
    writer.write(f"{text}, 0.")
    writer.lose_the_line()
    writer.preview()
    writer.keep()
    writer.page.evaluate(COPY_NINETEEN_TIMES)
    assert [each["text"] for each in writer.kept()] == [f"{text}, {number}." for number in range(20)]
    writer.find_a_line()
    writer.open()
    writer.lose_the_line()
    writer.write("One too many.")
    writer.preview()
    expect(writer.page.get_by_role("alert")).to_contain_text("It is still here")
    expect(writer.button("Keep it here")).to_have_count(0)

    writer.find_a_line()
    writer.open()
    for number in range(2):
        offer = writer.page.locator(".offer", has_text=f"{text}, {number}.")
        offer.get_by_role("button", name="Send", exact=True).click()
        thanks = writer.page.get_by_role("heading", name="Thank you: your comment is with us")
        expect(thanks).to_have_count(number + 1)
        assert rows(demo_newsroom, f"{text}, {number}.") == 1
    for left in range(18, 0, -1):
        assert len(writer.kept()) == left
        writer.button("Forget it").click()
    assert writer.page.evaluate("localStorage.length") == 0


def test_what_is_kept_for_a_closed_story_comes_back_and_is_not_lost(writer, demo_newsroom) -> None:
    text = new("For a story that closes meanwhile.")
    writer.write(text)
    writer.lose_the_line()
    writer.preview()
    writer.keep()
    writer.find_a_line()
    change = {"address": writer.address}
    demo_newsroom.nashra("manage", "shell", "-v0", "-c", SET_OPEN.format(**change, is_open=False))
    writer.open()
    writer.button("Send").click()
    offer = writer.page.locator(".offer")
    expect(offer.get_by_role("alert")).to_contain_text("closed")
    expect(offer.get_by_role("textbox", name="Comment")).to_have_value(text)
    assert writer.page.evaluate("new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size") == (
        writer.page.locator("[id]").count()
    ), "no name stands twice on the page"
    assert writer.kept()[0]["text"] == text
    demo_newsroom.nashra("manage", "shell", "-v0", "-c", SET_OPEN.format(**change, is_open=True))
    writer.open()
    writer.button("Send").click()
    writer.is_thanked()
    assert (rows(demo_newsroom, text), writer.kept()) == (1, [])


def test_two_windows_send_it_once(writer, demo_newsroom) -> None:
    text = new("In two windows.")
    writer.write(text)
    writer.lose_the_line()
    writer.preview()
    writer.keep()
    writer.find_a_line()
    writer.open()
    other = writer.page.context.new_page()
    other.goto(writer.page.url)
    # Both get their preview before either sends.
    held: list[Callable[[], None]] = []
    for page in (writer.page, other):
        page.route(
            "**/readers/comment",
            lambda route: (
                held.append(route.continue_)
                if "token" in (route.request.post_data or "")
                else route.continue_()
            ),
        )
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_role("heading", name="Your comment, as it will stand")).to_be_visible()
    codes = [page.locator(".offer .receipt code").inner_text() for page in (writer.page, other)]
    assert codes[0] == codes[1]
    # It is sent once a person could have read the preview.
    writer.page.wait_for_timeout(3_000)
    assert len(held) == 2
    for go_on in held:
        go_on()
    for page in (writer.page, other):
        expect(page.get_by_role("heading", name="Thank you: your comment is with us")).to_be_visible()
    assert rows(demo_newsroom, text) == 1
    assert writer.kept() == []


def test_what_another_window_sent_is_offered_here_no_more(writer) -> None:
    writer.write("Sent next door.")
    writer.lose_the_line()
    writer.preview()
    writer.keep()
    writer.find_a_line()
    writer.open()
    other = writer.page.context.new_page()
    other.goto(writer.page.url)
    other.get_by_role("button", name="Send", exact=True).click()
    expect(other.get_by_role("heading", name="Thank you: your comment is with us")).to_be_visible()
    writer.is_asked_nothing()


def test_a_browser_that_keeps_nothing_says_that_the_text_is_in_the_form(writer) -> None:
    writer.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no') }})"
    )
    writer.open()
    writer.write("Still here.")
    writer.lose_the_line()
    writer.preview()
    expect(writer.page.get_by_role("alert")).to_contain_text("It is still here")
    writer.is_asked_nothing()
    assert writer.page.locator("#text").input_value() == "Still here."


def test_a_saved_copy_keeps_nothing_and_says_where_to_send_from(writer, tmp_path: Path) -> None:
    saved = tmp_path / "story.html"
    saved.write_text(writer.page.request.get(writer.site + writer.address).text(), encoding="utf-8")
    writer.page.goto(saved.as_uri())
    writer.write("From a stick.")
    writer.preview()
    alert = writer.page.get_by_role("alert")
    expect(alert).to_contain_text("This copy of the page has no way to us")
    expect(alert).to_contain_text(writer.address)
    writer.is_asked_nothing()
    assert writer.page.locator("#text").input_value() == "From a stick."
    assert writer.page.evaluate("localStorage.length") == 0


def test_a_mirror_without_a_desk_keeps_nothing_and_says_where_to_send_from(writer) -> None:
    writer.page.route("**/readers/comment", lambda route: route.fulfill(status=405, body="Not allowed"))
    writer.write("From a mirror.")
    writer.preview()
    expect(writer.page.get_by_role("alert")).to_contain_text(writer.address)
    writer.is_asked_nothing()
    assert writer.page.evaluate("localStorage.length") == 0


def test_with_scripts_off_the_form_still_posts(browsers, demo_newsroom) -> None:
    writer = Writer(browsers.window(scripts=False), demo_newsroom)
    text = new("Without scripts, on a good line.")
    writer.write(text)
    expect(writer.page.locator("div.postbox")).to_have_count(0)
    writer.preview()
    writer.button("Send the comment").click()
    writer.is_thanked()
    assert rows(demo_newsroom, text) == 1
