"""How comments come to their pages and leave them, whoever sends them; call these in a transaction.

The caller has locked the thread. Must not ask who may do it: a moderator's permission and a commenter's
receipt are looked at before.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Sequence

from django.db.models import F

from nashra.readers import blocks
from nashra.readers.models import Change, Comment, Erasure, Thread


def join_page(thread: Thread, comments: Sequence[int], now: datetime.datetime) -> None:
    """Put approved comments, by primary key, after those that stand on their story's pages, in this order."""
    before = Thread.objects.values_list("last_position", flat=True).get(pk=thread.pk)
    after = before + len(comments)
    for position, pk in enumerate(comments, start=before + 1):
        Comment.objects.filter(pk=pk).update(position=position, held_until=None)
    Thread.objects.filter(pk=thread.pk).update(
        comment_count=F("comment_count") + len(comments), last_position=after
    )
    names = Comment.objects.filter(pk__in=comments).values_list("public_id", flat=True)
    older = {*blocks.touched_by_arrival(before, after), *_blocks_naming(thread, list(names), after)}
    tell_press(thread, now, sorted(older))


def delete_comment(comment: Comment, now: datetime.datetime) -> None:
    """Delete a comment's row for good; a repeat of the post that brought it must not bring it back."""
    Comment.objects.filter(pk=comment.pk).delete()
    Erasure.objects.get_or_create(nonce=comment.nonce, defaults={"day": now.date()})


def leave_page(thread: Thread, public_id: str, position: int | None, now: datetime.datetime) -> None:
    """Take a comment that stood at ``position`` off the count and its pages, if it stood anywhere."""
    if position is None:
        return
    Thread.objects.filter(pk=thread.pk).update(comment_count=F("comment_count") - 1)
    change_page(thread, public_id, position, now)


def change_page(thread: Thread, public_id: str, position: int, now: datetime.datetime) -> None:
    """Have the pages pressed anew that show what stands at ``position``, and those whose replies name it."""
    last = Thread.objects.values_list("last_position", flat=True).get(pk=thread.pk)
    older = _standing([position], last) | _blocks_naming(thread, [public_id], last)
    tell_press(thread, now, sorted(older))


def _blocks_naming(thread: Thread, public_ids: Sequence[str], last_position: int) -> set[int]:
    """The pages of older comments on which a reply to one of these stands, under its name."""
    replies = Comment.objects.filter(thread=thread, answers__in=public_ids, position__isnull=False)
    return _standing(replies.values_list("position", flat=True), last_position)


def _standing(positions: Iterable[int], last_position: int) -> set[int]:
    """The pages of older comments to which these positions belong, of those that stand."""
    count = blocks.blocks_standing(last_position)
    return {block for block in map(blocks.block_of, positions) if block <= count}


def hour_of(now: datetime.datetime) -> datetime.datetime:
    """The hour that has begun: what a commenter does is due at once, and no row tells its moment."""
    return now.replace(minute=0, second=0, microsecond=0)


def tell_press(thread: Thread, now: datetime.datetime, older: Collection[int] = ()) -> None:
    """Have the story's page pressed anew, and these pages of its older comments."""
    Change.objects.bulk_create(
        Change(thread=thread.public_id, kind=Change.Kind.COMMENTS, block=block, at=now)
        for block in (*older, None)
    )
