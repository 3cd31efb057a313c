"""The moderators' verbs: approve, reject, reopen, erase, and release frozen totals.

Each is one transaction which changes the comment only where it still stands as the moderator saw it,
keeps the thread's count, adds a line to the log and tells the press. Permission is checked here, in
one place, for every way in. Must not log a comment's words.
"""

from __future__ import annotations

import datetime
from typing import Protocol

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from nashra.readers.leaving import delete_comment, leave_page, tell_press
from nashra.readers.models import Comment, CommentState, ModerationEntry, Thread
from nashra.readers.reactions import publish_thread_totals
from nashra.readers.router import ALIAS

PERMISSION = "desk.moderate_comments"

Action = ModerationEntry.Action


class Moderator(Protocol):
    """A member of staff, as Django's user is."""

    def has_perm(self, perm: str) -> bool:
        """Whether they hold a permission."""

    def get_username(self) -> str:
        """The name for the log."""


class AlreadyDecided(Exception):
    """The comment no longer stands as the moderator saw it: somebody else was first, or it is erased."""

    def __init__(self, *, state: str, decided_by: str) -> None:
        super().__init__(f"the comment is already {state or 'erased'}")
        self.state = state
        self.decided_by = decided_by


def may_moderate(user: Moderator) -> bool:
    """Whether somebody may see the queue and decide about comments."""
    return user.has_perm(PERMISSION)


def approve(*, public_id: str, version: int, moderator: Moderator, now: datetime.datetime) -> None:
    """Put a waiting comment on its story's page, after those that stand there.

    Raises:
        AlreadyDecided: it does not wait any more, or with other words than those of ``version``.
        PermissionDenied: the moderator is none.
    """
    _require(moderator)
    with transaction.atomic(using=ALIAS):
        thread = _thread_of(public_id)
        # Counting first takes the thread's row, so that its positions are given one after another.
        Thread.objects.filter(pk=thread.pk).update(
            comment_count=F("comment_count") + 1, last_position=F("last_position") + 1
        )
        position = Thread.objects.filter(pk=OuterRef("thread")).values("last_position")
        _decide(
            public_id,
            CommentState.WAITING,
            version,
            state=CommentState.APPROVED,
            position=Subquery(position),
            decided_by=moderator.get_username(),
            decided_on=now.date(),
        )
        _record(thread, public_id, Action.APPROVE, moderator, now)
        tell_press(thread, now)


def reject(*, public_id: str, version: int, moderator: Moderator, now: datetime.datetime) -> None:
    """Keep a waiting comment off the page.

    Raises:
        AlreadyDecided: it does not wait any more, or with other words than those of ``version``.
        PermissionDenied: the moderator is none.
    """
    _require(moderator)
    with transaction.atomic(using=ALIAS):
        thread = _thread_of(public_id)
        _decide(
            public_id,
            CommentState.WAITING,
            version,
            state=CommentState.REJECTED,
            decided_by=moderator.get_username(),
            decided_on=now.date(),
        )
        _record(thread, public_id, Action.REJECT, moderator, now)


def reopen(*, public_id: str, from_state: str, moderator: Moderator, now: datetime.datetime) -> None:
    """Let a decided comment wait again; one that stood on the page leaves it, and its position.

    Raises:
        AlreadyDecided: it does not stand as ``from_state`` says.
        PermissionDenied: the moderator is none.
    """
    _require(moderator)
    with transaction.atomic(using=ALIAS):
        thread = _thread_of(public_id)
        waiting = {"state": CommentState.WAITING, "position": None, "decided_by": "", "decided_on": None}
        _decide(public_id, from_state, None, **waiting)
        _record(thread, public_id, Action.REOPEN, moderator, now)
        leave_page(thread, from_state, now)


def erase(*, public_id: str, version: int, moderator: Moderator, now: datetime.datetime) -> None:
    """Delete a comment's row for good, whatever its state; the log keeps that it was done.

    Raises:
        AlreadyDecided: it is erased already, or has other words than those of ``version``.
        PermissionDenied: the moderator is none.
    """
    _require(moderator)
    with transaction.atomic(using=ALIAS):
        thread = _thread_of(public_id)
        comment = Comment.objects.select_for_update().filter(public_id=public_id).first()
        if comment is None:
            raise AlreadyDecided(state="", decided_by="")
        if comment.version != version:
            raise AlreadyDecided(state=comment.state, decided_by=comment.decided_by)
        delete_comment(comment, now)
        _record(thread, public_id, Action.ERASE, moderator, now)
        leave_page(thread, comment.state, now)


def release_totals(*, story_public_id: str, moderator: Moderator, now: datetime.datetime) -> None:
    """Publish totals that a burst froze, after a person has looked at them.

    Raises:
        AlreadyDecided: they are not frozen.
        PermissionDenied: the moderator is none.
    """
    _require(moderator)
    with transaction.atomic(using=ALIAS):
        thread = Thread.objects.select_for_update().filter(public_id=story_public_id, frozen=True).first()
        if thread is None:
            raise AlreadyDecided(state="released", decided_by="")
        Thread.objects.filter(pk=thread.pk).update(frozen=False)
        publish_thread_totals(thread, now)
        _record(thread, "", Action.RELEASE, moderator, now)


def _require(moderator: Moderator) -> None:
    if not may_moderate(moderator):
        raise PermissionDenied("Only a moderator decides about comments.")


def _thread_of(public_id: str) -> Thread:
    """The comment's thread, locked: decisions on one story come one after another."""
    thread = (
        Thread.objects.select_for_update()
        .only("pk", "public_id")
        .filter(comments__public_id=public_id)
        .first()
    )
    if thread is None:
        raise AlreadyDecided(state="", decided_by="")
    return thread


def _decide(public_id: str, from_state: str, version: int | None, **changes: object) -> None:
    """Change the comment where it still stands as it was seen: of two moderators one comes second."""
    found = Comment.objects.filter(public_id=public_id)
    seen = found.filter(state=from_state)
    if version is not None:
        seen = seen.filter(version=version)
    if seen.update(**changes):
        return
    state, decided_by = found.values_list("state", "decided_by").first() or ("", "")
    raise AlreadyDecided(state=state, decided_by=decided_by)


def _record(
    thread: Thread, public_id: str, action: str, moderator: Moderator, now: datetime.datetime
) -> None:
    ModerationEntry.objects.create(
        thread_public_id=thread.public_id,
        comment_public_id=public_id,
        action=action,
        moderator=moderator.get_username(),
        at=now,
    )
