"""Holds what is read from a file until all of it is read: only then is it sure that the file is whole.

Words wait in a file without a name, which goes when the import ends, however it ends; a few numbers for
each comment stay in memory. Must not touch a database.
"""

from __future__ import annotations

import datetime
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType

from nashra.intake.comments.parts import OldComment, OldStory

# Small imports never reach a disk.
IN_MEMORY_BYTES = 8 * 1024 * 1024


@dataclass(slots=True)
class Entry:
    """Where a comment's words wait, and what is asked of it before they are needed."""

    key: str
    story: str
    parent: str
    order: float
    number: int
    offset: int
    is_approved: bool


class Spool:
    """The stories and comments of one file."""

    def __init__(self) -> None:
        self.stories: dict[str, OldStory] = {}
        self.entries: dict[str, Entry] = {}
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 (closed on exit)
        self._end = 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, comment: OldComment) -> bool:
        """Keep a comment; ``False`` where one of this number is there already."""
        if comment.key in self.entries:
            return False
        at = comment.at.isoformat() if comment.at else ""
        words = json.dumps([comment.name, comment.text, at, comment.is_staff, comment.is_pick]).encode()
        self.entries[comment.key] = Entry(
            comment.key,
            comment.story,
            comment.parent,
            comment.order,
            len(self.entries),
            self._end,
            comment.is_approved,
        )
        self._end += self._file.write(words + b"\n")
        return True

    def read(self, entry: Entry) -> OldComment:
        """A comment again, words and all."""
        self._file.seek(entry.offset)
        name, words, at, is_staff, is_pick = json.loads(self._file.readline())
        return OldComment(
            key=entry.key,
            story=entry.story,
            parent=entry.parent,
            order=entry.order,
            name=name,
            text=words,
            at=datetime.datetime.fromisoformat(at),
            is_approved=entry.is_approved,
            is_staff=is_staff,
            is_pick=is_pick,
        )

    def of_story(self) -> Iterator[tuple[str, list[Entry]]]:
        """Each story's comments, by its number in the file."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries.values():
            found.setdefault(entry.story, []).append(entry)
        return iter(found.items())
