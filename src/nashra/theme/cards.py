"""Lists of stories are joined from fragments, one a story, made once and kept by whoever presses.

Must not render anything itself: ``card.html`` says what a card looks like.
"""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

# What ``card.html`` writes for a card's section. Words in a card are escaped, so that none can look like it.
_SECTION_START = '<p class="section">'
_SECTION_END = "</p>\n"


def without_section(fragment: str) -> str:
    """The card without the line that names its section, for lists where all stories share one."""
    start = fragment.find(_SECTION_START)
    if start < 0:
        return fragment
    return fragment[:start] + fragment[fragment.index(_SECTION_END, start) + len(_SECTION_END) :]


def without_sections(fragments: Iterable[str]) -> list[str]:
    """The cards of a list whose stories share one section."""
    return [without_section(fragment) for fragment in fragments]


def joined(fragments: Iterable[str]) -> Markup:
    """The cards of a list, one after the other."""
    return Markup("\n".join(fragments))  # noqa: S704 -- ``card.html`` made and escaped them.
