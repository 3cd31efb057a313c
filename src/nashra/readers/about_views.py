"""``/readers/answer`` and ``/readers/report``: the two buttons beside a comment that stands under a story.

Views dress what the verbs say; they decide nothing, and nothing of the sender gets here.
"""

from __future__ import annotations

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

from nashra.edition.pages import ReportPage
from nashra.readers import marks, reports, slowing
from nashra.readers.answers import answer, form_again, notice
from nashra.readers.models import Comment
from nashra.readers.posts import PostedForm
from nashra.readers.printed import content_of
from nashra.readers.receive import PUBLIC_ID, find_answerable
from nashra.readers.threads import thread_link, thread_publication
from nashra.readers.views import UNSURE, mark_of_browser, takes_posts
from nashra.theme.language import translate

# The codes of ``models.Report.Kind``, with what the reader chooses from.
KINDS = {
    "threat": "It threatens somebody.",
    "exposes": "It gives somebody away: a name, a place, a number.",
    "hate": "It insults or hates.",
    "false": "It says something false that can hurt.",
    "advert": "It advertises something.",
}
NO_KIND = "Please choose what is wrong."


@takes_posts
def answer_comment(_request: HttpRequest, form: PostedForm) -> HttpResponse:
    """The comment form, beside the comment that is to be answered."""
    try:
        answered = find_answerable(form["comment"])
        if answered is None:
            return notice("comment-gone", thread=None, status=404)
        if not answered.thread.takes_comments:
            return notice("comment-closed", thread=answered.thread, status=403)
        return form_again(thread=answered.thread, answered=answered)
    except OperationalError:
        return notice("busy", thread=None, status=503, headers={"Retry-After": "60"})


@takes_posts
def report_comment(request: HttpRequest, form: PostedForm) -> HttpResponse:
    """Ask what is wrong with a comment; with ``kind``, count that."""
    try:
        return _report(request, form)
    except reports.NotThere:
        return notice("comment-gone", thread=None, status=404)
    except OperationalError:
        return notice("busy", thread=None, status=503, headers={"Retry-After": "60"})


def _report(request: HttpRequest, form: PostedForm) -> HttpResponse:
    public_id, kind = form["comment"], form["kind"]
    if not PUBLIC_ID.fullmatch(public_id):
        raise reports.NotThere
    mark = mark_of_browser(request)
    if kind not in KINDS or not marks.is_ours(form, mark):
        error = UNSURE if kind in KINDS else NO_KIND if kind else ""
        response = _asked(reports.find_reported(public_id), error=error, own=mark.field_for(form))
        if not form.is_vouched:
            marks.give(request, response, mark)
        return response
    comment = reports.report(public_id=public_id, kind=kind, counts=slowing.report_counts(request))
    return notice("report-received", thread=comment.thread)


def _asked(comment: Comment, *, error: str, own: str) -> HttpResponse:
    publication = thread_publication(comment.thread)
    page = ReportPage(
        publication=publication,
        story=thread_link(comment.thread),
        comment=content_of(comment),
        kinds=tuple((code, translate(publication.language, sentence)) for code, sentence in KINDS.items()),
        error=translate(publication.language, error) if error else "",
        own=own,
    )
    return answer(page, status=422 if error else 200)
