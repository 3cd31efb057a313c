"""What readers gave to a story's page, and what their desk must know of a story in return."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nashra.edition.content import Comment, ReactionTotals
from nashra.press.gather.mastheads import Mastheads
from nashra.press.gather.rows import published
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


def keep_threads(public_ids: Sequence[str], mastheads: Mastheads, alias: str) -> None:
    """Tell the readers' desk of stories, and whether each takes comments, before their pages stand."""
    rows = published(alias).filter(public_id__in=public_ids).order_by()
    facts = []
    for public_id, title, slug, path, is_open in rows.values_list(
        "public_id", "title", "slug", "path", "comments_enabled"
    ):
        section = mastheads.section_of(path)
        if section:
            address = f"{section.link.address}{slug}/"
            facts.append(threads.ThreadFacts(public_id, section.language, title, address, is_open))
    threads.keep_threads(facts)


def withdraw_thread(public_id: str) -> None:
    """Tell the readers' desk that a story is gone: nothing more is taken for it."""
    threads.close_thread(public_id=public_id)
