"""Lists that are joined from fragments, one a story."""

from __future__ import annotations

from dataclasses import replace

import lxml.html
import pytest

from nashra.edition import pages
from nashra.edition.content import Link
from nashra.theme.cards import without_section
from nashra.theme.rendering import card_fragment, render
from tests.theme import samples

languages = pytest.mark.parametrize("language", samples.LANGUAGES)
# What a story would have to say for a cut at a fixed place to go wrong.
LOOKALIKE = '</p>\n<p class="section">x</p>\n</h2><h2>'


@languages
def test_a_fragment_is_one_card_with_its_section(language: str) -> None:
    for card in samples.cards(language):
        element = lxml.html.fragment_fromstring(card_fragment(card, samples.publication(language)))
        assert element.tag == "article"
        assert element.findtext(".//p[@class='section']/a") == card.section.text
        assert element.findtext(".//h2/a") == card.headline


@languages
def test_it_leaves_out_the_line_of_the_section_and_nothing_else(language: str) -> None:
    for card in samples.cards(language):
        fragment = card_fragment(card, samples.publication(language))
        whole, cut = (lxml.html.fragment_fromstring(text) for text in (fragment, without_section(fragment)))
        line = whole.find(".//p[@class='section']")
        line.getparent().remove(line)
        assert " ".join(whole.text_content().split()) == " ".join(cut.text_content().split())
        assert len(list(whole.iter())) == len(list(cut.iter()))
        assert without_section(without_section(fragment)) == without_section(fragment)


def test_no_words_of_a_story_move_the_cut() -> None:
    card = replace(
        samples.card(),
        headline=LOOKALIKE,
        standfirst=LOOKALIKE,
        place=LOOKALIKE,
        section=Link(text=LOOKALIKE, address="/en/water/"),
        photo=replace(samples.photo(), alt_text=LOOKALIKE, caption=LOOKALIKE, credit=LOOKALIKE),
    )
    element = lxml.html.fragment_fromstring(without_section(card_fragment(card, samples.publication())))
    assert element.find(".//p[@class='section']") is None
    assert element.findtext(".//h2/a") == LOOKALIKE
    assert element.findtext(".//p[@class='standfirst']") == LOOKALIKE
    assert element.find(".//figure") is not None


def test_a_list_shows_its_fragments_in_order() -> None:
    paper = samples.publication()
    fragments = samples.cards_html()
    topic = pages.TopicPage(
        publication=paper, topic=Link(text="Mills", address="/en/topics/mills/"), cards_html=fragments
    )
    assert "\n".join(fragments) in render(topic).decode()
    month = pages.Month(year=2026, month=11, address="/en/water/2026/11/")
    archive = pages.MonthPage(publication=paper, section=paper.sections[0], month=month, cards_html=fragments)
    assert "\n".join(map(without_section, fragments)) in render(archive).decode()
