"""The markup of old comments becomes plain text: nothing of it survives, and no word is lost."""

from __future__ import annotations

import datetime
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nashra.intake.comments.plain import plain_name, plain_text, unwrapped
from nashra.intake.comments.words import Unfit, fit_name, fit_text, moment

NOW = datetime.datetime(2026, 11, 3, 12, 0, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Bread and salt", "Bread and salt"),
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("One.<br>Two.<br />Three.", "One.\nTwo.\nThree."),
        ("One.<br />\nTwo.", "One.\nTwo."),
        ("<p>One.</p>\n\n\n<p>Two.</p>", "One.\n\nTwo."),
        ("A <b>bold</b> and <em>slanted</em> <s>word</s>", "A bold and slanted word"),
        ("<ul><li>bread</li><li>salt</li></ul>", "bread\nsalt"),
        ("<blockquote><p>One.</p>\n<p>Two.</p></blockquote>I agree.", "“One.\n\nTwo.”\n\nI agree."),
        ("They said <q>no</q>.", "They said “no”."),
        ("<blockquote> </blockquote>Well.", "Well."),
        ("<script>alert(1)</script>Hello<style>p{}</style>", "Hello"),
        ("<!-- hidden -->Hello", "Hello"),
        ('<img src="https://pics.example/a.png" alt="a gull">', "a gull"),
        ('Look: <img src="https://pics.example/a.png">', "Look: https://pics.example/a.png"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "1 2"),
    ],
)
def test_blocks_become_paragraphs_and_markup_goes(markup, text):
    assert fit_text(plain_text(markup, keeps_lines=True)) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ('<a href="https://sea.example/tides">the tides</a>', "the tides (https://sea.example/tides)"),
        ('<a href="https://sea.example/tides/">sea.example/tides</a>', "https://sea.example/tides/"),
        (
            '<a href="http://sea.example/?a=1&amp;b=2">http://sea.example/?a=1&amp;b=2</a>',
            "http://sea.example/?a=1&b=2",
        ),
        (
            '<a href="https://sea.example/a/very/long/way">sea.example/a/ve...</a>',
            "https://sea.example/a/very/long/way",
        ),
        ('<a href="javascript:alert(1)">here</a>', "here"),
        ('<a href="mailto:lina@post.example">write</a>', "write"),
        ('<a href="/tides">here</a>', "here"),
        ('<a href="http://[">here</a>', "here"),
        ('<a href="https://sea.example/"></a>!', "https://sea.example/!"),
        (
            '<a href="https://disq.us/url?url=https%3A%2F%2Fsea.example%2F%3AaBcDeFgHiJkLmNoPq_-1&amp;cuid=4">x</a>',
            "x (https://sea.example/)",
        ),
    ],
)
def test_a_link_becomes_its_address_as_text(markup, text):
    assert plain_text(markup, keeps_lines=True) == text


def test_a_link_that_disqus_wrapped_leads_where_it_led():
    assert unwrapped("http://disq.us/url?url=http%3A%2F%2Fa.example%2Fb%3Ac") == "http://a.example/b:c"
    assert unwrapped("http://disq.us/url?url=javascript%3Aalert(1)") == ""
    assert unwrapped("https://disq.us/p/abc") == "https://disq.us/p/abc"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Tom &amp; Jerry &lt;3", "Tom & Jerry <3"),
        ("&amp;lt;script&amp;gt;", "&lt;script&gt;"),
        ("I <3 this, a < b & c > d", "I <3 this, a < b & c > d"),
        ("&quot;&#039;&hellip;&#x627;", "\"'…ا"),
        ("&#x202e;evil&#1;&#2;", "evil"),
    ],
)
def test_entities_are_decoded_once(markup, text):
    assert fit_text(plain_text(markup, keeps_lines=True)) == text


def test_a_line_of_wordpress_ends_where_it_was_typed_and_one_of_disqus_where_it_is_marked():
    assert plain_text("One\nTwo\n\nThree", keeps_lines=True) == "One\nTwo\n\nThree"
    marked = plain_text("<p>One\n  two</p>\n<p>Three</p>", keeps_lines=False)
    assert fit_text(marked) == "One two\n\nThree"
    # Old comments of Disqus have no markup at all.
    assert plain_text("One\nTwo", keeps_lines=False) == "One\nTwo"


@given(st.text(alphabet="<>&;/ap=\"'b qh\n\x01", max_size=60))
def test_whatever_the_markup_nothing_of_it_is_left_but_what_was_meant_as_text(markup):
    text = plain_text(markup, keeps_lines=True)
    again = plain_text(text.replace("&", "&amp;").replace("<", "&lt;"), keeps_lines=True)
    assert fit_or_nothing(again) == fit_or_nothing(text)
    assert "\x01" not in text


def fit_or_nothing(text: str) -> str:
    try:
        return fit_text(text)
    except Unfit:
        return ""


@given(st.text(max_size=80))
def test_escaped_text_comes_back_as_it_was(text):
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # HTML itself knows no other line ends than these, and no NUL.
    if re.search("[\x00-\x02\x0b\x0c\r\x80-\x9f]", text):
        return
    assert fit_or_nothing(plain_text(escaped, keeps_lines=True)) == fit_or_nothing(text)


def test_long_runs_of_anything_take_no_long_time():
    for run in (
        " " * 60_000,
        "\n" * 60_000,
        "<q>" * 20_000,
        "<div>" * 5_000,
        "&nbsp;" * 10_000,
        "<" * 60_000,
    ):
        for keeps_lines in (True, False):
            begun = time.perf_counter()
            plain_text(f"<p>{run}x", keeps_lines=keeps_lines)
            assert time.perf_counter() - begun < 2, run[:8]
    begun = time.perf_counter()
    with pytest.raises(Unfit):
        fit_name("n" * 60_000)
    assert time.perf_counter() - begun < 2


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("<b>Lina</b>", "Lina"),
        ("  Li\u202ena \n A. ", "Lina A."),
        ("ليلى", "ليلى"),
        ("", ""),
        ("\u200b", ""),
        ("lina.azar@post.example", ""),
        ("Lina lina.azar@post.example", ""),
        ("198.51.100.23", ""),
        ("2001:db8::17", ""),
    ],
)
def test_a_name_is_kept_unless_it_is_an_address(written, name):
    assert fit_name(plain_name(written)) == name


def test_long_words_are_kept_whole_or_refused_whole():
    assert len(fit_text("a" * 6000)) == 6000
    with pytest.raises(Unfit, match="has 6,001 characters; 6,000 are kept"):
        fit_text("a" * 6001)
    with pytest.raises(Unfit, match="bytes; 20,000 are kept"):
        fit_text("😀" * 5500)
    with pytest.raises(Unfit, match="has a name of 321 characters"):
        fit_name("a" * 321)


@pytest.mark.parametrize(
    "written", ["", "yesterday", "0000-00-00 00:00:00", "2019-13-01", "1970-01-01", "9999-01-01"]
)
def test_what_is_no_date_of_a_comment_is_refused(written):
    with pytest.raises(Unfit):
        moment(written, now=NOW, is_utc=True)
