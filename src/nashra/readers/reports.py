"""Readers report a comment that stands under a story; a moderator keeps it or takes it away.

A report is a reason and a number: nothing of who sent it, or when. Must not take a comment off its page:
only a person does.
"""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import F

from nashra.readers.models import Comment, CommentState, ModerationEntry, Report
from nashra.readers.moderation import AlreadyDecided, Moderator, record, require_moderator, thread_of
from nashra.readers.router import ALIAS

# Beyond this a number says no more, and it cannot grow without bound.
MOST_COUNTED = 1000


class NotThere(LookupError):
    """No such comment stands under any story."""


def find_reported(public_id: str) -> Comment:
    """The comment that somebody wants to report, with its thread.

    Raises:
        NotThere: it stands nowhere.
    """
    found = Comment.objects.select_related("thread").filter(
        public_id=public_id, state=CommentState.APPROVED, position__isnull=False
    )
    comment = found.first()
    if comment is None:
        raise NotThere
    return comment


def report(*, public_id: str, kind: str, counts: bool = True) -> Comment:
    """Count a report and bring the comment before the moderators.

    One that does not count, since too many come the same way, brings it all the same.

    Raises:
        NotThere: it stands nowhere.
        ValueError: there is no such kind of report.
    """
    if kind not in Report.Kind.values:
        raise ValueError(f"there is no report of the kind {kind!r}")
    with transaction.atomic(using=ALIAS):
        try:
            thread_of(public_id)
        except AlreadyDecided as error:
            raise NotThere from error
        comment = find_reported(public_id)
        counted = Report.objects.filter(comment=comment, kind=kind)
        if not counted.exists():
            Report.objects.create(comment=comment, kind=kind)
        elif counts:
            counted.filter(count__lt=MOST_COUNTED).update(count=F("count") + 1)
        Comment.objects.filter(pk=comment.pk).update(is_reported=True)
    return comment


def keep(*, public_id: str, moderator: Moderator, now: datetime.datetime) -> None:
    """Leave a reported comment where it stands, and forget the reports.

    Raises:
        AlreadyDecided: nobody reports it any more, or it stands there no longer.
        PermissionDenied: the moderator is none.
    """
    require_moderator(moderator)
    with transaction.atomic(using=ALIAS):
        thread = thread_of(public_id)
        comment = Comment.objects.get(public_id=public_id)
        if comment.state != CommentState.APPROVED or not comment.is_reported:
            raise AlreadyDecided(state=comment.state, decided_by=comment.decided_by)
        Report.objects.filter(comment=comment).delete()
        Comment.objects.filter(pk=comment.pk).update(is_reported=False)
        record(thread, public_id, ModerationEntry.Action.KEEP, moderator, now)
