"""A comment as moderators see it: its words with what is hidden made visible, and all that speaks about it.

Must not decide which comments are shown, nor change one.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from wcwidth import iter_graphemes

from nashra.edition.content import direction
from nashra.readers import canned
from nashra.readers.checks import REASONS
from nashra.readers.models import Comment, CommentState, Masthead, ModerationEntry, Report, Thread
from nashra.readers.queue_place import Place
from nashra.readers.unseen import Part, parts

EXCERPT_GRAPHEMES = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A name and a text, cut into parts at each character that cannot be seen."""

    comment: Comment
    name: tuple[Part, ...]
    text: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One comment with its surroundings; ``next_id`` is the comment to go to once this one is decided.

    ``answered`` is what it answers, none where that is erased; ``paper`` the newsroom's name to answer under.
    """

    words: Words
    story_url: str
    language_name: str
    direction: str
    reasons: tuple[str, ...]
    reports: tuple[tuple[str, int], ...]
    answered: Words | None
    sentences: tuple[str, ...]
    paper: str
    is_held: bool
    next_id: str = ""
    story_list_url: str = ""

    @property
    def comment(self) -> Comment:
        """The row itself."""
        return self.words.comment

    @property
    def thread(self) -> Thread:
        """Its story."""
        return self.words.comment.thread

    @property
    def is_reported(self) -> bool:
        """Whether it stands in public although readers object."""
        return self.comment.is_reported and self.comment.state == CommentState.APPROVED

    @property
    def may_be_answered(self) -> bool:
        """Whether the newsroom may answer it: one level deep, and only what stands."""
        return self.comment.position is not None and not self.comment.answers

    @property
    def may_be_picked(self) -> bool:
        """Whether it can be an editor's pick."""
        return self.comment.state == CommentState.APPROVED and not self.comment.is_staff


def show(comments: Sequence[Comment], *, now: datetime.datetime, place: Place | None = None) -> list[Shown]:
    """Comments with their threads, in this order, with whatever belongs beside them."""
    tags = {comment.thread.language for comment in comments}
    reports = _reports(comments)
    answered = _answered(comments)
    sentences = canned.sentences_in(tags)
    papers = papers_of(tags)
    nexts = [*(comment.public_id for comment in comments[1:]), *(c.public_id for c in comments[-2:-1])]
    return [
        Shown(
            words=words_of(comment),
            story_url=settings.NASHRA_SITE_URL + comment.thread.address,
            language_name=language_name(comment.thread.language),
            direction=direction(comment.thread.language),
            reasons=tuple(_(REASONS[code]) for code in comment.reasons if code in REASONS),
            reports=tuple(reports[comment.pk]),
            answered=answered.get(comment.answers),
            sentences=sentences[comment.thread.language],
            paper=papers.get(comment.thread.language, ""),
            is_held=comment.held_until is not None and comment.held_until > now,
            next_id=next_id,
            story_list_url=place.story_address(comment.thread.public_id) if place else "",
        )
        for comment, next_id in zip(comments, [*nexts, ""], strict=False)
    ]


def words_of(comment: Comment) -> Words:
    """A comment's name and text, ready to be shown."""
    return Words(comment=comment, name=tuple(parts(comment.name)), text=tuple(parts(comment.text)))


def excerpt(comment: Comment) -> tuple[Part, ...]:
    """How a comment begins, on one line."""
    line = " ".join(comment.text.split())
    begin = "".join(islice(iter_graphemes(line), EXCERPT_GRAPHEMES))
    return tuple(parts(begin if begin == line else begin + "…"))


def language_name(tag: str) -> str:
    """What a language is called in the moderator's own; its tag where nobody has told us."""
    try:
        return str(get_language_info(tag)["name_translated"])
    except KeyError:
        return tag


def papers_of(languages: Iterable[str]) -> dict[str, str]:
    """Each language's publication by name, where the press has told of it."""
    told = Masthead.objects.filter(language__in=languages).values_list("language", "publication")
    return {language: publication.get("name", "") for language, publication in told}


def just_decided(username: str, now: datetime.datetime) -> list[Comment]:
    """What somebody decided and can still take back, the latest first."""
    held = Comment.objects.filter(decided_by=username, held_until__gt=now).select_related("thread")
    found = {comment.public_id: comment for comment in held}
    entries = ModerationEntry.objects.filter(comment_public_id__in=found).order_by("-pk")
    latest = dict.fromkeys(entries.values_list("comment_public_id", flat=True))
    return [found[public_id] for public_id in latest]


def _reports(comments: Sequence[Comment]) -> dict[int, list[tuple[str, int]]]:
    reported = [comment.pk for comment in comments if comment.is_reported]
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for pk, kind, count in (
        Report.objects.filter(comment__in=reported)
        .order_by("-count", "kind")
        .values_list("comment", "kind", "count")
    ):
        found[pk].append((str(Report.Kind(kind).label), count))
    return found


def _answered(comments: Sequence[Comment]) -> dict[str, Words]:
    wanted = {comment.answers for comment in comments if comment.answers}
    return {each.public_id: words_of(each) for each in Comment.objects.filter(public_id__in=wanted)}
