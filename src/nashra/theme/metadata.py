"""What a page says to machines: Open Graph, the canonical address, the other languages, and its JSON-LD.

Everything here is made from the same values as the visible page, and says no more than it does.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from nashra.edition import pages
from nashra.edition.content import Publication, Story
from nashra.theme.addresses import absolute
from nashra.theme.json_ld import iso, news_article
from nashra.theme.markup import escaped
from nashra.theme.pictures import largest_file


class Alternate(NamedTuple):
    """The same page in another language, by its whole address."""

    language: str
    url: str


class Metadata(NamedTuple):
    """All that goes into a page's ``<head>`` beside its title; empty texts are left out.

    ``open_graph`` is ready HTML: it is the same under every design, and its lines are many.
    """

    canonical_url: str = ""
    description: str = ""
    open_graph: str = ""
    alternates: tuple[Alternate, ...] = ()
    json_ld: str = ""
    is_indexed: bool = True


def story_metadata(page: pages.StoryPage) -> Metadata:
    """A story's: NewsArticle, Open Graph with its photo, and its translations."""
    story = page.story
    url = absolute(story.publication.site_url, story.address)
    published = iso(story.published_at)
    updated = iso(story.updated_at) if story.updated_at else ""
    return Metadata(
        canonical_url=url,
        description=story.standfirst,
        open_graph=Markup(  # noqa: S704 -- escaped where it is made.
            _story_open_graph(story, url, published, updated)
        ),
        alternates=_translations(story, url) if story.translations else (),
        json_ld=news_article(page, url, published, updated or published),
    )


def listing_metadata(
    publication: Publication, address: str, title: str, description: str = "", *, is_home: bool = False
) -> Metadata:
    """That of a list or a text: canonical address, Open Graph, and for a home the other homes."""
    url = absolute(publication.site_url, address)
    homes = (
        (Alternate(language=publication.language, url=url), *_sibling_homes(publication)) if is_home else ()
    )
    return Metadata(
        canonical_url=url,
        description=description,
        alternates=homes if len(homes) > 1 else (),
        open_graph=Markup(  # noqa: S704 -- escaped where it is made.
            _open_graph("website", title, url, publication, description)
        ),
    )


def unlisted_metadata() -> Metadata:
    """That of pages that no search engine should keep: notices, forms, errors."""
    return Metadata(is_indexed=False)


def _translations(story: Story, url: str) -> tuple[Alternate, ...]:
    site_url = story.publication.site_url
    return (
        Alternate(language=story.publication.language, url=url),
        *(
            Alternate(language=other.language, url=absolute(site_url, other.address))
            for other in story.translations
        ),
    )


def _sibling_homes(publication: Publication) -> tuple[Alternate, ...]:
    return tuple(
        Alternate(language=link.language, url=absolute(publication.site_url, link.address))
        for link in publication.siblings
        if link.language and link.language != publication.language
    )


def _property(name: str, value: str) -> str:
    """A line of Open Graph. Both are HTML already."""
    return f'<meta property="{name}" content="{value}">\n'


def _open_graph(kind: str, title: str, url: str, publication: Publication, description: str) -> str:
    return (
        _property("og:type", kind)
        + (_property("og:title", escaped(title)) if title else "")
        + (_property("og:description", escaped(description)) if description else "")
        + _property("og:url", escaped(url))
        + _of_the_paper(publication.name, publication.language)
    )


@lru_cache(maxsize=64)
def _of_the_paper(name: str, language: str) -> str:
    name_line = _property("og:site_name", escaped(name)) if name else ""
    return name_line + _property("og:locale", escaped(language.replace("-", "_")))


def _story_open_graph(story: Story, url: str, published: str, updated: str) -> str:
    lines = (
        _open_graph("article", story.headline, url, story.publication, story.standfirst)
        + _property("article:published_time", published)
        + (_property("article:modified_time", updated) if updated else "")
        + _property("article:section", escaped(story.section.text))
    )
    photo = story.lead_photo
    if photo and (file := largest_file(photo)):
        lines += (
            _property("og:image", escaped(absolute(story.publication.site_url, file.address)))
            + _property("og:image:width", str(file.width_px))
            + _property("og:image:height", str(file.height_px))
            + _property("og:image:alt", escaped(photo.alt_text))
        )
    return lines
