"""A photo's caption and the credit in brackets at its end, split: ``…caption. [NAME/AGENCY]``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nashra.intake.wording import bare, quoted

MAX_CREDIT_CHARS = 100

# Round brackets close many sentences of a story, so there a credit needs its stroke.
_SQUARE = re.compile(r"^(?P<caption>.*?)\s*\[(?P<credit>[^\[\]]+)\]\s*$", re.DOTALL)
_ROUND = re.compile(r"^(?P<caption>.*?)\s*\((?P<credit>[^()/]+/[^()]+)\)\s*$", re.DOTALL)
_STROKE = re.compile(r"\s*[/⁄／]\s*")
_PREFIX = re.compile(
    r"^(?:photo(?: credit)?|file photo|picture|image|credit|photo by|صورة|الصورة|تصوير|عکس|عكس)\s*(?::|"
    r"(?<=by)\s)\s*",
    re.IGNORECASE,
)
_ALL_CAPITALS = re.compile(r"^[A-Z][A-Z0-9.&\- ]{1,14}$")
_AGENCY_WORDS = re.compile(
    r"\b(?:via|agency|news|media|images|press|reuters|courtesy|ministry|council)\b|وكالة|رويترز|خبرگزاری",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?؟;:]\s|[!?؟;]$")


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditedCaption:
    """A caption without its credit; ``doubt`` is a sentence where the credit could be read two ways."""

    caption: str
    person: str
    agency: str
    doubt: str = ""


def credited_caption(text: str) -> CreditedCaption | None:
    """The caption and credit of a line that ends in a credit, else None.

    The caption is empty where the line is nothing but a credit. A bracket that holds a sentence, or
    begins in lower case as an editor's insertion in a quotation does, is no credit.
    """
    match = _SQUARE.match(text) or _ROUND.match(text)
    if match is None:
        return None
    credit = bare(_PREFIX.sub("", bare(match["credit"])))
    if not credit or len(credit) > MAX_CREDIT_CHARS or credit[0].islower() or _SENTENCE.search(credit):
        return None
    if not any(char.isalpha() for char in credit):
        return None
    person, agency, doubt = _person_and_agency(credit)
    return CreditedCaption(caption=match["caption"].strip(), person=person, agency=agency, doubt=doubt)


def _person_and_agency(credit: str) -> tuple[str, str, str]:
    parts = [part for part in _STROKE.split(credit) if part]
    if len(parts) == 1:
        return _single(parts[0])
    first, last = parts[0], parts[-1]
    if len(parts) > 2:
        return (
            "/".join(parts[:-1]),
            last,
            f"The credit {quoted(credit)} has more than two parts: the last one was taken as the agency.",
        )
    if _is_agency(first) and not _is_agency(last):
        return (
            last,
            first,
            f"The credit {quoted(credit)} names its agency first: {first} was taken as the agency.",
        )
    return first, last, ""


def _single(credit: str) -> tuple[str, str, str]:
    if _is_agency(credit):
        return "", credit, ""
    return credit, "", f"The credit {quoted(credit)} names no agency: it was taken as a person's name."


def _is_agency(name: str) -> bool:
    return bool(_ALL_CAPITALS.match(name) or _AGENCY_WORDS.search(name))
