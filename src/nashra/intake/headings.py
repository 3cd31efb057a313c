"""Sub-headings told from paragraphs, in the lines that are a story's body.

A sub-heading is short, has no final punctuation and no quotation, and stands between paragraphs. HTML
may say outright that a line is one. What is not sure stays a paragraph, and a finding says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum

from nashra.intake.byline import byline_of
from nashra.intake.credit import credited_caption
from nashra.intake.parts import Block, Line
from nashra.intake.wording import bare, quoted

MAX_SURE_CHARS = 60
MAX_SURE_WORDS = 8
MAX_CHARS = 80
MAX_WORDS = 12
# The desk takes no longer sub-heading, whatever a page calls one.
MAX_SAID_CHARS = 200

_HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Elements whose lines are something else than headings, however short they are.
_OTHER_TAGS = frozenset({"li", "figcaption", "blockquote", "td", "th", "dd", "dt", "pre", "cite"})
_FINAL_PUNCTUATION = re.compile(r"[.!?…:;,،؛؟۔。\-–—][\"'”’»)\]]*$")
_ASKS_OR_CALLS = re.compile(r"[?!؟]$")
_QUOTATION = re.compile(r"^['‘’]|[\"“”„«»]|['‘’]$")
_BULLET = re.compile(r"^(?:[•·▪◦‣*–—-]|\d+[.)])\s")
_LISTED_AS = re.compile(r"[)\]]$")


class _Likeness(IntEnum):
    NONE = 0
    DISTANT = 1
    LIKELY = 2
    SURE = 3
    SAID = 4


def blocks_of(lines: Sequence[Line]) -> tuple[tuple[Block, ...], list[str]]:
    """Every line as a paragraph or a sub-heading, in order, with a finding for each that was not sure."""
    likenesses = [_likeness(line) for line in lines]
    blocks: list[Block] = []
    findings: list[str] = []
    for index, (line, likeness) in enumerate(zip(lines, likenesses, strict=True)):
        stands_between = (
            0 < index < len(lines) - 1
            and likenesses[index - 1] < _Likeness.LIKELY
            and likenesses[index + 1] < _Likeness.LIKELY
        )
        is_heading = likeness is _Likeness.SAID or (likeness >= _Likeness.LIKELY and stands_between)
        blocks.append(
            Block(kind="subheading" if is_heading else "paragraph", text=line.text, line=line.number)
        )
        doubt = _doubt(likeness, is_heading=is_heading, is_last=index == len(lines) - 1)
        if doubt:
            findings.append(f"Line {line.number} ({quoted(line.text)}) {doubt}")
    return tuple(blocks), findings


def _likeness(line: Line) -> _Likeness:
    if line.tag in _HEADING_TAGS:
        return _Likeness.SAID if len(line.text) <= MAX_SAID_CHARS else _Likeness.DISTANT
    text = bare(line.text)
    words = len(text.split())
    if line.tag in _OTHER_TAGS or len(text) > MAX_CHARS or words > MAX_WORDS or _BULLET.match(text):
        return _Likeness.NONE
    if byline_of(text) or credited_caption(text):
        return _Likeness.NONE
    is_short = len(text) <= MAX_SURE_CHARS and words <= MAX_SURE_WORDS
    if is_short and (
        _ASKS_OR_CALLS.search(text) or (_QUOTATION.search(text) and not _FINAL_PUNCTUATION.search(text))
    ):
        return _Likeness.DISTANT
    if _FINAL_PUNCTUATION.search(text) or _QUOTATION.search(text) or text[0].islower():
        return _Likeness.NONE
    return _Likeness.SURE if is_short and not _LISTED_AS.search(text) else _Likeness.LIKELY


def _doubt(likeness: _Likeness, *, is_heading: bool, is_last: bool) -> str:
    if is_heading:
        if is_last:
            return "is a sub-heading, but nothing follows it: it may be the page's furniture."
        return "was taken as a sub-heading, but may be a paragraph." if likeness is _Likeness.LIKELY else ""
    if likeness is _Likeness.DISTANT:
        return "was kept as a paragraph, but may be a sub-heading."
    if likeness >= _Likeness.LIKELY:
        if is_last:
            return (
                "was kept as a paragraph, but may be the page's furniture: it is short and nothing "
                "follows it."
            )
        return (
            "was kept as a paragraph: it is short as a sub-heading is, but does not stand between paragraphs."
        )
    return ""
