"""The big list of naughty strings as comments on a story's page, seen in a real browser."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page

from nashra.edition.content import Comment
from nashra.readers.text import has_visible_character, name_fault, normalise, normalise_name
from nashra.theme.rendering import render
from tests.outside.test_naughty_strings import read_strings
from tests.theme import samples
from tests.theme.conftest import Stand, chromium, stand, window

__all__ = ["chromium", "stand", "window"]

COMMENTS_PER_PAGE = 50
DAY = datetime.date(2026, 11, 3)
# What no string of the list touches; one stands before and one after each of those that it could.
NEIGHBOURS = {"ltr": ("Nadia", "The lamp was lit at five."), "rtl": ("سلمى", "أُضيء المصباح في الخامسة.")}

# What a page says of each comment: its words, and how wide and in which direction they stand.
READ_COMMENTS = """() => [...document.querySelectorAll(".comments > li")].map(comment => ({
    name: comment.querySelector(".meta bdi").textContent,
    paragraphs: [...comment.querySelectorAll("p[dir]")].map(each =>
        [...each.childNodes].map(part => part.localName === "br" ? "\\n" : part.textContent).join("")),
    directions: [...comment.querySelectorAll("p[dir]")].map(each => getComputedStyle(each).direction),
    own: getComputedStyle(comment).direction,
    date: comment.querySelector("time").getBoundingClientRect().width > 0,
    children: [...comment.querySelectorAll("*")].map(each => each.localName),
}))"""
TOO_WIDE = """() => [...document.querySelectorAll("body *")].filter(each => {
    const {left, right} = each.getBoundingClientRect();
    return !each.matches(".skip") && (right > innerWidth + 1 || left < -1);
}).map(each => each.outerHTML.slice(0, 200))"""
SHOW_PREVIEWS = """answers => answers.map(html => {
    const answer = new DOMParser().parseFromString(html, "text/html");
    document.querySelector(".in-place").replaceChildren(...answer.querySelector("main .in-place").childNodes);
    const fields = Object.fromEntries(new FormData(document.querySelector("form.confirm")));
    return {...fields, fits: document.documentElement.scrollWidth <= innerWidth};
})"""
# What the strings themselves call, and what a script of theirs could leave.
TRAPS = """() => {
    window.ran = [];
    for (const name of ["alert", "confirm", "prompt", "print", "open"]) {
        window[name] = () => window.ran.push(name);
    }
    const names = () => Object.getOwnPropertyNames(window);
    window.newNames = () => [];
    const before = new Set(names());
    window.newNames = () => names().filter(name => !before.has(name));
}"""
ELEMENTS = {"p", "bdi", "time", "br", "b", "button", "a"}


def make_comment(number: int, name: str, text: str) -> Comment:
    sample = samples.comments()[0]
    return replace(sample, public_id=f"naughty{number}", name=name, text=text, day=DAY)


def accepted(outside: Path) -> list[tuple[str, str]]:
    """Each string as a name and as a text, after the normalisation with which both are kept."""
    texts = [normalise(text) for text in read_strings(outside)]
    pairs = []
    for text in filter(has_visible_character, texts):
        name = normalise_name(text)
        pairs.append((name if not name_fault(name) else normalise_name(text[:40] + " x"), text))
    return pairs


def pages_of_comments(outside: Path, language: str) -> list[list[tuple[str, str]]]:
    """The strings by the page, each between two comments of people who did nothing."""
    pairs = accepted(outside)
    assert len(pairs) > 450
    size = COMMENTS_PER_PAGE - 1
    guarded = []
    for number, pair in enumerate(pairs):
        guarded += [NEIGHBOURS["rtl" if number % 2 else "ltr"], pair]
    return [guarded[start : start + size] for start in range(0, len(guarded), size)]


@pytest.mark.parametrize("width_px", [360, 1200])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_they_run_nothing_widen_nothing_and_turn_nothing_around(
    outside: Path, window: Page, stand: Stand, language: str, width_px: int
) -> None:
    dialogs: list[str] = []
    asked: list[str] = []
    window.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    window.on("request", lambda request: asked.append(request.url))
    window.set_viewport_size({"width": width_px, "height": 800})
    window.add_init_script(f"({TRAPS})()")
    page_direction = {"en": "ltr", "ar": "rtl"}[language]
    for pairs in pages_of_comments(outside, language):
        comments = tuple(make_comment(number, *pair) for number, pair in enumerate(pairs))
        stand.pages["/page"] = render(samples.story_page(language, comments=comments))
        window.goto(f"{stand.origin}/page")
        shown = window.evaluate(READ_COMMENTS)
        assert len(shown) == len(pairs)
        for (name, text), seen in zip(pairs, shown, strict=True):
            assert seen["name"] == name
            assert "\n\n".join(seen["paragraphs"]) == text
            assert seen["own"] == page_direction
            assert seen["date"]
            assert set(seen["children"]) <= ELEMENTS
            for direction, neighbour in NEIGHBOURS.items():
                if (name, text) == neighbour:
                    assert seen["directions"] == [direction]
        assert window.evaluate(TOO_WIDE) == []
        assert window.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert window.evaluate("[window.ran, window.newNames()]") == [[], []]
    assert dialogs == []
    assert {url for url in asked if not url.startswith("data:") and "/photos/" not in url} == {
        f"{stand.origin}/page"
    }


def test_a_preview_shows_and_carries_them_unchanged(outside: Path, window: Page, stand: Stand) -> None:
    """Put into the page as the theme's script does it; what is posted next is what was previewed."""
    window.add_init_script(f"({TRAPS})()")
    window.set_viewport_size({"width": 360, "height": 800})
    preview = samples.every_page("en")["preview"]
    stand.pages["/page"] = render(preview)
    window.goto(f"{stand.origin}/page")
    pairs = accepted(outside)
    for start in range(0, len(pairs), 50):
        some = pairs[start : start + 50]
        forms = [replace(preview.form, name=name, text=text) for name, text in some]
        answers = [render(replace(preview, form=form)).decode() for form in forms]
        for pair, shown in zip(some, window.evaluate(SHOW_PREVIEWS, answers), strict=True):
            assert (shown["name"], shown["text"].replace("\r\n", "\n")) == pair
            assert shown["fits"], pair
    assert window.evaluate("[window.ran, window.newNames()]") == [[], []]


def test_the_traps_see_what_they_are_set_for(window: Page, stand: Stand) -> None:
    window.add_init_script(f"({TRAPS})()")
    stand.pages["/page"] = render(samples.story_page())
    window.goto(f"{stand.origin}/page")
    assert window.evaluate("[window.ran, window.newNames()]") == [[], []]
    assert window.evaluate(TOO_WIDE) == []
    window.evaluate(
        "() => { alert(1); window.left = 1; document.querySelector('h1').style.width = '3000px' }"
    )
    assert window.evaluate("[window.ran, window.newNames()]") == [["alert"], ["left"]]
    assert len(window.evaluate(TOO_WIDE)) == 1
