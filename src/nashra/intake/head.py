"""A story's head: headline, standfirst, byline and lead caption, found in a page's first lines.

Every line that it leaves out it names in a finding, and it changes none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from nashra.intake.byline import Byline, byline_of
from nashra.intake.credit import CreditedCaption, credited_caption
from nashra.intake.date_line import is_date_line
from nashra.intake.furniture import furniture_of
from nashra.intake.parts import Line, Metadata, UnreadablePage
from nashra.intake.wording import comparable, quoted, squeezed

MAX_HEADLINE_CHARS = 255
# A byline stands near the headline; further down, a line like one belongs to the text.
HEAD_LINES = 15
MAX_LINES_BEFORE_BYLINE = 3
MIN_STANDFIRST_WORDS = 4
SENTENCE_END = re.compile(r"[.!?…؟۔][\"'”’»)\]]*$")

_NO_HEADLINE = "has no headline: its first line must be one, before the byline and the paragraphs."
_DATE_LINE = "it is the page's date, and a story gets its date when it is published"
_FULL_STOP = re.compile(r"(?<!\.)[.۔][\"'”’»]*$")


@dataclass(slots=True)
class Draft:
    """The story as it takes shape, line after line."""

    findings: list[str]
    left_out: list[str]
    headline: Line | None = None
    standfirst: Line | None = None
    byline: Byline = field(default_factory=lambda: Byline(authors=()))
    caption: CreditedCaption | None = None
    caption_line: Line | None = None
    body: list[Line] = field(default_factory=list)

    def leave_out(self, line: Line, why: str) -> None:
        self.findings.append(f"Line {line.number} ({quoted(line.text)}) was left out: {why}.")


def headline_and_byline(lines: Sequence[Line], *, headline: int | None) -> tuple[int, int | None]:
    """Where headline and byline stand; ``headline`` is its index if the format knows it.

    Raises:
        UnreadablePage: no line can be the headline.
    """
    start = 0 if headline is None else headline
    near = range(start + 1, min(len(lines), start + HEAD_LINES))
    byline = next((i for i in near if byline_of(lines[i].text)), None)
    if byline is not None:
        above = _headline_index(lines, byline) if headline is None else headline
        between = [line for line in lines[above + 1 : byline] if not _is_of_head(line)]
        sentences = [line for line in between if SENTENCE_END.search(line.text)]
        if len(between) <= MAX_LINES_BEFORE_BYLINE and len(sentences) <= 1:
            return above, byline
    # With paragraphs above it, what reads like a byline is something else.
    return (_headline_index(lines, None) if headline is None else headline), None


def _is_of_head(line: Line) -> bool:
    return bool(
        is_date_line(line.text)
        or furniture_of(line.text)
        or line.tag == "figcaption"
        or credited_caption(line.text)
    )


def _headline_index(lines: Sequence[Line], byline: int | None) -> int:
    """The headline of a page that does not mark it: the last long line before the byline, else the first."""
    if byline is None:
        first = lines[0].text
        if _FULL_STOP.search(first) or byline_of(first) or credited_caption(first) or furniture_of(first):
            raise UnreadablePage(_NO_HEADLINE)
        return 0
    candidates = [
        i for i in range(byline) if not is_date_line(lines[i].text) and not furniture_of(lines[i].text)
    ]
    unended = [i for i in candidates if not _FULL_STOP.search(lines[i].text)]
    if not candidates:
        raise UnreadablePage(_NO_HEADLINE)
    # Names of sections and menus above a headline are short, and a standfirst below it is a sentence.
    return max(unended or candidates[:1], key=lambda i: (len(lines[i].text.split()), -i))


def checked_headline(line: Line) -> Line:
    if len(line.text) > MAX_HEADLINE_CHARS:
        raise UnreadablePage(
            f"has no headline: its first line has {len(line.text)} characters, and a headline at most "
            f"{MAX_HEADLINE_CHARS}."
        )
    return line


def before_headline(draft: Draft, line: Line) -> None:
    if furniture_of(line.text):
        draft.left_out.append(line.text)
    else:
        draft.leave_out(line, "it stands above the headline")


def after_headline(
    draft: Draft, lines: Sequence[Line], headline: int, byline: int | None, metadata: Metadata
) -> list[Line]:
    """Take byline, standfirst and date lines; what is left begins with the caption or the body."""
    between: Sequence[Line] = ()
    rest = list(lines[headline + 1 :])
    if byline is not None:
        draft.byline = byline_of(lines[byline].text) or draft.byline
        between, rest = lines[headline + 1 : byline], list(lines[byline + 1 :])
    captions = [line for line in between if line.tag == "figcaption" or credited_caption(line.text)]
    for line in between:
        if line not in captions:
            _between_headline_and_byline(draft, line)
    while rest and _take_line_of_head(draft, rest[0], metadata):
        rest.pop(0)
    return [*captions, *rest]


def _take_line_of_head(draft: Draft, line: Line, metadata: Metadata) -> bool:
    """Whether a line below the byline still belongs to the head; if so, it is taken."""
    if furniture_of(line.text):
        draft.left_out.append(line.text)
    elif is_date_line(line.text):
        draft.leave_out(line, _DATE_LINE)
    elif not _names_only(line, metadata):
        return False
    elif draft.byline.authors:
        draft.leave_out(line, "it repeats the byline")
    else:
        doubt = f"The byline {quoted(line.text)} was read by the page's metadata: check names and place."
        draft.byline = Byline(authors=metadata.authors, doubts=(doubt,))
    return True


def _between_headline_and_byline(draft: Draft, line: Line) -> None:
    if furniture_of(line.text):
        draft.left_out.append(line.text)
    elif is_date_line(line.text):
        draft.leave_out(line, _DATE_LINE)
    elif draft.standfirst is None and len(line.text.split()) >= MIN_STANDFIRST_WORDS:
        draft.standfirst = line
        draft.findings.append(
            f"Line {line.number} ({quoted(line.text)}) stands between headline and byline: it was taken "
            "as the standfirst."
        )
    else:
        draft.leave_out(line, "it stands between headline and byline")


def _names_only(line: Line, metadata: Metadata) -> bool:
    """Whether a line is a byline by the page's own metadata: it holds each author's name and little else."""
    if not metadata.authors or len(line.text) > 150 or SENTENCE_END.search(line.text):
        return False
    text = comparable(line.text)
    names = [comparable(name) for name in metadata.authors]
    if not all(name and name in text for name in names):
        return False
    return len(text) - sum(len(name) for name in names) <= 40


def take_caption(draft: Draft, rest: list[Line]) -> None:
    """Take the lead caption: the line with a credit, or one twice over, that stands before the body."""
    if not rest:
        return
    first = rest[0]
    following = rest[1] if len(rest) > 1 else None
    is_doubled = following is not None and squeezed(first.text) == squeezed(following.text)
    found = credited_caption(first.text)
    if found and found.caption and (not found.doubt or is_doubled or first.tag == "figcaption"):
        draft.caption = found
    elif (
        following is not None
        and not found
        and (alone := credited_caption(following.text))
        and not alone.caption
    ):
        # The credit stands on a line of its own below the caption.
        draft.caption = CreditedCaption(
            caption=first.text, person=alone.person, agency=alone.agency, doubt=alone.doubt
        )
        rest.pop(1)
    elif is_doubled or first.tag == "figcaption":
        draft.caption = CreditedCaption(
            caption=first.text, person="", agency="", doubt="The lead caption names no credit."
        )
    if draft.caption:
        draft.caption_line = rest.pop(0)
