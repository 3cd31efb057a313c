"""What a press run must make and remove, from facts alone.

Pure: no database, no files, no clock. ``gather`` supplies the facts, ``run`` carries the plan out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class ListKey:
    """Names one page that gathers others.

    ``kind`` is ``home``, ``section``, ``month``, ``topic`` or ``person``; ``owner`` the section's,
    topic's or person's key, empty for a home page.
    """

    kind: str
    language: str
    owner: str = ""
    year: int = 0
    month: int = 0

    @property
    def key(self) -> str:
        """The name under which the page's standing is kept."""
        parts = [self.kind, self.language, self.owner]
        if self.kind == "month":
            parts.append(f"{self.year:04d}-{self.month:02d}")
        return ":".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFacts:
    """What a later press must know of a story that was pressed."""

    public_id: str
    address: str
    language: str
    section: str
    year: int
    month: int
    version: str
    topics: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    # What the page names besides itself, kept as rows of their own and not among the facts.
    mentions: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The name under which the story's standing is kept."""
        return f"story:{self.public_id}"

    def as_json(self) -> dict[str, Any]:
        """The facts as JSON can keep them."""
        facts = asdict(self)
        del facts["mentions"]
        return facts

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> StoryFacts:
        """The facts again, from what ``as_json`` gave."""
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in facts.items()
        }
        return cls(**values)


@dataclass(slots=True)
class Due:
    """What changed since the last run: the names of things, and the rows that said so."""

    stories: set[str] = field(default_factory=set)
    # Stories whose own words did not change, but whose page names something that did.
    dependents: set[str] = field(default_factory=set)
    everything: bool = False
    desk_change_ids: list[int] = field(default_factory=list)
    readers_change_ids: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(
            self.desk_change_ids
            or self.dependents
            or self.readers_change_ids
            or self.stories
            or self.everything
        )


def lists_of(facts: StoryFacts) -> frozenset[ListKey]:
    """Every list page in which a story stands."""
    language = facts.language
    lists = {
        ListKey("home", language),
        ListKey("section", language, facts.section),
        ListKey("month", language, facts.section, facts.year, facts.month),
    }
    lists.update(ListKey("topic", language, topic) for topic in facts.topics)
    lists.update(ListKey("person", language, person) for person in facts.people)
    return frozenset(lists)


def touched_lists(old: Iterable[StoryFacts], new: Iterable[StoryFacts]) -> list[ListKey]:
    """The lists that a change of stories touches: where they stood and where they stand now."""
    lists: set[ListKey] = set()
    for facts in (*old, *new):
        lists |= lists_of(facts)
    return sorted(lists)


def withdrawn(old: Iterable[StoryFacts], new: Iterable[StoryFacts]) -> list[StoryFacts]:
    """Stories that stood and stand no longer."""
    alive = {facts.public_id for facts in new}
    return [facts for facts in old if facts.public_id not in alive]
