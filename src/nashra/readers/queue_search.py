"""Finds comments by their names and words, and stories by their headlines, however the letters were typed.

Both sides are folded as ``checks.fold`` does it, so that Arabic and Persian keyboards find each other's
words. It is done here and not in the database, for SQLite and PostgreSQL fold differently. Must not log
what somebody searches for.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from django.db.models import Exists, OuterRef, QuerySet

from nashra.readers.checks import fold
from nashra.readers.models import Comment, Thread

# Reading so many long comments takes half a second or so; older ones are found by their story.
MOST_SEARCHED = 5_000
MOST_FOUND = 500
MOST_STORIES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The comments that hold the words, by primary key, and whether there may be more."""

    keys: tuple[int, ...]
    is_cut: bool


def find_comments(comments: QuerySet[Comment], words: str) -> Found:
    """Those of the newest ``MOST_SEARCHED`` comments whose name or text holds the words."""
    wanted = fold(words)
    if not wanted:
        return Found(keys=(), is_cut=False)
    newest = comments.order_by("-pk").values_list("pk", "name", "text")[:MOST_SEARCHED]
    seen = 0
    keys: list[int] = []
    for pk, name, text in newest.iterator(chunk_size=1000):
        seen += 1
        if wanted in _folded(text) or wanted in _folded(name):
            keys.append(pk)
        if len(keys) == MOST_FOUND:
            return Found(keys=tuple(keys), is_cut=True)
    return Found(keys=tuple(keys), is_cut=seen == MOST_SEARCHED)


def find_stories(headline: str, *, language: str = "") -> list[Thread]:
    """The newest ``MOST_STORIES`` stories with comments whose headline holds the words."""
    wanted = fold(headline)
    if not wanted:
        return []
    commented = Thread.objects.filter(Exists(Comment.objects.filter(thread=OuterRef("pk"))))
    if language:
        commented = commented.filter(language=language)
    stories = commented.order_by("-pk").only("pk", "public_id", "language", "headline", "address")
    return list(islice((each for each in stories.iterator() if wanted in fold(each.headline)), MOST_STORIES))


def _folded(text: str) -> str:
    """As ``fold`` gives it; plain Latin letters, whose folding is short, do not wait for the long way."""
    return " ".join(text.casefold().split()) if text.isascii() else fold(text)
