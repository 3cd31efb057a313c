"""Findings about the typing of a story: what a copy desk mends, and an importer must not.

Each finding is one sentence that names its lines; no word is changed here or anywhere in intake.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from nashra.intake.parts import Block, Line
from nashra.intake.wording import quoted

_DOUBLE_HYPHEN = re.compile(r"(?<!-)--(?!-)")
_MARKUP = re.compile(r"</?[a-z][^<>]{0,80}>|&(?:[a-z]{2,8}|#\d{2,6});", re.IGNORECASE)
_HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff\u00ad\x80-\x9f\ufffd]")
_PAIRS = (("“", "”"), ("«", "»"), ("(", ")"), ("[", "]"))


def typing_findings(lines: Sequence[Line]) -> list[str]:
    """What the copy desk may want to mend in the lines that were kept: typing, never style or fact."""
    findings = [sentence for line in lines for sentence in _unbalanced(line)]
    findings += _named(lines, lambda text: '"' in text, "Straight quotation marks stand on")
    if any("’" in line.text for line in lines):
        findings += _named(
            lines,
            lambda text: re.search(r"\w'\w", text),
            "Straight apostrophes, where other lines have curly ones, stand on",
        )
    findings += _named(lines, _DOUBLE_HYPHEN.search, "Two hyphens in place of a dash stand on")
    findings += _named(
        lines, lambda text: re.search(r"[^\S\u00a0\u202f]{2}", text), "Two spaces in a row stand on"
    )
    findings += _named(lines, _MARKUP.search, "What looks like HTML stands in the text of")
    for line in lines:
        names = sorted({f"U+{ord(sign):04X}" for sign in _HIDDEN.findall(line.text)})
        if names:
            findings.append(
                f"Line {line.number} ({quoted(line.text)}) holds hidden or broken characters: "
                f"{', '.join(names)}."
            )
    findings += _named(
        lines,
        lambda text: not unicodedata.is_normalized("NFC", text),
        "Accents or vowels typed apart from their letters stand on",
    )
    return findings


def repeated_paragraphs(blocks: Sequence[Block]) -> list[str]:
    """A finding for each paragraph that stands in the story twice."""
    first_seen: dict[str, int] = {}
    findings = []
    for block in blocks:
        if block.kind != "paragraph":
            continue
        before = first_seen.setdefault(block.text, block.line)
        if before != block.line:
            findings.append(
                f"Lines {before} and {block.line} hold the same paragraph ({quoted(block.text)}): both "
                "were kept."
            )
    return findings


def _unbalanced(line: Line) -> Iterable[str]:
    """Marks that open and never close, or the reverse.

    A quotation that runs over several paragraphs opens in each and closes in the last alone, so the
    sentence asks rather than judges.
    """
    if line.text.count('"') % 2:
        yield f"Line {line.number} ({quoted(line.text)}) has a quotation mark without its pair."
    for opening, closing in _PAIRS:
        if line.text.count(opening) != line.text.count(closing):
            yield f"Line {line.number} ({quoted(line.text)}) has {opening} and {closing} that do not pair."


def _named(lines: Sequence[Line], test: Callable[[str], object], words: str) -> list[str]:
    numbers = [str(line.number) for line in lines if test(line.text)]
    if not numbers:
        return []
    if len(numbers) == 1:
        return [f"{words} line {numbers[0]}."]
    return [f"{words} lines {', '.join(numbers[:-1])} and {numbers[-1]}."]
