"""What an import tells: each item that could not be taken by number and reason, all else in numbers.

Must not print; who calls says where the sentences go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field


class BadItem(ValueError):
    """An item that cannot be taken; its sentence has no subject ("names no headline.")."""


class LeftOut(Exception):
    """An item that is well as it is and yet becomes no story; its words say what it is."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was mended or left out: in general for the summary, in full for the story's notes."""

    kind: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.detail}" if self.detail else self.kind


@dataclass(slots=True)
class Report:
    """The counts of one import."""

    say: Callable[[str], None]
    counts: Counter[str] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)
    first_places: dict[str, str] = field(default_factory=dict)
    left: Counter[str] = field(default_factory=Counter)

    def bad(self, place: str, reason: str) -> None:
        """An item could not be taken."""
        self.counts["bad"] += 1
        self.say(f"{place}: {reason}")

    def leave(self, kind: str) -> None:
        """An item was left out, as it should be."""
        self.left[kind] += 1

    def kept(self, place: str, sentence: str) -> None:
        """A later version was not taken, because the desk has decided otherwise."""
        self.counts["kept"] += 1
        self.say(f"{place}: {sentence}")

    def find(self, place: str, finding: Finding) -> None:
        """Something was mended in an item that was taken."""
        self.findings[finding.kind] += 1
        self.first_places.setdefault(finding.kind, place)

    @property
    def is_good(self) -> bool:
        """Whether no item was bad."""
        return not self.counts["bad"]

    def summary(self) -> list[str]:
        """The last lines: what was mended, what was left out, and how many items became what."""
        lines = [
            f"{kind} (in {number:,}, first in {self.first_places[kind]})."
            for kind, number in sorted(self.findings.items())
        ]
        lines += [f"Left out: {number:,} {kind}." for kind, number in sorted(self.left.items())]
        counts = self.counts
        numbers = f"{counts['new']:,} new, {counts['updated']:,} updated, {counts['withdrawn']:,} withdrawn"
        numbers += f", {counts['known']:,} known already, {counts['kept']:,} left as the desk has them"
        return [*lines, f"{numbers}, {counts['bad']:,} bad."]
