"""WordPress's export (WXR 1.0 to 1.2) → stories and comments.

Only the elements named here are read: no e-mail address, no machine's address, no agent, no website.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from html import unescape
from typing import BinaryIO

from nashra.intake.comments.parts import BadFile, LeftOut, OldComment, OldStory, Origin, Part, Refused
from nashra.intake.comments.plain import plain_name, plain_text
from nashra.intake.comments.words import Unfit, fit_name, fit_text, moment, seconds
from nashra.intake.comments.xml_records import Record, records

WHAT = "a WordPress export (WXR)"
_CHANNEL = "rss/channel"
_ITEM = f"{_CHANNEL}/item"
_COMMENT = f"{_ITEM}/wp:comment"
_WANTED = {
    _CHANNEL: frozenset({"wp:wxr_version", "wp:base_blog_url"}),
    _ITEM: frozenset({"title", "link", "wp:post_name"}),
    _COMMENT: frozenset(
        [
            *("wp:comment_id", "wp:comment_parent", "wp:comment_author", "wp:comment_content"),
            *("wp:comment_date", "wp:comment_date_gmt", "wp:comment_approved", "wp:comment_type"),
        ]
    ),
}
_STATES = {"1": True, "approve": True, "approved": True, "0": False, "hold": False, "": False}
_NO_DATE = "0000-00-00"


def read_wordpress(stream: BinaryIO, *, now: datetime.datetime) -> Iterator[Part]:
    """What an export holds; a story comes after its comments, and the site last.

    Raises:
        BadFile: it is none, or broken.
    """
    version = ""
    for record in records(stream, _WANTED, what=WHAT):
        if record.path == _COMMENT:
            yield _comment(record, now)
        elif record.path == _ITEM:
            yield OldStory(
                key=str(record.number),
                link=record["link"].strip(),
                slug=record["wp:post_name"].strip(),
                title=" ".join(unescape(record["title"]).split()),
            )
        else:
            version = record["wp:wxr_version"].strip()
            yield Origin(site=record["wp:base_blog_url"].strip())
    if version not in {"1.0", "1.1", "1.2"}:
        raise BadFile(
            f"says that it is WXR {version[:20]}, which nobody here knows: 1.0, 1.1 and 1.2 are read."
            if version
            else f"is RSS, but not {WHAT}: it names no version."
        )


def _comment(record: Record, now: datetime.datetime) -> Part:
    kind = record["wp:comment_type"].strip()
    state = record["wp:comment_approved"].strip()
    key = record["wp:comment_id"].strip()
    if kind not in {"", "comment"}:
        return LeftOut(kind=f"of the type {kind[:30]!r}")
    if state not in _STATES:
        return LeftOut(kind="spam" if state == "spam" else "in the trash")
    try:
        return _taken(record, key, is_approved=_STATES[state], now=now)
    except Unfit as error:
        return Refused(key=key[:20], reason=str(error))


def _taken(record: Record, key: str, *, is_approved: bool, now: datetime.datetime) -> OldComment:
    if not (key.isascii() and key.isdecimal()):
        raise Unfit("has no number by which it would be known again.")
    if record.too_long:
        raise Unfit("is longer, with its markup, than any comment that can be kept.")
    universal = record["wp:comment_date_gmt"]
    is_utc = bool(universal.strip()) and not universal.startswith(_NO_DATE)
    at = moment(universal if is_utc else record["wp:comment_date"], now=now, is_utc=is_utc)
    parent = record["wp:comment_parent"].strip()
    return OldComment(
        key=key,
        story=str(record.within),
        parent="" if parent == "0" else parent,
        name=fit_name(plain_name(record["wp:comment_author"])),
        text=fit_text(plain_text(record["wp:comment_content"], keeps_lines=True)),
        at=at,
        order=seconds(at),
        is_approved=is_approved,
    )
