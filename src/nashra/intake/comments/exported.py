"""What ``nashra comments export`` wrote → stories and comments.

The words pass the same door as any others: a file may have been changed on its way.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from nashra.intake.comments.parts import BadFile, LeftOut, OldComment, OldStory, Origin, Part, Refused
from nashra.intake.comments.words import Unfit, fit_name, fit_text, moment
from nashra.intake.ninjs.reading import found_items
from nashra.intake.ninjs.report import BadItem
from nashra.readers.exporting import FORMAT, VERSION

WHAT = "an export of Nashra's comments"
MAX_ID_CHARS = 40
_AFTER_ALL_PLACED = 1e15


def read_exported(stream: BinaryIO, *, now: datetime.datetime) -> Iterator[Part]:
    """What an export holds: one array, or one object a line.

    Raises:
        BadFile: it is none, broken, or of a version that nobody here knows.
    """
    items = found_items(stream)
    first = next(items, None)
    if first is None:
        raise BadFile("is empty.")
    _check_head(_object(first))
    yield Origin(site="")
    kind = ""
    for number, found in enumerate(items):
        value = _object(found)
        kind = _text(value, "kind")
        if kind == "story":
            yield _story(value)
        elif kind == "comment":
            yield _comment(value, number, now)
        elif kind != "end":
            raise BadFile(f"holds something at {found.place} that is neither a story nor a comment.")
    if kind != "end":
        raise BadFile("has no end: it was cut off.")


def _object(found: Any) -> Mapping[str, Any]:
    try:
        value: Mapping[str, Any] = found.parsed()
    except BadItem as error:
        raise BadFile(f"is not {WHAT}, or was cut off: {found.place} {error}") from error
    return value


def _check_head(head: Mapping[str, Any]) -> None:
    if head.get("format") != FORMAT:
        raise BadFile(f"is JSON, but not {WHAT}.")
    if head.get("version") != VERSION:
        raise BadFile(
            f"is of version {str(head.get('version'))[:20]} of the format; this Nashra reads {VERSION}."
        )


def _story(value: Mapping[str, Any]) -> OldStory:
    public_id = _text(value, "id")
    return OldStory(
        key=public_id,
        public_id=public_id,
        link=_text(value, "address"),
        title=_text(value, "headline"),
        names=(public_id,),
    )


def _comment(value: Mapping[str, Any], number: int, now: datetime.datetime) -> Part:
    state = _text(value, "state")
    if state == "rejected":
        return LeftOut(kind="rejected")
    key = _text(value, "id")
    try:
        return _taken(value, key, state, number, now)
    except Unfit as error:
        return Refused(key=key[:MAX_ID_CHARS], reason=str(error))


def _taken(value: Mapping[str, Any], key: str, state: str, number: int, now: datetime.datetime) -> OldComment:
    if not key.isalnum() or not key.isascii() or len(key) > MAX_ID_CHARS:
        raise Unfit("has no public id.")
    if state not in {"approved", "waiting"}:
        raise Unfit("is neither approved nor waiting.")
    position = value.get("position")
    # A number beyond any position would be no number to sort by.
    is_placed = isinstance(position, int) and 0 < position < _AFTER_ALL_PLACED
    return OldComment(
        key=key,
        story=_text(value, "story"),
        parent=_text(value, "answers"),
        name=fit_name(_text(value, "name")),
        text=fit_text(_text(value, "text")),
        # A day is midnight of the publication's own.
        at=moment(_text(value, "day"), now=now, is_utc=False),
        order=float(position) if is_placed else _AFTER_ALL_PLACED + number,
        is_approved=state == "approved",
        is_staff=value.get("is_staff") is True,
        is_pick=value.get("is_pick") is True,
    )


def _text(value: Mapping[str, Any], name: str) -> str:
    found = value.get(name)
    return found if isinstance(found, str) else ""
