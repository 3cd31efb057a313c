"""RSS 2.0: one feed for each publication and one for each section.

Follows the RSS Advisory Board's specification and its best practices profile. Must not know how the
stories were found, nor what time it is: ``lastBuildDate`` is the newest story's moment.

Lead photos are no enclosures: an enclosure must say its length in bytes, which no rendition knows.
"""

from __future__ import annotations

import datetime
from email.utils import format_datetime

from nashra.channels.xml_text import DECLARATION, as_html, plain
from nashra.edition.content import Publication, StoryCard
from nashra.edition.pages import FeedPage
from nashra.theme.addresses import absolute
from nashra.theme.byline import correspondent

FEED_FILE = "feed.xml"
# How many stories a feed holds.
NEWEST = 30
# Minutes that a feed reader may wait; an unchanged feed costs it an empty answer (304).
_TTL_MINUTES = 15

_OPENING = (
    f"{DECLARATION}"
    '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/">\n<channel>\n'
)


def feed_address(page: FeedPage) -> str:
    """Where a feed lies: ``/en/feed.xml`` or ``/en/security/feed.xml``."""
    return (page.section or page.publication).address + FEED_FILE


def _item(card: StoryCard, publication: Publication) -> str:
    """A story as an item of every feed that it stands in."""
    url = plain(absolute(publication.site_url, card.address))
    standfirst = as_html(card.standfirst)
    lines = [
        "<item>",
        f"<title>{plain(card.headline)}</title>",
        f"<link>{url}</link>",
        # An address may change; this name never does, so that nobody gets a renamed story twice.
        f'<guid isPermaLink="false">urn:nashra:story:{plain(card.public_id)}</guid>',
        f"<pubDate>{_rfc822(card.published_at)}</pubDate>",
        *(f"<dc:creator>{plain(name)}</dc:creator>" for name in _creators(card, publication)),
        f"<category>{plain(card.section.text)}</category>",
        *([f"<description>{standfirst}</description>"] if standfirst.strip() else []),
        "</item>\n",
    ]
    return "\n".join(lines)


def feed(page: FeedPage) -> bytes:
    """A feed with its stories as they come, newest first.

    Raises:
        ValueError: the stories are not in that order, or are more than ``NEWEST``.
    """
    moments = [card.published_at for card in page.stories]
    if len(moments) > NEWEST or moments != sorted(moments, reverse=True):
        raise ValueError(f"A feed holds at most {NEWEST} stories, newest first.")
    items = (_item(card, page.publication) for card in page.stories)
    return "".join([_OPENING, *_channel(page), *items, "</channel>\n</rss>\n"]).encode()


def _channel(page: FeedPage) -> list[str]:
    paper = page.publication
    title = f"{page.section.text} – {paper.name}" if page.section else paper.name
    # A text of nothing but what XML forbids would leave the element empty, which RSS does not allow.
    texts = (plain(text).strip() for text in (page.description, paper.strapline, title))
    description = next((text for text in texts if text), "")
    home = absolute(paper.site_url, (page.section or paper).address)
    own = absolute(paper.site_url, feed_address(page))
    lines = [
        f"<title>{plain(title)}</title>\n",
        f"<link>{plain(home)}</link>\n",
        f"<description>{description}</description>\n",
        f"<language>{plain(paper.language)}</language>\n",
        f'<atom:link href="{plain(own)}" rel="self" type="application/rss+xml"/>\n',
        f"<ttl>{_TTL_MINUTES}</ttl>\n",
    ]
    if page.stories:
        lines.append(f"<lastBuildDate>{_rfc822(page.stories[0].published_at)}</lastBuildDate>\n")
    return lines


def _creators(card: StoryCard, publication: Publication) -> list[str]:
    """The authors' names; those withheld count as one, for their number is nobody's business."""
    withheld = correspondent(publication.name, publication.language)
    names = [withheld if author.is_withheld else author.name for author in card.authors]
    return list(dict.fromkeys(names))


def _rfc822(moment: datetime.datetime) -> str:
    return format_datetime(moment.astimezone(datetime.UTC), usegmt=True)
