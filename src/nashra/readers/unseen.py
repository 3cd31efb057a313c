"""Finds the characters that cannot be seen, and names them, so that moderators judge what is really there.

Pure rules; must not change a text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from nashra.readers.text import BLANK_LETTERS

_JOINERS = frozenset("\u200c\u200d")
# The selector that asks for an emoji's colours is everyday writing; its 255 fellows are not.
_VARIATION_SELECTORS = frozenset([*map(chr, range(0xFE00, 0xFE0F)), *map(chr, range(0xE0100, 0xE01F0))])
_UNSEEN_CATEGORIES = frozenset({"Cf", "Cc", "Co", "Cn", "Cs"})


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text, or one character that cannot be seen, with its number and name."""

    text: str
    code_point: str = ""
    character_name: str = ""


def parts(text: str) -> Iterator[Part]:
    """The text cut at each character that cannot be seen; joined again, the parts give the text."""
    seen = ""
    before = ""
    for character in text:
        if is_unseen(character, before=before):
            if seen:
                yield Part(seen)
            name = unicodedata.name(character, "no character")
            yield Part(character, code_point=f"U+{ord(character):04X}", character_name=name)
            seen = ""
        else:
            seen += character
        before = character
    if seen:
        yield Part(seen)


def has_unseen(text: str) -> bool:
    """Whether a text holds characters that cannot be seen."""
    # A long text has few different characters: only where one of them may be unseen is each place read.
    if not any(is_unseen(character, before=" ") for character in set(text)):
        return False
    return any(is_unseen(mark, before=before) for before, mark in zip(" " + text, text, strict=False))


def is_unseen(character: str, *, before: str) -> bool:
    """Whether a character shows nothing where it stands, after the character ``before``.

    The joiners do visible work in Persian, in Indic scripts and in emoji, and none after a Latin letter.
    """
    if character in {"\n", "\ufe0f"}:
        return False
    if character in _JOINERS:
        return unicodedata.name(before or " ", "").startswith(
            ("LATIN", "CYRILLIC", "GREEK", "SPACE", "DIGIT")
        )
    if unicodedata.category(character) in _UNSEEN_CATEGORIES or character in _VARIATION_SELECTORS:
        return True
    return character in BLANK_LETTERS
