"""Reasons to look at a comment twice: pure rules that sort the moderators' queue and decide nothing.

Only a person rejects. Must not read a database or a clock; what needs one (``seen_before``) is told.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from nashra.readers.unseen import has_unseen

# A reason is kept as its code and shown as its sentence.
REASONS: Mapping[str, str] = {
    "links": "Holds what looks like a link.",
    "suspect-words": "Holds words that advertisements use.",
    "duplicate": "The same words were sent before.",
    "mixed-scripts": "A word mixes letters of different scripts.",
    "hidden-characters": "Holds characters that cannot be seen.",
    "repetition": "Repeats one character many times.",
    "burst": "Many comments came the same way within the hour: from one network, or by the onion service.",
    "flood": "Very many comments came within the hour, from everywhere.",
    "speed": "It was sent faster than anybody reads it.",
}
# What the words do not tell; other words do not undo it.
HOW_IT_CAME = frozenset({"burst", "flood", "speed"})

# Folded as ``fold`` does it. Words of advertisements only: an opinion is never suspect.
SUSPECT_WORDS: Mapping[str, tuple[str, ...]] = {
    "en": ("viagra", "casino", "bitcoin", "crypto", "whatsapp", "telegram", "loan offer", "earn money"),
    "ar": ("كازينو", "قرض سريع", "واتساب", "تلغرام", "بيتكوين", "اربح المال", "فياغرا"),
    "fa": ("کازینو", "شرط بندی", "وام فوری", "واتساپ", "تلگرام", "بیت کوین", "ویاگرا"),
}

_LINK = re.compile(
    r"https?:|www\.|(?<![\w.])[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|info|biz|top|xyz|online|site|shop|club|app|io|ru|cn|me)(?!\w)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
_REPEATED = re.compile(r"(\S)\1{9,}")
_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "ARMENIAN"})
# Letters of other scripts which pass for Latin ones.
_LOOK_ALIKES = str.maketrans("аеорсухіјѕԁһοαενικ", "aeopcyxijsdhoaevik")
# One letter for the shapes that Arabic and Persian keyboards give it; the stretching sign goes.
_ARABIC_SHAPES = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ـ": None}
)


def reasons(*, name: str, text: str, language: str, seen_before: bool) -> list[str]:
    """The codes in ``REASONS`` that hold for a normalised comment by its words, in that order."""
    both = f"{name}\n{text}"
    found = {
        "links": bool(_LINK.search(unicodedata.normalize("NFKC", both))),
        "suspect-words": _has_suspect_word(both, language),
        "duplicate": seen_before,
        "mixed-scripts": _mixes_scripts(both),
        "hidden-characters": has_unseen(both),
        "repetition": bool(_REPEATED.search(both)),
    }
    return [code for code in REASONS if found.get(code)]


def fold(text: str) -> str:
    """The text without what tells equal words apart: case, marks, invisible signs, look-alikes, spacing."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    unseen = {ord(c): None for c in set(decomposed) if unicodedata.category(c) in {"Mn", "Me", "Cf"}}
    letters = decomposed.translate(unseen)
    return " ".join(letters.translate(_LOOK_ALIKES).translate(_ARABIC_SHAPES).split())


def fingerprint(text: str) -> str:
    """The digest by which the same words are found again, however they were dressed."""
    return hashlib.sha256(fold(text).encode()).hexdigest()


def _has_suspect_word(text: str, language: str) -> bool:
    # ZWNJ parts words in Persian, and evades word lists elsewhere: look both ways.
    readings = [fold(text)]
    if "\u200c" in text:
        readings.append(fold(text.replace("\u200c", " ")))
    return any(word in reading for word in _suspect_words(language) for reading in readings)


@cache
def _suspect_words(language: str) -> frozenset[str]:
    """The language's words and English ones, which advertisements use everywhere."""
    return frozenset(map(fold, (*SUSPECT_WORDS["en"], *SUSPECT_WORDS.get(language.split("-")[0], ()))))


def _mixes_scripts(text: str) -> bool:
    return (
        not text.isascii()
        and len(_scripts(text)) > 1
        and any(len(_scripts(word)) > 1 for word in _WORD.findall(text))
    )


def _scripts(text: str) -> set[str]:
    return {script for c in set(text) if (script := unicodedata.name(c, "").split(" ")[0]) in _SCRIPTS}
