"""What a page says to machines: Open Graph, the canonical address, the other languages, and its JSON-LD.

Everything here is made from the same values as the visible page, and says no more than it does.
"""

from __future__ import annotations

from dataclasses import dataclass

from nashra.edition import pages
from nashra.edition.content import Publication, Story
from nashra.theme.addresses import absolute
from nashra.theme.json_ld import iso, news_article
from nashra.theme.pictures import largest_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternate:
    """The same page in another language, by its whole address."""

    language: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """All that goes into a page's ``<head>`` beside its title; empty texts are left out."""

    canonical_url: str = ""
    description: str = ""
    open_graph: tuple[tuple[str, str], ...] = ()
    alternates: tuple[Alternate, ...] = ()
    json_ld: str = ""
    is_indexed: bool = True


def story_metadata(page: pages.StoryPage) -> Metadata:
    """A story's: NewsArticle, Open Graph with its photo, and its translations."""
    story = page.story
    site_url = story.publication.site_url
    url = absolute(site_url, story.address)
    alternates = [Alternate(language=story.publication.language, url=url)]
    alternates += [
        Alternate(language=other.language, url=absolute(site_url, other.address))
        for other in story.translations
    ]
    return Metadata(
        canonical_url=url,
        description=story.standfirst,
        open_graph=_story_open_graph(story, url),
        alternates=tuple(alternates) if story.translations else (),
        json_ld=news_article(page, url),
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
        open_graph=_open_graph("website", title, url, publication, description),
    )


def unlisted_metadata() -> Metadata:
    """That of pages that no search engine should keep: notices, forms, errors."""
    return Metadata(is_indexed=False)


def _sibling_homes(publication: Publication) -> tuple[Alternate, ...]:
    return tuple(
        Alternate(language=link.language, url=absolute(publication.site_url, link.address))
        for link in publication.siblings
        if link.language and link.language != publication.language
    )


def _open_graph(
    kind: str, title: str, url: str, publication: Publication, description: str
) -> tuple[tuple[str, str], ...]:
    pairs = (
        ("og:type", kind),
        ("og:title", title),
        ("og:description", description),
        ("og:url", url),
        ("og:site_name", publication.name),
        ("og:locale", publication.language.replace("-", "_")),
    )
    return tuple((name, value) for name, value in pairs if value)


def _story_open_graph(story: Story, url: str) -> tuple[tuple[str, str], ...]:
    pairs = list(_open_graph("article", story.headline, url, story.publication, story.standfirst))
    pairs.append(("article:published_time", iso(story.published_at)))
    if story.updated_at:
        pairs.append(("article:modified_time", iso(story.updated_at)))
    pairs.append(("article:section", story.section.text))
    photo = story.lead_photo
    if photo and (file := largest_file(photo)):
        pairs += [
            ("og:image", absolute(story.publication.site_url, file.address)),
            ("og:image:width", str(file.width_px)),
            ("og:image:height", str(file.height_px)),
            ("og:image:alt", photo.alt_text),
        ]
    return tuple(pairs)
