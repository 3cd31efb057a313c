"""The verbs of reactions: one vote a browser, as far as we can tell, and totals that move by the hour.

Must not keep anything of a voter but an HMAC under the thread's own key, nor when they voted.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import logging
from enum import Enum

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from nashra.readers.models import Change, Thread, Vote
from nashra.readers.router import ALIAS

log = logging.getLogger(__name__)

CHOICES = ("yes", "no")
# More new votes than this in an hour, and the totals wait until a person has looked at them.
BURST_VOTES_PER_HOUR = 500

_HOUR = datetime.timedelta(hours=1)


class VoteAnswer(Enum):
    """What became of a vote."""

    COUNTED = "counted"
    CLOSED = "closed"
    UNKNOWN_STORY = "unknown-story"


def vote(*, story_public_id: str, choice: str, voter: str, now: datetime.datetime) -> VoteAnswer:
    """Count a browser's choice, or change the one that it made before.

    ``voter`` is the random part of a cookie that we issued. The thread's row is locked first, so that
    counters and rows move together however many posts come at once.
    """
    with transaction.atomic(using=ALIAS):
        thread = (
            Thread.objects.select_for_update()
            .only("pk", "vote_key", "voting_open")
            .filter(public_id=story_public_id)
            .first()
        )
        if thread is None:
            return VoteAnswer.UNKNOWN_STORY
        if not thread.voting_open:
            return VoteAnswer.CLOSED
        voter_key = hmac.new(bytes(thread.vote_key), voter.encode(), hashlib.sha256).hexdigest()
        earlier = Vote.objects.filter(thread=thread, voter_key=voter_key).first()
        if earlier is None:
            Vote.objects.create(thread=thread, voter_key=voter_key, choice=choice)
            _move_counters(thread, {choice: 1}, now)
        elif earlier.choice != choice:
            Vote.objects.filter(pk=earlier.pk).update(choice=choice)
            _move_counters(thread, {choice: 1, earlier.choice: -1}, now)
    return VoteAnswer.COUNTED


def _move_counters(thread: Thread, steps: dict[str, int], now: datetime.datetime) -> None:
    counters = {f"{choice}_count": F(f"{choice}_count") + step for choice, step in steps.items()}
    Thread.objects.filter(pk=thread.pk).update(
        totals_due_at=Coalesce(F("totals_due_at"), _next_hour(now)), **counters
    )


def _next_hour(now: datetime.datetime) -> datetime.datetime:
    """Totals move at full hours only, or a total's change would tell when somebody voted."""
    return now.replace(minute=0, second=0, microsecond=0) + _HOUR


def publish_totals(now: datetime.datetime) -> int:
    """Publish the totals that are due, and write a ``Change`` for each page that they alter.

    Called by the press's loop as often as it likes: each thread comes up at most once an hour. Totals
    of fewer than ``NASHRA_REACTION_THRESHOLD`` votes stay hidden; a burst freezes a thread's totals.

    Returns:
        How many threads' totals were published.
    """
    due = Thread.objects.filter(totals_due_at__lte=now, frozen=False)
    return sum(_publish_one(pk, now) for pk in due.values_list("pk", flat=True))


def _publish_one(pk: int, now: datetime.datetime) -> bool:
    with transaction.atomic(using=ALIAS):
        thread = (
            Thread.objects.select_for_update().filter(pk=pk, totals_due_at__lte=now, frozen=False).first()
        )
        if thread is None:
            return False
        if _is_burst(thread, now):
            Thread.objects.filter(pk=pk).update(frozen=True)
            log.warning(
                "Totals are frozen", extra={"event": "readers.totals.frozen", "story": thread.public_id}
            )
            return False
        return publish_thread_totals(thread, now)


def publish_thread_totals(thread: Thread, now: datetime.datetime) -> bool:
    """Publish one locked thread's totals as they stand; whether they were enough and are new."""
    votes = thread.yes_count + thread.no_count
    changes = {"totals_due_at": None, "votes_looked_at": votes}
    is_shown = votes >= settings.NASHRA_REACTION_THRESHOLD
    is_new = (thread.published_yes, thread.published_no) != (thread.yes_count, thread.no_count)
    if is_shown and is_new:
        changes |= {
            "published_yes": thread.yes_count,
            "published_no": thread.no_count,
            "totals_published_at": now,
        }
        Change.objects.create(thread=thread.public_id, kind=Change.Kind.TOTALS, at=now)
    Thread.objects.filter(pk=thread.pk).update(**changes)
    return is_shown and is_new


def _is_burst(thread: Thread, now: datetime.datetime) -> bool:
    new_votes = thread.yes_count + thread.no_count - thread.votes_looked_at
    hours = (now - thread.totals_due_at) / _HOUR + 1
    return new_votes > BURST_VOTES_PER_HOUR * hours


def freeze_totals(story_public_id: str) -> None:
    """Have a story's totals wait until a person has looked at them; votes are counted on.

    Called as a vote comes, so nothing is logged: a line's second could be matched with a provider's log.
    """
    Thread.objects.filter(public_id=story_public_id, voting_open=True, frozen=False).update(frozen=True)


def close_voting(thread: Thread) -> None:
    """End the voting for good: the rows and the key go, the totals stay."""
    with transaction.atomic(using=ALIAS):
        Thread.objects.filter(pk=thread.pk).update(voting_open=False, vote_key=b"")
        Vote.objects.filter(thread=thread).delete()
