"""How a comment leaves its page or the database, whoever sends it away; call these in a transaction.

Must not ask who may do it: a moderator's permission and a commenter's receipt are looked at before.
"""

from __future__ import annotations

import datetime

from django.db.models import F

from nashra.readers.models import Change, Comment, CommentState, Erasure, Thread


def delete_comment(comment: Comment, now: datetime.datetime) -> None:
    """Delete a comment's row for good; a repeat of the post that brought it must not bring it back."""
    Comment.objects.filter(pk=comment.pk).delete()
    Erasure.objects.get_or_create(nonce=comment.nonce, defaults={"day": now.date()})


def leave_page(thread: Thread, state: str, now: datetime.datetime) -> None:
    """Take a comment that was in ``state`` off the count and the page, if it stood there."""
    if state == CommentState.APPROVED:
        Thread.objects.filter(pk=thread.pk).update(comment_count=F("comment_count") - 1)
        tell_press(thread, now)


def hour_of(now: datetime.datetime) -> datetime.datetime:
    """The hour that has begun: what a commenter does is due at once, and no row tells its moment."""
    return now.replace(minute=0, second=0, microsecond=0)


def tell_press(thread: Thread, now: datetime.datetime) -> None:
    """Have the story's page pressed anew."""
    Change.objects.create(thread=thread.public_id, kind=Change.Kind.COMMENTS, at=now)
