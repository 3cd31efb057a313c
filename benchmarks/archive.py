"""An archive of our own to press: COUNT stories as ninjs 3.1 objects, one a line, always the same.

    python -m benchmarks.archive COUNT > archive.jsonl

The sentences are the demo newsroom's, drawn and ordered anew for each story by a seeded generator, with
15 % of the words exchanged, so that nothing can be pressed once for two stories: some 650 words in 21
paragraphs under two sub-headings. One story in five is Arabic. Dates run from 2017 on, one story every
37 minutes; sections, topics and bylines recur as a newsroom's do.
"""

from __future__ import annotations

import datetime
import json
import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

from nashra.demo import newsroom

SECTIONS = ("security", "diplomacy", "society", "economy", "media")
PLACES = ("Orvane", "Veshara", "Qasr Marun", "Wadi Sahl", "Teral Ford", "Lower Quay", "North Weir")
START = datetime.datetime(2017, 8, 1, 8, 0, tzinfo=datetime.UTC)
APART = datetime.timedelta(minutes=37)
PARAGRAPHS = 21
# A paragraph ends with its sentence, and so comes to some 31 words.
WORDS_A_PARAGRAPH = 22
HEADINGS_BEFORE = (8, 14)
_SENTENCE_ENDS = re.compile(r"(?<=[.!?؟…”»])\s+")


@dataclass(frozen=True, slots=True)
class Stock:
    """The sentences and the longer words of one language."""

    sentences: tuple[str, ...]
    words: tuple[str, ...]


def stock(language: str) -> Stock:
    """All that the demo newsroom wrote in a language."""
    texts = [
        unescape(re.sub(r"<[^>]+>", "", value))
        for story in newsroom.load_stories()
        if story.language == language
        for kind, value in story.body
        if kind == "paragraph"
    ]
    sentences = [sentence for text in texts for sentence in _SENTENCE_ENDS.split(text)]
    words = {word.strip(".,:;?!()“”«»،؛؟") for text in texts for word in text.split()}
    return Stock(tuple(sentences), tuple(sorted(word for word in words if len(word) > 4)))


def stories(count: int) -> Iterator[dict[str, Any]]:
    """The first ``count`` stories of the archive."""
    stocks = {language: stock(language) for language in ("en", "ar")}
    dice = random.Random(7)  # noqa: S311 -- a seeded draw, no secret
    for number in range(count):
        language = "ar" if number % 5 == 4 else "en"
        yield _story(number, language, stocks[language], dice)


def _story(number: int, language: str, told: Stock, dice: random.Random) -> dict[str, Any]:
    when = (START + APART * number).isoformat().replace("+00:00", "Z")
    place = dice.choice(PLACES)
    by = "بقلم مراسل" if language == "ar" else "By Correspondent"
    at = "في" if language == "ar" else "in"
    section = SECTIONS[number // 5 % len(SECTIONS)]
    topics = sorted({f"topic-{number % 37}", f"topic-{number % 101}"})
    named = [("section", section), *(("topic", topic) for topic in topics)]
    headline = " ".join(dice.sample(told.words, 7)).capitalize()
    return {
        "standard": {"name": "ninjs", "version": "3.1"},
        "uri": f"urn:newsml:news.example:archive:{number:07d}",
        "type": "text",
        "language": language,
        "firstCreated": when,
        "versionCreated": when,
        "pubStatus": "usable",
        "headlines": [{"role": "main", "contentType": "text/plain", "value": f"{headline} {number}"}],
        "by": f"{by} {number % 23} {at} {place}",
        "located": place,
        "bodies": [{"role": "main", "contentType": "text/html", "value": _body(told, dice)}],
        "descriptions": [
            {"role": "caption", "contentType": "text/plain", "value": dice.choice(told.sentences)}
        ],
        "subjects": [{"name": name, "rel": rel, "uri": f"urn:example:{rel}:{name}"} for rel, name in named],
    }


def _body(told: Stock, dice: random.Random) -> str:
    parts: list[str] = []
    for place in range(PARAGRAPHS):
        if place in HEADINGS_BEFORE:
            parts.append(f"<h2>{escape(' '.join(dice.sample(told.words, 4)))}</h2>")
        words: list[str] = []
        while len(words) < WORDS_A_PARAGRAPH:
            words += dice.choice(told.sentences).split()
        changed = (dice.choice(told.words) if dice.random() < 0.15 else word for word in words)
        parts.append(f"<p>{escape(' '.join(changed), quote=False)}</p>")
    return "".join(parts)


def main(count: int) -> None:
    """Print them."""
    for story in stories(count):
        print(json.dumps(story, ensure_ascii=False))


if __name__ == "__main__":
    main(int(sys.argv[1]))
