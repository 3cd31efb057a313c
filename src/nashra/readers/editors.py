"""The editors' verbs: answer a reader under the newsroom's name, and pick a comment that others should read.

Like the moderators' they are one transaction each and add a line to the log.
"""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from nashra.readers import checks, text
from nashra.readers.leaving import change_page, join_page
from nashra.readers.models import Comment, CommentState, ModerationEntry
from nashra.readers.moderation import AlreadyDecided, Moderator, record, require_moderator, thread_of
from nashra.readers.receive import public_id_of
from nashra.readers.router import ALIAS
from nashra.readers.threads import masthead

Action = ModerationEntry.Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An editor's words as they are kept, and what is wrong with them (English sentences to translate).

    ``public_id`` is that of the new comment, where nothing is wrong.
    """

    name: str
    text: str
    name_fault: str = ""
    text_fault: str = ""
    public_id: str = ""


def answer(
    *,
    public_id: str,
    name: str,
    words: str,
    random_bytes: bytes,
    moderator: Moderator,
    now: datetime.datetime,
    held_until: datetime.datetime | None = None,
) -> Answer:
    """Answer an approved comment in the newsroom's name; it is held like any approval.

    Raises:
        AlreadyDecided: that comment does not stand under its story, or answers another itself.
        PermissionDenied: the moderator is none.
    """
    require_moderator(moderator)
    name, words = text.normalise_name(name), text.normalise(words)
    name_fault = text.name_fault(name)
    text_fault = text.text_fault(words, max_graphemes=settings.NASHRA_COMMENT_MAX_GRAPHEMES)
    if name_fault or text_fault:
        return Answer(name=name, text=words, name_fault=name_fault, text_fault=text_fault)
    with transaction.atomic(using=ALIAS):
        thread = thread_of(public_id)
        answered = Comment.objects.select_related("thread").get(public_id=public_id)
        if answered.position is None or answered.answers:
            raise AlreadyDecided(state=answered.state, decided_by=answered.decided_by)
        comment = _store(
            answered, name, words, random_bytes, now, held_until or now, moderator.get_username()
        )
        record(thread, comment.public_id, Action.ANSWER, moderator, now)
        if held_until is None:
            join_page(thread, [comment.pk], now)
    return Answer(name=name, text=words, public_id=comment.public_id)


def _store(
    answered: Comment,
    name: str,
    words: str,
    random_bytes: bytes,
    now: datetime.datetime,
    held_until: datetime.datetime,
    editor: str,
) -> Comment:
    nonce = hashlib.sha256(b"nashra answer " + random_bytes).hexdigest()
    return Comment.objects.create(
        public_id=public_id_of(nonce),
        thread=answered.thread,
        name=name,
        text=words,
        day=now.astimezone(ZoneInfo(masthead(answered.thread.language).time_zone)).date(),
        state=CommentState.APPROVED,
        held_until=held_until,
        nonce=nonce,
        fingerprint=checks.fingerprint(words),
        answers=answered.public_id,
        is_staff=True,
        decided_by=editor,
        decided_on=now.date(),
    )


def pick(*, public_id: str, is_pick: bool, moderator: Moderator, now: datetime.datetime) -> None:
    """Mark an approved comment as an editor's pick, or take the mark away.

    Raises:
        AlreadyDecided: it does not stand under its story, or has (or lacks) the mark already.
        PermissionDenied: the moderator is none.
    """
    require_moderator(moderator)
    with transaction.atomic(using=ALIAS):
        thread = thread_of(public_id)
        comment = Comment.objects.get(public_id=public_id)
        if comment.state != CommentState.APPROVED or comment.is_pick is is_pick or comment.is_staff:
            raise AlreadyDecided(state=comment.state, decided_by=comment.decided_by)
        Comment.objects.filter(pk=comment.pk).update(is_pick=is_pick)
        record(thread, public_id, Action.PICK if is_pick else Action.UNPICK, moderator, now)
        if comment.position is not None:
            change_page(thread, public_id, comment.position, now)
