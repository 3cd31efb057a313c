"""The markup of an old comment → plain text: paragraphs, and each link's address as text.

No markup survives, and entities are decoded once. Pure; what it gives still passes ``readers.text``.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import nh3

_PARAGRAPHS = {
    *("p", "div", "section", "article", "pre", "ul", "ol", "dl", "table", "hr", "figure", "address"),
    *("h1", "h2", "h3", "h4", "h5", "h6"),
}
_LINES = {"br", "li", "tr", "dt", "dd"}
_SPACES = {"td", "th"}
_QUOTES = {"q", "blockquote"}
_KEPT = _PARAGRAPHS | _LINES | _SPACES | _QUOTES | {"a", "img"}
_TOKEN = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:[^<>"]|"[^"]*")*)>|([^<]+)')
_MARKED = re.compile("[<&]")
_ATTRIBUTE = re.compile(r'(href|alt|src)="([^"]*)"')
# While the text is put together these stand for quotation marks of ours, apart from those that were typed.
_OPENS, _CLOSES = "\x01", "\x02"
_OURS = str.maketrans("", "", _OPENS + _CLOSES)
_EMPTY_QUOTE = re.compile(rf"{_OPENS}\s*{_CLOSES}")
_DISQUS_ENDING = re.compile(r":[\w-]{16,}$")


def plain_text(markup: str, *, keeps_lines: bool) -> str:
    """The text of a comment's markup; ``keeps_lines``: a line's end in the source ends a line.

    Where it does not, it still does so in a text that has no paragraphs or line breaks of its own.
    """
    clean = nh3.clean(
        markup,
        tags=_KEPT,
        clean_content_tags={"script", "style", "template", "title"},
        attributes={"a": {"href"}, "img": {"alt", "src"}},
        url_schemes={"http", "https"},
        link_rel=None,
    )
    if keeps_lines or not re.search(r"<(?:p|br)\b", clean):
        # A writer's own line break often stands before a line's end in the source, and is the same.
        clean = re.sub(r"<br>\r?\n", "<br>", clean)
    else:
        clean = re.sub(r"[ \t\r\n]+", " ", clean)
    writer = _Writer()
    for match in _TOKEN.finditer(clean):
        writer.take(*match.groups())
    text = _EMPTY_QUOTE.sub("", "".join(writer.pieces))
    # Cut and stripped: a pattern for white space before a mark takes quadratic time on long runs of it.
    text = "“".join(part if number == 0 else part.lstrip() for number, part in enumerate(text.split(_OPENS)))
    return "”".join(part.rstrip() for part in text.split(_CLOSES)).strip()


def plain_name(markup: str) -> str:
    """A name without markup, its entities decoded once."""
    return unescape(nh3.clean(markup, tags=set())) if _MARKED.search(markup) else markup


class _Writer:
    """Puts the text together, token by token."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._links: list[tuple[str, int]] = []

    def take(self, closing: str, tag: str, attributes: str, text: str | None) -> None:
        if text is not None:
            self.pieces.append(unescape(text).translate(_OURS))
        elif tag == "a":
            self._link(attributes, is_end=bool(closing))
        elif tag == "img":
            found = _attributes(attributes)
            self.pieces.append(found.get("alt", "").strip() or found.get("src", ""))
        elif tag in _QUOTES:
            edge = "\n\n" if tag == "blockquote" else ""
            self.pieces.append(f"{_CLOSES}{edge}" if closing else f"{edge}{_OPENS}")
        elif tag in _PARAGRAPHS:
            self.pieces.append("\n\n")
        elif not closing:
            self.pieces.append(" " if tag in _SPACES else "\n")

    def _link(self, attributes: str, *, is_end: bool) -> None:
        if not is_end:
            self._links.append((_attributes(attributes).get("href", ""), len(self.pieces)))
            return
        if not self._links:
            return
        href, start = self._links.pop()
        words = "".join(self.pieces[start:])
        address = unwrapped(href)
        if not address:
            return
        if _is_shown_by(address, words.strip()):
            self.pieces[start:] = [address]
        else:
            self.pieces[start:] = [words, f" ({address})"]


def unwrapped(href: str) -> str:
    """The address that a link means: Disqus leads all of them through a counter of its own."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"}:
        return ""
    if parts.netloc.lower().removeprefix("www.") == "disq.us" and parts.path == "/url":
        meant = parse_qs(parts.query).get("url", [""])[0]
        return _DISQUS_ENDING.sub("", meant) if meant.startswith(("http://", "https://")) else ""
    return href


def _is_shown_by(address: str, words: str) -> bool:
    """Whether a link's words are its address already, or the beginning of it."""
    if not words:
        return True
    shown, whole = _bare(words), _bare(address)
    cut = shown.removesuffix("…").removesuffix("...")
    return shown == whole or (cut != shown and bool(cut) and whole.startswith(cut))


def _bare(address: str) -> str:
    bare = address.lower().removeprefix("https://").removeprefix("http://").removeprefix("www.")
    return bare.removesuffix("/")


def _attributes(text: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in _ATTRIBUTE.findall(text)}
