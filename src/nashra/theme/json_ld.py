"""A story as schema.org's NewsArticle, written as JSON by hand: most of it is the same for every story.

Says no more than the visible page does. Every text goes through ``_json``; nothing else may.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from functools import lru_cache
from json.encoder import encode_basestring as _json

from markupsafe import Markup

from nashra.edition import pages
from nashra.edition.content import Author, Photo, Publication, Story
from nashra.theme.addresses import absolute
from nashra.theme.byline import correspondent
from nashra.theme.pictures import largest_file


def news_article(page: pages.StoryPage, url: str, published: str, updated: str) -> Markup:
    """The story as JSON that no text in it can break out of ``<script>`` with.

    A withheld author is the newsroom itself. Both moments are as ``iso`` writes them.
    """
    story = page.story
    publication = story.publication
    whole_address = _json(url)
    return _for_script(
        f'{{"@context":"https://schema.org","@type":"NewsArticle","@id":{whole_address},'
        f'"mainEntityOfPage":{whole_address},"headline":{_json(story.headline)},'
        f'"inLanguage":{_json(publication.language)},'
        f'"datePublished":"{published}","dateModified":"{updated}",'
        f'"author":[{_authors(story)}],'
        f"{_publisher(publication.name, publication.address, publication.site_url)},"
        f'"articleSection":{_json(story.section.text)},'
        f'"wordCount":{story.word_count},"commentCount":{page.readers.count},"isAccessibleForFree":true'
        f"{_optional(story)}}}"
    )


def iso(moment: datetime.datetime) -> str:
    """A moment in UTC to the second, as machines read it."""
    if moment.tzinfo is not datetime.UTC:
        moment = moment.astimezone(datetime.UTC)
    return moment.isoformat(timespec="seconds")


def _optional(story: Story) -> str:
    """What only some stories have; a member without a value is left out."""
    members = ""
    if story.standfirst:
        members = f',"description":{_json(story.standfirst)}'
    if story.place:
        members += f',"dateline":{_json(story.place)}'
    if images := _images(story):
        members += f',"image":[{images}]'
    if story.topics:
        members += f',"keywords":[{",".join([_json(topic.text) for topic in story.topics])}]'
    if story.corrections:
        members += f',"correction":[{",".join(_corrections(story))}]'
    if story.translations:
        members += f',"workTranslation":[{",".join(_translations(story))}]'
    return members


def _for_script(json: str) -> Markup:
    """The JSON with the signs that HTML gives a meaning to written as escapes."""
    safe = (
        json.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026").replace("'", "\\u0027")
    )
    return Markup(safe)  # noqa: S704 -- no sign of markup is left in it.


def _authors(story: Story) -> str:
    if len(story.authors) == 1:
        return _author(story.authors[0], story.publication)
    # Names that are withheld count as one.
    return ",".join(dict.fromkeys(_author(author, story.publication) for author in story.authors))


def _author(author: Author, publication: Publication) -> str:
    if author.is_withheld:
        name = correspondent(publication.name, publication.language)
        return f'{{"@type":"Organization","name":{_json(name)}}}'
    if not author.address:
        return f'{{"@type":"Person","name":{_json(author.name)}}}'
    url = absolute(publication.site_url, author.address)
    return f'{{"@type":"Person","name":{_json(author.name)},"url":{_json(url)}}}'


@lru_cache(maxsize=64)
def _publisher(name: str, address: str, site_url: str) -> str:
    url = absolute(site_url, address)
    return f'"publisher":{{"@type":"NewsMediaOrganization","name":{_json(name)},"url":{_json(url)}}}'


def _images(story: Story) -> str:
    site_url = story.publication.site_url
    images = [_image(story.lead_photo, site_url)] if story.lead_photo else []
    for key, photo in story.photos.items():
        if f'id="{key}"' in story.body_html:
            images.append(_image(photo, site_url))
    return ",".join(images)


def _image(photo: Photo, site_url: str) -> str:
    image = '{"@type":"ImageObject"'
    if file := largest_file(photo):
        url = _json(absolute(site_url, file.address))
        image += f',"url":{url},"width":{file.width_px},"height":{file.height_px}'
    if photo.caption:
        image += f',"caption":{_json(photo.caption)}'
    if photo.credit:
        image += f',"creditText":{_json(photo.credit)}'
    if photo.copyright_notice:
        image += f',"copyrightNotice":{_json(photo.copyright_notice)}'
    return image + "}"


def _corrections(story: Story) -> Iterable[str]:
    for each in story.corrections:
        moment = iso(each.corrected_at)
        yield f'{{"@type":"CorrectionComment","text":{_json(each.text)},"datePublished":"{moment}"}}'


def _translations(story: Story) -> Iterable[str]:
    for other in story.translations:
        url = _json(absolute(story.publication.site_url, other.address))
        words = f'"headline":{_json(other.headline)},"inLanguage":{_json(other.language)}'
        yield f'{{"@type":"NewsArticle","@id":{url},{words}}}'
