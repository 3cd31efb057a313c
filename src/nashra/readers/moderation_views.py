"""The moderators' queue in the desk: one list over all stories, and its buttons.

Imported by ``wagtail_hooks`` alone, for the readers' process has no Wagtail. Works with scripts off.
Must not change a row itself: ``moderation`` does, and checks permission again.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.auth import user_passes_test

from nashra.readers import moderation
from nashra.readers.checks import REASONS
from nashra.readers.models import Comment, CommentState, Thread
from nashra.readers.unseen import parts

COMMENTS_ON_A_PAGE = 50

# Others are led back to where they may be, as Wagtail does it everywhere.
for_moderators = user_passes_test(moderation.may_moderate)


@require_safe
@for_moderators
def queue(request: HttpRequest) -> HttpResponse:
    """The comments in one state, those without reasons first, oldest first; waiting ones unless asked."""
    state = _state(request.GET.get("state", ""))
    language = request.GET.get("language", "")
    page = Paginator(_comments(state, language), COMMENTS_ON_A_PAGE).get_page(request.GET.get("page"))
    counts = dict(Comment.objects.values_list("state").annotate(Count("pk")).order_by())
    context = {
        "page_title": _("Comments"),
        "header_icon": "comment",
        "state": state,
        "states": [(choice, choice.label, counts.get(choice.value, 0)) for choice in CommentState],
        "language": language,
        "languages": Thread.objects.order_by("language").values_list("language", flat=True).distinct(),
        "comments": [_shown(comment) for comment in page],
        "page": page,
        "frozen": Thread.objects.filter(frozen=True).order_by("pk"),
    }
    return render(request, "readers/queue.html", context | _way_on(page, state, language))


@require_POST
@for_moderators
def decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Carry out the button that was pressed beside a comment, and go back to the list."""
    chosen: dict[str, Any] = {"public_id": public_id, "moderator": request.user, "now": timezone.now()}
    verb = request.POST.get("verb", "")
    try:
        match verb:
            case "approve":
                moderation.approve(**chosen, version=_version(request))
                messages.success(request, _("The comment is approved and goes to its story's page."))
            case "reject":
                moderation.reject(**chosen, version=_version(request))
                messages.success(request, _("The comment is rejected."))
            case "reopen":
                moderation.reopen(**chosen, from_state=_state(request.POST.get("from_state", "")))
                messages.success(request, _("The comment waits again."))
            case "erase":
                moderation.erase(**chosen, version=_version(request))
                messages.success(request, _("The comment is erased for good."))
            case _:
                return HttpResponseBadRequest(_("There is no such button."), content_type="text/plain")
    except moderation.AlreadyDecided as earlier:
        messages.warning(request, _earlier_decision(earlier, verb))
    return redirect(_queue_address(request.POST))


@require_POST
@for_moderators
def release(request: HttpRequest, public_id: str) -> HttpResponse:
    """Publish totals that a burst of votes froze."""
    try:
        moderation.release_totals(story_public_id=public_id, moderator=request.user, now=timezone.now())
    except moderation.AlreadyDecided:
        messages.warning(request, _("Somebody has released these totals already."))
    else:
        messages.success(request, _("The totals are released and go to the story's page."))
    return redirect(_queue_address(request.POST))


def _comments(state: str, language: str) -> QuerySet[Comment]:
    found = Comment.objects.filter(state=state).select_related("thread")
    if language:
        found = found.filter(thread__language=language)
    if state == CommentState.WAITING:
        return found.annotate(is_suspect=~Q(reasons=[])).order_by("is_suspect", "pk")
    return found.order_by("-pk")


def _shown(comment: Comment) -> dict[str, Any]:
    thread = comment.thread
    return {
        "comment": comment,
        "thread": thread,
        "story_url": settings.NASHRA_SITE_URL + thread.address,
        "name": list(parts(comment.name)),
        "text": list(parts(comment.text)),
        "reasons": [_(REASONS[code]) for code in comment.reasons if code in REASONS],
    }


def _way_on(page: Page, state: str, language: str) -> dict[str, str]:
    """Where the list's neighbouring pages are."""

    def address(number: int) -> str:
        return _queue_address({"state": state, "language": language, "page": str(number)})

    return {
        "previous_url": address(page.previous_page_number()) if page.has_previous() else "",
        "next_url": address(page.next_page_number()) if page.has_next() else "",
    }


def _queue_address(place: Any) -> str:
    query = {key: place.get(key) for key in ("state", "language", "page") if place.get(key)}
    return reverse("readers_queue") + ("?" + urlencode(query) if query else "")


def _version(request: HttpRequest) -> int:
    """Which of a comment's wordings the moderator had before them; none that there is, where nothing says."""
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0


def _state(asked: str) -> str:
    return asked if asked in CommentState.values else CommentState.WAITING.value


def _earlier_decision(earlier: moderation.AlreadyDecided, verb: str) -> str:
    if not earlier.state:
        return _("This comment has been erased.")
    if earlier.state == CommentState.WAITING and verb in {"approve", "reject", "erase"}:
        return _("Nothing was done: the reader has changed the words meanwhile. Please read them again.")
    state = CommentState(earlier.state).label.lower()
    if not earlier.decided_by:
        return _("Nothing was done: the comment is %(state)s by now.") % {"state": state}
    return _("Nothing was done: %(name)s was first, and the comment is %(state)s.") % {
        "name": earlier.decided_by,
        "state": state,
    }
