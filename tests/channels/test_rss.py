"""Feeds, as a real feed reader understands them and as the rules of RSS want them."""

import dataclasses
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from nashra.channels import rss
from nashra.edition.content import Author
from tests.channels.feeds import ATOM, DC, channel_by_the_rules, moment, page, read
from tests.theme import samples

TEHRAN = datetime.timezone(datetime.timedelta(hours=3, minutes=30))
# Marks of direction, joiners, an isolate, a combining accent and a sign beyond the first plane.
DELICATE = "می\u200cخواهم \u2068Qasr Marun\u2069 \u200fعاد\u200f e\u0301 \U0001f54a"


def changed(language: str = "en", **changes: object):
    return dataclasses.replace(samples.card(language), **changes)


def only_item(feed: bytes) -> etree._Element:
    (item,) = channel_by_the_rules(feed).iter("item")
    return item


@pytest.mark.parametrize("language", samples.LANGUAGES)
def test_a_feed_reader_shows_what_the_page_shows(language):
    found = read(rss.feed(page(language)))
    assert found.feed.title == samples.NAMES[language]
    assert found.feed.subtitle == samples.STRAPLINES[language]
    assert found.feed.language == language
    assert [entry.title for entry in found.entries] == list(samples.HEADLINES[language])
    assert {entry.summary for entry in found.entries} == {samples.STANDFIRSTS[language]}
    first = found.entries[0]
    assert first.tags[0].term == samples.SECTIONS[language][0][0]
    assert first.author == samples.PEOPLE[language][0]
    assert first.published_parsed[:6] == samples.PUBLISHED.utctimetuple()[:6]


@pytest.mark.parametrize("language", samples.LANGUAGES)
@pytest.mark.parametrize("count", [0, 1, 7])
def test_it_keeps_the_rules_of_rss(language, count):
    channel = channel_by_the_rules(rss.feed(page(language, samples.cards(language, count))))
    assert len(channel.findall("item")) == count


def test_a_section_has_a_feed_of_its_own():
    section = samples.publication("ar").sections[0]
    shown = page("ar", section=section, description="ما يجري في الوادي")
    channel = channel_by_the_rules(rss.feed(shown))
    assert rss.feed_address(shown) == "/ar/المياه/feed.xml"
    assert channel.findtext("title") == "المياه – نشرة"
    assert channel.findtext("description") == "ما يجري في الوادي"
    own = channel.find(f"{ATOM}link").get("href")
    assert own == "https://news.example/ar/%D8%A7%D9%84%D9%85%D9%8A%D8%A7%D9%87/feed.xml"
    assert channel.findtext("link") == own.removesuffix("feed.xml")


def test_an_empty_section_gives_a_feed_that_readers_take():
    section = samples.publication().sections[1]
    feed = rss.feed(page(cards=(), section=section))
    assert read(feed).entries == []
    channel = channel_by_the_rules(feed)
    assert channel.find("lastBuildDate") is None
    assert channel.findtext("description") == samples.STRAPLINES["en"]


def test_a_publication_without_a_strapline_still_describes_its_feed():
    bare = samples.publication(strapline="")
    assert channel_by_the_rules(rss.feed(page(publication=bare))).findtext("description") == "Nashra"


def test_the_newest_story_tells_when_the_feed_was_made_and_no_clock_does():
    channel = channel_by_the_rules(rss.feed(page()))
    assert moment(channel.findtext("lastBuildDate")) == samples.PUBLISHED
    assert rss.feed(page()) == rss.feed(page())


def test_moments_are_told_in_utc():
    there = datetime.datetime(2026, 3, 5, 1, 15, tzinfo=TEHRAN)
    item = only_item(rss.feed(page(cards=(changed(published_at=there),))))
    assert item.findtext("pubDate") == "Wed, 04 Mar 2026 21:45:00 GMT"


def test_a_renamed_story_keeps_its_name_for_feed_readers():
    before, after = (read(rss.feed(page(cards=(card,)))) for card in (changed(), changed(address="/en/x/y/")))
    assert before.entries[0].link != after.entries[0].link
    assert before.entries[0].id == after.entries[0].id == "urn:nashra:story:card0"
    assert not after.entries[0].guidislink


def test_withheld_authors_count_as_one_and_are_called_what_the_page_calls_them():
    named = Author(name="Rima Haddad", address="/en/people/rima-haddad/")
    card = changed(authors=(Author(name=""), named, Author(name="")))
    item = only_item(rss.feed(page(cards=(card,))))
    assert [each.text for each in item.iter(f"{DC}creator")] == ["Nashra correspondent", "Rima Haddad"]


def test_a_story_that_nobody_signed_names_no_author():
    item = only_item(rss.feed(page(cards=(changed(authors=()),))))
    assert list(item.iter(f"{DC}creator")) == []


def test_a_story_without_a_standfirst_has_no_description():
    entry = read(rss.feed(page(cards=(changed(standfirst=""),)))).entries[0]
    assert "summary" not in entry


def test_what_looks_like_markup_stays_text():
    words = 'Fish & chips <b onclick="x()">now</b> ]]> &amp; "yes"'
    feed = rss.feed(page(cards=(changed(headline=words, standfirst=words),)))
    item = only_item(feed)
    assert item.findtext("title") == words
    # A feed reader takes the description for HTML: read so, it is the standfirst again.
    assert etree.fromstring(f"<p>{item.findtext('description')}</p>").text == words
    assert "<b" not in read(feed).entries[0].summary


def test_it_writes_the_references_that_most_feed_readers_understand():
    feed = rss.feed(page(cards=(changed(headline="A & B < C > D"),)))
    assert b"<title>A &#x26; B &#x3C; C &#x3E; D</title>" in feed


def test_marks_of_direction_and_joiners_come_through_unharmed():
    feed = rss.feed(page("fa", (changed("fa", headline=DELICATE, standfirst=DELICATE),)))
    assert only_item(feed).findtext("title") == DELICATE
    assert read(feed).entries[0].summary == DELICATE


def test_what_xml_forbids_is_left_out_and_nothing_else():
    strange = "a\x00b\x08c\x0bd\x1fe\ud800f\ufffeg\uffffh\x7fi\x85j\ufdd0k\U0001ffffl"
    item = only_item(rss.feed(page(cards=(changed(headline=strange, standfirst=strange),))))
    kept = "abcdefgh\x7fi\x85j\ufdd0k\U0001ffffl"
    assert item.findtext("title") == item.findtext("description") == kept


def test_a_text_of_nothing_but_what_xml_forbids_counts_as_none():
    feed = rss.feed(page(cards=(changed(standfirst="\x00 "),), description="\x00\n"))
    assert channel_by_the_rules(feed).findtext("description") == samples.STRAPLINES["en"]
    assert only_item(feed).find("description") is None


def test_a_headline_on_several_lines_stands_on_one():
    item = only_item(rss.feed(page(cards=(changed(headline="One\r\nline\tonly"),))))
    assert item.findtext("title") == "One line only"


@given(st.text(st.characters(), min_size=1))
def test_no_text_whatever_breaks_a_feed(text):
    card = changed(headline=f"H {text}", standfirst=f"S {text}", authors=(Author(name=f"A {text}"),))
    item = only_item(rss.feed(page(cards=(card,), description=text)))
    assert item.findtext("title").startswith("H ")


def test_stories_out_of_order_are_refused():
    cards = samples.cards()
    with pytest.raises(ValueError, match="newest first"):
        rss.feed(page(cards=cards[::-1]))


def test_more_stories_than_a_feed_holds_are_refused():
    many = tuple(changed(public_id=f"card{number}") for number in range(rss.NEWEST + 1))
    rss.feed(page(cards=many[:-1]))
    with pytest.raises(ValueError, match="at most 30"):
        rss.feed(page(cards=many))
