"""What happens to posts that come in crowds: they wait longer, and none is refused.

A comment that is one too many bears a reason, which sorts it after the others, unless its browser solved a
puzzle. A vote counts; where many came the same way, the story's totals wait for a person. A report counts
once. For the views, which have a request and a clock; must not keep anything itself.
"""

from __future__ import annotations

import datetime
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest

from nashra.readers import limits, puzzles, reactions
from nashra.readers.limits import BUCKET, Act, Crowd
from nashra.readers.posts import PostedForm
from nashra.readers.receive import Outcome, Step

SPEED = "speed"


def how_it_came(
    request: HttpRequest, form: PostedForm, *, now: datetime.datetime
) -> Callable[[str], list[str]]:
    """What gives the reasons to read a comment later, once it is stored under its nonce: it counts then."""

    def reasons(nonce: str) -> list[str]:
        now_s = time.monotonic()
        found = []
        crowd = limits.HERE.count(Act.COMMENT, _bucket(request), now_s)
        if crowd is not Crowd.NONE and not puzzles.is_solved(form["solution"], nonce=nonce, now=now):
            found.append(crowd.value)
        if limits.HERE.is_fast(nonce, now_s):
            found.append(SPEED)
        return found

    return reasons


def puzzle_for(request: HttpRequest, outcome: Outcome, *, now: datetime.datetime) -> str:
    """The puzzle for a preview's page; empty where there is no preview, or no crowd."""
    if outcome.step is not Step.PREVIEW:
        return ""
    now_s = time.monotonic()
    limits.HERE.note_preview(outcome.nonce, now_s)
    if not limits.HERE.is_filling(Act.COMMENT, _bucket(request), now_s):
        return ""
    return puzzles.make_puzzle(
        nonce=outcome.nonce,
        now=now,
        lifetime_hours=settings.NASHRA_PREVIEW_LIFETIME_HOURS,
        number=secrets.randbelow(puzzles.LARGEST_NUMBER + 1),
    )


def note_vote(request: HttpRequest, *, story_public_id: str) -> None:
    """Count a vote, and have the story's totals wait for a person where too many came in crowds."""
    now_s = time.monotonic()
    if limits.HERE.count(Act.VOTE, _bucket(request), now_s) is not Crowd.BURST:
        return
    # By story alone: how a network voted on which is nobody's to know.
    if limits.HERE.count(Act.CROWDED_VOTE, story_public_id, now_s) is Crowd.BURST:
        reactions.freeze_totals(story_public_id)
        limits.HERE.forget(Act.CROWDED_VOTE, story_public_id)


def report_counts(request: HttpRequest) -> bool:
    """Count a report; whether it may add to the number of others that say the same."""
    return limits.HERE.count(Act.REPORT, _bucket(request), time.monotonic()) is Crowd.NONE


def _bucket(request: HttpRequest) -> str:
    return request.META.get(BUCKET, "")
