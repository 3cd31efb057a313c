"""Comments that were written elsewhere come in: many at once, and each of them once.

What a person approved there goes to its page without being held here; what waited there waits here. What
was erased here, or rejected and purged, does not come back. Must not read a file or know its format.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from nashra.readers import checks
from nashra.readers.leaving import join_page
from nashra.readers.models import Comment, CommentState, Erasure, ModerationEntry, Thread
from nashra.readers.receive import public_id_of
from nashra.readers.router import ALIAS

# SQLite asks for no more than some thousands of values in one question.
_ASKED_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A comment from elsewhere, its words normalised; ``nonce`` is made from its source's own number."""

    public_id: str
    nonce: str
    name: str
    text: str
    day: datetime.date
    is_approved: bool
    answers: str = ""
    is_staff: bool = False
    is_pick: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What is known here of comments, by public id: those that stand, and those that must not come back.

    Of those that stand it says whether another may answer them.
    """

    standing: Mapping[str, bool]
    gone: frozenset[str]


def remember(identities: Mapping[str, str]) -> Memory:
    """What became here of comments that may have come before; ``identities`` gives their nonces by public id.

    A comment that the moderators' log names and that has no row was erased, or rejected and then purged.
    """
    public_ids = list(identities)
    standing: dict[str, bool] = {}
    decided: set[str] = set()
    erased = _erased(identities)
    for start in range(0, len(public_ids), _ASKED_AT_ONCE):
        some = public_ids[start : start + _ASKED_AT_ONCE]
        rows = Comment.objects.filter(public_id__in=some)
        for public_id, state, answers in rows.values_list("public_id", "state", "answers"):
            standing[public_id] = state == CommentState.APPROVED and not answers
        entries = ModerationEntry.objects.filter(comment_public_id__in=some)
        decided.update(entries.values_list("comment_public_id", flat=True))
    return Memory(standing=standing, gone=frozenset((decided | erased) - standing.keys()))


def _erased(identities: Mapping[str, str]) -> set[str]:
    """Those with an ``Erasure``: of this very nonce, or of that from which the public id was made here."""
    public_ids = {nonce: public_id for public_id, nonce in identities.items()}
    nonces = Erasure.objects.values_list("nonce", flat=True).iterator()
    erased = {public_ids.get(nonce) or public_id_of(nonce) for nonce in nonces}
    return erased & identities.keys()


def bring_in(*, thread_pk: int, arrivals: Sequence[Arrival], now: datetime.datetime) -> int:
    """Store those that are neither here nor erased here; approved ones go to the page, in this order.

    Returns:
        How many comments were stored.
    """
    with transaction.atomic(using=ALIAS):
        thread = Thread.objects.select_for_update().get(pk=thread_pk)
        # Asked once the thread is locked: another import may have been at work.
        memory = remember({arrival.public_id: arrival.nonce for arrival in arrivals})
        fresh = [
            arrival
            for arrival in arrivals
            if arrival.public_id not in memory.standing and arrival.public_id not in memory.gone
        ]
        rows = Comment.objects.bulk_create(_rows(thread, fresh, now))
        if approved := [row.pk for row in rows if row.state == CommentState.APPROVED]:
            join_page(thread, approved, now)
    return len(rows)


def _rows(thread: Thread, arrivals: Sequence[Arrival], now: datetime.datetime) -> list[Comment]:
    prints = [checks.fingerprint(arrival.text) for arrival in arrivals]
    seen = _seen(prints)
    rows = []
    for arrival, fingerprint in zip(arrivals, prints, strict=True):
        reasons = checks.reasons(
            name=arrival.name,
            text=arrival.text,
            language=thread.language,
            seen_before=fingerprint in seen,
        )
        seen.add(fingerprint)
        rows.append(
            Comment(
                public_id=arrival.public_id,
                thread=thread,
                name=arrival.name,
                text=arrival.text,
                day=arrival.day,
                state=CommentState.APPROVED if arrival.is_approved else CommentState.WAITING,
                # It gets its place, and loses this, within the same transaction.
                held_until=now if arrival.is_approved else None,
                reasons=reasons,
                nonce=arrival.nonce,
                fingerprint=fingerprint,
                answers=arrival.answers,
                is_staff=arrival.is_staff,
                is_pick=arrival.is_pick and arrival.is_approved,
            )
        )
    return rows


def _seen(prints: Collection[str]) -> set[str]:
    return set(Comment.objects.filter(fingerprint__in=prints).values_list("fingerprint", flat=True))
