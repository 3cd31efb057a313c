"""Where in the queue a moderator is: which list, language, story, words and page; every form brings it along.

Whatever a browser sends becomes a place that exists. Must not read a database.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse

from nashra.readers.models import CommentState
from nashra.readers.text import normalise_name

MAX_SEARCH_CODE_POINTS = 200

_TAG = re.compile(r"[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8}){0,3}")
_PUBLIC_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A list of comments, as its address names it; ``words`` and ``headline`` are searched for."""

    state: str = CommentState.WAITING.value
    language: str = ""
    story: str = ""
    headline: str = ""
    words: str = ""
    page: int = 1

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> Place:
        """The place that an address or a form names; what makes no sense in it is left out."""
        state = sent.get("state", "")
        page = sent.get("page", "")
        return cls(
            state=state if state in CommentState.values else CommentState.WAITING.value,
            language=_fitting(_TAG, sent.get("language", "")),
            story=public_id_in(sent.get("story", "")),
            headline=normalise_name(sent.get("headline", "")),
            words=normalise_name(sent.get("words", "")),
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 9 else 1,
        )

    def address(self, **changes: str | int) -> str:
        """The address of this place, or of one that differs in some way."""
        query = replace(self, **changes).query
        return reverse("readers_queue") + (f"?{query}" if query else "")

    @property
    def query(self) -> str:
        """What distinguishes this place, for an address."""
        plain = Place()
        return urlencode(
            {name: value for name, value in asdict(self).items() if value != getattr(plain, name)}
        )

    def list_address(self, state: str) -> str:
        """Another list, by the same filters."""
        return self.address(state=state, page=1)

    def story_address(self, public_id: str) -> str:
        """This list, of one story alone; of all stories for an empty one."""
        return self.address(story=public_id, headline="", page=1)

    @property
    def fields(self) -> dict[str, str | int]:
        """What a form has to bring along, to come back here."""
        return asdict(self)

    @property
    def is_filtered(self) -> bool:
        """Whether some comments of the list may be left out."""
        return bool(self.language or self.story or self.headline or self.words)


def public_id_in(sent: str) -> str:
    """What was sent, where it looks like a public id."""
    return _fitting(_PUBLIC_ID, sent)


def version_in(sent: str) -> int:
    """Which of a comment's wordings the moderator had before them; none that there is, where nothing says."""
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else 0


def _fitting(pattern: re.Pattern[str], sent: str) -> str:
    return sent if pattern.fullmatch(sent) else ""
