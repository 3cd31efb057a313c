"""A story's body: from StreamField's raw data to the HTML that ``edition.content.Story`` documents.

Pure functions, without a database and without Django's templates, so that ten thousand stories can be
made anew in seconds. Photos and stories are named by public id; the press resolves them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

import nh3
from wagtail.rich_text.rewriters import LinkRewriter

_LINE_TAGS = {"strong", "b", "em", "i", "a", "br"}
_PARAGRAPH_TAGS = _LINE_TAGS | {"p"}
_TEXT_TAGS = _PARAGRAPH_TAGS | {"h2", "ul", "ol", "li"}
_EMPTY = re.compile(r"<(p|h2|li|a)>\s*</\1>")
_PAGE_LINK = re.compile(r'<a\b[^>]*\blinktype="page"[^>]*>')
_PAGE_ID = re.compile(r'\bid="(\d+)"')
_PHOTO_TOKEN = re.compile(r'<nashra-photo id="([0-9a-z]+)"')
_STORY_TOKEN = re.compile(r'(?:<nashra-related id="|href="nashra:)([0-9a-z]+)"')
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Named:
    """The primary keys that a body's raw data names."""

    photo_pks: frozenset[int]
    page_pks: frozenset[int]


def named_in(raw_stream: Iterable[Mapping[str, Any]]) -> Named:
    """Which photos and pages a body names, so that their public ids can be fetched at once."""
    photos: set[int] = set()
    pages: set[int] = set()
    for block in raw_stream:
        kind, value = block["type"], block["value"]
        if kind == "photo" and value.get("photo"):
            photos.add(int(value["photo"]))
        elif kind == "related" and value:
            pages.add(int(value))
        elif kind == "paragraph":
            pages |= linked_page_ids(value)
        elif kind == "list":
            for item in _items(value):
                pages |= linked_page_ids(item)
    return Named(frozenset(photos), frozenset(pages))


def linked_page_ids(rich_text: str) -> set[int]:
    """The primary keys of the pages that links in a rich text (as Wagtail stores it) lead to."""
    ids = (_PAGE_ID.search(tag) for tag in _PAGE_LINK.findall(rich_text or ""))
    return {int(found[1]) for found in ids if found}


def body_html(
    raw_stream: Iterable[Mapping[str, Any]], *, photos: Mapping[int, str], stories: Mapping[int, str]
) -> str:
    """The body's HTML, one block a line.

    ``photos`` and ``stories`` give public ids by primary key. A photo or related story that is not
    among them is left out; a link keeps its words.
    """
    parts = (_block_html(block, photos, stories) for block in raw_stream)
    return "\n".join(part for part in parts if part)


def _block_html(block: Mapping[str, Any], photos: Mapping[int, str], stories: Mapping[int, str]) -> str:
    kind, value = block["type"], block["value"]
    match kind:
        case "paragraph":
            return _clean(value, stories, _PARAGRAPH_TAGS)
        case "subheading":
            return f"<h2>{escape(value.strip(), quote=False)}</h2>" if value.strip() else ""
        case "pull_quote":
            return _quote_html(value)
        case "photo":
            return _photo_html(value, photos)
        case "list":
            return _list_html(value, stories)
        case "related":
            public_id = stories.get(int(value)) if value else None
            return f'<nashra-related id="{public_id}"></nashra-related>' if public_id else ""
        case _:
            raise ValueError(f"a story's body holds a block that nobody knows: {kind}")


def _quote_html(value: Mapping[str, Any]) -> str:
    lines = "<br>".join(escape(line.strip(), quote=False) for line in value["text"].strip().splitlines())
    speaker = escape((value.get("speaker") or "").strip(), quote=False)
    role = escape((value.get("role") or "").strip(), quote=False)
    named = [f"<cite><bdi>{speaker}</bdi></cite>"] if speaker else []
    named += [f'<span class="role">{role}</span>'] if role else []
    footer = f"<footer>{', '.join(named)}</footer>" if named else ""
    return f'<blockquote class="pull-quote"><p>{lines}</p>{footer}</blockquote>'


def _photo_html(value: Mapping[str, Any], photos: Mapping[int, str]) -> str:
    public_id = photos.get(int(value["photo"])) if value.get("photo") else None
    if not public_id:
        return ""
    caption = (value.get("caption") or "").strip()
    attribute = f' caption="{escape(caption)}"' if caption else ""
    return f'<nashra-photo id="{public_id}"{attribute}></nashra-photo>'


def _list_html(value: Mapping[str, Any], stories: Mapping[int, str]) -> str:
    tag = "ol" if value.get("ordered") else "ul"
    items = (_item_html(item, stories) for item in _items(value))
    points = "".join(f"<li>{item}</li>" for item in items if item)
    return f"<{tag}>{points}</{tag}>" if points else ""


def _item_html(rich_text: str, stories: Mapping[int, str]) -> str:
    html = _clean(rich_text, stories, _PARAGRAPH_TAGS)
    # One paragraph needs no <p> of its own inside its <li>.
    if html.count("<p>") == 1 and html.startswith("<p>") and html.endswith("</p>"):
        return html[len("<p>") : -len("</p>")]
    return html


def _items(value: Mapping[str, Any]) -> list[str]:
    """A list's rich texts, whether Wagtail kept them with ids or bare."""
    return [item["value"] if isinstance(item, Mapping) else item for item in value.get("items") or ()]


def text_html(rich_text: str, *, stories: Mapping[int, str]) -> str:
    """A policy, "about" page or biography as HTML, with links to stories as in a story's body."""
    return _clean(rich_text, stories, _TEXT_TAGS)


def _clean(rich_text: str, stories: Mapping[int, str], tags: set[str]) -> str:
    def story_link(attributes: Mapping[str, str]) -> str:
        public_id = stories.get(int(attributes.get("id") or 0))
        return f'<a href="nashra:{public_id}">' if public_id else "<a>"

    html = nh3.clean(
        LinkRewriter({"page": story_link})(rich_text or ""),
        tags=tags,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "nashra"},
        link_rel=None,
    )
    # A link that lost its target keeps its words alone.
    html = re.sub(r"<a>(.*?)</a>", r"\1", html, flags=re.DOTALL)
    return _EMPTY.sub("", html).strip()


def photo_ids(html: str) -> list[str]:
    """The public ids of the photos that a body's HTML shows, each once, in the body's order."""
    return list(dict.fromkeys(_PHOTO_TOKEN.findall(html))) if "nashra" in html else []


def story_ids(html: str) -> list[str]:
    """The public ids of the stories that a body's HTML leads to, each once, in the body's order."""
    return list(dict.fromkeys(_STORY_TOKEN.findall(html))) if "nashra" in html else []


def word_count(html: str) -> int:
    """How many words a body's HTML holds: runs between white space that hold a letter or a digit."""
    text = unescape(_TAG.sub(" ", re.sub(r"</?(?:a|b|i|strong|em|bdi)\b[^>]*>", "", html)))
    # Most words begin with a letter; only the others are searched through.
    return sum(word[0].isalnum() or any(map(str.isalnum, word)) for word in text.split())
