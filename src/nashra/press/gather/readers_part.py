"""What readers gave to a story's page, and what their desk must know of a story in return."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from nashra.edition.content import NO_COMMENTS, Link, ReactionTotals, Story, StoryComments
from nashra.edition.pages import CommentsPage
from nashra.press.gather.mastheads import Mastheads
from nashra.press.plan import ListKey
from nashra.readers import printed, threads
from nashra.readers.blocks import BLOCK_POSITIONS


@dataclass(frozen=True, slots=True)
class ReadersPart:
    """Approved comments and published totals of a batch of stories, and which of these take comments."""

    comments: dict[str, StoryComments]
    totals: dict[str, ReactionTotals]
    open_to_comments: frozenset[str]

    @property
    def with_older_comments(self) -> list[str]:
        """The stories of which pages of older comments stand, or are to stand."""
        return [name for name, found in self.comments.items() if found.older_address]

    def comments_on(self, public_id: str) -> StoryComments:
        """What a story's own page shows of its comments."""
        return self.comments.get(public_id, NO_COMMENTS)


def gather_readers_part(
    stories: Sequence[tuple[Story, bool]], mastheads: Mastheads, now: datetime.datetime
) -> ReadersPart:
    """Tell the readers' desk of stories, and whether each may be commented on; read what it has of them.

    Reads in a few queries, whatever the number of stories.
    """
    facts = [_facts(story, is_enabled, mastheads, now) for story, is_enabled in stories]
    threads.keep_threads(facts, now)
    public_ids = [each.public_id for each in facts]
    return ReadersPart(
        comments=printed.comments_on_stories(public_ids),
        totals=threads.published_totals(public_ids),
        open_to_comments=frozenset(each.public_id for each in facts if each.is_open and not each.is_over),
    )


def _facts(
    story: Story, is_enabled: bool, mastheads: Mastheads, now: datetime.datetime
) -> threads.ThreadFacts:
    language = story.publication.language
    paper = mastheads.papers[language]
    closes_on = None
    if paper.comments_close_after_days:
        first_day = mastheads.local(language, story.published_at).date()
        closes_on = first_day + datetime.timedelta(days=paper.comments_close_after_days)
    return threads.ThreadFacts(
        public_id=story.public_id,
        language=language,
        headline=story.headline,
        address=story.address,
        is_open=is_enabled and paper.takes_comments,
        closes_on=closes_on.isoformat() if closes_on else None,
        is_over=closes_on is not None and closes_on <= mastheads.local(language, now).date(),
    )


def keep_mastheads(mastheads: Mastheads) -> None:
    """Tell the readers' desk in whose clothes it answers."""
    threads.keep_mastheads(mastheads.publications)


def withdraw_thread(public_id: str) -> None:
    """Tell the readers' desk that a story is gone: nothing more is taken for it."""
    threads.close_thread(public_id=public_id)


# Pages of older comments are lists of the press: ``comments::STORY.NUMBER``, in whatever language it is.


def block_key(public_id: str, block: int) -> str:
    """The name of a page of older comments among the lists."""
    return ListKey("comments", "", f"{public_id}.{block}").key


def block_keys(public_ids: Collection[str]) -> set[str]:
    """All pages of older comments on these stories."""
    return set(_addresses(printed.blocks_of(public_ids)))


def block_addresses(public_ids: Collection[str] | None = None) -> dict[str, str]:
    """Where all pages of older comments have their place, by their names: of these stories, or of all."""
    return _addresses(printed.blocks_of(public_ids))


def _addresses(found: Iterable[tuple[str, str, int]]) -> dict[str, str]:
    return {
        block_key(public_id, block): printed.block_address(address, block)
        for public_id, address, count in found
        for block in range(1, count + 1)
    }


def gather_block(key: ListKey, mastheads: Mastheads) -> tuple[str, CommentsPage] | None:
    """A page of older comments, or nothing where its story is gone or has fewer."""
    public_id, _, number = key.owner.rpartition(".")
    found = printed.comments_in_block(public_id, int(number))
    thread = threads.find(public_id)
    if found is None or thread is None or thread.is_withdrawn or thread.language not in mastheads.papers:
        return None
    row, comments = found
    block, last = int(number), int(number) * BLOCK_POSITIONS
    is_newest = last + BLOCK_POSITIONS >= row.last_position
    page = CommentsPage(
        publication=mastheads.papers[thread.language].publication,
        story=Link(text=thread.headline, address=thread.address, language=thread.language),
        address=printed.block_address(thread.address, block),
        first=last - BLOCK_POSITIONS + 1,
        last=last,
        comments=comments,
        comments_open=thread.takes_comments,
        newer_address="" if is_newest else printed.block_address(thread.address, block + 1),
        older_address=printed.block_address(thread.address, block - 1) if block > 1 else "",
    )
    return page.address, page
