"""What the tests of feeds share: a feed's values, and the rules of RSS that every feed must keep."""

import datetime
import re
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import feedparser
from lxml import etree

from nashra.edition.content import StoryCard
from nashra.edition.pages import FeedPage
from tests.theme import samples

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
CHANNEL_ORDER = ["title", "link", "description", "language", f"{ATOM}link", "ttl", "lastBuildDate", "item"]
ONCE_AN_ITEM = {"title", "link", "guid", "pubDate", "description"}


def page(language: str = "en", cards: tuple[StoryCard, ...] | None = None, **changes: object) -> FeedPage:
    """A publication's feed of the sample stories, or of those that are given."""
    paper = samples.publication(language)
    shown = samples.cards(language) if cards is None else cards
    return FeedPage(**{"publication": paper, "stories": shown} | changes)


def read(feed: bytes) -> feedparser.FeedParserDict:
    """The feed as a feed reader understands it; a feed that it must mend is a failure."""
    found = feedparser.parse(feed, sanitize_html=True)
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == "rss20"
    return found


def channel_by_the_rules(feed: bytes) -> etree._Element:
    """The channel, once it keeps RSS 2.0 and the RSS Advisory Board's best practices profile."""
    root = etree.fromstring(feed)
    assert root.tag == "rss"
    assert root.get("version") == "2.0"
    (channel,) = root
    assert channel.tag == "channel"
    assert list(dict.fromkeys(child.tag for child in channel)) == [
        tag for tag in CHANNEL_ORDER if channel.find(tag) is not None
    ]
    assert {"title", "link", "description", "language"} <= {child.tag for child in channel if child.text}
    own = channel.find(f"{ATOM}link")
    assert own.attrib == {"href": own.get("href"), "rel": "self", "type": "application/rss+xml"}
    assert_is_url(own.get("href"))
    assert_is_url(channel.findtext("link"))
    assert channel.findtext("ttl").isdigit()
    guids = [item.findtext("guid") for item in channel.iter("item")]
    assert len(guids) == len(set(guids))
    for item in channel.iter("item"):
        assert_item_keeps_the_rules(item)
    return channel


def assert_item_keeps_the_rules(item: etree._Element) -> None:
    tags = [child.tag for child in item]
    assert {tag for tag in tags if tags.count(tag) > 1} <= {"category", f"{DC}creator"}
    assert {"title", "link", "guid", "pubDate"} <= set(tags) <= ONCE_AN_ITEM | {"category", f"{DC}creator"}
    assert all(child.text and child.text.strip() for child in item)
    assert item.find("guid").get("isPermaLink") == "false"
    assert re.fullmatch(r"urn:nashra:story:[0-9a-z]+", item.findtext("guid"))
    assert_is_url(item.findtext("link"))
    assert moment(item.findtext("pubDate")).utcoffset() == datetime.timedelta(0)


def assert_is_url(text: str) -> None:
    parts = urlsplit(text)
    assert text.isascii()
    assert parts.scheme == "https"
    assert parts.netloc
    assert re.fullmatch(r"(/[A-Za-z0-9._~!$&'()*+,;=:@%-]*)+", parts.path)


def moment(rfc822: str) -> datetime.datetime:
    """A moment as RFC 822 writes it, with the four digits of a year that the profile asks for."""
    assert re.fullmatch(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT", rfc822)
    return parsedate_to_datetime(rfc822)
