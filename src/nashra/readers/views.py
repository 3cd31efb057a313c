"""The readers' two forms, ``/readers/comment`` and ``/readers/reaction``: all that this origin answers.

Views take the clock and random values to the verbs and dress what these say; they decide nothing. No
session, no cookie but the reaction's, nothing of the sender.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from nashra.readers import marks, receipts, receive, slowing, text, threads
from nashra.readers.answers import comment_answer, form_again, notice
from nashra.readers.busy import busy_again
from nashra.readers.models import Thread
from nashra.readers.posts import PostedForm, Refusal, drain, read_post
from nashra.readers.reactions import CHOICES, VoteAnswer, vote

UNKNOWN_STORY = (
    "We do not know which story this comment belongs to, so it was not sent. "
    "Please copy your text, and send it from the story's own page."
)
UNREADABLE = "Some characters did not reach us whole. Please look at your text and send it again."
UNSURE = (
    "Your browser does not tell us whether this comes from our own page. Please look at it once more and "
    "send it. If you see this again and again, please allow cookies for this site."
)

FormView = Callable[[HttpRequest, PostedForm], HttpResponse]


def takes_posts(view: FormView) -> Callable[[HttpRequest], HttpResponse]:
    """Give a view the form that was posted, and answer what is refused before it comes to that."""

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        try:
            return view(request, read_post(request))
        except Refusal as refusal:
            drain(request)
            return notice(refusal.kind, thread=None, status=refusal.status, headers=refusal.headers)

    return wrapped


@takes_posts
def comment(request: HttpRequest, form: PostedForm) -> HttpResponse:
    """Preview a comment; with a preview's token, receive it; with ``change``, hand it back to be changed."""
    thread = None
    try:
        thread = _thread(form)
        if thread is None:
            status = 404 if form["story"] else 400
            return _again(form, None, error=UNKNOWN_STORY, status=status)
        if not form.is_readable:
            return _again(form, thread, error=UNREADABLE, status=400)
        if form["change"]:
            return _again(form, thread)
        return _comment(request, thread, form)
    except OperationalError:
        # The database is locked or away: what was typed goes back, whole, and can be sent again from there.
        return busy_again(form, thread)


def _again(form: PostedForm, thread: Thread | None, *, error: str = "", status: int = 200) -> HttpResponse:
    name, words = text.normalise_name(form["name"]), text.normalise(form["text"])
    answered = receive.find_answerable(form["answers"], thread) if thread else None
    return form_again(thread=thread, name=name, text=words, answered=answered, error=error, status=status)


def _comment(request: HttpRequest, thread: Thread, form: PostedForm) -> HttpResponse:
    typed = receive.Typed(name=form["name"], text=form["text"], answers=form["answers"])
    fresh = receipts.new_receipt(secrets.token_bytes(receipts.RANDOM_BYTES))
    now, nonce = timezone.now(), receipts.nonce_of(fresh)
    # A browser that says whose the form is needs no mark of ours for it.
    mark = None if form.is_vouched else mark_of_browser(request)
    if form["token"] and (mark is None or marks.is_ours(form, mark)):
        outcome = receive.accept_comment(
            thread=thread,
            typed=typed,
            token=form["token"],
            now=now,
            nonce=nonce,
            how_it_came=slowing.how_it_came(request, form, now=now),
        )
    else:
        doubt = UNSURE if form["token"] else ""
        outcome = receive.preview_comment(thread=thread, typed=typed, now=now, nonce=nonce, notice=doubt)
    # The receipt that came with the form is shown again only where it truly is this comment's.
    given = receipts.read_receipt(form["receipt"])
    receipt = next((each for each in (given, fresh) if receipts.nonce_of(each) == outcome.nonce), "")
    puzzle = slowing.puzzle_for(request, outcome, now=now)
    own = mark.field_for(form) if mark else ""
    response = comment_answer(thread, outcome, receipt=receipt, own=own, puzzle=puzzle)
    if mark:
        marks.give(request, response, mark)
    return response


@takes_posts
def reaction(request: HttpRequest, form: PostedForm) -> HttpResponse:
    """Count a vote that carries a cookie of ours; give a browser without one its cookie, and ask again."""
    try:
        thread = _thread(form)
        if thread is None:
            kind, status = ("not-found", 404) if form["story"] else ("bad-request", 400)
            return notice(kind, thread=None, status=status)
        if form["value"] not in CHOICES:
            return notice("bad-request", thread=thread, status=400)
        if not thread.voting_open:
            return notice("reaction-closed", thread=thread, status=403)
        return _vote(request, form, thread)
    except OperationalError:
        return notice("busy", thread=None, status=503, headers={"Retry-After": "60"})


def _vote(request: HttpRequest, form: PostedForm, thread: Thread) -> HttpResponse:
    choice, mark = form["value"], mark_of_browser(request)
    own = mark.field_for(form)
    if mark.is_new or not marks.is_ours(form, mark):
        response = notice("reaction-confirm", thread=thread, choice=choice, own=own)
        marks.give(request, response, mark)
        return response
    if (
        vote(story_public_id=thread.public_id, choice=choice, voter=mark.voter, now=timezone.now())
        is VoteAnswer.COUNTED
    ):
        slowing.note_vote(request, story_public_id=thread.public_id)
        return notice("reaction-counted", thread=thread, choice=choice, own=own)
    return notice("reaction-closed", thread=thread, status=403)


def mark_of_browser(request: HttpRequest) -> marks.Mark:
    """The mark that the browser carries, or a new one."""
    return marks.mark_of(request, now=timezone.now(), random=secrets.token_urlsafe(marks.RANDOM_BYTES))


def _thread(form: PostedForm) -> Thread | None:
    if not receive.PUBLIC_ID.fullmatch(form["story"]):
        return None
    return threads.find(form["story"])
