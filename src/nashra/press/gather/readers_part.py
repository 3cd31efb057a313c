"""What readers gave to a story's page, and what their desk must know of a story in return."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nashra.edition.content import Comment, ReactionTotals, Story
from nashra.press.gather.mastheads import Mastheads
from nashra.readers import threads


@dataclass(frozen=True, slots=True)
class ReadersPart:
    """Approved comments and published totals of a batch of stories, by public id."""

    comments: dict[str, tuple[Comment, ...]]
    totals: dict[str, ReactionTotals]


def gather_readers_part(public_ids: Sequence[str]) -> ReadersPart:
    """Read both in two queries, whatever the number of stories."""
    return ReadersPart(
        comments=threads.approved_comments(public_ids), totals=threads.published_totals(public_ids)
    )


def keep_mastheads(mastheads: Mastheads) -> None:
    """Tell the readers' desk in whose clothes it answers."""
    threads.keep_mastheads(mastheads.publications)


def keep_threads(stories: Iterable[tuple[Story, bool]]) -> None:
    """Tell the readers' desk of stories, and whether each takes comments, before their pages stand."""
    threads.keep_threads(
        [
            threads.ThreadFacts(
                story.public_id, story.publication.language, story.headline, story.address, is_open
            )
            for story, is_open in stories
        ]
    )


def withdraw_thread(public_id: str) -> None:
    """Tell the readers' desk that a story is gone: nothing more is taken for it."""
    threads.close_thread(public_id=public_id)
