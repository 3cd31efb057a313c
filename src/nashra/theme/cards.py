"""Lists of stories are joined from fragments, one a story, made once and kept by whoever presses.

Must not render anything itself: ``card.html`` says what a card looks like.
"""

from __future__ import annotations

# What ``card.html`` writes for a card's section. Words in a card are escaped, so that none can look like it.
_SECTION_START = '<p class="section">'
_SECTION_END = "</p>\n"


def without_section(fragment: str) -> str:
    """The card without the line that names its section, for lists where all stories share one."""
    start = fragment.find(_SECTION_START)
    if start < 0:
        return fragment
    return fragment[:start] + fragment[fragment.index(_SECTION_END, start) + len(_SECTION_END) :]
