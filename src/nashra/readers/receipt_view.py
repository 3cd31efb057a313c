"""``/readers/receipt``: a commenter looks at their comment, changes its words or erases it.

The view takes the clock to the verbs and dresses what these say; it decides nothing, and nothing of the
sender but their receipt and their words gets here. A receipt is posted and never part of an address.
"""

from __future__ import annotations

from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from nashra.edition.content import Publication
from nashra.edition.pages import OwnCommentPage, ReceiptFormPage
from nashra.readers import commenter
from nashra.readers.answers import answer, comment_form, fallback_publication, notice
from nashra.readers.busy import BUSY
from nashra.readers.commenter import Changed, NoSuchComment
from nashra.readers.models import Comment, Masthead
from nashra.readers.posts import PostedForm
from nashra.readers.printed import content_of
from nashra.readers.receipts import read_receipt
from nashra.readers.receive import Outcome, Step, Typed
from nashra.readers.text import normalise, normalise_name
from nashra.readers.threads import masthead, thread_link, thread_publication
from nashra.readers.views import UNREADABLE as DAMAGED
from nashra.readers.views import takes_posts
from nashra.theme.language import translate

NO_RECEIPT = "This is no receipt of ours. It has seven groups of four letters and digits, such as 7k2m."
UNKNOWN = "No comment is kept under this receipt. Either it was never sent, or it has been erased."

_STATUS = {Changed.FAULTY: 422, Changed.CLOSED: 403, Changed.SAME: 200, Changed.WAITS: 200}


@takes_posts
def receipt(_request: HttpRequest, form: PostedForm) -> HttpResponse:
    """Show the comment of a receipt; with ``step``, hand it out to be changed, change it or erase it."""
    try:
        return _answer(form)
    except NoSuchComment:
        return _words_back(form, UNKNOWN, 404) if form["step"] == "save" else _not_found(form, UNKNOWN)
    except OperationalError:
        # The database is locked or away: words that were typed go back, whole.
        if form["step"] == "save":
            return _words_back(form, BUSY, 503)
        return notice("busy", thread=None, status=503, headers={"Retry-After": "60"})


def _answer(form: PostedForm) -> HttpResponse:
    given = read_receipt(form["receipt"])
    if not given:
        return _words_back(form, NO_RECEIPT, 404) if form["step"] == "save" else _not_found(form, NO_RECEIPT)
    match form["step"]:
        case "save":
            return _save(form, given)
        case "erase-now":
            thread = commenter.erase(receipt=given, now=timezone.now())
            return notice("comment-erased", thread=thread)
        case "change" | "erase" as step:
            return _shown(commenter.find(given), given, step=step)
        case _:
            return _shown(commenter.find(given), given)


def _save(form: PostedForm, given: str) -> HttpResponse:
    typed = Typed(name=form["name"], text=form["text"])
    if not form.is_readable:
        comment = commenter.find(given)
        words = Outcome(step=Step.FAULTY, name=typed.name, text=typed.text, error=DAMAGED)
        return _shown(comment, given, step="change", words=words, status=400)
    revision = commenter.change_words(receipt=given, typed=typed, now=timezone.now())
    comment = commenter.find(given)
    match revision.result:
        case Changed.WAITS:
            return _shown(comment, given, note="changed")
        case Changed.SAME:
            return _shown(comment, given, note="same")
    return _shown(comment, given, step="change", words=revision.words, status=_STATUS[revision.result])


def _shown(
    comment: Comment,
    given: str,
    *,
    step: str = "",
    note: str = "",
    words: Outcome | None = None,
    status: int = 200,
) -> HttpResponse:
    thread = comment.thread
    publication = thread_publication(thread)
    shown = words or Outcome(step=Step.PREVIEW, name=comment.name, text=comment.text)
    page = OwnCommentPage(
        publication=publication,
        story=thread_link(thread),
        receipt=given,
        form=comment_form(publication.language, shown),
        state=commenter.shown_state(comment),
        is_open=thread.takes_comments,
        step=step,
        note=note,
        told="" if comment.held_until else comment.told,
        replies=tuple(map(content_of, commenter.replies_to(comment))),
    )
    return answer(page, status=status)


def _words_back(form: PostedForm, sentence: str, status: int) -> HttpResponse:
    """The words that could not be saved, in the form that they came from."""
    publication = _publication(form["language"])
    words = Outcome(
        step=Step.FAULTY,
        name=normalise_name(form["name"]),
        text=normalise(form["text"]),
        error=sentence,
    )
    page = OwnCommentPage(
        publication=publication,
        story=None,
        receipt=normalise_name(form["receipt"]),
        form=comment_form(publication.language, words),
        state="",
        step="change",
    )
    return answer(page, status=status)


def _not_found(form: PostedForm, sentence: str) -> HttpResponse:
    publication = _publication(form["language"])
    page = ReceiptFormPage(
        publication=publication,
        receipt=normalise_name(form["receipt"]),
        error=translate(publication.language, sentence),
    )
    return answer(page, status=404)


def _publication(language: str) -> Publication:
    """The paper whose form was sent: nothing but the form itself can tell, where no comment does."""
    try:
        return masthead(language)
    except (Masthead.DoesNotExist, DatabaseError):
        return fallback_publication()
