"""The readers' two forms, ``/readers/comment`` and ``/readers/reaction``: all that this origin answers.

Views take the clock and random values to the verbs and dress what these say; they decide nothing. No
session, no cookie but the reaction's, nothing of the sender.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from nashra.readers import receipts, receive, text, tokens
from nashra.readers.answers import comment_answer, form_again, notice
from nashra.readers.models import PUBLIC_ID_LENGTH, Thread
from nashra.readers.posts import PostedForm, Refusal, drain, read_post
from nashra.readers.reactions import CHOICES, VoteAnswer, vote

COOKIE_NAME = "nashra_reaction"
COOKIE_PATH = "/readers/"
# 128 bits, for a browser's mark.
RANDOM_BYTES = 16

UNKNOWN_STORY = (
    "We do not know which story this comment belongs to, so it was not sent. "
    "Please copy your text, and send it from the story's own page."
)
UNREADABLE = "Some characters did not reach us whole. Please look at your text and send it again."
BUSY = "We are very busy just now, and nothing has been stored. Please wait a minute and send it again."

_PUBLIC_ID = re.compile(rf"[0-9A-Za-z-]{{1,{PUBLIC_ID_LENGTH}}}")

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
def comment(_request: HttpRequest, form: PostedForm) -> HttpResponse:
    """Preview a comment; with a preview's token, receive it; with ``change``, hand it back to be changed."""
    try:
        thread = _thread(form)
        if thread is None:
            status = 404 if form["story"] else 400
            return _again(form, None, error=UNKNOWN_STORY, status=status)
        if not form.is_readable:
            return _again(form, thread, error=UNREADABLE, status=400)
        if form["change"]:
            return _again(form, thread)
        return _comment(thread, form)
    except OperationalError:
        # The database is locked or away: what was typed goes back, whole.
        return _again(form, None, error=BUSY, status=503)


def _again(form: PostedForm, thread: Thread | None, *, error: str = "", status: int = 200) -> HttpResponse:
    name, words = text.normalise_name(form["name"]), text.normalise(form["text"])
    return form_again(thread=thread, name=name, text=words, error=error, status=status)


def _comment(thread: Thread, form: PostedForm) -> HttpResponse:
    typed = receive.Typed(name=form["name"], text=form["text"])
    fresh = receipts.new_receipt(secrets.token_bytes(receipts.RANDOM_BYTES))
    now, nonce = timezone.now(), receipts.nonce_of(fresh)
    if form["token"]:
        outcome = receive.accept_comment(
            thread=thread, typed=typed, token=form["token"], now=now, nonce=nonce
        )
    else:
        outcome = receive.preview_comment(thread=thread, typed=typed, now=now, nonce=nonce)
    # The receipt that came with the form is shown again only where it truly is this comment's.
    given = receipts.read_receipt(form["receipt"])
    receipt = next((each for each in (given, fresh) if receipts.nonce_of(each) == outcome.nonce), "")
    return comment_answer(thread, outcome, receipt=receipt)


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
        return _vote(request, thread, form["value"])
    except OperationalError:
        return notice("busy", thread=None, status=503, headers={"Retry-After": "60"})


def _vote(request: HttpRequest, thread: Thread, choice: str) -> HttpResponse:
    now = timezone.now()
    try:
        voter = tokens.read_voter(request.COOKIES.get(COOKIE_NAME, ""), now=now)
    except tokens.ForgedToken:
        response = notice("reaction-confirm", thread=thread, choice=choice)
        _give_cookie(request, response, tokens.sign_voter(now=now, voter=secrets.token_urlsafe(RANDOM_BYTES)))
        return response
    if vote(story_public_id=thread.public_id, choice=choice, voter=voter, now=now) is VoteAnswer.COUNTED:
        return notice("reaction-counted", thread=thread, choice=choice)
    return notice("reaction-closed", thread=thread, status=403)


def _give_cookie(request: HttpRequest, response: HttpResponse, value: str) -> None:
    # An onion service speaks http and is safe all the same; a Secure cookie would be lost there.
    is_onion = request.headers.get("Host", "").split(":")[0].endswith(".onion")
    response.set_cookie(
        COOKIE_NAME,
        value,
        max_age=tokens.COOKIE_LIFETIME_HOURS * 3600,
        path=COOKIE_PATH,
        secure=settings.NASHRA_SITE_URL.startswith("https://") and not is_onion,
        httponly=True,
        samesite="Lax",
    )


def _thread(form: PostedForm) -> Thread | None:
    if not _PUBLIC_ID.fullmatch(form["story"]):
        return None
    return Thread.objects.filter(public_id=form["story"]).first()
