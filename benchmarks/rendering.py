"""What rendering costs: microseconds of CPU for a page of each kind, none of them rendered before.

    python -m benchmarks.rendering [--stories 6000]

The stories are of the measuring archive's shape: 650 words, one author, a place, two topics, a caption
without a picture, one in five in Arabic, one every 37 minutes, in five sections. Nothing but the theme runs.
"""

from __future__ import annotations

import argparse
import datetime
import random
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from nashra.edition import pages
from nashra.edition.content import (
    Author,
    Comment,
    Correction,
    Link,
    Photo,
    Publication,
    ReactionTotals,
    Rendition,
    Story,
    StoryCard,
    Translation,
)
from nashra.theme.rendering import card_fragment, render

_START = datetime.datetime(2017, 8, 1, 8, 0, tzinfo=datetime.UTC)
_WORDS = {
    "en": (
        "the",
        "mill",
        "at",
        "upper",
        "village",
        "turned",
        "again",
        "while",
        "bakers’",
        "guild",
        "&",
        "price",
    ),
    "ar": ("قال", "الطحان", "إن", "الماء", "عاد", "إلى", "الجدول", "ليلًا", "وإن", "نصف", "القرية", "وقف"),
}
_ROUNDS = 9
_SECTIONS = ("security", "diplomacy", "society", "economy", "media")


def paper(language: str) -> Publication:
    """One of the two papers."""
    base = f"/{language}/"
    return Publication(
        language=language,
        name="Nashra",
        strapline="News from the valley",
        address=base,
        time_zone="Asia/Damascus",
        site_url="https://news.example",
        sections=tuple(Link(text=name.title(), address=f"{base}{name}/") for name in _SECTIONS),
        siblings=tuple(
            Link(text="Nashra", address=f"/{other}/", language=other)
            for other in ("en", "ar")
            if other != language
        ),
        policy_address=f"{base}comment-policy/",
        about_address=f"{base}about/",
        corrections_address=f"{base}corrections/",
    )


def stories(count: int) -> Iterator[Story]:
    """Different stories, as the press hands them to the theme."""
    chance = random.Random(7)  # noqa: S311 -- the same archive each time.
    papers = {language: paper(language) for language in _WORDS}
    for number in range(count):
        language = "en" if number % 5 else "ar"
        yield _story(number, papers[language], chance)


def _story(number: int, publication: Publication, chance: random.Random) -> Story:
    language = publication.language
    section = publication.sections[number // 5 % 5]

    def words(count: int) -> str:
        return " ".join(chance.choices(_WORDS[language], k=count))

    headline = f"{words(8)} {number}"
    slug = "-".join(headline.replace("&", "and").replace("’", "").split())
    body = "".join(f"<p>{words(31)}.</p>".replace("&", "&amp;") for _ in range(21))
    return Story(
        public_id=f"{number:010x}",
        publication=publication,
        address=f"{section.address}{slug}/",
        headline=headline,
        standfirst="",
        section=section,
        authors=(
            Author(
                name=f"Correspondent {number % 23}",
                address=f"/{language}/people/correspondent-{number % 23}/",
            ),
        ),
        place=("Cairo", "Erbil", "Amman", "Beirut")[number % 4],
        published_at=_START + datetime.timedelta(minutes=37 * number),
        updated_at=None,
        lead_photo=Photo(public_id="", caption=words(18), credit="Lina Sabbagh/Valley Pictures"),
        body_html=body,
        word_count=650,
        topics=tuple(
            Link(text=f"topic-{topic}", address=f"/{language}/topics/topic-{topic}/")
            for topic in (number % 37, number % 101)
        ),
    )


def _full(story: Story) -> pages.StoryPage:
    """The same story with all that a story can have."""
    files = tuple(
        Rendition(
            address=f"/photos/{story.public_id}-{width}.{kind}",
            media_type=f"image/{kind}",
            width_px=width,
            height_px=width * 9 // 16,
        )
        for kind in ("avif", "webp", "jpeg")
        for width in (480, 960, 1600)
    )
    photo = replace(story.lead_photo, public_id="p1", alt_text="A mill.", renditions=files)  # type: ignore[type-var]
    told = replace(
        story,
        standfirst=story.headline,
        updated_at=story.published_at + datetime.timedelta(hours=3),
        lead_photo=photo,
        photos={"p1": photo},
        body_html=f'{story.body_html}<nashra-photo id="p1"></nashra-photo>',
        translations=(Translation(language="fa", headline=story.headline, address=f"/fa{story.address}"),),
        corrections=(Correction(corrected_at=story.published_at, text=story.headline),),
    )
    comments = tuple(
        Comment(public_id=f"c{number}", name="Nur", text=story.headline, day=story.published_at.date())
        for number in range(10)
    )
    return pages.StoryPage(story=told, comments=comments, totals=ReactionTotals(yes=128, no=7))


def _card(story: Story) -> StoryCard:
    return StoryCard(
        public_id=story.public_id,
        address=story.address,
        language=story.publication.language,
        headline=story.headline,
        standfirst=story.standfirst,
        section=story.section,
        authors=story.authors,
        place=story.place,
        published_at=story.published_at,
        photo=story.lead_photo,
    )


def _lists(count: int) -> dict[str, list[pages.Page]]:
    publication = paper("en")
    cards = [_card(story) for story in stories(count) if story.publication.language == "en"]
    fragments = [card_fragment(card, publication) for card in cards]
    section = publication.sections[0]
    months = tuple(
        pages.Month(year=2017 + each // 12, month=each % 12 + 1, address=f"{section.address}{each}/")
        for each in range(24)
    )
    made: dict[str, list[pages.Page]] = {
        "section of 30": [],
        "month of 150": [],
        "topic of 30": [],
        "home": [],
    }
    for start in range(0, len(cards) - 150, 20):
        month = months[start // 20 % 24]
        thirty, all_150 = tuple(fragments[start : start + 30]), tuple(fragments[start : start + 150])
        parts = tuple(
            pages.SectionCards(section=each, cards=tuple(cards[start + place * 4 :][:4]))
            for place, each in enumerate(publication.sections)
        )
        made["section of 30"].append(
            pages.SectionPage(publication=publication, section=section, cards_html=thirty, months=months)
        )
        made["month of 150"].append(
            pages.MonthPage(publication=publication, section=section, month=month, cards_html=all_150)
        )
        made["topic of 30"].append(pages.TopicPage(publication=publication, topic=section, cards_html=thirty))
        made["home"].append(
            pages.HomePage(publication=publication, newest=tuple(cards[start : start + 9]), sections=parts)
        )
    return made


def _report(kind: str, things: Iterable[Any], work: Callable[[Any], Any]) -> None:
    """The median of rounds, for other work on the machine slows single ones; the first goes unmeasured."""
    things = list(things)
    rounds = _ROUNDS if len(things) >= 10 * _ROUNDS else 1
    size = len(things) // (rounds + 1)
    for thing in things[:size]:
        work(thing)
    costs = []
    for start in range(size, size * (rounds + 1), size):
        part = things[start : start + size]
        begun = time.process_time()
        for thing in part:
            work(thing)
        costs.append((time.process_time() - begun) / len(part) * 1_000_000)
    print(f"{kind:<24}{statistics.median(costs):>8.1f} µs ({min(costs):.1f} to {max(costs):.1f})")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=6000)
    count = parser.parse_args().stories
    plain = list(stories(count))
    _report("story", [pages.StoryPage(story=story) for story in plain], render)
    _report("story with everything", [_full(story) for story in plain], render)
    cards = [(_card(story), story.publication) for story in plain]
    _report("card fragment", cards, lambda pair: card_fragment(*pair))
    for kind, made in _lists(count).items():
        _report(kind, made, render)


if __name__ == "__main__":
    main()
