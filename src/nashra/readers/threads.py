"""What the press tells the readers' desk of stories, and what the press and the pages ask it for.

Must not decide anything about a comment or a vote.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TypedDict

from django.db import transaction

from nashra.edition.content import Comment as CommentContent
from nashra.edition.content import Link, Publication, ReactionTotals
from nashra.readers.models import Comment, CommentState, Thread, new_vote_key
from nashra.readers.reactions import close_voting
from nashra.readers.router import ALIAS

# SQLite takes 32,766 parameters, and a batch of threads binds some twenty for each.
_BATCH = 500


class ThreadFacts(TypedDict):
    """What ``keep_thread`` takes; ``publication`` holds the fields of ``content.Publication``."""

    public_id: str
    language: str
    headline: str
    address: str
    is_open: bool
    publication: dict


def keep_thread(
    *, public_id: str, language: str, headline: str, address: str, is_open: bool, publication: dict
) -> None:
    """Make a published story's thread, or bring it up to date; its counts stay.

    ``publication`` is ``dataclasses.asdict`` of a ``content.Publication``. A story that comes back
    after its withdrawal takes votes again, under a new key.
    """
    keep_threads(
        [
            ThreadFacts(
                public_id=public_id,
                language=language,
                headline=headline,
                address=address,
                is_open=is_open,
                publication=publication,
            )
        ]
    )


def keep_threads(stories: Iterable[ThreadFacts]) -> None:
    """Do the same for many stories, in one transaction. None may be there twice."""
    rows = [Thread(**facts) for facts in stories]
    public_ids = [row.public_id for row in rows]
    with transaction.atomic(using=ALIAS):
        for start in range(0, len(rows), _BATCH):
            _let_return(public_ids[start : start + _BATCH])
        Thread.objects.bulk_create(
            rows,
            batch_size=_BATCH,
            update_conflicts=True,
            unique_fields=["public_id"],
            update_fields=["language", "headline", "address", "is_open", "publication"],
        )


def _let_return(public_ids: list[str]) -> None:
    withdrawn = Thread.objects.filter(public_id__in=public_ids, is_withdrawn=True)
    for thread in withdrawn.only("pk"):
        Thread.objects.filter(pk=thread.pk).update(
            is_withdrawn=False, voting_open=True, vote_key=new_vote_key()
        )


def close_thread(*, public_id: str) -> None:
    """Take neither comments nor votes any more, since the story was withdrawn; unknown ids are nothing."""
    with transaction.atomic(using=ALIAS):
        thread = Thread.objects.filter(public_id=public_id).first()
        if thread is None:
            return
        Thread.objects.filter(pk=thread.pk).update(is_open=False, is_withdrawn=True)
        close_voting(thread)


def thread_publication(thread: Thread) -> Publication:
    """The publication that a thread's story stands in, as the press last told it."""
    facts = dict(thread.publication)
    for name in ("sections", "siblings"):
        facts[name] = tuple(Link(**link) for link in facts.get(name, ()))
    return Publication(**facts)


def thread_link(thread: Thread) -> Link:
    """The thread's story, to lead back to."""
    return Link(text=thread.headline, address=thread.address, language=thread.language)


def approved_comments(public_ids: Collection[str]) -> dict[str, tuple[CommentContent, ...]]:
    """Each story's approved comments in the order of their positions; stories without any are left out."""
    rows = (
        Comment.objects.filter(thread__public_id__in=list(public_ids), state=CommentState.APPROVED)
        .order_by("thread", "position")
        .values_list("thread__public_id", "public_id", "name", "text", "day")
    )
    found: dict[str, list[CommentContent]] = {}
    for story, public_id, name, text, day in rows:
        comment = CommentContent(public_id=public_id, name=name, text=text, day=day)
        found.setdefault(story, []).append(comment)
    return {story: tuple(comments) for story, comments in found.items()}


def published_totals(public_ids: Collection[str]) -> dict[str, ReactionTotals]:
    """Each story's published totals; stories with too few votes to show are left out."""
    rows = Thread.objects.filter(published_yes__isnull=False, public_id__in=list(public_ids)).values_list(
        "public_id", "published_yes", "published_no"
    )
    return {story: ReactionTotals(yes=yes, no=no) for story, yes, no in rows}
