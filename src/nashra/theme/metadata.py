"""What a page says to machines: JSON-LD, Open Graph, the canonical address and the other languages.

Everything here is made from the same values as the visible page, and says no more than it does.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from functools import partial
from typing import Any

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from nashra.edition import pages
from nashra.edition.content import Author, Photo, Publication, Story
from nashra.theme.addresses import absolute
from nashra.theme.language import translate
from nashra.theme.pictures import largest_file

_compact_json = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


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


def json_for_script(data: dict[str, Any]) -> Markup:
    """The data as JSON that no text in it can break out of ``<script>`` with."""
    return htmlsafe_json_dumps(data, dumps=_compact_json)


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
        json_ld=json_for_script(news_article(page)),
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


def news_article(page: pages.StoryPage) -> dict[str, Any]:
    """The story as schema.org's NewsArticle; a withheld author is the newsroom itself."""
    story = page.story
    url = absolute(story.publication.site_url, story.address)
    article: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": url,
        "mainEntityOfPage": url,
        "headline": story.headline,
        "inLanguage": story.publication.language,
        "datePublished": _iso(story.published_at),
        "dateModified": _iso(story.updated_at or story.published_at),
        "author": _authors(story),
        "publisher": _publisher(story.publication),
        "articleSection": story.section.text,
        "wordCount": story.word_count,
        "commentCount": len(page.comments),
        "isAccessibleForFree": True,
    }
    optional = {
        "description": story.standfirst,
        "dateline": story.place,
        "image": _images(story),
        "keywords": [topic.text for topic in story.topics],
        "correction": _corrections(story),
        "workTranslation": _translations(story),
    }
    return article | {key: value for key, value in optional.items() if value}


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
    pairs.append(("article:published_time", _iso(story.published_at)))
    if story.updated_at:
        pairs.append(("article:modified_time", _iso(story.updated_at)))
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


def _authors(story: Story) -> list[dict[str, str]]:
    authors = [_author(author, story.publication) for author in story.authors]
    return [author for place, author in enumerate(authors) if author not in authors[:place]]


def _author(author: Author, publication: Publication) -> dict[str, str]:
    if author.is_withheld:
        name = translate(publication.language, "%(publication)s correspondent", publication=publication.name)
        return {"@type": "Organization", "name": name}
    person = {"@type": "Person", "name": author.name}
    if author.address:
        person["url"] = absolute(publication.site_url, author.address)
    return person


def _publisher(publication: Publication) -> dict[str, str]:
    return {
        "@type": "NewsMediaOrganization",
        "name": publication.name,
        "url": absolute(publication.site_url, publication.address),
    }


def _images(story: Story) -> list[dict[str, Any]]:
    lead = (story.lead_photo,) if story.lead_photo else ()
    in_body = (photo for key, photo in story.photos.items() if f'id="{key}"' in story.body_html)
    return [_image(photo, story.publication.site_url) for photo in (*lead, *in_body)]


def _image(photo: Photo, site_url: str) -> dict[str, Any]:
    image: dict[str, Any] = {"@type": "ImageObject"}
    if file := largest_file(photo):
        image |= {"url": absolute(site_url, file.address), "width": file.width_px, "height": file.height_px}
    words = {
        "caption": photo.caption,
        "creditText": photo.credit,
        "copyrightNotice": photo.copyright_notice,
    }
    return image | {key: value for key, value in words.items() if value}


def _corrections(story: Story) -> list[dict[str, str]]:
    return [
        {"@type": "CorrectionComment", "text": each.text, "datePublished": _iso(each.corrected_at)}
        for each in story.corrections
    ]


def _translations(story: Story) -> list[dict[str, str]]:
    return [
        {
            "@type": "NewsArticle",
            "@id": absolute(story.publication.site_url, other.address),
            "headline": other.headline,
            "inLanguage": other.language,
        }
        for other in story.translations
    ]


def _iso(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).isoformat(timespec="seconds")
