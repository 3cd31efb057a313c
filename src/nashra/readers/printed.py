"""What the press prints of comments: the newest on a story's own page, older ones on pages that never shift.

Each read is bounded, however many comments a story has. Must not decide anything about a comment.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import NamedTuple

from django.db.models import F

from nashra.bulk_rows import ask
from nashra.edition.content import Comment as CommentContent
from nashra.edition.content import CommentLink, StoryComments
from nashra.readers import blocks
from nashra.readers.models import Comment
from nashra.readers.router import ALIAS

MOST_PICKS = 5


class ThreadRow(NamedTuple):
    """What is read of a thread to print its comments."""

    pk: int
    public_id: str
    address: str
    comment_count: int
    last_position: int


class _Row(NamedTuple):
    thread_id: int
    position: int
    public_id: str
    name: str
    text: str
    day: datetime.date
    answers: str
    is_staff: bool
    is_pick: bool


def block_address(story_address: str, block: int) -> str:
    """Where a page of older comments stands."""
    return f"{story_address}comments/{block}/"


def comments_on_stories(public_ids: Collection[str]) -> dict[str, StoryComments]:
    """What each story's own page shows of its comments; stories without any are left out."""
    threads = _threads("last_position > 0 AND public_id", public_ids)
    if not threads:
        return {}
    rows = (
        Comment.objects.filter(thread__in=[thread.pk for thread in threads])
        .filter(position__gt=F("thread__last_position") - blocks.BLOCK_POSITIONS)
        .order_by("thread", "position")
    )
    found: dict[int, list[_Row]] = {}
    for row in rows.values_list(*_Row._fields):
        found.setdefault(row[0], []).append(_Row._make(row))
    picks = _picks(threads)
    shown = {thread.public_id: _on_story(thread, found.get(thread.pk, []), picks) for thread in threads}
    return {name: each for name, each in shown.items() if each.count or each.older_address}


def _threads(condition: str, values: Collection[str]) -> list[ThreadRow]:
    if not values:
        return []
    return _threads_where(f"{condition} IN ({', '.join(['%s'] * len(values))})", values)


def _threads_where(condition: str, values: Collection[object]) -> list[ThreadRow]:
    columns = "id, public_id, address, comment_count, last_position"
    statement = f"SELECT {columns} FROM readers_thread WHERE {condition}"  # noqa: S608 -- ours alone.
    return [ThreadRow._make(row) for row in ask(statement, values, using=ALIAS)]


def _on_story(thread: ThreadRow, rows: list[_Row], picks: dict[int, list[_Row]]) -> StoryComments:
    standing = blocks.blocks_standing(thread.last_position)
    return StoryComments(
        comments=_contents(thread, rows, page=0),
        count=thread.comment_count,
        older_address=block_address(thread.address, standing) if standing else "",
        picks=tuple(_link(thread, row, page=0) for row in picks.get(thread.pk, [])),
    )


def _picks(threads: Sequence[ThreadRow]) -> dict[int, list[_Row]]:
    """The newest picks of these threads; few comments are picked, and they have an index of their own."""
    chosen = Comment.objects.filter(
        thread__in=[thread.pk for thread in threads], is_pick=True, position__isnull=False
    ).order_by("thread", "-position")
    found: dict[int, list[_Row]] = {}
    for row in chosen.values_list(*_Row._fields):
        picks = found.setdefault(row[0], [])
        if len(picks) < MOST_PICKS:
            picks.append(_Row._make(row))
    return found


def comments_in_block(public_id: str, block: int) -> tuple[ThreadRow, tuple[CommentContent, ...]] | None:
    """A story's thread and the comments of one page of older ones; nothing, where there is no such page."""
    threads = _threads("public_id", [public_id])
    if not threads or not 1 <= block <= blocks.blocks_standing(threads[0].last_position):
        return None
    last = block * blocks.BLOCK_POSITIONS
    rows = Comment.objects.filter(
        thread=threads[0].pk, position__gt=last - blocks.BLOCK_POSITIONS, position__lte=last
    ).order_by("position")
    found = [_Row._make(row) for row in rows.values_list(*_Row._fields)]
    return threads[0], _contents(threads[0], found, page=block)


def blocks_of(public_ids: Collection[str] | None = None) -> list[tuple[str, str, int]]:
    """Stories that have pages of older comments: public id, address, and how many; of these, or of all."""
    if public_ids is None:
        threads = _threads_where("last_position > %s", [blocks.BLOCK_POSITIONS])
    else:
        threads = _threads(f"last_position > {blocks.BLOCK_POSITIONS} AND public_id", public_ids)
    return [(each.public_id, each.address, blocks.blocks_standing(each.last_position)) for each in threads]


def content_of(comment: Comment) -> CommentContent:
    """A comment alone, as an answer page shows it: without what it replies to."""
    return CommentContent(
        public_id=comment.public_id,
        name=comment.name,
        text=comment.text,
        day=comment.day,
        is_staff=comment.is_staff,
        is_pick=comment.is_pick,
    )


def _contents(thread: ThreadRow, rows: list[_Row], page: int) -> tuple[CommentContent, ...]:
    answered = {row.public_id: row for row in rows}
    missing = {row.answers for row in rows if row.answers and row.answers not in answered}
    if missing:
        others = Comment.objects.filter(public_id__in=missing, position__isnull=False)
        answered |= {row[2]: _Row._make(row) for row in others.values_list(*_Row._fields)}
    return tuple(_content(thread, row, answered, page) for row in rows)


def _content(thread: ThreadRow, row: _Row, answered: dict[str, _Row], page: int) -> CommentContent:
    content = CommentContent(
        public_id=row.public_id,
        name=row.name,
        text=row.text,
        day=row.day,
        is_staff=row.is_staff,
        is_pick=row.is_pick,
    )
    if not row.answers:
        return content
    other = answered.get(row.answers)
    link = _link(thread, other, page) if other else CommentLink(public_id=row.answers)
    return replace(content, answers=link)


def _link(thread: ThreadRow, row: _Row, page: int) -> CommentLink:
    """The way to a comment from a page of its thread: block ``page``, or the story's own where that is 0."""
    is_near = page == 0 and blocks.is_on_story(row.position, thread.last_position)
    block = blocks.block_of(row.position)
    if is_near or block == page:
        address = ""
    elif block <= blocks.blocks_standing(thread.last_position):
        address = block_address(thread.address, block)
    else:
        address = thread.address
    return CommentLink(public_id=row.public_id, name=row.name, address=address)
