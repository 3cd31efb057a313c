"""The verbs of whoever holds a receipt: look at the comment, change its words, erase it.

The receipt is all that is asked for. Nothing here is written to the moderators' log, whose moments
would tell when a reader was here. Must not see a request.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import Enum

from django.db import transaction
from django.db.models import F

from nashra.readers import receive
from nashra.readers.leaving import delete_comment, hour_of, leave_page
from nashra.readers.models import Comment, CommentState, Report, Thread
from nashra.readers.moderation import UNDECIDED
from nashra.readers.receipts import nonce_of
from nashra.readers.router import ALIAS

MOST_REPLIES = 50


class NoSuchComment(LookupError):
    """No comment is kept under this receipt: it was never sent, or it is erased."""


class Changed(Enum):
    """What came of changed words."""

    WAITS = "waits"
    SAME = "same"
    FAULTY = "faulty"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """The answer to changed words: what came of them, and the words with what is wrong with them."""

    result: Changed
    words: receive.Outcome


def find(receipt: str) -> Comment:
    """The comment of a receipt, with its thread.

    Raises:
        NoSuchComment: there is none.
    """
    comment = Comment.objects.select_related("thread").filter(nonce=nonce_of(receipt)).first()
    if comment is None:
        raise NoSuchComment
    return comment


def shown_state(comment: Comment) -> str:
    """How a comment stands for its commenter: what can still be undone is not decided yet."""
    return CommentState.WAITING if comment.held_until else CommentState(comment.state)


def replies_to(comment: Comment) -> list[Comment]:
    """The answers that stand under the story, the oldest first; many beyond the first are left out."""
    found = Comment.objects.filter(
        thread=comment.thread_id, answers=comment.public_id, position__isnull=False
    )
    return list(found.order_by("position")[:MOST_REPLIES])


def change_words(*, receipt: str, typed: receive.Typed, now: datetime.datetime) -> Revision:
    """Put other words in the place of a comment's; it leaves the page until a person has read them.

    Raises:
        NoSuchComment: there is none under this receipt.
    """
    comment = find(receipt)
    words = receive.read_words(comment.thread, typed)
    if words.step is not receive.Step.PREVIEW:
        is_closed = words.step is receive.Step.CLOSED
        return Revision(result=Changed.CLOSED if is_closed else Changed.FAULTY, words=words)
    if (words.name, words.text) == (comment.name, comment.text):
        return Revision(result=Changed.SAME, words=words)
    facts = receive.facts_of(comment.thread, words, nonce=comment.nonce, now=now, came=comment.reasons)
    with transaction.atomic(using=ALIAS):
        position = _locked(comment)
        Comment.objects.filter(pk=comment.pk).update(
            **facts,
            **UNDECIDED,
            # Whoever looks at the former words cannot approve these.
            version=F("version") + 1,
        )
        Report.objects.filter(comment=comment).delete()
        leave_page(comment.thread, comment.public_id, position, hour_of(now))
    return Revision(result=Changed.WAITS, words=words)


def erase(*, receipt: str, now: datetime.datetime) -> Thread:
    """Delete a comment for good, whatever its state and whether or not its story still takes any.

    Raises:
        NoSuchComment: there is none under this receipt.
    """
    comment = find(receipt)
    with transaction.atomic(using=ALIAS):
        position = _locked(comment)
        delete_comment(comment, now)
        leave_page(comment.thread, comment.public_id, position, hour_of(now))
    return comment.thread


def _locked(comment: Comment) -> int | None:
    """Where the comment stands, once its thread is locked: a moderator's decision comes before or after."""
    Thread.objects.select_for_update().only("pk").get(pk=comment.thread_id)
    standing = Comment.objects.filter(pk=comment.pk).values_list("position").first()
    if standing is None:
        raise NoSuchComment
    position: int | None = standing[0]
    return position
