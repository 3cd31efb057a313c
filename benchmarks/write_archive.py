"""Writes COUNT stories of our own prose into the newsroom that the environment names.

    python -m benchmarks.write_archive COUNT

The paragraphs are the demo's English ones, drawn and ordered anew for each story by a seeded generator,
about 650 words each, over five sections and thirty-seven topics. Slow on purpose: each story goes
through the desk's own verbs, as a reporter's would.
"""

from __future__ import annotations

import datetime
import random
import re
import sys
from html import escape, unescape

import django

SECTIONS = ("security", "diplomacy", "society", "economy", "media")
WORDS_A_STORY = 650
START = datetime.datetime(2024, 1, 1, 8, 0, tzinfo=datetime.UTC)


def paragraphs() -> list[str]:
    """The demo's English paragraphs."""
    from nashra.demo import newsroom

    return [
        unescape(re.sub(r"<[^>]+>", "", value))
        for story in newsroom.load_stories()
        if story.language == "en"
        for kind, value in story.body
        if kind == "paragraph"
    ]


def main(count: int) -> None:
    """Write and publish them."""
    django.setup()
    from nashra.desk import publishing
    from nashra.desk.models import Person, Place, Publication, Topic

    paper = Publication.objects.get(slug="en")
    sections = [
        publishing.create_section(publication=paper, title=name.capitalize(), slug=name) for name in SECTIONS
    ]
    people = [Person.objects.create(name=f"Correspondent {number}") for number in range(23)]
    places = [Place.objects.create(name=f"Ford {number}") for number in range(7)]
    topics = [Topic.objects.create(name=f"Topic {number}") for number in range(37)]
    stock, dice = paragraphs(), random.Random(7)  # noqa: S311 -- a seeded draw, no secret
    for number in range(count):
        body: list[tuple[str, str]] = []
        words = 0
        while words < WORDS_A_STORY:
            text = dice.choice(stock)
            words += len(text.split())
            body.append(("paragraph", f"<p>{escape(text)}</p>"))
        story = publishing.write_story(
            section=sections[number // 5 % 5],
            headline=f"{' '.join(dice.choice(stock).split()[:7])} {number}",
            authors=[people[number % 23]],
            dateline_place=places[number % 7],
            topics=[topics[number % 37]],
            body=body,
        )
        publishing.publish_story(story=story, published_at=START + datetime.timedelta(minutes=37 * number))


if __name__ == "__main__":
    main(int(sys.argv[1]))
