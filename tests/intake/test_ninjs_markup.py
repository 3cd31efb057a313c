"""A body's HTML becomes blocks of the desk, and loses none of its words."""

from __future__ import annotations

import re
import time
from html import escape, unescape

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nashra.intake.ninjs.markup import blocks_of_html, blocks_of_text, plain
from nashra.intake.ninjs.report import BadItem


def blocks(html: str, **options):
    return blocks_of_html(html, **options)[0]


def findings(html: str, **options) -> list[str]:
    return [str(finding) for finding in blocks_of_html(html, **options)[1]]


def words_of(found) -> str:
    """All words of blocks, in order, without any white space."""
    parts: list[str] = []
    for kind, value in found:
        if kind == "list":
            parts += value["items"]
        elif kind == "pull_quote":
            parts += [escape(value["text"]), escape(value["speaker"])]
        else:
            parts.append(value if kind == "paragraph" else escape(value))
    return "".join(unescape(re.sub(r"<[^>]*>", "", "".join(parts))).split())


def test_paragraphs_keep_bold_italics_and_links():
    html = '<p>One <b>two</b> <em>three</em> <a href="https://mill.example/?a=1&amp;b=2">four</a></p>'
    assert blocks(html) == [("paragraph", html)]


def test_other_marks_go_and_their_words_stay():
    html = '<p class="x" onclick="go()">One <span style="color:red">two</span> <u>three</u></p>'
    assert blocks(html) == [("paragraph", "<p>One two three</p>")]


def test_headings_become_subheadings():
    assert blocks("<h2>Flour &amp; <b>salt</b></h2><p>x</p><h4>More</h4>") == [
        ("subheading", "Flour & salt"),
        ("paragraph", "<p>x</p>"),
        ("subheading", "More"),
    ]


def test_a_heading_too_long_for_the_desk_becomes_a_paragraph():
    assert blocks(f"<h2>{'x' * 201}</h2>") == [("paragraph", f"<p>{'x' * 201}</p>")]
    assert findings(f"<h2>{'x' * 201}</h2>") == ["A sub-heading too long for the desk became a paragraph"]


def test_the_headline_at_the_bodys_head_is_kept_once():
    html = "<h1>The ovens burn</h1><p>x</p>"
    assert blocks(html, headline="The ovens burn") == [("paragraph", "<p>x</p>")]
    assert findings(html, headline="The ovens burn") == [
        "A body began with the headline again: it was kept once"
    ]
    assert blocks(html, headline="Another")[0] == ("subheading", "The ovens burn")


def test_lists_become_lists():
    assert blocks("<ul><li>Salt</li> <li><p>Water <i>too</i></p></li></ul><ol><li>First</li></ol>") == [
        ("list", {"ordered": False, "items": ["<p>Salt</p>", "<p>Water <i>too</i></p>"]}),
        ("list", {"ordered": True, "items": ["<p>First</p>"]}),
    ]


def test_a_list_within_a_list_becomes_one():
    html = "<ol><li>One<ul><li>Two</li></ul></li><li>Three</li></ol><p>x</p>"
    assert blocks(html) == [
        ("list", {"ordered": True, "items": ["<p>One</p>", "<p>Two</p>", "<p>Three</p>"]}),
        ("paragraph", "<p>x</p>"),
    ]
    assert findings(html) == ["A list within a list became one list"]


def test_a_quotation_with_its_speaker_becomes_a_pull_quote():
    said = "<p>We <b>ba</b>ked</p><p>by night.</p>"
    html = f"<blockquote>{said}<footer>— <cite>Ilo Marsh</cite></footer></blockquote>"
    value = {"text": "We baked\nby night.", "speaker": "Ilo Marsh", "role": ""}
    assert blocks(html) == [("pull_quote", value)]


def test_a_quotation_without_speaker_stays_words():
    assert blocks("<blockquote>We baked.</blockquote><p>x</p>") == [
        ("paragraph", "<p>We baked.</p>"),
        ("paragraph", "<p>x</p>"),
    ]


def test_a_cited_title_outside_of_quotations_is_but_words():
    assert blocks("<p>In <cite>The Gull</cite> it stood.</p>") == [
        ("paragraph", "<p>In The Gull it stood.</p>")
    ]


def test_pictures_are_left_out_and_named_with_their_words():
    picture = '<img src="https://gull.example/a.jpg" alt="An oven">'
    html = f"<figure>{picture}<figcaption>The <b>oven</b></figcaption></figure><p>x</p>"
    assert blocks(html) == [("paragraph", "<p>x</p>")]
    assert findings(html) == [
        "A picture in a body was left out, since it lies elsewhere: "
        "The oven / An oven / https://gull.example/a.jpg"
    ]
    assert findings('<p>a<img src="x.png">b</p>') == [
        "A picture in a body was left out, since it lies elsewhere: x.png"
    ]


def test_tables_become_paragraphs_and_are_named():
    html = "<table><tr><th>Bread</th><td>2</td></tr></table>"
    assert blocks(html) == [("paragraph", "<p>Bread</p>"), ("paragraph", "<p>2</p>")]
    assert findings(html) == ["A table in a body became paragraphs, one for each cell"]


def test_words_between_elements_are_paragraphs():
    assert blocks("Bare<div>In a box<p>and a paragraph</p>after</div>end") == [
        ("paragraph", f"<p>{words}</p>") for words in ("Bare", "In a box", "and a paragraph", "after", "end")
    ]


def test_a_mark_that_goes_on_over_blocks_is_closed_and_opened_again():
    assert blocks("<b>One<p>two</p></b>three") == [
        ("paragraph", "<p><b>One</b></p>"),
        ("paragraph", "<p><b>two</b></p>"),
        ("paragraph", "<p>three</p>"),
    ]


def test_line_breaks_stay():
    assert blocks("<p>One<br>two</p>") == [("paragraph", "<p>One<br/>two</p>")]


def test_a_whole_document_gives_its_body_alone():
    html = (
        "<html><head><title>T</title><style>p{}</style></head><body><article><p>x</p></article></body></html>"
    )
    assert blocks(html) == [("paragraph", "<p>x</p>")]


@pytest.mark.parametrize(
    "html",
    [
        "<p>x</p><script>alert(1)</script>",
        '<p onclick="alert(1)">x</p>',
        '<p><a href="javascript:alert(1)">x</a></p>',
        '<p><a href="&#106;avascript:alert(1)" onmouseover="alert(1)">x</a></p>',
        "<p>x<svg/onload=alert(1)></p>",
        "<p>x<img src=x onerror=alert(1)></p>",
        '<p>x<iframe src="https://evil.example"></iframe></p>',
        "<p>x<style>*{background:url(https://evil.example)}</style></p>",
        '<noscript><p title="</noscript><img src=x onerror=alert(1)>">x</noscript>',
        "<math><mtext></p><script>alert(1)</script></mtext></math><p>x</p>",
    ],
)
def test_nothing_that_runs_or_calls_elsewhere_comes_through(html):
    found = blocks(html)
    stored = "".join(str(value) for _kind, value in found)
    assert "x" in stored
    for trace in (
        "<script",
        "onclick",
        "onerror",
        "onload",
        "onmouseover",
        "javascript:",
        "<iframe",
        "<style",
        "<img",
    ):
        assert trace not in stored
    assert nh3.clean(stored, tags={"p", "a", "b"}) == stored.replace("'", "'")


def test_a_body_that_nests_without_end_is_refused_at_once():
    begun = time.process_time()
    with pytest.raises(BadItem, match="has a body whose elements nest 100,000 deep; 400 are allowed"):
        blocks("<div>" * 100_000 + "x")
    assert time.process_time() - begun < 2


def test_a_body_that_nests_as_pages_do_is_taken():
    assert blocks("<div>" * 390 + "x" + "</div>" * 390) == [("paragraph", "<p>x</p>")]
    assert len(blocks("<p>x" * 5_000)) == 5_000
    assert len(blocks("<ul>" + "<li>x" * 5_000 + "</ul>")[0][1]["items"]) == 5_000


def test_plain_text_is_parted_at_empty_lines_or_at_lines():
    assert blocks_of_text("One\ntwo\n\n  \nThree <3") == [
        ("paragraph", "<p>One\ntwo</p>"),
        ("paragraph", "<p>Three &lt;3</p>"),
    ]
    assert blocks_of_text("One\r\nTwo\r\n") == [("paragraph", "<p>One</p>"), ("paragraph", "<p>Two</p>")]


def test_plain_words_of_html_part_at_blocks_only():
    assert plain("<p>Br<b>ead</b></p><p>salt<br>water</p>") == "Bread salt water"


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
ELEMENTS = ("p", "div", "h2", "ul", "ol", "li", "b", "i", "a", "td", "section", "br", "span", "em", "pre")


@st.composite
def pieces(draw) -> str:
    """HTML as people write it: not always closed, not always in order."""
    parts = []
    for _ in range(draw(st.integers(0, 20))):
        tag = draw(st.sampled_from(ELEMENTS))
        attribute = ' href="https://mill.example/"' if tag == "a" else ""
        parts.append(draw(st.sampled_from([f"<{tag}{attribute}>", f"</{tag}>", ""])))
        parts.append(escape(draw(TEXT), quote=False))
    return "".join(parts)


@settings(max_examples=150, deadline=None)
@given(pieces())
def test_no_word_is_changed_or_lost(html):
    kept = nh3.clean(html, tags=set(), link_rel=None)
    shown = "".join(unescape(kept).split())
    found = words_of(blocks(html))
    # A run that no reader sees (signs of direction alone) makes no paragraph.
    assert found == shown or not re.sub(
        r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u061c]", "", shown.replace(found, "", 1)
    )
