"""Puts new comments into their table, several in one statement, and each nonce once.

Called by ``writing``, within a transaction. Must not judge a comment's words.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from nashra.bulk_rows import insert_missing, select
from nashra.readers.models import Comment, CommentState, Erasure
from nashra.readers.router import ALIAS


class Stored(Enum):
    """What became of a comment that was to be stored."""

    NEW = "new"
    KNOWN = "known"
    ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewComment:
    """What a new row is made of; all else in it is as in every comment that nobody has decided about."""

    public_id: str
    thread_pk: int
    name: str
    text: str
    day: datetime.date
    reasons: Sequence[str]
    nonce: str
    fingerprint: str
    answers: str


_FIELDS = ("public_id", "thread", "name", "text", "day", "reasons", "nonce", "fingerprint", "answers")
_UNDECIDED = {
    "state": CommentState.WAITING.value,
    "decided_by": "",
    "told": "",
    "version": 1,
    "is_staff": False,
    "is_pick": False,
    "is_reported": False,
}


def store_together(comments: Sequence[NewComment]) -> list[Stored]:
    """Store these, each once: what has the nonce of another is known, and what was erased stays erased."""
    rows = [
        (
            *(comment.public_id, comment.thread_pk, comment.name, comment.text, comment.day.isoformat()),
            *(json.dumps(comment.reasons), comment.nonce, comment.fingerprint, comment.answers),
            *_UNDECIDED.values(),
        )
        # All who store many take them in the same order, so that no two wait for each other.
        for comment in sorted(comments, key=lambda comment: comment.nonce)
    ]
    found = insert_missing(Comment, (*_FIELDS, *_UNDECIDED), rows, returning="nonce", using=ALIAS)
    new = {nonce for (nonce,) in found}
    # Asked after the insert, which waits for an erasure that is on its way.
    erased = _erased([comment.nonce for comment in comments])
    if brought_back := new & erased:
        Comment.objects.filter(nonce__in=brought_back).delete()
    results = []
    for comment in comments:
        if comment.nonce in erased:
            results.append(Stored.ERASED)
        else:
            results.append(Stored.NEW if comment.nonce in new else Stored.KNOWN)
            new.discard(comment.nonce)
    return results


def _erased(nonces: Sequence[str]) -> set[str]:
    return {nonce for (nonce,) in select(Erasure, ("nonce",), "nonce", nonces, using=ALIAS)}
