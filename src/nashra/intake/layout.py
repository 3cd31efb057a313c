"""The rules that make a story of a page's lines, whatever format they came in.

``head`` finds headline, byline and caption; here the body is taken, without the page's furniture. No
word is changed: every line that is kept is kept whole, and every line that is left out is named.
"""

from __future__ import annotations

from collections.abc import Sequence

from nashra.intake.byline import Byline, byline_of
from nashra.intake.copydesk import repeated_paragraphs, typing_findings
from nashra.intake.credit import credited_caption
from nashra.intake.furniture import Furniture, furniture_of, is_reaction_answer
from nashra.intake.head import (
    SENTENCE_END,
    Draft,
    after_headline,
    before_headline,
    checked_headline,
    headline_and_byline,
    take_caption,
)
from nashra.intake.headings import blocks_of
from nashra.intake.parts import Line, Metadata, SavedPage, Sheet, UnreadablePage
from nashra.intake.wording import bare, comparable, quoted, squeezed


def saved_page(sheet: Sheet) -> SavedPage:
    """The story that the lines hold.

    Raises:
        UnreadablePage: no line can be the headline, or none is left for a paragraph.
    """
    draft = Draft(findings=list(sheet.findings), left_out=list(sheet.left_out))
    lines = list(sheet.lines)
    if not lines:
        raise UnreadablePage("holds no text.")
    headline, byline = headline_and_byline(lines, headline=sheet.headline)
    draft.headline = checked_headline(lines[headline])
    for line in lines[:headline]:
        before_headline(draft, line)
    rest = after_headline(draft, lines, headline, byline, sheet.metadata)
    take_caption(draft, rest)
    _take_body(draft, rest)
    return _finished(draft, sheet.metadata)


def _take_body(draft: Draft, rest: list[Line]) -> None:
    """Take the paragraphs, without furniture and without the caption's copies."""
    previous: Furniture | None = None
    for index, line in enumerate(rest):
        kind = furniture_of(line.text)
        if kind in {Furniture.COMMENT_COUNT, Furniture.COMMENT_FORM} and _has_paragraph(draft):
            _leave_out_comments(draft, rest[index:])
            return
        if kind or (previous is Furniture.REACTION and is_reaction_answer(line.text)):
            draft.left_out.append(line.text)
            previous = kind or previous
            continue
        previous = None
        if _is_copy_of_caption(draft, line):
            first = draft.caption_line.number if draft.caption_line else line.number
            draft.findings.append(
                f"The lead caption stands on lines {first} and {line.number}: it was kept once."
            )
        else:
            draft.body.append(line)


def _has_paragraph(draft: Draft) -> bool:
    return any(SENTENCE_END.search(line.text) for line in draft.body)


def _leave_out_comments(draft: Draft, lines: Sequence[Line]) -> None:
    """Everything from the comment count on is the readers' part."""
    others = [line for line in lines if not furniture_of(line.text)]
    draft.left_out += [line.text for line in lines if furniture_of(line.text)]
    if others:
        draft.findings.append(
            f"{len(others)} {'line' if len(others) == 1 else 'lines'} after the comments' heading "
            f"{quoted(lines[0].text)} (line {lines[0].number}) were left out as readers' comments, "
            f"beginning with line {others[0].number} ({quoted(others[0].text)})."
        )


def _is_copy_of_caption(draft: Draft, line: Line) -> bool:
    if draft.caption is None or draft.caption_line is None:
        return False
    copies = {squeezed(draft.caption_line.text), squeezed(draft.caption.caption)}
    found = credited_caption(line.text)
    return squeezed(line.text) in copies or bool(found and squeezed(found.caption) in copies)


def _finished(draft: Draft, metadata: Metadata) -> SavedPage:
    if not draft.body:
        raise UnreadablePage("has a headline but no paragraphs.")
    assert draft.headline is not None  # noqa: S101 — set by ``saved_page`` before anything else.
    blocks, heading_findings = blocks_of(draft.body)
    byline, caption = draft.byline, draft.caption
    findings = draft.findings + list(byline.doubts)
    findings += _metadata_findings(draft.headline, byline, metadata)
    findings += [caption.doubt] if caption and caption.doubt else []
    findings += heading_findings + _odd_body_lines(draft.body) + repeated_paragraphs(blocks)
    kept = [draft.headline, draft.standfirst, draft.caption_line, *draft.body]
    findings += typing_findings([line for line in kept if line is not None])
    return SavedPage(
        headline=bare(draft.headline.text),
        standfirst=draft.standfirst.text if draft.standfirst else "",
        authors=byline.authors,
        place=byline.place,
        caption=caption.caption if caption else "",
        credit_person=caption.person if caption else "",
        credit_agency=caption.agency if caption else "",
        blocks=blocks,
        findings=tuple(dict.fromkeys(findings)),
        left_out=tuple(draft.left_out),
        language=metadata.language,
    )


def _metadata_findings(headline: Line, byline: Byline, metadata: Metadata) -> list[str]:
    findings = []
    seen = squeezed(headline.text)
    # A page's title often goes on with the site's name after the headline.
    if metadata.headlines and not any(squeezed(other).startswith(seen) for other in metadata.headlines):
        findings.append(
            f"The page's metadata has another headline, {quoted(metadata.headlines[0])}: the visible one "
            "was kept."
        )
    if not byline.authors:
        findings.append("No byline was found: the story has no author yet.")
        if metadata.authors:
            findings.append(
                f"The page's metadata names {', '.join(metadata.authors)} as author, but its text does not."
            )
    elif metadata.authors and {comparable(a) for a in byline.authors} != {
        comparable(a) for a in metadata.authors
    }:
        findings.append(
            f"The page's metadata names {', '.join(metadata.authors)} as author: the visible byline was kept."
        )
    return findings


def _odd_body_lines(body: Sequence[Line]) -> list[str]:
    findings = []
    for line in body:
        if byline_of(line.text):
            findings.append(
                f"Line {line.number} ({quoted(line.text)}) reads like a byline: it was kept as a paragraph."
            )
        elif line.tag == "figcaption" or ((found := credited_caption(line.text)) and not found.doubt):
            findings.append(
                f"Line {line.number} ({quoted(line.text)}) reads like a photo's caption: it was kept as a "
                "paragraph."
            )
    return findings
