"""Names, words and dates of old comments, brought into the form in which comments are kept here.

The same ``normalise`` as for what readers send; nothing is ever cut. Must not know any file's format.
"""

from __future__ import annotations

import datetime
import re

from nashra.readers import text
from nashra.readers.text import MAX_NAME_CODE_POINTS, MAX_TEXT_BYTES, MAX_TEXT_CODE_POINTS

FIRST_YEAR = 1990
# Some sites showed whoever gave no name by their e-mail address.
_E_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_MACHINE = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+")


class Unfit(ValueError):
    """A comment that cannot be kept whole; its sentence has no subject and none of its words."""


def fit_name(name: str) -> str:
    """A name as it is kept; empty where there is none to see, or only an e-mail or machine's address.

    Raises:
        Unfit: it is longer than a name can be.
    """
    name = text.normalise_name(name)
    if not text.has_visible_character(name):
        return ""
    # Looked at first, since the search for an address takes quadratic time.
    if len(name) > MAX_NAME_CODE_POINTS:
        raise Unfit(f"has a name of {len(name):,} characters; {MAX_NAME_CODE_POINTS} are kept.")
    return "" if _E_MAIL.search(name) or _MACHINE.fullmatch(name) else name


def fit_text(words: str) -> str:
    """A comment's words as they are kept, which may be longer than a reader can send.

    Raises:
        Unfit: there are none, or more than a row may hold.
    """
    words = text.normalise(words)
    if not text.has_visible_character(words):
        raise Unfit("has no words.")
    if len(words) > MAX_TEXT_CODE_POINTS:
        raise Unfit(f"has {len(words):,} characters; {MAX_TEXT_CODE_POINTS:,} are kept.")
    if (size_bytes := len(words.encode())) > MAX_TEXT_BYTES:
        raise Unfit(f"has {size_bytes:,} bytes; {MAX_TEXT_BYTES:,} are kept.")
    return words


def moment(written: str, *, now: datetime.datetime, is_utc: bool) -> datetime.datetime:
    """When a comment was written; without a zone where the file names none.

    Raises:
        Unfit: it is no date, or none that a comment can have.
    """
    try:
        at = datetime.datetime.fromisoformat(written.strip())
    except ValueError:
        raise Unfit("has no date that can be read.") from None
    if not FIRST_YEAR <= at.year <= now.year + 1:
        raise Unfit(f"is dated in the year {at.year}.")
    if is_utc and at.tzinfo is None:
        return at.replace(tzinfo=datetime.UTC)
    return at


def seconds(at: datetime.datetime) -> float:
    """A moment as a number to sort by."""
    return (at if at.tzinfo else at.replace(tzinfo=datetime.UTC)).timestamp()
