"""Makes what readers write fit to keep, and counts it as people count.

One ``normalise`` for every way in. Pure rules: must not read settings, a database or a clock, and
must never truncate: what is too long is refused and handed back whole.
"""

from __future__ import annotations

import re
import unicodedata

from wcwidth import iter_graphemes

# The seed's limit counts what a person calls characters; these two bound what can hide in one.
MAX_TEXT_CODE_POINTS = 6_000
MAX_TEXT_BYTES = 20_000
MAX_NAME_GRAPHEMES = 80
MAX_NAME_CODE_POINTS = 320
# Tibetan stacks eight signs on one letter; beyond that marks only climb over their neighbours.
MAX_MARKS_IN_CLUSTER = 8

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n{3,}")
_WHITE_SPACE = re.compile(r"\s+")

# Embeddings, overrides and isolates, the three marks, and the deprecated controls beside them.
BIDI_CONTROLS = frozenset(
    [*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x2070)), "\u200e", "\u200f", "\u061c"]
)
# Controls but LF; halves of surrogate pairs; a byte order mark in the midst of text and interlinear
# annotation, which nobody types; and the code points that will never be characters.
_DROPPED = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufff9-\ufffb\ufdd0-\ufdef"
    + "".join(sorted(BIDI_CONTROLS))
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
# Letters and signs by their category that show nothing at all.
BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5")
_VISIBLE_CATEGORIES = frozenset("LNPS")


def normalise(text: str) -> str:
    """Text as it is kept: LF line ends, NFC, no control or bidi control, no piles of marks or blank lines.

    ZWJ and ZWNJ stay, since Persian and emoji need them. The same text comes out of a second run.
    """
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    text = _DROPPED.sub("", text)
    # Sorting a long pile of marks takes quadratic time, so piles are cut before NFC; and again after
    # it, since NFC takes some marks apart.
    text = _cap_marks(unicodedata.normalize("NFC", _cap_marks(text)))
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return unicodedata.normalize("NFC", _BLANK_LINES.sub("\n\n", text).strip())


def normalise_name(name: str) -> str:
    """A name as it is kept: like other text, and on one line."""
    return _WHITE_SPACE.sub(" ", normalise(name)).strip()


def count_graphemes(text: str) -> int:
    """How many characters a person sees: extended grapheme clusters of Unicode 17."""
    return sum(1 for _cluster in iter_graphemes(text))


def has_visible_character(text: str) -> bool:
    """Whether anything at all of the text can be seen."""
    return any(
        unicodedata.category(character)[0] in _VISIBLE_CATEGORIES and character not in BLANK_LETTERS
        for character in text
    )


def name_fault(name: str) -> str:
    """What is wrong with a normalised name, as an English sentence to translate; empty when nothing is."""
    if not has_visible_character(name):
        return "Please give a name or a pseudonym that can be seen."
    if len(name) > MAX_NAME_CODE_POINTS or _has_more_graphemes(name, MAX_NAME_GRAPHEMES):
        return "This name is too long. Please shorten it to 80 characters."
    return ""


def text_fault(text: str, *, max_graphemes: int) -> str:
    """What is wrong with a normalised comment, as an English sentence to translate; empty when nothing is.

    The cheap bounds come first, so that nobody can make us count a long text.
    """
    if not has_visible_character(text):
        return "Please write something."
    if len(text) > MAX_TEXT_CODE_POINTS or len(text.encode()) > MAX_TEXT_BYTES:
        return "This comment is too long. Please shorten it."
    if _has_more_graphemes(text, max_graphemes):
        return "This comment is too long. Please shorten it."
    return ""


def _has_more_graphemes(text: str, most: int) -> bool:
    # There are never more clusters than code points, so most texts need no counting.
    return len(text) > most and count_graphemes(text) > most


def _cap_marks(text: str) -> str:
    if text.isascii() or not _has_pile(text):
        return text
    return "".join(_capped(cluster) for cluster in iter_graphemes(text))


def _has_pile(text: str) -> bool:
    return sum(map(_is_mark, text)) > MAX_MARKS_IN_CLUSTER


def _capped(cluster: str) -> str:
    if len(cluster) <= MAX_MARKS_IN_CLUSTER:
        return cluster
    marks = 0
    kept = []
    for character in cluster:
        marks += _is_mark(character)
        if marks <= MAX_MARKS_IN_CLUSTER or not _is_mark(character):
            kept.append(character)
    return "".join(kept)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in {"Mn", "Me"} or unicodedata.combining(character) > 0
