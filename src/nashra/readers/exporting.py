"""Readers' comments as one JSON document, line by line, however many there are.

What it gives may leave the newsroom: without a wish for more it holds only what readers can see anyway.
Must not give a nonce, a fingerprint, a moderator's name or reasons, nor totals that are not published.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from nashra.readers.models import Comment, CommentState, Thread

FORMAT = "nashra-comments"
VERSION = 1
ROWS_AT_ONCE = 1000

_STORY = ("public_id", "language", "address", "headline", "published_yes", "published_no")
_COMMENT = (
    *("pk", "thread_id", "thread__public_id", "thread__address", "public_id", "name", "text", "day"),
    *("state", "held_until", "position", "answers", "is_staff", "is_pick"),
)


class UnknownStory(LookupError):
    """No thread has this public id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is to be exported: all stories or one, all languages or one, what readers see or all there is."""

    story: str = ""
    language: str = ""
    all_states: bool = False


def export_lines(choice: Choice, *, now: datetime.datetime) -> Iterator[str]:
    """The lines of the document: a head, the stories, their comments, and an end that counts both.

    Rows are read some at a time and by their order, so that no long reading keeps SQLite's log from being
    emptied, and no more is held than one portion.

    Raises:
        UnknownStory: the story that was chosen is none that the readers' desk knows.
    """
    if choice.story and not Thread.objects.filter(public_id=choice.story).exists():
        raise UnknownStory
    return _lines(choice, now)


def _lines(choice: Choice, now: datetime.datetime) -> Iterator[str]:
    head = {
        "format": FORMAT,
        "version": VERSION,
        "states": ["approved", "waiting", "rejected"] if choice.all_states else ["approved"],
        "exported_on": now.date().isoformat(),
    }
    yield "[\n" + json.dumps(head)
    counts = {"stories": 0, "comments": 0}
    for kind, found in (("stories", _stories(choice)), ("comments", _comments(choice))):
        for each in found:
            counts[kind] += 1
            yield ",\n" + json.dumps(each, ensure_ascii=False)
    yield ",\n" + json.dumps({"kind": "end", **counts}) + "\n]\n"


def _threads(choice: Choice) -> QuerySet[Thread]:
    threads = Thread.objects.all()
    if choice.story:
        threads = threads.filter(public_id=choice.story)
    if choice.language:
        threads = threads.filter(language=choice.language)
    if choice.all_states:
        return threads
    return threads.filter(is_withdrawn=False)


def _stories(choice: Choice) -> Iterator[Mapping[str, Any]]:
    """The stories that have comments to export, or published totals."""
    comments = Comment.objects.filter(thread=OuterRef("pk"))
    if not choice.all_states:
        comments = comments.filter(position__isnull=False)
    worth = _threads(choice).filter(Q(published_yes__isnull=False) | Exists(comments)).order_by("pk")
    after = 0
    while rows := list(worth.filter(pk__gt=after).values("pk", *_STORY)[:ROWS_AT_ONCE]):
        for row in rows:
            is_shown = row["published_yes"] is not None
            yield {
                "kind": "story",
                "id": row["public_id"],
                "language": row["language"],
                "address": row["address"],
                "headline": row["headline"],
                "reactions": {"yes": row["published_yes"], "no": row["published_no"]} if is_shown else None,
            }
        after = rows[-1]["pk"]


def _comments(choice: Choice) -> Iterator[Mapping[str, Any]]:
    """Those with a place on a page, story by story in its order; then the others, as they came."""
    chosen = Comment.objects.all()
    if choice.story or choice.language or not choice.all_states:
        chosen = chosen.filter(thread__in=_threads(choice).values("pk"))
    placed = chosen.filter(position__isnull=False).order_by("thread_id", "position")
    thread, position = 0, 0
    while rows := list(_after(placed, thread, position).values(*_COMMENT)[:ROWS_AT_ONCE]):
        yield from map(_facts, rows)
        thread, position = rows[-1]["thread_id"], rows[-1]["position"]
    if not choice.all_states:
        return
    after, others = 0, chosen.filter(position__isnull=True).order_by("pk")
    while rows := list(others.filter(pk__gt=after).values(*_COMMENT)[:ROWS_AT_ONCE]):
        yield from map(_facts, rows)
        after = rows[-1]["pk"]


def _after(placed: QuerySet[Comment], thread: int, position: int) -> QuerySet[Comment]:
    # The first condition says where in the index to begin; the second alone would have it read whole.
    return placed.filter(thread_id__gte=thread).filter(Q(thread_id__gt=thread) | Q(position__gt=position))


def _facts(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "kind": "comment",
        "id": row["public_id"],
        "story": row["thread__public_id"],
        "address": row["thread__address"],
        "name": row["name"],
        "text": row["text"],
        "day": row["day"].isoformat(),
        # A decision that can still be undone is none yet.
        "state": row["state"] if row["held_until"] is None else CommentState.WAITING.value,
        "position": row["position"],
        "answers": row["answers"] or None,
        "is_staff": row["is_staff"],
        "is_pick": row["is_pick"],
    }
