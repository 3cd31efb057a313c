"""Disqus's XML export → stories and comments.

Only the elements named here are read: no e-mail address, no machine's address, no user name.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from html import unescape
from typing import BinaryIO

from nashra.intake.comments.parts import LeftOut, OldComment, OldStory, Origin, Part, Refused
from nashra.intake.comments.plain import plain_text
from nashra.intake.comments.words import Unfit, fit_name, fit_text, moment, seconds
from nashra.intake.comments.xml_records import Record, records

WHAT = "a Disqus export"
_THREAD = "disqus/thread"
_POST = "disqus/post"
_WANTED = {
    "disqus": frozenset[str](),
    _THREAD: frozenset({"id", "link", "title"}),
    _POST: frozenset(
        [
            *("id", "message", "createdAt", "isDeleted", "isSpam", "isApproved"),
            *("thread", "parent", "author/name"),
        ]
    ),
}


def read_disqus(stream: BinaryIO, *, now: datetime.datetime) -> Iterator[Part]:
    """What an export holds.

    Raises:
        BadFile: it is none, or broken.
    """
    # Older exports name a thread or a parent by the site's own word for it, newer ones by Disqus's number.
    threads: dict[str, str] = {}
    posts: dict[str, str] = {}
    for record in records(stream, _WANTED, what=WHAT):
        key, word = record["@id"].strip(), record["id"].strip()
        if record.path == _THREAD:
            threads.setdefault(word, key or f"word:{word}")
            yield OldStory(
                key=key or f"word:{word}",
                link=record["link"].strip(),
                title=" ".join(unescape(record["title"]).split()),
                names=(word,) if word else (),
            )
        elif record.path == _POST:
            if word and key:
                posts.setdefault(word, key)
            yield _comment(record, key or word, threads, posts, now)
    # Disqus numbers all comments of all sites in one row.
    yield Origin(site="")


def _comment(
    record: Record, key: str, threads: dict[str, str], posts: dict[str, str], now: datetime.datetime
) -> Part:
    if _is_true(record["isSpam"]):
        return LeftOut(kind="spam")
    if _is_true(record["isDeleted"]):
        return LeftOut(kind="deleted")
    try:
        return _taken(record, key, threads, posts, now)
    except Unfit as error:
        return Refused(key=key[:20], reason=str(error))


def _taken(
    record: Record, key: str, threads: dict[str, str], posts: dict[str, str], now: datetime.datetime
) -> OldComment:
    if not key:
        raise Unfit("has no number by which it would be known again.")
    if record.too_long:
        raise Unfit("is longer, with its markup, than any comment that can be kept.")
    at = moment(record["createdAt"], now=now, is_utc=True)
    thread, parent = record["thread"].strip(), record["parent"].strip()
    return OldComment(
        key=key,
        story=record["thread@id"].strip() or threads.get(thread, thread),
        parent=record["parent@id"].strip() or posts.get(parent, parent),
        name=fit_name(record["author/name"]),
        text=fit_text(plain_text(record["message"], keeps_lines=False)),
        at=at,
        order=seconds(at),
        is_approved=record["isApproved"].strip().lower() not in {"false", "0"},
    )


def _is_true(value: str) -> bool:
    return value.strip().lower() in {"true", "1"}
