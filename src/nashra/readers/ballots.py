"""Counts votes, those of many browsers in one transaction: rows and counters move together.

Called by ``writing``. Must not keep anything of a voter but an HMAC under the thread's own key.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from django.db import connections

from nashra.bulk_rows import ask, insert_missing
from nashra.readers.models import Vote
from nashra.readers.router import ALIAS

_HOUR = datetime.timedelta(hours=1)


class VoteAnswer(Enum):
    """What became of a vote."""

    COUNTED = "counted"
    CLOSED = "closed"
    UNKNOWN_STORY = "unknown-story"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """A browser's choice; ``voter`` is the random part of a cookie that we issued."""

    story_public_id: str
    choice: str
    voter: str
    now: datetime.datetime


@dataclass(slots=True)
class _Tally:
    """A thread's voters among the ballots: what each chose before, and what they choose now."""

    pk: int
    vote_key: bytes
    voting_open: bool
    before: dict[str, str]
    after: dict[str, str]


def count_together(ballots: Sequence[Ballot]) -> list[VoteAnswer]:
    """Count each browser's choice, or change the one that it made before.

    The threads' rows are locked first, all in one order, so that of votes at once none is lost or doubled.
    """
    tallies = _lock({ballot.story_public_id for ballot in ballots})
    answers = []
    for ballot in ballots:
        tally = tallies.get(ballot.story_public_id)
        if tally is None:
            answers.append(VoteAnswer.UNKNOWN_STORY)
        elif not tally.voting_open:
            answers.append(VoteAnswer.CLOSED)
        else:
            key = hmac.new(tally.vote_key, ballot.voter.encode(), hashlib.sha256).hexdigest()
            # Of two ballots of one browser the later one holds.
            tally.after[key] = ballot.choice
            answers.append(VoteAnswer.COUNTED)
    voted = [tally for tally in tallies.values() if tally.after]
    if voted:
        _write(voted, _next_hour(max(ballot.now for ballot in ballots)))
    return answers


def _lock(stories: Collection[str]) -> dict[str, _Tally]:
    # A comment's row may be written meanwhile: no key of the thread changes.
    lock = "FOR NO KEY UPDATE" if connections[ALIAS].features.has_select_for_no_key_update else ""
    rows = ask(_LOCK.format(names=_places(stories), lock=lock), stories, using=ALIAS)
    return {
        public_id: _Tally(pk, bytes(key), bool(voting_open), {}, {})
        for public_id, pk, key, voting_open in rows
    }


_LOCK = """
    SELECT public_id, id, vote_key, voting_open FROM readers_thread WHERE public_id IN ({names})
    ORDER BY id {lock}
"""


def _write(tallies: Sequence[_Tally], due_at: datetime.datetime) -> None:
    by_pk = {tally.pk: tally for tally in tallies}
    keys = [key for tally in tallies for key in tally.after]
    statement = _EARLIER.format(threads=_places(by_pk), keys=_places(keys))
    for thread, key, choice in ask(statement, [*by_pk, *keys], using=ALIAS):
        if key in by_pk[thread].after:
            by_pk[thread].before[key] = choice
    new = [
        (tally.pk, key, choice)
        for tally in tallies
        for key, choice in tally.after.items()
        if key not in tally.before
    ]
    insert_missing(Vote, ("thread", "voter_key", "choice"), new, returning="voter_key", using=ALIAS)
    for tally in tallies:
        for key, choice in tally.before.items():
            if tally.after[key] != choice:
                Vote.objects.filter(thread=tally.pk, voter_key=key).update(choice=tally.after[key])
        _move_counters(tally, due_at)


_EARLIER = """
    SELECT thread_id, voter_key, choice FROM readers_vote
    WHERE thread_id IN ({threads}) AND voter_key IN ({keys})
"""


def _move_counters(tally: _Tally, due_at: datetime.datetime) -> None:
    steps = Counter(tally.after.values())
    steps.subtract(Counter(tally.before.values()))
    if not any(steps.values()):
        return
    connection = connections[ALIAS]
    due = connection.ops.adapt_datetimefield_value(due_at)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, (steps["yes"], steps["no"], due, tally.pk))


_COUNT = """
    UPDATE readers_thread SET yes_count = yes_count + %s, no_count = no_count + %s,
        totals_due_at = COALESCE(totals_due_at, %s)
    WHERE id = %s
"""


def _places(values: Collection[object] | Mapping[int, object]) -> str:
    return ", ".join(["%s"] * len(values))


def _next_hour(now: datetime.datetime) -> datetime.datetime:
    """Totals move at full hours only, or a total's change would tell when somebody voted."""
    return now.replace(minute=0, second=0, microsecond=0) + _HOUR
