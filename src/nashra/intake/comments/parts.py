"""What the readers of old comments' files give: stories, comments, and what is left out or refused.

Values only. No field may ever hold an e-mail address, an address of a machine, an agent or a website.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field


class BadFile(ValueError):
    """Why a file cannot be imported: one sentence without a subject ("is empty.")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Which site the comments of a file come from, where their numbers count for that site alone."""

    site: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OldStory:
    """A story as the file names it; ``key`` is its number there."""

    key: str
    link: str = ""
    slug: str = ""
    title: str = ""
    names: tuple[str, ...] = ()
    public_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OldComment:
    """A comment as the file gives it, its words made plain; ``order`` sorts those of one story.

    ``at`` without a zone is meant in the publication's own.
    """

    key: str
    story: str
    name: str
    text: str
    at: datetime.datetime | None
    is_approved: bool
    parent: str = ""
    order: float = field(default=0.0)
    is_staff: bool = False
    is_pick: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Something that is rightly not imported, such as spam."""

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A comment that cannot be taken, and why; never with a word of it."""

    key: str
    reason: str


Part = Origin | OldStory | OldComment | LeftOut | Refused
