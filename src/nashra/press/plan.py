"""What a press run must make and remove, from facts alone.

Pure: no database, no files, no clock. ``gather`` supplies the facts, ``run`` carries the plan out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class ListKey:
    """Names one file that gathers stories, or that names such files.

    ``kind`` is ``home``, ``section``, ``month``, ``topic``, ``person``, ``feed``, ``sitemap`` (of a
    month where there is one, else of a publication), ``sitemaps`` (the index) or ``comments`` (a page of
    older ones); ``owner`` the section's, topic's or person's key, or a story's public id with the page's
    number, empty for what belongs to a whole publication.
    """

    kind: str
    language: str
    owner: str = ""
    year: int = 0
    month: int = 0

    @property
    def key(self) -> str:
        """The name under which the list's standing is kept."""
        day = f":{self.year:04d}-{self.month:02d}" if self.year else ""
        return f"{self.kind}:{self.language}:{self.owner}{day}"

    @classmethod
    def parse(cls, key: str) -> ListKey:
        """The list that a key names."""
        kind, language, owner, *day = key.split(":")
        year, month = map(int, day[0].split("-")) if day else (0, 0)
        return cls(kind, language, owner, year, month)


SITEMAP_INDEX = ListKey("sitemaps", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFacts:
    """What a later press must know of a story that was pressed.

    ``moment_us`` is its first publication, in microseconds since 1970.
    """

    public_id: str
    address: str
    language: str
    section: str
    year: int
    month: int
    moment_us: int
    version: str
    topics: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    # Its last publication, in microseconds too, and what its page names: both are kept beside the facts.
    changed_us: int = 0
    mentions: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The name under which the story's standing is kept."""
        return story_key(self.public_id)

    def as_json(self) -> str:
        """The facts as the ledger keeps them."""
        return _encode({name: getattr(self, name) for name in _KEPT_FACTS})

    @classmethod
    def from_json(cls, text: str) -> StoryFacts:
        """The facts again, from what ``as_json`` gave."""
        values = json.loads(text)
        return cls(**values | {name: tuple(values[name]) for name in ("topics", "people")})

    def placings(self) -> tuple[str, ...]:
        """The keys of the lists in whose order the story has a place."""
        language, section = self.language, self.section
        return (
            f"section:{language}:{section}",
            f"month:{language}:{section}:{self.year:04d}-{self.month:02d}",
            *(f"topic:{language}:{topic}" for topic in self.topics),
            *(f"person:{language}:{person}" for person in self.people),
        )

    def lists(self) -> frozenset[str]:
        """The keys of every list that shows something of the story."""
        language, section = self.language, self.section
        month = f"{self.year:04d}-{self.month:02d}"
        return frozenset(
            (
                *self.placings(),
                f"home:{language}:",
                f"feed:{language}:",
                f"feed:{language}:{section}",
                f"sitemap:{language}:{section}:{month}",
            )
        )


_KEPT_FACTS = tuple(name for name in StoryFacts.__slots__ if name not in ("changed_us", "mentions"))
_encode = json.JSONEncoder(ensure_ascii=False).encode


def story_key(public_id: str) -> str:
    """The name under which a story's standing is kept."""
    return f"story:{public_id}"


@dataclass(slots=True)
class Due:
    """What changed since the last run: the names of things, and the rows that said so."""

    stories: set[str] = field(default_factory=set)
    # Stories whose own words did not change, but whose page names something that did.
    dependents: set[str] = field(default_factory=set)
    # Lists that must be pressed whether or not a story in them changed.
    lists: set[str] = field(default_factory=set)
    desk_change_ids: list[int] = field(default_factory=list)
    readers_change_ids: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.desk_change_ids or self.readers_change_ids or self.stories or self.dependents)

    @property
    def concerned(self) -> list[str]:
        """All stories that must be pressed."""
        return sorted(self.stories | self.dependents)


def touched_lists(before: Iterable[StoryFacts], after: Iterable[StoryFacts]) -> set[str]:
    """The lists that a change of stories touches: where they stood and where they stand now."""
    return {key for facts in (*before, *after) for key in facts.lists()}
