"""Looking at words without changing them: forms for comparing, and quotations for findings.

What is made here is compared or shown in a finding; it never becomes a part of a story.
"""

from __future__ import annotations

import re
import unicodedata

# Letters' direction signs, joiners' absence signs and byte order marks that no reader sees.
DIRECTION_SIGNS = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_WITHOUT_DIRECTION = {ord(sign): None for sign in DIRECTION_SIGNS}
_EDGES = re.compile(rf"^[\s\u200b{DIRECTION_SIGNS}]+|[\s\u200b{DIRECTION_SIGNS}]+$")
_ARABIC_LETTERS = str.maketrans(
    {"ي": "ی", "ى": "ی", "ك": "ک", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ة": "ه", "ـ": None}
)

QUOTATION_MARKS = '"“”„«»‹›'
MAX_QUOTE_CHARS = 60


def comparable(text: str) -> str:
    """The text for comparing furniture: plain digits, lower case, one space, no hidden signs or vowels."""
    text = unicodedata.normalize("NFKC", text).translate(_WITHOUT_DIRECTION).replace("\u200c", " ")
    text = "".join(_plain(char) for char in text if unicodedata.category(char) != "Mn")
    return " ".join(text.translate(_ARABIC_LETTERS).casefold().split())


def squeezed(text: str) -> str:
    """The text with no white space or hidden signs at all: two lines that show the same are equal."""
    return "".join(unicodedata.normalize("NFC", text).translate(_WITHOUT_DIRECTION).split())


def bare(text: str) -> str:
    """A name or a place without the white space and direction signs around it, inner spaces single."""
    return " ".join(_EDGES.sub("", text).split())


def is_blank(text: str) -> bool:
    """Whether a reader sees nothing of the text."""
    return not _EDGES.sub("", text)


def quoted(text: str) -> str:
    """The beginning of a line, as a finding names it."""
    shown = " ".join(text.split())
    return f"“{shown}”" if len(shown) <= MAX_QUOTE_CHARS else f"“{shown[: MAX_QUOTE_CHARS - 1].rstrip()}…”"


def _plain(char: str) -> str:
    value = unicodedata.decimal(char, None)
    return char if value is None else str(value)
