"""The answer to a comment while the database is locked or away: every word of it, ready to be sent again.

Whether a comment with a token was stored is not known then, so its preview comes back with the same token:
sent again, it is stored once. Must not ask the database for what it cannot do without.
"""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpResponse

from nashra.edition.content import Link, Publication
from nashra.edition.pages import CommentForm, CommentFormPage, CommentPreviewPage, Page
from nashra.readers import receipts, text
from nashra.readers.answers import answer, fallback_publication
from nashra.readers.models import Thread
from nashra.readers.posts import PostedForm
from nashra.readers.receive import PUBLIC_ID
from nashra.readers.threads import thread_link, thread_publication
from nashra.theme.language import translate

BUSY = "We are very busy just now, and nothing has been stored. Please wait a minute and send it again."
UNKNOWN = (
    "We are very busy just now and cannot tell whether your comment reached us. Please wait a minute and "
    "send it again from here: it is stored only once."
)


def busy_again(form: PostedForm, thread: Thread | None) -> HttpResponse:
    """The form that was sent, or its preview where it had been looked at; ``thread`` where it was read."""
    publication = _publication(thread)
    link = thread_link(thread) if thread else Link(text=publication.name, address=publication.address)
    story = thread.public_id if thread else _public_id(form["story"])
    if not form["token"]:
        page: Page = CommentFormPage(
            publication=publication, story=link, story_public_id=story, form=_words(form, publication, BUSY)
        )
    else:
        page = CommentPreviewPage(
            publication=publication,
            story=link,
            story_public_id=story,
            form=_words(form, publication, UNKNOWN),
            token=form["token"],
            receipt=receipts.read_receipt(form["receipt"]),
            own=form["own"],
        )
    return answer(page, status=503)


def _publication(thread: Thread | None) -> Publication:
    try:
        return thread_publication(thread) if thread else fallback_publication()
    except DatabaseError:
        return fallback_publication()


def _words(form: PostedForm, publication: Publication, sentence: str) -> CommentForm:
    return CommentForm(
        name=text.normalise_name(form["name"]),
        text=text.normalise(form["text"]),
        errors=(translate(publication.language, sentence),),
        answers=_public_id(form["answers"]),
    )


def _public_id(given: str) -> str:
    return given if PUBLIC_ID.fullmatch(given) else ""
