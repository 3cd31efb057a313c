"""Decisions that can still be undone: held for some seconds, then carried out by the batch.

Nothing of a held decision is pressed, or shown to whoever holds a receipt. Batches end at round moments, so
that the time of a page tells no more of a comment than many share. Must not decide about a comment.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction

from nashra.readers.checks import HOW_IT_CAME
from nashra.readers.leaving import join_page
from nashra.readers.models import Comment, CommentState, Thread
from nashra.readers.router import ALIAS


def held_until(now: datetime.datetime) -> datetime.datetime:
    """When a decision of ``now`` is carried out: the end of the batch in which its time to be undone ends."""
    batch_s = settings.NASHRA_APPROVAL_BATCH_S
    end_s = now.timestamp() + settings.NASHRA_UNDO_S
    return datetime.datetime.fromtimestamp(-(-end_s // batch_s) * batch_s, tz=datetime.UTC)


def carry_out(now: datetime.datetime) -> int:
    """Carry out whatever is held no longer: the approved go to their pages, as they came in.

    Returns:
        How many comments that were.
    """
    due = Comment.objects.filter(held_until__lte=now).order_by()
    return sum(_carry_out_one(pk, now) for pk in sorted(set(due.values_list("thread", flat=True))))


def _carry_out_one(thread_pk: int, now: datetime.datetime) -> int:
    with transaction.atomic(using=ALIAS):
        thread = Thread.objects.select_for_update().only("pk", "public_id").get(pk=thread_pk)
        # Asked once the thread is locked: somebody may have undone one meanwhile.
        due = list(Comment.objects.filter(thread=thread, held_until__lte=now).order_by("pk"))
        _forget_how_they_came(due)
        approved = [each.pk for each in due if each.state == CommentState.APPROVED]
        if approved:
            join_page(thread, approved, now)
        others = [each.pk for each in due if each.state != CommentState.APPROVED]
        Comment.objects.filter(pk__in=others).update(held_until=None)
    return len(due)


def _forget_how_they_came(comments: Sequence[Comment]) -> None:
    """Take away the reasons that tell of a network in common: once decided, they serve nobody."""
    for comment in comments:
        kept = [code for code in comment.reasons if code not in HOW_IT_CAME]
        if kept != comment.reasons:
            Comment.objects.filter(pk=comment.pk).update(reasons=kept)
