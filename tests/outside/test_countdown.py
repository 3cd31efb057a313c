"""The browser's countdown counts as Unicode does, and as the server does, by Unicode's own test file."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from nashra.readers.text import count_graphemes
from nashra.theme.language import format_number
from nashra.theme.rendering import render
from tests.outside.test_graphemes import read_cases
from tests.theme import samples
from tests.theme.conftest import Stand, chromium, stand, window

__all__ = ["chromium", "stand", "window"]

# Counts at once what a page counts when the fingers rest, so that 766 texts take no minutes.
IMPATIENT = "() => { window.setTimeout = (job, _delay, ...rest) => job(...rest) }"
SHOW_EACH = """texts => texts.map(text => {
    const area = document.querySelector("textarea");
    area.value = text;
    area.dispatchEvent(new Event("input", {bubbles: true}));
    return document.querySelector("#countdown").textContent;
})"""


def countdown(language: str, clusters: int) -> str:
    return f"{format_number(1500 - clusters, language)} / {format_number(1500, language)}"


@pytest.mark.parametrize("language", ["en", "ar", "fa"])
def test_the_countdown_counts_every_line_of_unicodes_test_file_as_the_server_does(
    outside: Path, window: Page, stand: Stand, language: str
) -> None:
    cases = read_cases(outside / "outside" / "unicode" / "GraphemeBreakTest.txt")
    texts = ["".join(case) for case in cases]
    stand.pages["/page"] = render(samples.story_page(language))
    window.goto(f"{stand.origin}/page")
    window.evaluate(IMPATIENT)
    shown = window.evaluate(SHOW_EACH, texts)
    expected = [countdown(language, count_graphemes(text)) for text in texts]
    wrong = [
        (text.encode("unicode-escape").decode(), said, meant)
        for text, said, meant in zip(texts, shown, expected, strict=True)
        if said != meant
    ]
    assert wrong == []
    assert len(shown) == 766


def test_a_long_text_of_every_line_counts_alike_in_both(outside: Path, window: Page, stand: Stand) -> None:
    """Lines are parted by a full stop, which joins nothing."""
    cases = read_cases(outside / "outside" / "unicode" / "GraphemeBreakTest.txt")
    text = ".\n".join("".join(case) for case in cases[:250])
    stand.pages["/page"] = render(samples.story_page())
    window.goto(f"{stand.origin}/page")
    window.fill("textarea", text)
    left = 1500 - count_graphemes(text.replace("\r\n", "\n"))
    shown = ("\u2212" if left < 0 else "") + str(abs(left))
    expect(window.locator("#countdown")).to_have_text(f"{shown} / 1500")
