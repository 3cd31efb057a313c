"""An edition's page of a story → what a bundle carries of it: its words, in the leanest well-formed markup.

Reads pages that our own theme wrote and an edition holds. Leaves out what leads elsewhere; a link survives
only where its story lies in the same bundle. Must not decide how a bundle looks.
"""

from __future__ import annotations

import datetime
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from urllib.parse import unquote

# Marks in a story's markup, which no page can hold: where a link begins and ends, and where a photo stands.
_LINK, _LINK_END, _PHOTO = "\x01", "\x02", "\x03"
_MARKED_LINK = re.compile(f"{_LINK}([^{_LINK}]*){_LINK}(.*?){_LINK_END}", re.DOTALL)
_MARKED_PHOTO = re.compile(f"{_PHOTO}([^{_PHOTO}]*){_PHOTO}([^{_PHOTO}]*){_PHOTO}")

_BLOCKS = frozenset(
    ["p", "h2", "h3", "h4", "blockquote", "footer", "ul", "ol", "li", "figure", "figcaption", "aside"]
)
_KEPT = _BLOCKS | {"cite", "b", "i", "strong", "em", "bdi", "sup", "sub", "code"}
_AROUND_BLOCKS = re.compile(rf"\s*(</?(?:{'|'.join(sorted(_BLOCKS))})(?: [^>]*)?>)\s*")
_VOID = frozenset(["br", "hr"])
_LEFT_OUT = frozenset(["source", "meta", "link", "input", "wbr"])
_PASSED_BY = frozenset(["nav", "style", "script", "template", "svg"])
_CLASSES_PASSED_BY = frozenset(["translations", "dates", "section", "byline", "standfirst"])


class NoStory(ValueError):
    """A page that is no story of ours; the message goes on from its address."""


@dataclass(frozen=True, slots=True)
class BundleStory:
    """A story for a bundle; ``body`` is marked up (see ``resolved``), ``published`` the date as printed."""

    address: str
    language: str
    direction: str
    publication: str
    headline: str
    section: str
    standfirst: str
    byline: str
    published: str
    published_at: datetime.datetime
    body: str
    photos: tuple[str, ...] = ()

    def resolved(self, link_to: Callable[[str], str | None], photo_at: Callable[[str], str | None]) -> str:
        """The body as markup; each function gives where a story or photo lies in the bundle, if it does."""

        def link(match: re.Match[str]) -> str:
            place = link_to(match[1])
            return f'<a href="{place}">{match[2]}</a>' if place else match[2]

        def photo(match: re.Match[str]) -> str:
            place = photo_at(match[1])
            return f'<img src="{place}" alt="{match[2]}"/>' if place else ""

        return _MARKED_PHOTO.sub(photo, _MARKED_LINK.sub(link, self.body))


def story_of_page(address: str, page: bytes) -> BundleStory:
    """What a bundle carries of the story on an edition's page.

    Raises:
        NoStory: the page holds no story.
    """
    reader = _StoryReader(address)
    reader.feed(page.decode("utf-8"))
    reader.close()
    if not reader.has_story or not reader.published_at:
        raise NoStory("is not the page of a story")
    try:
        published_at = datetime.datetime.fromisoformat(reader.published_at)
    except ValueError as error:
        raise NoStory("does not say when it was published") from error
    text = {name: " ".join("".join(parts).split()) for name, parts in reader.texts.items()}
    return BundleStory(
        address=address,
        language=reader.language,
        direction=reader.direction,
        publication=text["nameplate"],
        headline=text["h1"],
        section=text["section"],
        standfirst=text["standfirst"],
        byline=text["byline"],
        published=text["time"],
        published_at=published_at,
        body=_AROUND_BLOCKS.sub(r"\1", "".join(reader.body)).strip(),
        photos=tuple(dict.fromkeys(reader.photos)),
    )


class _StoryReader(HTMLParser):
    """Reads one page of the theme's: its head line by line, and its body as lean markup."""

    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.folder = address.lstrip("/")
        self.language, self.direction = "en", "ltr"
        self.texts: dict[str, list[str]] = {
            name: [] for name in ("nameplate", "h1", "section", "standfirst", "byline", "time")
        }
        self.body: list[str] = []
        self.photos: list[str] = []
        self.published_at = ""
        self.has_story = False
        self._is_inside = False
        # Open elements within the story, with what ends each of them in the body.
        self._open: list[tuple[str, str]] = []
        self._passing_by = 0
        self._field = ""
        self._field_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        classes = values.get("class", "").split()
        if tag == "html":
            self.language, self.direction = values.get("lang", "en"), values.get("dir", "ltr")
        elif tag == "p" and "nameplate" in classes and not self.texts["nameplate"]:
            self._begin_field("nameplate")
        elif tag == "article" and "story" in classes:
            self._is_inside = self.has_story = True
        elif self._is_inside:
            self._begin(tag, values, classes)

    def _begin_field(self, name: str) -> None:
        self._field, self._field_depth = name, len(self._open)
        self._open.append((name if name in {"h1", "time"} else "p", ""))

    def _begin(self, tag: str, values: dict[str, str], classes: list[str]) -> None:
        name = next((each for each in classes if each in _CLASSES_PASSED_BY), "")
        if tag == "img":
            self._photo(values)
        elif tag in _VOID:
            self._write(f"<{tag}/>")
        elif tag in _LEFT_OUT:
            return
        elif self._passing_by or tag in _PASSED_BY or name == "translations":
            self._passing_by += 1
            self._open.append((tag, ""))
        elif tag == "h1" or name:
            self._begin_field(name or "h1")
        elif tag == "time" and not self.published_at:
            self.published_at = values.get("datetime", "")
            self._begin_field("time")
        else:
            self._begin_body(tag, values)

    def _begin_body(self, tag: str, values: dict[str, str]) -> None:
        if tag == "a":
            self._begin_link(values.get("href", ""))
        elif tag in _KEPT:
            self._write(f"<{tag}{_direction(values)}>")
            self._open.append((tag, f"</{tag}>"))
        else:
            self._open.append((tag, ""))

    def _begin_link(self, href: str) -> None:
        if self._field:
            self._open.append(("a", ""))
        elif re.match(r"https?://", href):
            # Nothing in a bundle asks a network at a tap: the address is there to be read.
            self._open.append(("a", f" ‹{escape(href)}›"))
        elif href and not href.startswith(("#", "mailto:")):
            place = posixpath.normpath(posixpath.join(self.folder, unquote(href.partition("#")[0])))
            self._write(f"{_LINK}/{place.removesuffix('index.html')}{_LINK}")
            self._open.append(("a", _LINK_END))
        else:
            self._open.append(("a", ""))

    def _photo(self, values: dict[str, str]) -> None:
        """The smallest of a photo's JPEG files."""
        choices = [each.split() for each in values.get("srcset", "").split(",") if each.strip()]
        sizes = [(int(each[1].rstrip("w")), each[0]) for each in choices if len(each) == 2]
        source = min(sizes)[1] if sizes else values.get("src", "")
        path = posixpath.normpath(posixpath.join(self.folder, unquote(source)))
        self.photos.append(path)
        self._write(f"{_PHOTO}{path}{_PHOTO}{escape(values.get('alt', ''))}{_PHOTO}")

    def handle_endtag(self, tag: str) -> None:
        if not self._open:
            if tag == "article":
                self._is_inside = False
            return
        while self._open:
            name, ending = self._open.pop()
            if self._passing_by:
                self._passing_by -= 1
            elif self._field and len(self._open) <= self._field_depth:
                self._field = "dates" if self._field == "time" else ""
                self._field_depth = max(0, self._field_depth - 1)
            else:
                self._write(ending)
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._field in self.texts:
            self.texts[self._field].append(data)
        elif not self._field and self._is_inside and not self._passing_by:
            self._write(escape(re.sub(r"\s+", " ", data), quote=False))

    def _write(self, markup: str) -> None:
        if self._is_inside and not self._field and not self._passing_by:
            self.body.append(markup)


def _direction(values: dict[str, str]) -> str:
    """What of an element's attributes a reader sees: its language and direction."""
    return "".join(f' {name}="{escape(values[name])}"' for name in ("lang", "dir") if values.get(name))
