"""How much came the same way within the hour: counts in this process's memory, and nowhere else.

Nobody is blocked: a count that is over gives a reason to look later, and a puzzle to those whose browser
can solve one. Counts are kept under opaque tokens (``serve.buckets``), are bounded, and are forgotten with
each hour, as the tokens' key is. Each process counts for itself. Must not import Django, know an address,
keep anything in a row or a file, or read the clock: the caller gives the seconds of a monotonic one.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

# Where a request carries the token of the way that it came, in the WSGI environ.
BUCKET = "nashra.bucket"
# All who come over the onion service; no token of a network is like it.
ONION = "onion"
WINDOW_S = 3600
# Beyond so many ways within an hour, new ones share a count: memory is bounded whoever asks.
MOST_COUNTS = 20_000
# Nobody reads a preview in less.
FAST_S = 2.0
_MOST_PREVIEWS = 5_000

# Like no token and no public id.
_OTHERS = "*others"
_ALL = "*all"


class Act(Enum):
    """What is counted. Looks at a receipt are not: nobody guesses one of 140 bits."""

    COMMENT = "comment"
    REPORT = "report"
    VOTE = "vote"
    # Votes on one story that came over their network's allowance, counted under the story's public id.
    CROWDED_VOTE = "crowded-vote"


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much of an act may come within an hour: one way, one way that many share, and in all."""

    network: int
    shared: int
    desk: int


# A network of 256 addresses may be a small town behind one provider's translation of addresses.
ALLOWANCES: Mapping[Act, Allowance] = {
    Act.COMMENT: Allowance(network=20, shared=200, desk=1_000),
    Act.REPORT: Allowance(network=30, shared=200, desk=1_000),
    Act.VOTE: Allowance(network=100, shared=1_000, desk=20_000),
    Act.CROWDED_VOTE: Allowance(network=50, shared=50, desk=20_000),
}


class Crowd(Enum):
    """What a count says; ``BURST`` and ``FLOOD`` are reasons in ``checks.REASONS``."""

    NONE = ""
    BURST = "burst"
    FLOOD = "flood"


class Limits:
    """One process's counts."""

    def __init__(self, *, allowances: Mapping[Act, Allowance] = ALLOWANCES, fast_s: float = FAST_S) -> None:
        self._allowances = allowances
        self._fast_s = fast_s
        self._lock = threading.Lock()
        self._window = -1
        self._counts: dict[tuple[Act, str], int] = {}
        # When the newest previews were answered, by nonce; what is older than ``fast_s`` goes.
        self._previews: dict[str, float] = {}

    def count(self, act: Act, bucket: str, now_s: float) -> Crowd:
        """Count one act, and tell whether it is one too many."""
        allowance = self._allowances[act]
        with self._lock:
            bucket = self._place(act, bucket, now_s)
            here = self._counts[act, bucket] = self._counts.get((act, bucket), 0) + 1
            in_all = self._counts[act, _ALL] = self._counts.get((act, _ALL), 0) + 1
        if here > _most(allowance, bucket):
            return Crowd.BURST
        return Crowd.FLOOD if in_all > allowance.desk else Crowd.NONE

    def is_filling(self, act: Act, bucket: str, now_s: float) -> bool:
        """Whether half of an allowance is used up: time to hand out puzzles, before one is too many."""
        allowance = self._allowances[act]
        with self._lock:
            bucket = self._place(act, bucket, now_s)
            here, in_all = self._counts.get((act, bucket), 0), self._counts.get((act, _ALL), 0)
        return 2 * here >= _most(allowance, bucket) or 2 * in_all >= allowance.desk

    def forget(self, act: Act, bucket: str) -> None:
        """Begin one count anew."""
        with self._lock:
            self._counts.pop((act, bucket), None)

    def note_preview(self, nonce: str, now_s: float) -> None:
        """Remember for ``fast_s`` that a preview was answered."""
        with self._lock:
            while self._previews:
                oldest = next(iter(self._previews))
                if now_s - self._previews[oldest] < self._fast_s and len(self._previews) < _MOST_PREVIEWS:
                    break
                del self._previews[oldest]
            self._previews[nonce] = now_s

    def is_fast(self, nonce: str, now_s: float) -> bool:
        """Whether this process answered the preview so lately that nobody can have read it.

        A hint that sorts: of a preview that another process answered, nothing is known here.
        """
        answered_s = self._previews.get(nonce)
        return answered_s is not None and now_s - answered_s < self._fast_s

    def _place(self, act: Act, bucket: str, now_s: float) -> str:
        window = int(now_s // WINDOW_S)
        if window != self._window:
            self._window, self._counts = window, {}
        if len(self._counts) >= MOST_COUNTS and (act, bucket) not in self._counts:
            return _OTHERS
        return bucket


def _most(allowance: Allowance, bucket: str) -> int:
    # A request without a token came past our own server: nothing is known of its way, and many share it.
    return allowance.shared if bucket in {ONION, _OTHERS, ""} else allowance.network


HERE = Limits()
