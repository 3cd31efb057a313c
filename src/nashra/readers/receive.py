"""The verbs of receiving a comment: preview it, then accept it once.

Everything that a reader typed comes back to them in the answer, whatever is wrong with it. Must not
see a request, so that nothing of the sender but their words can get here.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from nashra.bulk_rows import ask
from nashra.readers import checks, text, tokens, writing
from nashra.readers.models import PUBLIC_ID_LENGTH, Comment, Thread
from nashra.readers.router import ALIAS
from nashra.readers.storing import NewComment, Stored, store_together
from nashra.readers.threads import thread_publication

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_PUBLIC_ID_LENGTH = 10
PUBLIC_ID = re.compile(rf"[0-9A-Za-z-]{{1,{PUBLIC_ID_LENGTH}}}")

CLOSED = (
    "Comments on this story are closed, so this one was not sent. Your text is below: copy it if you need it."
)
EXPIRED = "This preview had become too old. Please look at your comment once more and send it."
FORGED = "We could not recognise this preview. Please look at your comment once more and send it."
ERASED = (
    "The comment that was sent from that preview has been erased. If you meant to send it again, "
    "please confirm it."
)
CHANGED = (
    "A comment was already sent from that preview. If you meant to send this one too, please confirm it."
)


# Gives, for a comment's nonce, codes of ``checks.HOW_IT_CAME``.
HowItCame = Callable[[str], Collection[str]]

UNANSWERABLE = (
    "The comment that you answer is no longer here. Your words are below: you may send them as a comment "
    "of their own."
)


class Step(Enum):
    """Where a comment stands after a post."""

    FAULTY = "faulty"
    CLOSED = "closed"
    PREVIEW = "preview"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What came from the form, as it came; ``answers`` is the public id of the comment replied to."""

    name: str
    text: str
    answers: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The answer to a post: the words (normalised where they passed) and English sentences to translate.

    ``token`` is set for a preview alone; ``nonce`` is that under which the comment is kept, or will be.
    ``answered`` is the comment replied to, where it stands.
    """

    step: Step
    name: str
    text: str
    error: str = ""
    name_fault: str = ""
    text_fault: str = ""
    token: str = ""
    nonce: str = ""
    answered: Comment | None = None


def preview_comment(
    *, thread: Thread, typed: Typed, now: datetime.datetime, nonce: str, notice: str = ""
) -> Outcome:
    """Show a comment as it would stand, with the token that its second step needs; nothing is stored.

    ``nonce`` is a fresh random value. ``notice`` says why a preview comes instead of what was asked.
    """
    outcome = read_words(thread, typed)
    if outcome.step is not Step.PREVIEW:
        return outcome
    token = tokens.sign_preview(story_public_id=thread.public_id, now=now, nonce=nonce)
    return replace(outcome, error=notice, token=token, nonce=nonce)


def accept_comment(
    *,
    thread: Thread,
    typed: Typed,
    token: str,
    now: datetime.datetime,
    nonce: str,
    how_it_came: HowItCame = lambda _nonce: (),
) -> Outcome:
    """Store a previewed comment as waiting, once: a repeat answers as the first did.

    ``how_it_came`` is asked, by nonce, when the comment is to be stored.

    A forged or expired token, or other words under a token that was used, give a preview again with
    ``nonce``, a fresh random value.
    """
    try:
        given = tokens.read_preview(token, story_public_id=thread.public_id)
    except tokens.ForgedToken:
        return preview_comment(thread=thread, typed=typed, now=now, nonce=nonce, notice=FORGED)
    outcome = read_words(thread, typed)
    if outcome.step is Step.FAULTY:
        # What it answers may have been erased meanwhile, and only our answer got lost.
        is_there = outcome.error == UNANSWERABLE and _stored_under(given.nonce, outcome)
        return replace(outcome, step=Step.RECEIVED, error="", nonce=given.nonce) if is_there else outcome
    if outcome.step is Step.CLOSED or given.is_expired(
        now, lifetime_hours=settings.NASHRA_PREVIEW_LIFETIME_HOURS
    ):
        # It may have been stored in time, and only our answer got lost.
        if _stored_under(given.nonce, outcome):
            return replace(outcome, step=Step.RECEIVED, error="", nonce=given.nonce)
        return preview_comment(thread=thread, typed=typed, now=now, nonce=nonce, notice=EXPIRED)
    stored = _store(thread, outcome, given.nonce, now, how_it_came(given.nonce))
    if stored is Stored.NEW or (stored is Stored.KNOWN and _stored_under(given.nonce, outcome)):
        return replace(outcome, step=Step.RECEIVED, nonce=given.nonce)
    if stored is Stored.ERASED:
        return preview_comment(thread=thread, typed=typed, now=now, nonce=nonce, notice=ERASED)
    return preview_comment(thread=thread, typed=typed, now=now, nonce=nonce, notice=CHANGED)


def read_words(thread: Thread, typed: Typed) -> Outcome:
    """The normalised words, whole, and what is wrong with them."""
    name, words = text.normalise_name(typed.name), text.normalise(typed.text)
    if not thread.takes_comments:
        return Outcome(step=Step.CLOSED, name=name, text=words, error=CLOSED)
    answered = find_answerable(typed.answers, thread) if typed.answers else None
    name_fault = text.name_fault(name)
    text_fault = text.text_fault(words, max_graphemes=settings.NASHRA_COMMENT_MAX_GRAPHEMES)
    if name_fault or text_fault:
        return Outcome(
            step=Step.FAULTY,
            name=name,
            text=words,
            name_fault=name_fault,
            text_fault=text_fault,
            answered=answered,
        )
    if typed.answers and answered is None:
        return Outcome(step=Step.FAULTY, name=name, text=words, error=UNANSWERABLE)
    return Outcome(step=Step.PREVIEW, name=name, text=words, answered=answered)


def find_answerable(public_id: str, thread: Thread | None = None) -> Comment | None:
    """A comment that readers may answer: it stands under its story (this one) and answers none itself."""
    if not PUBLIC_ID.fullmatch(public_id):
        return None
    found = Comment.objects.filter(public_id=public_id, position__isnull=False, answers="")
    if thread is None:
        return found.select_related("thread").first()
    return found.filter(thread=thread).first()


_SEEN_BEFORE = "SELECT 1 FROM readers_comment WHERE fingerprint = %s AND nonce <> %s LIMIT 1"


def facts_of(
    thread: Thread, words: Outcome, *, nonce: str, now: datetime.datetime, came: Collection[str] = ()
) -> dict[str, Any]:
    """What a row keeps of faultless words: the words, their day, and reasons to look at them twice.

    ``came`` are those reasons (``checks.HOW_IT_CAME``) that the words do not tell.
    """
    fingerprint = checks.fingerprint(words.text)
    return {
        "name": words.name,
        "text": words.text,
        "day": now.astimezone(ZoneInfo(thread_publication(thread).time_zone)).date(),
        "reasons": checks.reasons(
            name=words.name,
            text=words.text,
            language=thread.language,
            seen_before=bool(ask(_SEEN_BEFORE, (fingerprint, nonce), using=ALIAS)),
        )
        + [code for code in came if code in checks.HOW_IT_CAME],
        "fingerprint": fingerprint,
    }


def _store(
    thread: Thread, words: Outcome, nonce: str, now: datetime.datetime, came: Collection[str]
) -> Stored:
    """Write the comment as a waiting one, together with what others send."""
    facts = facts_of(thread, words, nonce=nonce, now=now, came=came)
    comment = NewComment(
        public_id=public_id_of(nonce),
        thread_pk=thread.pk,
        nonce=nonce,
        answers=words.answered.public_id if words.answered else "",
        **facts,
    )
    # No log line: its second could be matched with a provider's records.
    stored: Stored = writing.write(store_together, comment)
    return stored


def _stored_under(nonce: str, words: Outcome) -> bool:
    return Comment.objects.filter(nonce=nonce, name=words.name, text=words.text).exists()


def public_id_of(nonce: str) -> str:
    """The comment's public id, made from its nonce: a repeat has the same, and it does not tell the nonce."""
    number = int.from_bytes(hashlib.sha256(nonce.encode()).digest())
    return "".join(CROCKFORD[number >> 5 * place & 31] for place in range(_PUBLIC_ID_LENGTH))
