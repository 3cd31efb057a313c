"""Prose in scripts other than ours, by people other than us: the Debian handbook, where it is installed.

Reads what Debian's package ``debian-handbook`` lays down, and copies none of it: its licence (GPL-2+ or
CC BY-SA 3.0) is not the project's. Must not be needed for anything.
"""

from __future__ import annotations

import html
import os
import re
from pathlib import Path

LANGUAGES = {"ar": "ar-MA", "ru": "ru-RU", "fa": "fa-IR"}
_FOLDER = "/usr/share/doc/debian-handbook/html"
_PARAGRAPH = re.compile(r'<div class="para">(.*?)</div>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_LEAST_WORDS = 6
# The last letter of the Latin script's common blocks.
_LATIN_END = "\u024f"


def paragraphs(language: str) -> list[str]:
    """The paragraphs that were translated, each once; none where the package is not installed.

    ``NASHRA_HANDBOOK`` may name another folder than Debian's.
    """
    folder = Path(os.environ.get("NASHRA_HANDBOOK", _FOLDER)) / LANGUAGES[language]
    found: list[str] = []
    for file in sorted(folder.glob("*.html")):
        for words in _PARAGRAPH.findall(file.read_text(encoding="utf-8")):
            text = " ".join(html.unescape(_TAG.sub("", words)).split())
            if len(text.split()) >= _LEAST_WORDS and _is_translated(text):
                found.append(text)
    return list(dict.fromkeys(found))


def _is_translated(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return sum(letter > _LATIN_END for letter in letters) > 0.8 * len(letters)
