"""An HTML tree → the lines that a browser shows of it, in order.

A run is the text between two places where a browser begins a new line. Elements that it does not
show (scripts, styles, hidden ones) give none. Words are taken as they stand: entities are read and
white space is folded as browsers do it; no-break spaces and all else stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from nashra.intake.wording import is_blank

_NOT_SHOWN_NAMES = (
    "head script style template noscript iframe object embed svg canvas audio video map datalist select "
    "textarea input meta link title base area source track param"
)
_BLOCK_NAMES = (
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol "
    "optgroup option p pre section summary table tbody td tfoot th thead tr ul"
)
# What a line is in an element of these, it is however deep within it.
_TELLING_NAMES = "figcaption li blockquote h1 h2 h3 h4 h5 h6 nav aside footer button pre td th dd dt"
_NOT_SHOWN = frozenset(_NOT_SHOWN_NAMES.split())
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_TELLING = frozenset(_TELLING_NAMES.split())
_EMPHASIS = frozenset({"b", "strong", "i", "em", "u", "mark"})
# Browsers fold these and no others; a no-break space is not among them.
_FOLDED_SPACE = re.compile("[ \t\n\r\f]+")
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CONTAINED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "li"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Run:
    """One shown line: its text, the element that tells what it is, and the one that holds it."""

    text: str
    tag: str
    number: int
    container: HtmlElement
    links: tuple[str, ...] = ()
    is_emphasised: bool = False


@dataclass(slots=True)
class _Walk:
    """Where the walk through the tree stands."""

    pieces: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    emphasised: bool = False

    def run(self, block: HtmlElement, tag: str, number: int) -> Run | None:
        """The run that ends here, if a reader sees anything of it; the next one begins."""
        text = _FOLDED_SPACE.sub(" ", "".join(self.pieces)).strip()
        run = None
        if not is_blank(text):
            container = block.getparent() if block.tag in _CONTAINED else block
            run = Run(
                text=text,
                tag=tag,
                number=number,
                container=block if container is None else container,
                links=tuple(self.links),
                is_emphasised=self.emphasised,
            )
        self.pieces.clear()
        self.links.clear()
        self.emphasised = False
        return run


def runs_of(tree: HtmlElement) -> Iterator[Run]:
    """Every line that a browser shows, in the order of the page."""
    walk = _Walk()
    # An explicit stack, since a page may nest its elements deeper than Python nests its calls.
    stack: list[tuple[HtmlElement, bool, HtmlElement, str]] = [(tree, False, tree, "")]
    number = 1
    while stack:
        element, is_end, block, tag = stack.pop()
        name = element.tag if isinstance(element.tag, str) else ""
        breaks = name in _BLOCKS or name == "br"
        if not is_end:
            if not name or name in _NOT_SHOWN or _is_hidden(element):
                walk.pieces.append(element.tail or "")
                continue
            if breaks and (run := walk.run(block, tag, number)):
                yield run
            inner_block, inner_tag = (element, _tag(name, tag)) if name in _BLOCKS else (block, tag)
            number = element.sourceline or number
            _enter(walk, element, name)
            stack.append((element, True, block, tag))
            stack.extend((child, False, inner_block, inner_tag) for child in reversed(element))
        else:
            if name in _BLOCKS and (run := walk.run(element, _tag(name, tag), number)):
                yield run
            walk.pieces.append(element.tail or "" if element is not tree else "")


def _enter(walk: _Walk, element: HtmlElement, name: str) -> None:
    walk.pieces.append(element.text or "")
    if name == "a" and (element.get("href") or "").startswith(("http://", "https://", "/")):
        walk.links.append(element.get("href"))
    if name in _EMPHASIS:
        walk.emphasised = True


def _tag(name: str, outer: str) -> str:
    return outer if outer in _TELLING else name


def _is_hidden(element: HtmlElement) -> bool:
    return element.get("hidden") is not None or bool(_HIDING_STYLE.search(element.get("style") or ""))
