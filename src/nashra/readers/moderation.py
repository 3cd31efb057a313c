"""The moderators' verbs: approve, reject, undo, reopen, erase, and release frozen totals.

Each is one transaction which changes the comment only where it still stands as the moderator saw it,
keeps the thread's count, adds a line to the log and tells the press. Permission is checked here, in
one place, for every way in. Must not log a comment's words.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Protocol

from django.core.exceptions import PermissionDenied
from django.db import transaction

from nashra.readers.leaving import delete_comment, join_page, leave_page
from nashra.readers.models import Comment, CommentState, ModerationEntry, Report, Thread
from nashra.readers.reactions import publish_thread_totals
from nashra.readers.router import ALIAS

PERMISSION = "desk.moderate_comments"

Action = ModerationEntry.Action

# How a comment that nobody has decided about stands.
UNDECIDED = {
    "state": CommentState.WAITING,
    "position": None,
    "held_until": None,
    "decided_by": "",
    "decided_on": None,
    "told": "",
    "is_pick": False,
    "is_reported": False,
}


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


class TooLate(Exception):
    """The time in which a decision can be undone is over."""


def may_moderate(user: Moderator) -> bool:
    """Whether somebody may see the queue and decide about comments."""
    return user.has_perm(PERMISSION)


def approve(
    *,
    public_id: str,
    version: int,
    moderator: Moderator,
    now: datetime.datetime,
    held_until: datetime.datetime | None = None,
) -> None:
    """Put a waiting comment on its story's page, after those that stand there.

    ``held_until``: it can be undone until then, and goes to no page before; without it, it goes at once.

    Raises:
        AlreadyDecided: it does not wait any more, or with other words than those of ``version``.
        PermissionDenied: the moderator is none.
    """
    require_moderator(moderator)
    with transaction.atomic(using=ALIAS):
        thread = thread_of(public_id)
        _decide(
            public_id,
            {"state": CommentState.WAITING, "version": version},
            state=CommentState.APPROVED,
            # Where it is not held, it has its place within this transaction.
            held_until=held_until or now,
            decided_by=moderator.get_username(),
            decided_on=now.date(),
        )
        record(thread, public_id, Action.APPROVE, moderator, now)
        if held_until is None:
            join_page(thread, [Comment.objects.values_list("pk", flat=True).get(public_id=public_id)], now)


def reject(
    *,
    public_id: str,
    version: int,
    moderator: Moderator,
    now: datetime.datetime,
    told: str = "",
    held_until: datetime.datetime | None = None,
) -> None:
    """Keep a waiting comment off the page; ``told`` is the reason that its receipt shows.

    Raises:
        AlreadyDecided: it does not wait any more, or with other words than those of ``version``.
        PermissionDenied: the moderator is none.
    """
    require_moderator(moderator)
    with transaction.atomic(using=ALIAS):
        thread = thread_of(public_id)
        _decide(
            public_id,
            {"state": CommentState.WAITING, "version": version},
            state=CommentState.REJECTED,
            held_until=held_until,
            told=told,
            decided_by=moderator.get_username(),
            decided_on=now.date(),
        )
        record(thread, public_id, Action.REJECT, moderator, now)


def take_off(
    *, public_id: str, version: int, moderator: Moderator, now: datetime.datetime, told: str = ""
) -> None:
    """Reject a comment that readers reported, and take it off its page at once: it does harm while it stands.

    Nothing is held, so it cannot be undone; but it can be let wait, and be approved, again.

    Raises:
        AlreadyDecided: it stands there no more, is reported no more, or has other words than those seen.
        PermissionDenied: the moderator is none.
    """
    require_moderator(moderator)
    with transaction.atomic(using=ALIAS):
        thread = thread_of(public_id)
        position = _position(public_id)
        seen = {"state": CommentState.APPROVED, "version": version, "is_reported": True}
        _decide(
            public_id,
            seen,
            **{
                **UNDECIDED,
                "state": CommentState.REJECTED,
                "told": told,
                "decided_by": moderator.get_username(),
                "decided_on": now.date(),
            },
        )
        Report.objects.filter(comment__public_id=public_id).delete()
        record(thread, public_id, Action.REJECT, moderator, now)
        leave_page(thread, public_id, position, now)


def undo(*, public_id: str, moderator: Moderator, now: datetime.datetime) -> None:
    """Take back a decision that is still held: a reader's comment waits again, an editor's answer is gone.

    Raises:
        TooLate: it has been carried out.
        AlreadyDecided: it waits already, or is erased.
        PermissionDenied: the moderator is none.
    """
    require_moderator(moderator)
    with transaction.atomic(using=ALIAS):
        thread = thread_of(public_id)
        comment = Comment.objects.get(public_id=public_id)
        if comment.state == CommentState.WAITING:
            raise AlreadyDecided(state=comment.state, decided_by="")
        if comment.held_until is None or comment.held_until <= now:
            raise TooLate
        if comment.is_staff:
            delete_comment(comment, now)
        else:
            Comment.objects.filter(pk=comment.pk).update(**UNDECIDED)
        record(thread, public_id, Action.UNDO, moderator, now)


def reopen(*, public_id: str, from_state: str, moderator: Moderator, now: datetime.datetime) -> None:
    """Let a decided comment wait again; one that stood on the page leaves it, and its position.

    Raises:
        AlreadyDecided: it does not stand as ``from_state`` says.
        PermissionDenied: the moderator is none.
    """
    require_moderator(moderator)
    with transaction.atomic(using=ALIAS):
        thread = thread_of(public_id)
        position = _position(public_id)
        _decide(public_id, {"state": from_state}, **UNDECIDED)
        Report.objects.filter(comment__public_id=public_id).delete()
        record(thread, public_id, Action.REOPEN, moderator, now)
        leave_page(thread, public_id, position, now)


def erase(*, public_id: str, version: int, moderator: Moderator, now: datetime.datetime) -> None:
    """Delete a comment's row for good, whatever its state; the log keeps that it was done.

    Raises:
        AlreadyDecided: it is erased already, or has other words than those of ``version``.
        PermissionDenied: the moderator is none.
    """
    require_moderator(moderator)
    with transaction.atomic(using=ALIAS):
        thread = thread_of(public_id)
        comment = Comment.objects.select_for_update().filter(public_id=public_id).first()
        if comment is None:
            raise AlreadyDecided(state="", decided_by="")
        if comment.version != version:
            raise AlreadyDecided(state=comment.state, decided_by=comment.decided_by)
        delete_comment(comment, now)
        record(thread, public_id, Action.ERASE, moderator, now)
        leave_page(thread, public_id, comment.position, now)


def release_totals(*, story_public_id: str, moderator: Moderator, now: datetime.datetime) -> None:
    """Publish totals that a burst froze, after a person has looked at them.

    Raises:
        AlreadyDecided: they are not frozen.
        PermissionDenied: the moderator is none.
    """
    require_moderator(moderator)
    with transaction.atomic(using=ALIAS):
        thread = Thread.objects.select_for_update().filter(public_id=story_public_id, frozen=True).first()
        if thread is None:
            raise AlreadyDecided(state="released", decided_by="")
        Thread.objects.filter(pk=thread.pk).update(frozen=False)
        publish_thread_totals(thread, now)
        record(thread, "", Action.RELEASE, moderator, now)


def require_moderator(moderator: Moderator) -> None:
    """Stop whoever may not decide.

    Raises:
        PermissionDenied: they are no moderator.
    """
    if not may_moderate(moderator):
        raise PermissionDenied("Only a moderator decides about comments.")


def thread_of(public_id: str) -> Thread:
    """A comment's thread, locked: decisions on one story come one after another.

    Raises:
        AlreadyDecided: the comment is erased.
    """
    thread = (
        Thread.objects.select_for_update()
        .only("pk", "public_id")
        .filter(comments__public_id=public_id)
        .first()
    )
    if thread is None:
        raise AlreadyDecided(state="", decided_by="")
    return thread


def record(thread: Thread, public_id: str, action: str, moderator: Moderator, now: datetime.datetime) -> None:
    """Add a line to the moderators' log."""
    ModerationEntry.objects.create(
        thread_public_id=thread.public_id,
        comment_public_id=public_id,
        action=action,
        moderator=moderator.get_username(),
        at=now,
    )


def _position(public_id: str) -> int | None:
    return Comment.objects.filter(public_id=public_id).values_list("position", flat=True).first()


def _decide(public_id: str, seen: Mapping[str, object], **changes: object) -> None:
    """Change the comment where it still stands as it was seen: of two moderators one comes second."""
    found = Comment.objects.filter(public_id=public_id)
    if found.filter(**seen).update(**changes):
        return
    state, decided_by = found.values_list("state", "decided_by").first() or ("", "")
    raise AlreadyDecided(state=state, decided_by=decided_by)
