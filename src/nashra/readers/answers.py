"""Dresses the readers' desk's answers in the theme, with the headers that all of them carry.

Must not decide anything, and must not log a reader's words: an error is logged by its kind and place.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Mapping

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from nashra.edition.content import Link, Publication
from nashra.edition.pages import CommentForm, CommentFormPage, CommentPreviewPage, Page, ReadersNoticePage
from nashra.readers.models import Comment, Masthead, Thread
from nashra.readers.printed import content_of
from nashra.readers.receive import Outcome, Step
from nashra.readers.threads import masthead, thread_link, thread_publication
from nashra.theme.language import translate
from nashra.theme.rendering import CONTENT_SECURITY_POLICY, render

log = logging.getLogger(__name__)

HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

_STATUS_OF_STEP = {Step.FAULTY: 422, Step.CLOSED: 403, Step.PREVIEW: 200, Step.RECEIVED: 200}


def answer(page: Page, *, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """A page of the theme as a response."""
    return HttpResponse(render(page), status=status, headers={**HEADERS, **(headers or {})})


def notice(
    kind: str,
    *,
    thread: Thread | None,
    status: int = 200,
    choice: str = "",
    receipt: str = "",
    own: str = "",
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """A short answer, in the thread's language where there is a thread and in English where there is none."""
    if thread is None:
        page = ReadersNoticePage(publication=fallback_publication(), kind=kind)
    else:
        page = ReadersNoticePage(
            publication=thread_publication(thread),
            kind=kind,
            story=thread_link(thread),
            story_public_id=thread.public_id,
            choice=choice,
            receipt=receipt,
            own=own,
        )
    return answer(page, status=status, headers=headers)


def comment_answer(
    thread: Thread, outcome: Outcome, *, receipt: str = "", own: str = "", puzzle: str = ""
) -> HttpResponse:
    """The page for a comment's outcome; ``receipt`` is that of the comment, where it is known.

    ``own`` is what the page's form carries so that we know it again, where the browser does not say.
    """
    status = _STATUS_OF_STEP[outcome.step]
    if outcome.step is Step.RECEIVED:
        return notice("comment-received", thread=thread, receipt=receipt)
    if outcome.step is Step.CLOSED and not (outcome.name or outcome.text):
        return notice("comment-closed", thread=thread, status=status)
    publication = thread_publication(thread)
    form = comment_form(publication.language, outcome)
    link = thread_link(thread)
    if outcome.step is not Step.PREVIEW:
        page: Page = CommentFormPage(
            publication=publication, story=link, story_public_id=thread.public_id, form=form
        )
    else:
        page = CommentPreviewPage(
            publication=publication,
            story=link,
            story_public_id=thread.public_id,
            form=form,
            token=outcome.token,
            receipt=receipt,
            own=own,
            puzzle=puzzle,
        )
    return answer(page, status=status)


def form_again(
    *,
    thread: Thread | None,
    name: str = "",
    text: str = "",
    answered: Comment | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    """The form with what was typed, and an English sentence to be translated that says what is wrong."""
    publication = thread_publication(thread) if thread else fallback_publication()
    link = thread_link(thread) if thread else Link(text=publication.name, address=publication.address)
    errors = (translate(publication.language, error),) if error else ()
    page = CommentFormPage(
        publication=publication,
        story=link,
        story_public_id=thread.public_id if thread else "",
        form=CommentForm(
            name=name,
            text=text,
            errors=errors,
            answered=content_of(answered) if answered else None,
        ),
    )
    return answer(page, status=status)


def fallback_publication() -> Publication:
    """The English paper where there is one, else a bare masthead: for answers that belong to no story."""
    try:
        return masthead("en")
    except (DatabaseError, Masthead.DoesNotExist):
        return bare_publication()


def bare_publication() -> Publication:
    """A masthead that needs no database."""
    return Publication(
        language="en",
        name=settings.WAGTAIL_SITE_NAME,
        strapline="",
        address="/",
        time_zone="UTC",
        site_url=settings.NASHRA_SITE_URL,
    )


def comment_form(language: str, outcome: Outcome) -> CommentForm:
    """The words of an outcome, and what is wrong with them, as a form shows both."""

    def said(sentence: str) -> str:
        return translate(language, sentence) if sentence else ""

    return CommentForm(
        name=outcome.name,
        text=outcome.text,
        errors=(said(outcome.error),) if outcome.error else (),
        name_error=said(outcome.name_fault),
        text_error=said(outcome.text_fault),
        answered=content_of(outcome.answered) if outcome.answered else None,
    )


# What Django calls where no view answered, with these names of arguments.


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: a host that is not ours, or a request that Django itself refuses."""
    return answer(ReadersNoticePage(publication=bare_publication(), kind="bad-request"), status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: nothing but the two forms is answered here."""
    return notice("not-found", thread=None, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. An exception's own words may quote a comment, so only its kind and place are logged."""
    kind, _error, trace = sys.exc_info()
    places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(trace)]
    log.error(
        "An answer failed",
        extra={"event": "readers.error", "error": kind.__name__ if kind else "", "places": places[-6:]},
    )
    return answer(ReadersNoticePage(publication=bare_publication(), kind="error"), status=500)
