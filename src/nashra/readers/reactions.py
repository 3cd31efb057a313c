"""The verbs of reactions: one vote a browser, as far as we can tell, and totals that move by the hour.

Must not keep anything of a voter but an HMAC under the thread's own key, nor when they voted.
"""

from __future__ import annotations

import datetime
import logging

from django.conf import settings
from django.db import transaction

from nashra.readers import writing
from nashra.readers.ballots import Ballot, VoteAnswer, count_together
from nashra.readers.models import Change, Thread, Vote
from nashra.readers.router import ALIAS

log = logging.getLogger(__name__)

CHOICES = ("yes", "no")
# More new votes than this in an hour, and the totals wait until a person has looked at them.
BURST_VOTES_PER_HOUR = 500

_HOUR = datetime.timedelta(hours=1)


def vote(*, story_public_id: str, choice: str, voter: str, now: datetime.datetime) -> VoteAnswer:
    """Count a browser's choice, or change the one that it made before.

    ``voter`` is the random part of a cookie that we issued.
    """
    ballot = Ballot(story_public_id=story_public_id, choice=choice, voter=voter, now=now)
    answer: VoteAnswer = writing.write(count_together, ballot)
    return answer


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
