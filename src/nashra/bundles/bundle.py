"""What a bundle is made of: stories of one edition, perhaps with small photos, in the order to be read.

Reads nothing; see ``stories`` for how one is read and ``making`` for how bytes are made. Must not hold a
key.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from nashra.bundles.stories import BundleStory
from nashra.bundles.wording import Wording, direction, wording


@dataclass(frozen=True, slots=True)
class Bundle:
    """Stories of an edition; ``photos`` by their paths in it, none for text alone.

    ``language`` is that of the bundle's own words; its stories may be in several.
    """

    title: str
    language: str
    number: int
    cut_at: datetime.datetime
    stories: tuple[BundleStory, ...]
    photos: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def direction(self) -> str:
        """How its own words are written."""
        return direction(self.language)

    @property
    def words(self) -> Wording:
        """Its own words."""
        return wording(self.language)

    @property
    def edition_line(self) -> str:
        """Which edition it is of."""
        # Isolated, so that a date keeps its order among letters that run from right to left.
        return self.words.edition.format(number=self.number, date=f"\u2066{self.cut_at:%Y-%m-%d}\u2069")


def bundle_of(
    stories: tuple[BundleStory, ...],
    *,
    number: int,
    cut_at: datetime.datetime,
    photos: Mapping[str, bytes] | None = None,
    title: str = "",
) -> Bundle:
    """A bundle of these stories, the newest first; its words are in the language of most of them."""
    languages = [story.language for story in stories]
    language = max(sorted(set(languages)), key=languages.count) if languages else "en"
    names = [story.publication for story in stories if story.language == language]
    ordered = sorted(stories, key=lambda story: story.address)
    ordered.sort(key=lambda story: story.published_at, reverse=True)
    return Bundle(
        title=title or (names[0] if names else ""),
        language=language,
        number=number,
        cut_at=cut_at,
        stories=tuple(ordered),
        photos=photos or {},
    )
