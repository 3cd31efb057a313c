"""What only a browser can tell: accessibility, width, the countdown, and posting in place."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, expect

from nashra.edition import pages
from nashra.theme.rendering import render
from tests.axe import axe_finds_nothing
from tests.theme import samples
from tests.theme.conftest import Stand

LOOKED_AT = ("story", "home", "section", "person", "corrections", "front-door", "verify", "form", "preview",
             "answer-reaction-confirm", "notice-gone")  # fmt: skip
FAMILY = "\U0001f468‍\U0001f469‍\U0001f467‍\U0001f466"

every_look = pytest.mark.parametrize(
    ("language", "kind"), [(language, kind) for language in samples.LANGUAGES for kind in LOOKED_AT]
)


def open_page(window: Page, stand: Stand, page: pages.Page) -> None:
    stand.pages["/page"] = render(page)
    window.goto(f"{stand.origin}/page")


@pytest.mark.parametrize("kind", LOOKED_AT)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_to_complain_of(window: Page, stand: Stand, language: str, kind: str) -> None:
    open_page(window, stand, samples.every_page(language)[kind])
    axe_finds_nothing(window)


@pytest.mark.parametrize("kind", ["story", "home", "form"])
def test_axe_finds_nothing_in_the_dark_on_a_narrow_phone(window: Page, stand: Stand, kind: str) -> None:
    window.emulate_media(color_scheme="dark")
    window.set_viewport_size({"width": 360, "height": 740})
    open_page(window, stand, samples.every_page("fa")[kind])
    axe_finds_nothing(window)


@every_look
def test_nothing_is_wider_than_a_narrow_phone(window: Page, stand: Stand, language: str, kind: str) -> None:
    window.set_viewport_size({"width": 320, "height": 640})
    open_page(window, stand, samples.every_page(language)[kind])
    assert window.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_long_word_breaks_before_it_widens_the_page(window: Page, stand: Stand) -> None:
    window.set_viewport_size({"width": 320, "height": 640})
    long = "Donaudampfschifffahrtsgesellschaft" * 5
    story = samples.story(headline=long, standfirst=long, body_html=f"<p>{long}</p>", place=long)
    comments = tuple(replace(each, name=long, text=long) for each in samples.comments())
    open_page(window, stand, samples.story_page(story=story, comments=comments))
    assert window.evaluate("document.documentElement.scrollWidth") <= 320


def test_it_makes_one_request_beside_its_photos(window: Page, stand: Stand) -> None:
    asked: list[str] = []
    window.on("request", lambda request: asked.append(request.url))
    open_page(window, stand, samples.story_page())
    window.wait_for_load_state("networkidle")
    rest = [url for url in asked if "/photos/" not in url and not url.startswith("data:")]
    assert rest == [f"{stand.origin}/page"]
    assert all(url.startswith((stand.origin, "data:")) for url in asked)


def test_the_policy_lets_the_style_and_the_script_through(window: Page, stand: Stand) -> None:
    open_page(window, stand, samples.story_page())
    assert window.evaluate("getComputedStyle(document.querySelector('.story h1')).fontWeight") == "700"
    window.fill("textarea", "a")
    expect(window.locator("#countdown")).to_have_text("1499 / 1500")


@pytest.mark.parametrize(
    ("language", "left"),
    [("en", "1497 / 1500"), ("ar", "١٤٩٧ / ١٥٠٠"), ("fa", "۱۴۹۷ / ۱۵۰۰")],
)
def test_the_countdown_counts_a_family_as_one_in_the_pages_digits(
    window: Page, stand: Stand, language: str, left: str
) -> None:
    open_page(window, stand, samples.story_page(language))
    window.fill("textarea", f"{FAMILY}\ne\u0301")
    countdown = window.locator("#countdown")
    expect(countdown).to_have_text(left)
    assert countdown.get_attribute("aria-live") == "polite"


def test_the_countdown_goes_on_below_nought_and_refuses_nothing(window: Page, stand: Stand) -> None:
    open_page(window, stand, samples.story_page())
    window.fill("textarea", "x" * 1_502)
    expect(window.locator("#countdown")).to_have_text("−2 / 1500")
    assert len(window.input_value("textarea")) == 1_502


def comment_desk(path: str, body: str) -> tuple[int, bytes]:
    """The readers' desk's two steps, by the pages that it answers with."""
    sent = {name: values[0] for name, values in parse_qs(body).items()}
    form = pages.CommentForm(name=sent.get("name", ""), text=sent.get("text", "").replace("\r\n", "\n"))
    some = samples.every_page()
    if path == "/readers/reaction":
        return 200, render(some["answer-reaction-confirm"])
    if "change" in sent:
        return 200, render(replace(some["form"], form=form))
    if "token" in sent:
        return 200, render(some["answer-comment-received"])
    return 200, render(replace(some["preview"], form=form))


def test_a_comment_is_previewed_changed_and_sent_without_leaving_the_page(window: Page, stand: Stand) -> None:
    stand.answer = comment_desk
    open_page(window, stand, samples.story_page())
    window.fill("#name", "Nur")
    window.fill("textarea", "One\n\nTwo")
    window.get_by_role("button", name="See how it will look").click()
    expect(window.get_by_role("heading", name="Your comment, as it will stand")).to_be_focused()
    assert window.locator("h1").count() == 1
    window.get_by_role("button", name="Change it").click()
    expect(window.locator("textarea")).to_have_value("One\n\nTwo")
    expect(window.locator("#countdown")).to_have_text("1492 / 1500")
    window.get_by_role("button", name="See how it will look").click()
    window.get_by_role("button", name="Send the comment").click()
    expect(window.get_by_role("heading", name="Thank you: your comment is with us")).to_be_visible()
    assert window.url == f"{stand.origin}/page"
    assert [path for path, _body in stand.posts] == ["/readers/comment"] * 4
    assert "token=signed.token" in stand.posts[-1][1]


@pytest.mark.parametrize("status", [200, 502])
def test_what_was_typed_stays_when_an_answer_is_no_page_of_ours(
    window: Page, stand: Stand, status: int
) -> None:
    stand.answer = lambda _path, _body: (status, b"<p>Bad gateway")
    open_page(window, stand, samples.story_page())
    window.fill("#name", "Nur")
    window.fill("textarea", "Keep me")
    window.get_by_role("button", name="See how it will look").click()
    expect(window.get_by_role("alert")).to_contain_text("did not reach us")
    assert window.input_value("textarea") == "Keep me"


def test_what_was_typed_stays_when_a_refusal_does_not_hold_it(window: Page, stand: Stand) -> None:
    stand.answer = lambda _path, _body: (503, render(samples.every_page()["answer-busy"]))
    open_page(window, stand, samples.story_page())
    window.fill("#name", "Nur")
    window.fill("textarea", "Keep me")
    window.get_by_role("button", name="See how it will look").click()
    expect(window.get_by_role("alert")).to_be_visible()
    assert window.input_value("textarea") == "Keep me"


def test_a_vote_is_answered_in_its_place(window: Page, stand: Stand) -> None:
    stand.answer = comment_desk
    open_page(window, stand, samples.story_page())
    window.get_by_role("button", name="Yes").click()
    expect(window.get_by_role("heading", name="One more click, please")).to_be_visible()
    assert stand.posts == [("/readers/reaction", "story=storyen&value=yes")]


def test_all_of_it_works_with_scripts_off(chromium: Browser, stand: Stand) -> None:
    stand.answer = comment_desk
    context = chromium.new_context(java_script_enabled=False)
    window = context.new_page()
    open_page(window, stand, samples.story_page("en"))
    window.fill("#name", "Nur")
    window.fill("textarea", "One\n\nTwo")
    window.get_by_role("button", name="See how it will look").click()
    window.get_by_role("button", name="Change it").click()
    expect(window.locator("textarea")).to_have_value("One\n\nTwo")
    window.get_by_role("button", name="See how it will look").click()
    window.get_by_role("button", name="Send the comment").click()
    expect(window.get_by_role("heading", level=1)).to_have_text("Thank you: your comment is with us")
    context.close()


def test_the_skip_link_comes_first_and_leads_to_the_text(window: Page, stand: Stand) -> None:
    open_page(window, stand, samples.story_page())
    window.keyboard.press("Tab")
    link = window.locator(":focus")
    expect(link).to_have_attribute("href", "#main")
    expect(link).to_be_in_viewport()


def test_print_leaves_out_what_paper_cannot_do(window: Page, stand: Stand) -> None:
    open_page(window, stand, samples.story_page())
    window.emulate_media(media="print")
    expect(window.locator(".reaction")).to_be_hidden()
    expect(window.locator(".comment-form")).to_be_hidden()
    expect(window.locator(".story h1")).to_be_visible()
    expect(window.locator(".comments")).to_be_visible()


@pytest.mark.parametrize("kind", ["section", "month", "topic", "person"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_lists_are_as_wide_as_the_masthead_above_them(
    window: Page, stand: Stand, language: str, kind: str
) -> None:
    open_page(window, stand, samples.every_page(language)[kind])
    edges = "({left, right}) => [left, right]"
    masthead, cards = (
        window.evaluate(f"({edges})(document.querySelector('{part}').getBoundingClientRect())")
        for part in (".sections", ".cards")
    )
    assert cards == masthead
