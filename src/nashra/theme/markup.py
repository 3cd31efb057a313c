"""Puts photos, related stories and story links into a body that the desk made, where its tokens stand.

The tokens are those that ``edition.content.Story`` documents. What a token names and nobody has any
more (withdrawn since) loses its link and keeps its words. The body itself is trusted and not parsed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import unescape

from markupsafe import Markup, escape

from nashra.edition.content import Link, Photo
from nashra.theme.addresses import encoded

_BLANK_LINES = re.compile(r"\n{2,}")
_PHOTO = re.compile(r'<nashra-photo id="([^"]*)"(?: caption="([^"]*)")?></nashra-photo>')
_RELATED = re.compile(r'<nashra-related id="([^"]*)"></nashra-related>')
_STORY_LINK = re.compile(r'<a\b([^>]*?)\shref="nashra:([^"]*)"([^>]*)>(.*?)</a>', re.DOTALL)


def escaped(value: object) -> str:
    """What stands in HTML for a value: the five signs as ``markupsafe`` writes them, markup as it is.

    The same as ``str(markupsafe.escape(value))`` in a third of the time, for want of a ``Markup`` object.
    """
    if type(value) is not str:
        return value if type(value) is Markup else escape(value)
    return (
        value.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&#34;")
        .replace("'", "&#39;")
    )


def isolated(text: str) -> Markup:
    """Somebody's words in the midst of a sentence of ours, whose direction they must not turn."""
    return Markup(f"<bdi>{escaped(text)}</bdi>")  # noqa: S704 -- escaped here.


def has_tokens(body_html: str) -> bool:
    """Whether a body may hold a token. Each has an attribute, and one sign is found sooner than a word."""
    return "=" in body_html and "nashra" in body_html


def body(
    body_html: str,
    *,
    photos: Mapping[str, Photo],
    related: Mapping[str, Link],
    figure: Callable[[Photo], str],
    related_words: str,
) -> Markup:
    """The body with each token resolved; ``figure`` renders a photo, ``related_words`` head a link."""

    def photo(match: re.Match[str]) -> str:
        found = photos.get(match[1])
        if found is None:
            return ""
        # The place where a photo stands may have words of its own for it.
        return str(figure(replace(found, caption=unescape(match[2])) if match[2] else found))

    def related_story(match: re.Match[str]) -> str:
        link = related.get(match[1])
        if link is None:
            return ""
        anchor = f'<a href="{escaped(encoded(link.address))}"{_language(link)}>{escaped(link.text)}</a>'
        return f'<p class="related"><span>{escaped(related_words)}</span> {anchor}</p>'

    def story_link(match: re.Match[str]) -> str:
        before, public_id, after, words = match.groups()
        link = related.get(public_id)
        if link is None:
            return words
        return f'<a{before} href="{escaped(encoded(link.address))}"{after}>{words}</a>'

    resolved = _STORY_LINK.sub(story_link, body_html)
    resolved = _RELATED.sub(related_story, resolved)
    return Markup(_PHOTO.sub(photo, resolved))  # noqa: S704 -- the desk's own, and escaped parts.


def text(html: str) -> Markup:
    """A policy's, an "about" page's or a biography's HTML: links to stories keep their words alone."""
    return Markup(_STORY_LINK.sub(r"\4", html))  # noqa: S704 -- the desk made and cleaned it.


def paragraphs(text: str) -> list[Markup]:
    """A reader's plain text as escaped paragraphs: a blank line parts them, a single line end is a break."""
    text = text.replace("\r\n", "\n")
    parts = [part.strip("\n") for part in (_BLANK_LINES.split(text) if "\n\n" in text else [text])]
    # Escaping makes and removes no line end.
    return [Markup(escaped(part).replace("\n", "<br>")) for part in parts if part]  # noqa: S704 -- escaped.


def _language(link: Link) -> str:
    return f' lang="{escaped(link.language)}" hreflang="{escaped(link.language)}"' if link.language else ""
