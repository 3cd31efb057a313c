"""The moderators' queue in the desk: one list over all stories and languages, with its filters.

Works with scripts off. Must not change a row: ``decision_views`` has what its buttons do.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from nashra.readers.answer_views import new_seed
from nashra.readers.checks import fold
from nashra.readers.door import for_moderators
from nashra.readers.models import Comment, CommentState, Thread
from nashra.readers.queue_place import MAX_SEARCH_CODE_POINTS, Place
from nashra.readers.queue_search import MOST_SEARCHED, Found, find_comments, find_stories
from nashra.readers.queue_shown import excerpt, just_decided, language_name, show

COMMENTS_ON_A_PAGE = 50

# What waits for a decision: new comments, and those in public that readers object to.
TO_DECIDE = Q(state=CommentState.WAITING) | Q(state=CommentState.APPROVED, is_reported=True)
_LISTS = {
    CommentState.WAITING.value: TO_DECIDE,
    CommentState.APPROVED.value: Q(state=CommentState.APPROVED),
    CommentState.REJECTED.value: Q(state=CommentState.REJECTED),
}


@require_safe
@for_moderators
def queue(request: HttpRequest) -> HttpResponse:
    """One page of one list: what is to be decided, unless another is asked for."""
    now = timezone.now()
    place = Place.of(request.GET)
    stories = find_stories(place.headline, language=place.language) if place.headline else []
    found, note = _searched(place, _filtered(place, stories))
    page = Paginator(_sorted(found, place.state), COMMENTS_ON_A_PAGE).get_page(place.page)
    context = {
        "page_title": _("Comments"),
        "header_icon": "comment",
        "place": place,
        "lists": _lists(place, found),
        "languages": _languages(),
        "story": Thread.objects.filter(public_id=place.story).first() if place.story else None,
        "stories": [(story, place.story_address(story.public_id)) for story in stories],
        "all_stories_url": place.story_address(""),
        "note": note,
        "comments": show(list(page), now=now, place=place),
        "page": page,
        "seed": new_seed(),
        "to_decide": place.state == CommentState.WAITING,
        "frozen": Thread.objects.filter(frozen=True).order_by("pk"),
        **_just_decided(request, now),
        **way_on(page, place),
    }
    return render(request, "readers/queue.html", context)


def way_on(page: Page, place: Place) -> dict[str, str]:
    """Where the list's neighbouring pages are."""
    return {
        "previous_url": place.address(page=page.previous_page_number()) if page.has_previous() else "",
        "next_url": place.address(page=page.next_page_number()) if page.has_next() else "",
    }


def _filtered(place: Place, stories: list[Thread]) -> QuerySet[Comment]:
    found = Comment.objects.all()
    if place.language:
        found = found.filter(thread__language=place.language)
    if place.story:
        found = found.filter(thread__public_id=place.story)
    elif place.headline:
        found = found.filter(thread__in=[story.pk for story in stories])
    return found


def _searched(place: Place, found: QuerySet[Comment]) -> tuple[QuerySet[Comment], str]:
    """The comments that hold the words, and what to say of a search that did not look at everything."""
    if not place.words:
        return found, ""
    if len(place.words) > MAX_SEARCH_CODE_POINTS:
        return found.none(), _("Please search for something shorter.")
    if not fold(place.words):
        return found.none(), _("Please type letters or digits to search for.")
    hits: Found = find_comments(found, place.words)
    note = _("Only the newest %(number)d comments were searched. Choose a story to look further back.")
    return found.filter(pk__in=hits.keys), note % {"number": MOST_SEARCHED} if hits.is_cut else ""


def _sorted(found: QuerySet[Comment], state: str) -> QuerySet[Comment]:
    listed = found.filter(_LISTS[state]).select_related("thread")
    if state != CommentState.WAITING:
        return listed.order_by("-pk")
    # A reported comment comes first, for it does its harm while it stands; a new one harms nobody by waiting.
    # Then those that raised no question, so that most readers do not wait for the few that need thought.
    rank = Case(
        When(state=CommentState.APPROVED, then=Value(0)),
        When(reasons=[], then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return listed.annotate(rank=rank).order_by("rank", "pk")


def _lists(place: Place, found: QuerySet[Comment]) -> list[dict[str, Any]]:
    labels = {CommentState.WAITING.value: _("To decide")}
    return [
        {
            "label": labels.get(state.value, state.label),
            "count": found.filter(_LISTS[state.value]).count(),
            "url": place.list_address(state.value),
            "is_this": state == place.state,
        }
        for state in CommentState
    ]


def _languages() -> list[tuple[str, str]]:
    tags = Thread.objects.order_by("language").values_list("language", flat=True).distinct()
    return [(tag, language_name(tag)) for tag in tags]


def _just_decided(request: HttpRequest, now: datetime.datetime) -> dict[str, Any]:
    decided = [
        {
            "comment": comment,
            "label": _("Answered") if comment.is_staff else CommentState(comment.state).label,
            "excerpt": excerpt(comment),
            "left_s": int((comment.held_until - now).total_seconds()) if comment.held_until else 0,
        }
        for comment in just_decided(request.user.get_username(), now)
    ]
    return {
        "latest": decided[:1],
        "earlier": decided[1:],
        "undoable": [each["comment"].public_id for each in decided if not each["comment"].is_staff],
    }
