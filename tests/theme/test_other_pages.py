"""Fronts, lists, notices and the readers' desk's answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nashra.channels.rss import feed_address
from nashra.edition import pages
from nashra.edition.pages import FeedPage
from nashra.theme.addresses import encoded
from nashra.theme.rendering import render
from tests.theme import samples
from tests.theme.test_pages import document, words

languages = pytest.mark.parametrize("language", samples.LANGUAGES)


def test_the_home_page_shows_no_story_twice() -> None:
    links = [link.get("href") for link in document(samples.every_page()["home"]).findall(".//article//h2/a")]
    assert len(links) == len(set(links)) == 4


def test_a_home_page_with_plenty_of_stories_shows_more_of_them_above_its_sections() -> None:
    few = samples.cards()
    plenty = few + tuple(replace(card, public_id=f"more{number}") for number, card in enumerate(few))
    section = samples.publication().sections[0]
    page = pages.HomePage(
        publication=samples.publication(),
        newest=plenty,
        sections=(pages.SectionCards(section=section, cards=plenty),),
    )
    root = document(page)
    assert len(root.findall(".//article//h2")) == 6
    assert len(root.findall(".//article//h3")) == 8


def test_the_home_page_has_a_lead_and_then_its_sections() -> None:
    root = document(samples.every_page()["home"])
    assert words(root.find(".//article[@class='card lead']/div/h2")) == samples.HEADLINES["en"][0]
    assert root.find(".//article[@class='card lead']//img").get("loading") is None
    assert len(root.findall(".//h2[@class='department']")) == 3


@languages
def test_every_photo_shown_has_its_credit(language: str) -> None:
    for page in samples.every_page(language).values():
        for figure in document(page).iter("figure"):
            assert figure.find(".//span[@class='credit']") is not None


def test_lists_name_withheld_authors_as_the_newsroom_and_link_none() -> None:
    text = render(samples.every_page()["section"]).decode()
    assert "Nashra correspondent" in text


@pytest.mark.parametrize(
    ("language", "month"),
    [("en", "November 2026"), ("ar", "نوفمبر ٢٠٢٦"), ("fa", "نوامبر ۲۰۲۶ (آبان تا آذر ۱۴۰۵)")],
)
def test_months_are_named_as_readers_name_them(language: str, month: str) -> None:
    assert (
        words(document(samples.every_page(language)["section"]).find(".//nav[@class='months']//a")) == month
    )
    assert words(document(samples.every_page(language)["month"]).find(".//h1")) == month


def test_a_language_switch_leads_to_the_other_papers_and_not_to_this_one() -> None:
    links = document(samples.every_page("ar")["home"]).findall(".//nav[@class='languages']//a")
    assert [(words(link), link.get("href")) for link in links] == [("English", "/en/"), ("فارسی", "/fa/")]


_KEPT_OUT = ("notice-", "answer-", "own-", "form", "preview", "report", "comments")


@languages
def test_pages_about_nothing_are_kept_out_of_indexes(language: str) -> None:
    for kind, page in samples.every_page(language).items():
        robots = document(page).find(".//meta[@name='robots']")
        is_kept_out = kind.startswith(_KEPT_OUT)
        assert (robots is not None) == is_kept_out, kind


@pytest.mark.parametrize("kind", ["verify", "mirrors"])
def test_pages_about_trust_stand_in_all_languages_each_in_its_direction(kind: str) -> None:
    parts = document(samples.every_page("en")[kind]).findall(".//main//section")
    assert [(part.get("lang"), part.get("dir")) for part in parts] == [
        ("en", "ltr"),
        ("ar", "rtl"),
        ("fa", "rtl"),
    ]
    assert len({words(part) for part in parts}) == 3


def test_pages_about_trust_claim_nothing_that_is_not_so() -> None:
    page = render(samples.every_page()["verify"]).decode()
    assert "None of this tells you whether there is a newer edition" in page
    assert "This page does not give it to you" in page
    assert "There are no mirrors of this site yet" in render(samples.every_page()["mirrors"]).decode()


@languages
def test_every_page_leads_to_its_own_languages_part_of_the_pages_about_trust(language: str) -> None:
    links = {
        link.get("href") for link in document(samples.every_page(language)["home"]).findall(".//footer//a")
    }
    for kind in ("verify", "mirrors"):
        assert f"/{kind}/#{language}" in links
        part = document(samples.every_page(language)[kind]).find(f".//main//*[@id='{language}']")
        assert part.get("lang") == language


def test_the_front_door_names_each_paper_once() -> None:
    page = samples.every_page()["front-door"]
    said = words(document(page).find(".//body"))
    for name in {paper.name for paper in page.publications}:
        assert said.count(name) == 1


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Nothing has been written here yet."),
        ("ar", "لم يُكتب شيء هنا بعد."),
        ("fa", "هنوز چیزی اینجا نوشته نشده است."),
    ],
)
@pytest.mark.parametrize("nothing", ["", "<p></p>"])
def test_a_text_that_nobody_wrote_says_so(language: str, sentence: str, nothing: str) -> None:
    page = pages.TextPage(
        publication=samples.publication(language),
        kind="policy",
        address=f"/{language}/comment-policy/",
        body_html=nothing,
    )
    assert sentence in words(document(page).find(".//main"))
    assert sentence not in words(document(replace(page, body_html="<p>Be kind.</p>")).find(".//main"))


def test_the_front_door_leads_to_every_paper_in_its_own_language() -> None:
    items = document(samples.every_page()["front-door"]).findall(".//main//li")
    assert [(item.get("lang"), item.find("a").get("href")) for item in items] == [
        ("en", "/en/"),
        ("ar", "/ar/"),
        ("fa", "/fa/"),
    ]
    assert words(items[1].find("a/b")) == "العربية"


def test_a_house_without_papers_still_has_a_front_door() -> None:
    assert words(document(pages.FrontDoorPage(publications=())).find(".//h1")) == "Nashra"
    assert b"<h1" in render(pages.TrustPage(kind="verify", publications=()))


def test_a_withdrawn_story_is_said_to_be_withdrawn() -> None:
    root = document(samples.every_page()["notice-gone"])
    assert words(root.find(".//h1")) == "This story has been withdrawn"
    assert root.find(".//main//a[@href='/en/corrections/']") is not None


def test_the_preview_holds_all_that_the_second_post_needs_and_a_way_back() -> None:
    form = document(samples.every_page()["preview"]).find(".//form")
    name, text = samples.COMMENTS["en"]
    hidden = {field.get("name"): field.get("value") for field in form.iter("input")}
    assert hidden == {
        "story": "story1",
        "token": "signed.token",
        "receipt": samples.RECEIPT,
        "name": name,
        "text": text,
    }
    assert [button.get("name") for button in form.iter("button")] == [None, "change"]


def test_the_form_again_says_what_to_mend_beside_each_field() -> None:
    root = document(samples.every_page()["form"])
    assert words(root.find(".//div[@role='alert']")) == "A first sentence."
    field = root.find(".//input[@name='name']")
    assert field.get("aria-invalid") == "true"
    assert words(root.find(f".//*[@id='{field.get('aria-describedby')}']")) == "A second."
    area = root.find(".//textarea")
    assert area.get("aria-describedby").split() == ["care", "text-error"]


@pytest.mark.parametrize("kind", samples.ANSWER_KINDS)
@languages
def test_every_answer_leads_back_to_its_story_or_to_the_front_page(language: str, kind: str) -> None:
    page = samples.every_page(language)[f"answer-{kind}"]
    story = samples.story(language)
    hrefs = [link.get("href") for link in document(page).findall(".//main//a")]
    assert len(hrefs) == 1
    assert hrefs[0].startswith(f"/{language}/%") or hrefs == [story.address]
    bare = replace(page, story=None)
    assert [link.get("href") for link in document(bare).findall(".//main//a")] == [f"/{language}/"]


def test_answers_differ_from_each_other() -> None:
    said = {
        words(document(samples.every_page()[f"answer-{kind}"]).find(".//main"))
        for kind in samples.ANSWER_KINDS
    }
    assert len(said) == len(samples.ANSWER_KINDS)


def test_a_first_vote_is_asked_to_confirm_with_the_same_story() -> None:
    form = document(samples.every_page()["answer-reaction-confirm"]).find(
        ".//form[@action='/readers/reaction']"
    )
    assert form.find("input[@name='story']").get("value") == "story1"
    assert [button.get("value") for button in form.iter("button")] == ["yes", "no"]


@pytest.mark.parametrize(("kind", "section"), [("home", None), ("section", 0)])
@languages
def test_homes_and_sections_lead_to_their_feeds(language: str, kind: str, section: int | None) -> None:
    root = document(samples.every_page(language)[kind])
    paper = samples.publication(language)
    told = paper.sections[section] if section is not None else None
    address = encoded(feed_address(FeedPage(publication=paper, section=told, stories=())))
    link = root.find(".//head/link[@type='application/rss+xml']")
    assert (link.get("rel"), link.get("href")) == ("alternate", address)
    assert link.get("title") == (f"{told.text} – {paper.name}" if told else paper.name)
    shown = root.find(".//footer//a[@type='application/rss+xml']")
    assert shown.get("href") == address
    assert "RSS" in words(shown)


@languages
def test_pages_without_a_feed_name_none(language: str) -> None:
    for kind, page in samples.every_page(language).items():
        if kind not in {"home", "home-empty", "section"}:
            assert b"rss" not in render(page), kind
