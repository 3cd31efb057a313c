"""A page as a browser shows it in text → its lines.

It decides one thing alone: whether lines that stand together are one wrapped paragraph or several.
What each line is (headline, caption, paragraph…) is decided in ``layout``, for every format alike.
"""

from __future__ import annotations

import re
from itertools import pairwise

from nashra.intake.parts import Line, Sheet
from nashra.intake.wording import DIRECTION_SIGNS, is_blank

# Programs that wrap text for a terminal or a mail do so between these widths.
NARROWEST_WRAP_CHARS = 50
WIDEST_WRAP_CHARS = 132

_LINE_ENDS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")


def sheet_of_text(text: str) -> Sheet:
    """The page's lines, wrapped paragraphs made whole again, blank lines gone."""
    groups = _groups(_LINE_ENDS.split(text))
    width = max((len(line.text) for group in groups if len(group) > 1 for line in group), default=0)
    lines: list[Line] = []
    findings: list[str] = []
    for group in groups:
        if _is_wrapped(group, width):
            lines.append(Line(number=group[0].number, text=" ".join(line.text for line in group)))
            findings.append(
                f"Lines {group[0].number}–{group[-1].number} were taken as one paragraph, wrapped at "
                f"{width} characters."
            )
        else:
            lines.extend(group)
    return Sheet(lines=tuple(lines), findings=tuple(findings))


def _groups(raw_lines: list[str]) -> list[list[Line]]:
    """The lines that a reader sees, in groups that blank lines part."""
    groups: list[list[Line]] = [[]]
    for number, raw in enumerate(raw_lines, start=1):
        if is_blank(raw):
            groups.append([])
        else:
            groups[-1].append(Line(number=number, text=_trimmed(raw)))
    return [group for group in groups if group]


def _is_wrapped(group: list[Line], width: int) -> bool:
    """Whether each line of a group but the last is as full as the width allows.

    A program that wraps text breaks a line only where the next word would not fit; lines that a
    person ended themselves leave room for it sooner or later.
    """
    if len(group) < 2 or not NARROWEST_WRAP_CHARS <= width <= WIDEST_WRAP_CHARS:
        return False
    return all(
        len(line.text) + 1 + len(following.text.split()[0]) > width for line, following in pairwise(group)
    )


def _trimmed(raw: str) -> str:
    """A line without the white space around it; direction signs stay, since Arabic may need them."""
    return raw.strip().strip("\u200b\ufeff").strip() if raw.strip(DIRECTION_SIGNS) else ""
