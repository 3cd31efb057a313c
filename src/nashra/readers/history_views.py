"""The moderators' log: of one comment, and of all of them, page by page.

The log has no comment's words; where a comment still is, the page shows them beside it. Must not change
a line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from nashra.readers.door import for_moderators
from nashra.readers.models import Comment, ModerationEntry, Thread
from nashra.readers.queue_place import Place
from nashra.readers.queue_shown import show

ENTRIES_ON_A_PAGE = 50

Action = ModerationEntry.Action
_SAID: Mapping[str, Any] = {
    Action.APPROVE: gettext_lazy("approved it"),
    Action.REJECT: gettext_lazy("rejected it"),
    Action.REOPEN: gettext_lazy("let it wait again"),
    Action.ERASE: gettext_lazy("erased it"),
    Action.UNDO: gettext_lazy("took the decision back"),
    Action.ANSWER: gettext_lazy("wrote it, as an answer"),
    Action.PICK: gettext_lazy("picked it"),
    Action.UNPICK: gettext_lazy("took the pick away"),
    Action.KEEP: gettext_lazy("kept it, though it was reported"),
    Action.RELEASE: gettext_lazy("published the story’s totals"),
}


@require_safe
@for_moderators
def history(request: HttpRequest, public_id: str) -> HttpResponse:
    """What was decided about one comment, the first first; also of one that is erased."""
    found = list(Comment.objects.filter(public_id=public_id).select_related("thread"))
    entries = ModerationEntry.objects.filter(comment_public_id=public_id).order_by("pk")
    context = {
        "page_title": _("History of a comment"),
        "header_icon": "history",
        "place": Place.of(request.GET),
        "shown": show(found, now=timezone.now())[0] if found else None,
        "lines": _lines(entries),
    }
    return render(request, "readers/history.html", context)


@require_safe
@for_moderators
def log(request: HttpRequest) -> HttpResponse:
    """All that was decided, the latest first; of one moderator where one is asked for."""
    names = list(ModerationEntry.objects.order_by("moderator").values_list("moderator", flat=True).distinct())
    asked = request.GET.get("moderator", "")
    moderator = asked if asked in names else ""
    entries = ModerationEntry.objects.order_by("-pk")
    if moderator:
        entries = entries.filter(moderator=moderator)
    page = Paginator(entries, ENTRIES_ON_A_PAGE).get_page(request.GET.get("page"))

    def address(number: int) -> str:
        return f"{reverse('readers_log')}?{urlencode({'moderator': moderator, 'page': number})}"

    context = {
        "page_title": _("What was decided"),
        "header_icon": "history",
        "lines": _lines(page),
        "moderators": names,
        "moderator": moderator,
        "page": page,
        "previous_url": address(page.previous_page_number()) if page.has_previous() else "",
        "next_url": address(page.next_page_number()) if page.has_next() else "",
    }
    return render(request, "readers/log.html", context)


def _lines(entries: Iterable[ModerationEntry]) -> list[dict[str, Any]]:
    listed = list(entries)
    threads = Thread.objects.filter(public_id__in={entry.thread_public_id for entry in listed})
    stories = {thread.public_id: thread for thread in threads}
    return [
        {"entry": entry, "said": _SAID[entry.action], "story": stories.get(entry.thread_public_id)}
        for entry in listed
    ]
