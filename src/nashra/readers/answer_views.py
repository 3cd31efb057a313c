"""The page on which an editor answers a reader; the queue's small form sends to it, and comes back to it.

Whatever goes wrong, the words that were typed stand in the form again. Must not change a row itself:
``editors`` does.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nashra.readers import editors, holding
from nashra.readers.door import for_moderators
from nashra.readers.models import Comment, CommentState
from nashra.readers.moderation import AlreadyDecided
from nashra.readers.queue_place import Place, public_id_in
from nashra.readers.queue_shown import show

SEED_BYTES = 16


def new_seed() -> str:
    """What tells one form that is sent twice from two answers: each page with forms carries one."""
    return secrets.token_hex(SEED_BYTES)


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show the form beside the comment; or send what was typed in it."""
    if request.method == "POST":
        return _send(request, public_id)
    return _form(request, public_id, Place.of(request.GET))


def offer_again(request: HttpRequest, taken_back: Comment, place: Place) -> HttpResponse:
    """The form with an answer that was taken back, to be changed and sent again."""
    messages.success(request, _("Your answer is taken back. Here it is, to be changed or sent again."))
    return _form(request, taken_back.answers, place, name=taken_back.name, words=taken_back.text)


def _send(request: HttpRequest, public_id: str) -> HttpResponse:
    place = Place.of(request.POST)
    name, words = request.POST.get("name", ""), request.POST.get("answer", "")
    now = timezone.now()
    try:
        sent = editors.answer(
            public_id=public_id,
            name=name,
            words=words,
            random_bytes=_seed_in(request) + public_id.encode(),
            moderator=request.user,
            now=now,
            held_until=holding.held_until(now),
        )
    except AlreadyDecided as earlier:
        fault = _("This comment cannot be answered any more: it no longer stands under its story.")
        if not earlier.state:
            fault = _("This comment cannot be answered any more: it has been erased.")
        return _form(request, public_id, place, name=name, words=words, fault=fault)
    except IntegrityError:
        # The same form was sent twice: a second click, or "back" and once more.
        messages.warning(request, _("This answer was sent before; it stands once."))
        return redirect(f"{place.address()}#comment-{public_id}")
    if not sent.public_id:
        faults = {
            "name_fault": _(sent.name_fault) if sent.name_fault else "",
            "text_fault": _(sent.text_fault) if sent.text_fault else "",
        }
        return _form(request, public_id, place, name=sent.name, words=sent.text, **faults)
    following = public_id_in(request.POST.get("next", "")) or public_id
    return redirect(f"{place.address()}#comment-{following}")


def _seed_in(request: HttpRequest) -> bytes:
    """What the form carried; where it was tampered with, the answer is simply one of its own."""
    given = request.POST.get("seed", "")
    try:
        seed = bytes.fromhex(given)
    except ValueError:
        seed = b""
    return seed if len(seed) == SEED_BYTES else secrets.token_bytes(SEED_BYTES)


def _form(
    request: HttpRequest,
    public_id: str,
    place: Place,
    *,
    name: str | None = None,
    words: str = "",
    fault: str = "",
    **faults: str,
) -> HttpResponse:
    found = list(Comment.objects.filter(public_id=public_id).select_related("thread"))
    shown = show(found, now=timezone.now())[0] if found else None
    stands = shown is not None and shown.may_be_answered
    if not fault and not stands:
        fault = _("This comment cannot be answered: only one that stands under its story can, and no answer.")
    context: dict[str, Any] = {
        "page_title": _("Answer a comment"),
        "header_icon": "comment",
        "place": place,
        "public_id": public_id,
        "shown": shown,
        "name": name if name is not None else (shown.paper if shown else ""),
        "words": words,
        "fault": fault,
        "seed": new_seed(),
        "most": settings.NASHRA_COMMENT_MAX_GRAPHEMES,
        "approved": CommentState.APPROVED.value,
        **faults,
    }
    is_wrong = bool(fault or any(faults.values()))
    return render(request, "readers/answer.html", context, status=422 if is_wrong and request.POST else 200)
