"""The puzzle in a real browser: solved while one reads, and never in the way of what was written."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, expect

from nashra.readers.puzzles import LARGEST_NUMBER, is_solved, make_puzzle
from nashra.theme.rendering import render
from tests.theme import samples
from tests.theme.conftest import Stand

NOON = datetime.datetime(2026, 11, 3, 12, 20, tzinfo=datetime.UTC)
NONCE = "k7J_x-2bQ"
SOLVED = "!document.querySelector('form[data-puzzle]')"
WITH_DIGEST = "Object.defineProperty(Crypto.prototype, 'subtle', {value: {digest: () => %s}})"
ENDLESS = WITH_DIGEST % "new Promise(() => {})"


def preview(language: str = "en", number: int = LARGEST_NUMBER // 2) -> bytes:
    puzzle = make_puzzle(nonce=NONCE, now=NOON, lifetime_hours=72, number=number)
    return render(replace(samples.every_page(language)["preview"], puzzle=puzzle))


@pytest.fixture
def desk(stand: Stand) -> Iterator[Stand]:
    """A readers' desk in a crowd: it asks for the hardest puzzle."""

    def answer(_path: str, body: str) -> tuple[int, bytes]:
        if "change=1" in body:
            return 200, render(samples.every_page()["form"])
        if "token=" in body:
            return 200, render(samples.every_page()["answer-comment-received"])
        return 200, preview(number=LARGEST_NUMBER)

    stand.answer = answer
    stand.pages["/story"] = render(samples.story_page())
    return stand


def write(window: Page, stand: Stand) -> None:
    window.goto(f"{stand.origin}/story")
    window.fill("#name", "Nur")
    window.fill("textarea", "One")
    window.get_by_role("button", name="See how it will look").click()
    expect(window.locator("blockquote.preview")).to_be_visible()


def send(window: Page) -> float:
    """Press the button; how many seconds it took until the answer was there."""
    begun = time.monotonic()
    window.get_by_role("button", name="Send the comment").click()
    expect(window.get_by_role("heading", name="Thank you: your comment is with us")).to_be_visible(
        timeout=15_000
    )
    return time.monotonic() - begun


def sent_solution(stand: Stand) -> str | None:
    fields = parse_qs(stand.posts[-1][1], keep_blank_values=True)
    return fields["solution"][0] if "solution" in fields else None


def is_taken(stand: Stand) -> bool:
    return is_solved(sent_solution(stand) or "", nonce=NONCE, now=NOON)


def test_it_is_solved_while_the_preview_is_read(window: Page, desk: Stand) -> None:
    write(window, desk)
    window.wait_for_function(SOLVED, timeout=20_000)
    send(window)
    assert is_taken(desk)
    assert len(desk.posts) == 2
    assert window.url == f"{desk.origin}/story"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_is_solved_on_a_preview_that_stands_alone(window: Page, stand: Stand, language: str) -> None:
    stand.answer = lambda _path, _body: (200, render(samples.every_page()["answer-comment-received"]))
    stand.pages["/preview"] = preview(language)
    window.goto(f"{stand.origin}/preview")
    window.wait_for_function(SOLVED, timeout=20_000)
    window.locator("form.confirm button").first.click()
    expect(window.get_by_role("heading", name="Thank you: your comment is with us")).to_be_visible()
    assert is_taken(stand)


def test_a_form_that_is_sent_as_soon_as_it_comes_waits_for_it_too(window: Page, desk: Stand) -> None:
    desk.pages["/preview"] = preview(number=50)
    window.goto(f"{desk.origin}/story")
    window.evaluate(
        """async () => {
            const page = await (await fetch("/preview")).text();
            const form = new DOMParser().parseFromString(page, "text/html").querySelector(".confirm");
            document.querySelector("textarea").form.replaceWith(form);
            form.requestSubmit();
        }"""
    )
    expect(window.get_by_role("heading", name="Thank you: your comment is with us")).to_be_visible()
    assert is_taken(desk)


def test_whoever_is_too_slow_for_it_sends_without(window: Page, desk: Stand) -> None:
    window.add_init_script(ENDLESS)
    write(window, desk)
    window.get_by_role("button", name="Send the comment").dblclick()
    expect(window.get_by_role("heading", name="Thank you: your comment is with us")).to_be_visible()
    assert sent_solution(desk) == ""
    assert len(desk.posts) == 2


def test_the_words_can_be_changed_without_waiting(window: Page, desk: Stand) -> None:
    window.add_init_script(ENDLESS)
    # The wait for a solution would never end.
    window.add_init_script(
        "(after => { setTimeout = (run, ms, ...more) => ms > 1000 || after(run, ms, ...more) })(setTimeout)"
    )
    write(window, desk)
    window.get_by_role("button", name="Change it").click()
    expect(window.locator("textarea")).to_be_visible()
    assert "change=1" in desk.posts[-1][1]


@pytest.mark.parametrize(
    "missing",
    [
        "delete Crypto.prototype.subtle",
        WITH_DIGEST % "Promise.reject(1)",
        "delete HTMLFormElement.prototype.requestSubmit",
        "delete window.TextEncoder",
    ],
)
def test_a_browser_that_cannot_sends_without(window: Page, desk: Stand, missing: str) -> None:
    window.add_init_script(missing)
    write(window, desk)
    assert send(window) < 5
    assert len(desk.posts) == 2


def test_with_scripts_off_the_form_is_sent_without(chromium: Browser, desk: Stand) -> None:
    context = chromium.new_context(java_script_enabled=False)
    window = context.new_page()
    write(window, desk)
    send(window)
    assert sent_solution(desk) == ""
    context.close()


def test_the_page_answers_while_it_solves(window: Page, desk: Stand) -> None:
    window.context.new_cdp_session(window).send("Emulation.setCPUThrottlingRate", {"rate": 6})
    write(window, desk)
    longest_ms = window.evaluate(
        """async () => {
            let longest = 0;
            for (let turn = 0; turn < 20 && document.querySelector("form[data-puzzle]"); turn += 1) {
                const begun = performance.now();
                await new Promise((done) => setTimeout(done));
                longest = Math.max(longest, performance.now() - begun);
            }
            return longest;
        }"""
    )
    assert longest_ms < 250
