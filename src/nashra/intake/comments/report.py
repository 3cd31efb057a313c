"""What an import of comments tells: what could not be taken, by number and reason, and all else in numbers.

Must not print, nor hold a word or a name of a comment: who calls says where the sentences go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from nashra.intake.comments.parts import OldStory
from nashra.intake.wording import quoted
from nashra.readers.text import normalise_name


@dataclass(frozen=True, slots=True)
class Homeless:
    """An old story that is none of the published ones, with the number of its comments."""

    story: OldStory
    comments: int


@dataclass(slots=True)
class Report:
    """The counts of one import."""

    say: Callable[[str], None]
    counts: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    homeless: list[Homeless] = field(default_factory=list)

    def leave(self, kind: str, number: int = 1) -> None:
        """Something was left out, as it should be."""
        self.left[kind] += number

    def refuse(self, key: str, reason: str) -> None:
        """A comment cannot be taken."""
        self.counts["refused"] += 1
        self.say(f"Comment {normalise_name(key) or 'without a number'} {reason}")

    def find_no_story(self, story: OldStory, comments: int, reason: str) -> None:
        """A story's comments have nowhere to go."""
        self.counts["homeless"] += comments
        self.homeless.append(Homeless(story, comments))
        # A terminal obeys control characters, so none that stand in a file may come to it.
        title, address = normalise_name(story.title), normalise_name(story.link)
        name = quoted(title) if title else "A story without a title"
        link = f" ({address})" if address else ""
        number = "1 comment" if comments == 1 else f"{comments:,} comments"
        self.say(f"{name}{link}, {number}: {reason}")

    @property
    def is_good(self) -> bool:
        """Whether everything was taken or rightly left out."""
        return not self.counts["refused"] and not self.counts["homeless"]

    def summary(self) -> list[str]:
        """The last lines: what was left out, and how many comments became what."""
        lines = [f"Left out: {number:,} {kind}." for kind, number in sorted(self.left.items())]
        counts = self.counts
        numbers = f"{counts['approved']:,} approved, {counts['waiting']:,} waiting"
        numbers += f", {counts['known']:,} known already, {counts['gone']:,} erased or rejected here before"
        return [
            *lines,
            f"{numbers}, {counts['homeless']:,} without a story, {counts['refused']:,} refused.",
        ]
