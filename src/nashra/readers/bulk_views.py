"""Decisions about many comments at once: chosen in the queue, read once more in full, then confirmed.

Each goes through the same verb as alone, with the wording that stood on the second look. Works with
scripts off. Must not decide about a comment that the second look did not show.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from nashra.readers import canned, holding, moderation
from nashra.readers.door import for_moderators
from nashra.readers.models import Comment, CommentState
from nashra.readers.queue_place import Place, public_id_in, version_in
from nashra.readers.queue_shown import Shown, language_name, show

# More than a page of the queue holds; nobody reads more at one sitting.
MOST_CHOSEN = 100
_VERBS = ("approve", "reject")


@require_POST
@for_moderators
def second_look(request: HttpRequest) -> HttpResponse:
    """Show the chosen comments in full before anything is done about them."""
    verb = request.POST.get("verb", "")
    if verb not in _VERBS:
        return HttpResponseBadRequest(_("There is no such button."), content_type="text/plain")
    chosen = _chosen(request)
    if not chosen:
        messages.warning(request, _("No comment is chosen. Tick the box beside each that you mean."))
        return redirect(Place.of(request.POST).address())
    return _look(request, verb, chosen)


@require_POST
@for_moderators
def decide_chosen(request: HttpRequest) -> HttpResponse:
    """Decide about those that were looked at twice, and say what was done and what was not."""
    verb = request.POST.get("verb", "")
    if verb not in _VERBS:
        return HttpResponseBadRequest(_("There is no such button."), content_type="text/plain")
    chosen = _chosen(request)
    told = _told(request) if verb == "reject" else {}
    try:
        for tag, sentence in told.items():
            canned.require_listed(sentence, language=tag)
    except canned.NotListed:
        fault = _("Nothing was done: this reason is not on the list. Choose another.")
        return _look(request, verb, chosen, fault=fault)
    done = _decide(request, verb, chosen, told)
    _say(request, verb, done=done, others=len(chosen) - done)
    return redirect(Place.of(request.POST).address())


def _decide(request: HttpRequest, verb: str, chosen: Mapping[str, int], told: Mapping[str, str]) -> int:
    """How many were decided; the others somebody had decided about or changed meanwhile."""
    found = Comment.objects.filter(public_id__in=chosen).values_list("public_id", "thread__language")
    done = 0
    for public_id, language in found.order_by("pk"):
        now = timezone.now()
        facts: dict[str, Any] = {
            "public_id": public_id,
            "version": chosen[public_id],
            "moderator": request.user,
            "now": now,
            "held_until": holding.held_until(now),
        }
        try:
            if verb == "approve":
                moderation.approve(**facts)
            else:
                moderation.reject(**facts, told=told.get(language, ""))
        except moderation.AlreadyDecided:
            continue
        done += 1
    return done


def _look(request: HttpRequest, verb: str, chosen: Mapping[str, int], fault: str = "") -> HttpResponse:
    found = Comment.objects.filter(public_id__in=chosen).select_related("thread").order_by("pk")
    shown = show(list(found), now=timezone.now())
    waiting = [each for each in shown if each.comment.state == CommentState.WAITING]
    context = {
        "page_title": _("Approve these comments?") if verb == "approve" else _("Reject these comments?"),
        "header_icon": "comment",
        "place": Place.of(request.POST),
        "verb": verb,
        "is_approval": verb == "approve",
        "comments": waiting,
        "changed": [each for each in waiting if each.comment.version != chosen[each.comment.public_id]],
        "others": [each for each in shown if each.comment.state != CommentState.WAITING],
        "erased_count": len(chosen) - len(shown),
        "reasons": _reasons(waiting, _told(request)) if verb == "reject" else [],
        "fault": fault,
    }
    return render(request, "readers/second_look.html", context, status=422 if fault else 200)


def _reasons(shown: Iterable[Shown], told: Mapping[str, str]) -> list[dict[str, Any]]:
    """A choice of reasons for each language that the comments are written in."""
    by_language = {each.thread.language: each for each in shown}
    return [
        {
            "language": tag,
            "language_name": language_name(tag),
            "direction": each.direction,
            "sentences": each.sentences,
            "told": told.get(tag, ""),
        }
        for tag, each in sorted(by_language.items())
    ]


def _say(request: HttpRequest, verb: str, *, done: int, others: int) -> None:
    if verb == "approve":
        said = ngettext("%(number)d comment is approved.", "%(number)d comments are approved.", done)
    else:
        said = ngettext("%(number)d comment is rejected.", "%(number)d comments are rejected.", done)
    if done or not others:
        messages.success(request, said % {"number": done})
    if others:
        left = ngettext(
            "%(number)d was left as it is: somebody decided about it or changed it meanwhile.",
            "%(number)d were left as they are: somebody decided about them or changed them meanwhile.",
            others,
        )
        messages.warning(request, left % {"number": others})


def _chosen(request: HttpRequest) -> dict[str, int]:
    """The comments that were ticked, each with the version that was seen."""
    sent = request.POST.getlist("chosen")[:MOST_CHOSEN]
    pairs = ((public_id_in(each.partition(":")[0]), version_in(each.partition(":")[2])) for each in sent)
    return {public_id: version for public_id, version in pairs if public_id}


def _told(request: HttpRequest) -> dict[str, str]:
    """The reason for the comments of each language."""
    return {tag: request.POST.get(f"told-{tag}", "") for tag in canned.languages()}
