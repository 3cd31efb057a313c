"""An item's body, HTML or plain text → the blocks of a story's body.

What nh3 lets through is cut at its blocks; no word is changed, and what a story cannot hold (pictures
that lie elsewhere, tables as such) is named. Must not touch a database.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Any

import nh3

from nashra.intake.ninjs.report import BadItem, Finding
from nashra.intake.wording import is_blank, squeezed

MAX_BODY_CHARS = 2_000_000
MAX_NESTING = 400
MAX_SUBHEADING_CHARS = 200
MAX_SPEAKER_CHARS = 200

_INLINE = {"a", "strong", "b", "em", "i"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_LISTS = {"ul", "ol"}
_PLAIN_BLOCKS = {
    *("p", "div", "section", "article", "main", "header", "footer", "aside", "hr", "pre", "dl", "dt", "dd"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "address", "figcaption", "center"),
}
_KEPT = _INLINE | _HEADINGS | _LISTS | _PLAIN_BLOCKS | {"li", "br", "blockquote", "cite", "figure", "img"}
_TOKEN = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:[^<>"]|"[^"]*")*)>|([^<]+)')
_TAG = re.compile(r"<[^>]*>")
_INLINE_TAG = re.compile(r"</?(?:a|b|i|strong|em)\b[^>]*>")
_OPENING = re.compile(rb"<[a-zA-Z]")
_STEP = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# Elements that close themselves, or are left unclosed as often as not.
_VOID = frozenset(
    b"area base br col embed hr img input link meta p li td th tr dt dd source track wbr".split()
)
_EMPTY = re.compile(r'<(a|b|i|strong|em)(?: (?:[^<>"]|"[^"]*")*)?></\1>')
_ATTRIBUTE = re.compile(r'(alt|src)="([^"]*)"')

Block = tuple[str, Any]

PICTURE = Finding("A picture in a body was left out, since it lies elsewhere")
_TABLE = Finding("A table in a body became paragraphs, one for each cell")
_LONG_SUBHEADING = Finding("A sub-heading too long for the desk became a paragraph")
_NESTED = Finding("A list within a list became one list")
_REPEATED = Finding("A body began with the headline again: it was kept once")


def blocks_of_text(text: str) -> list[Block]:
    """Paragraphs of plain text: parted by empty lines where there are any, else by lines.

    Raises:
        BadItem: it is too big.
    """
    _check_size(text)
    parts = re.split(r"\n[^\S\n]*\n", text.replace("\r\n", "\n"))
    if len(parts) == 1:
        parts = text.splitlines()
    return [
        ("paragraph", f"<p>{escape(part.strip(), quote=False)}</p>") for part in parts if not is_blank(part)
    ]


def blocks_of_html(html: str, *, headline: str = "") -> tuple[list[Block], list[Finding]]:
    """The blocks of a body's HTML, and what was mended or left out.

    Raises:
        BadItem: it is too big, or its elements nest deeper than any page's do.
    """
    _check_size(html)
    _check_nesting(html)
    clean = nh3.clean(
        html,
        tags=_KEPT,
        clean_content_tags={"script", "style", "title", "template"},
        attributes={"a": {"href"}, "img": {"src", "alt"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    cutter = _Cutter(headline)
    for match in _TOKEN.finditer(clean):
        cutter.take(match)
    cutter.end()
    return cutter.blocks, list(dict.fromkeys(cutter.findings))


def plain(html: str) -> str:
    """The text of an HTML fragment, its white space single.

    Raises:
        BadItem: its elements nest deeper than any page's do.
    """
    _check_nesting(html)
    return _words(nh3.clean(html, tags=_KEPT, link_rel=None))


def _words(clean: str) -> str:
    """The text of clean HTML: an inline element's end parts no words, a block's does."""
    return " ".join(unescape(_TAG.sub(" ", _INLINE_TAG.sub("", clean))).split())


def _check_size(body: str) -> None:
    if len(body) > MAX_BODY_CHARS:
        raise BadItem(f"has a body of {len(body):,} characters; a story's may have {MAX_BODY_CHARS:,}.")


def _check_nesting(html: str) -> None:
    """Refuse what would take a parser, or a reader's browser, deeper than any page goes."""
    raw = html.encode(errors="replace")
    if len(_OPENING.findall(raw)) <= MAX_NESTING:
        return
    depth = deepest = 0
    for match in _STEP.finditer(raw):
        depth = max(depth - 1, 0) if match[1] else depth + (match[2].lower() not in _VOID)
        deepest = max(deepest, depth)
    if deepest > MAX_NESTING:
        raise BadItem(f"has a body whose elements nest {deepest:,} deep; {MAX_NESTING} are allowed.")


class _Cutter:
    """Walks through clean HTML and cuts it into blocks; keeps no tree, and so needs no depth."""

    def __init__(self, headline: str) -> None:
        self.blocks: list[Block] = []
        self.findings: list[Finding] = []
        self._headline = squeezed(headline)
        self._line: list[str] = []
        self._open: list[tuple[str, str]] = []
        self._heading = ""
        self._lists = 0
        self._items: list[str] = []
        self._ordered = False
        self._quote: list[str] | None = None
        self._said_by = ""
        self._speaker: list[str] | None = None
        self._figure = 0
        self._picture: list[str] = []
        self._caption: list[str] = []

    def take(self, match: re.Match[str]) -> None:
        """Take the next tag or run of text."""
        closing, tag, attributes, text = match.groups()
        if text is not None:
            self._text(text)
        elif tag in _INLINE:
            self._inline(tag, attributes, closing=bool(closing))
        elif tag == "br":
            self._line.append("<br/>")
        elif tag == "img":
            self._image(attributes)
        elif tag == "cite":
            self._cite(closing=bool(closing))
        else:
            self._block(tag, closing=bool(closing))

    def end(self) -> None:
        """Take what is left."""
        self._flush()
        self._lists = 0
        self._close_list()

    def _text(self, text: str) -> None:
        if self._figure:
            self._caption.append(unescape(text))
        elif self._speaker is not None:
            self._speaker.append(unescape(text))
        else:
            self._line.append(text)

    def _inline(self, tag: str, attributes: str, *, closing: bool) -> None:
        if closing:
            if any(name == tag for name, _opening in self._open):
                while self._open:
                    name, _opening = self._open.pop()
                    self._line.append(f"</{name}>")
                    if name == tag:
                        break
        elif tag != "a" or attributes:
            opening = f"<{tag}{attributes}>"
            self._open.append((tag, opening))
            self._line.append(opening)

    def _image(self, attributes: str) -> None:
        found = {name: unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}
        self._picture += [found[name] for name in ("alt", "src") if found.get(name)]
        if not self._figure:
            self._leave_picture()

    def _leave_picture(self) -> None:
        said = [" ".join("".join(self._caption).split()), *self._picture]
        self.findings.append(Finding(PICTURE.kind, " / ".join(filter(None, dict.fromkeys(said)))))
        self._picture.clear()
        self._caption.clear()

    def _cite(self, *, closing: bool) -> None:
        """Who said a quotation; elsewhere a title of a work, which is but words."""
        if self._quote is not None:
            if not closing:
                self._speaker = self._speaker or []
            elif self._speaker is not None:
                self._said_by, self._speaker = " ".join("".join(self._speaker).split()), None

    def _block(self, tag: str, *, closing: bool) -> None:
        self._flush()
        if tag in _HEADINGS:
            self._heading = "" if closing else tag
        elif tag in _LISTS:
            self._list(tag, closing=closing)
        elif tag == "blockquote":
            self._blockquote(closing=closing)
        elif tag == "figure":
            self._figure = max(self._figure - 1, 0) if closing else self._figure + 1
            if closing and not self._figure:
                self._leave_picture()
        elif tag == "table" and not closing:
            self.findings.append(_TABLE)

    def _list(self, tag: str, *, closing: bool) -> None:
        if not closing:
            if not self._lists:
                self._ordered = tag == "ol"
            elif _NESTED not in self.findings:
                self.findings.append(_NESTED)
            self._lists += 1
            return
        self._lists = max(self._lists - 1, 0)
        if not self._lists:
            self._close_list()

    def _close_list(self) -> None:
        if self._items:
            self.blocks.append(("list", {"ordered": self._ordered, "items": self._items}))
            self._items = []

    def _blockquote(self, *, closing: bool) -> None:
        if not closing:
            self._quote = []
            self._said_by = ""
            return
        paragraphs, self._quote = [html for html in self._quote or () if html], None
        if paragraphs and 0 < len(self._said_by) <= MAX_SPEAKER_CHARS:
            words = "\n".join(map(_words, paragraphs))
            value = {"text": words, "speaker": self._said_by, "role": ""}
            self.blocks.append(("pull_quote", value))
            return
        self.blocks += [("paragraph", f"<p>{html}</p>") for html in paragraphs]
        if self._said_by:
            self.blocks.append(("paragraph", f"<p>{escape(self._said_by, quote=False)}</p>"))

    def _flush(self) -> None:
        """End the running line: it becomes whatever it stands in."""
        html = "".join([*self._line, *(f"</{tag}>" for tag, _opening in reversed(self._open))]).strip()
        # An element that goes on in the next block is opened again there.
        self._line = [opening for _tag, opening in self._open]
        while (without := _EMPTY.sub("", html)) != html:
            html = without
        words = unescape(_TAG.sub("", html))
        if not words[:1].isalnum() and is_blank(words):
            return
        if self._quote is not None:
            # The dash before a speaker's name is no line of the quotation.
            self._quote += [html] if any(map(str.isalnum, words)) else []
        elif self._lists:
            self._items.append(f"<p>{html}</p>")
        elif self._heading:
            self._subheading(html, " ".join(words.split()))
        else:
            self.blocks.append(("paragraph", f"<p>{html}</p>"))

    def _subheading(self, html: str, words: str) -> None:
        if not self.blocks and squeezed(words) == self._headline:
            self.findings.append(_REPEATED)
        elif len(words) <= MAX_SUBHEADING_CHARS:
            self.blocks.append(("subheading", words))
        else:
            self.findings.append(_LONG_SUBHEADING)
            self.blocks.append(("paragraph", f"<p>{html}</p>"))
