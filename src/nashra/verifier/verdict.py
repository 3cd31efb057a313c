"""What can be said of an edition: four states, why, and how sure one may be.

Must claim no more than was checked. Must not read a disk or a clock.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from enum import StrEnum

# Two clocks are seldom quite the same.
CLOCK_TOLERANCE = datetime.timedelta(minutes=10)
# So long after an edition was cut, it is rather the clock that is wrong.
ABSURD_AGE = datetime.timedelta(days=20 * 365)


class State(StrEnum):
    """The four states of an edition, and that nothing could be told."""

    CURRENT = "current"
    OLD = "authentic-old"
    AGE_UNKNOWN = "authentic-age-unknown"
    NOT_AUTHENTIC = "not-authentic"
    CANNOT_TELL = "cannot-tell"


EXIT_CODES = {
    State.CURRENT: 0,
    State.OLD: 0,
    State.AGE_UNKNOWN: 0,
    State.NOT_AUTHENTIC: 1,
    State.CANNOT_TELL: 2,
}


class Trust(StrEnum):
    """What vouches for the key by which everything else is checked."""

    ROOT = "root"
    KEY = "key"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong; ``kind`` names the sentence, ``path`` the file, ``why`` goes on from it."""

    kind: str
    path: str
    why: str = ""


@dataclass(slots=True)
class Verdict:
    """All that was found; ``whole`` and ``absent`` are volumes, ``reason`` names why an edition is old."""

    state: State = State.CANNOT_TELL
    trust: Trust = Trust.NOTHING
    problems: list[Problem] = field(default_factory=list)
    number: int | None = None
    name: str = ""
    cut_at: datetime.datetime | None = None
    age: datetime.timedelta | None = None
    reason: str = ""
    whole: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    files: int = 0
    key_text: str = ""
    root_fingerprint: str = ""
    expires_at: datetime.datetime | None = None
    highest_seen: int | None = None

    @property
    def exit_code(self) -> int:
        """0 where it is authentic, 1 where it is not, 2 where this could not be told."""
        return EXIT_CODES[self.state]


def judge(verdict: Verdict, *, now: datetime.datetime, newest_seen: datetime.datetime | None) -> None:
    """Set the state, from the problems, the trust and the clock; ``newest_seen`` is a signed date.

    "Current" asks for more than a good signature: metadata from a trusted root that has not expired, a
    clock that can be right, and no newer edition seen before.
    """
    if verdict.problems:
        verdict.state = State.NOT_AUTHENTIC
        return
    if verdict.trust is Trust.NOTHING or verdict.cut_at is None:
        verdict.state = State.CANNOT_TELL
        return
    if not verdict.files:
        verdict.state, verdict.reason = State.CANNOT_TELL, "nothing-here"
        return
    newest = max(filter(None, (verdict.cut_at, newest_seen)))
    if now < newest - CLOCK_TOLERANCE or now > newest + ABSURD_AGE:
        verdict.state, verdict.reason = State.AGE_UNKNOWN, "clock"
        return
    verdict.age = max(now - verdict.cut_at, datetime.timedelta(0))
    if verdict.highest_seen is not None and (verdict.number or 0) < verdict.highest_seen:
        verdict.state, verdict.reason = State.OLD, "newer-seen"
    elif verdict.trust is Trust.KEY or verdict.expires_at is None:
        verdict.state, verdict.reason = State.OLD, "no-root"
    elif now >= verdict.expires_at:
        verdict.state, verdict.reason = State.OLD, "expired"
    else:
        verdict.state, verdict.reason = State.CURRENT, ""
