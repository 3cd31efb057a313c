"""The page on which moderators write the reasons that commenters may be given, one list a language.

What was typed stays in the form until it is kept. Must not keep a list itself: ``canned`` does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nashra.edition.content import direction
from nashra.readers import canned
from nashra.readers.door import for_moderators
from nashra.readers.models import CannedReasons
from nashra.readers.queue_shown import language_name


@require_safe
@for_moderators
def reasons(request: HttpRequest) -> HttpResponse:
    """Every language's list."""
    return _page(request)


@require_POST
@for_moderators
def keep_reasons(request: HttpRequest, language: str) -> HttpResponse:
    """Keep one language's list, or go back to what we suggest."""
    if language not in canned.languages():
        raise Http404
    address = f"{reverse('readers_reasons')}#reasons-{language}"
    if request.POST.get("verb") == "suggested":
        canned.take_suggested(language=language, moderator=request.user)
        messages.success(request, _("The suggested sentences are in use again."))
        return redirect(address)
    typed = request.POST.get("sentences", "")
    if request.POST.get("seen", "") != _digest(canned.sentences_in([language])[language]):
        fault = _(
            "Somebody else has changed this list meanwhile. Below is how it stands now; yours is kept here."
        )
        return _page(request, language=language, typed=typed, faults=[fault])
    wanted = canned.keep(language=language, typed=typed, moderator=request.user)
    if wanted.faults:
        return _page(request, language=language, typed=typed, faults=wanted.faults)
    messages.success(request, _("The sentences are kept."))
    return redirect(address)


def _page(
    request: HttpRequest, *, language: str = "", typed: str = "", faults: Sequence[str] = ()
) -> HttpResponse:
    tags = canned.languages()
    kept = canned.sentences_in(tags)
    own = set(CannedReasons.objects.values_list("language", flat=True))
    lists: list[dict[str, Any]] = []
    for tag in tags:
        is_typed = tag == language
        lists.append(
            {
                "language": tag,
                "language_name": language_name(tag),
                "direction": direction(tag),
                "typed": typed if is_typed else "\n".join(kept[tag]),
                "rows": max(len(kept[tag]) + 3, 6),
                "seen": _digest(kept[tag]),
                "is_own": tag in own,
                "faults": faults if is_typed else (),
                "stands": kept[tag] if is_typed else (),
            }
        )
    context = {
        "page_title": _("Reasons"),
        "header_icon": "comment",
        "lists": lists,
        "most": canned.MOST_SENTENCES,
        "most_characters": canned.MAX_SENTENCE_GRAPHEMES,
    }
    return render(request, "readers/reasons.html", context, status=422 if faults else 200)


def _digest(sentences: Sequence[str]) -> str:
    """Which list somebody had before them."""
    return hashlib.sha256("\n".join(sentences).encode()).hexdigest()[:16]
