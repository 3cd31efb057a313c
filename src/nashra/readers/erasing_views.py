"""The second look before a comment is erased for good.

Must not delete a row itself: ``moderation`` does.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nashra.readers import moderation
from nashra.readers.decision_views import earlier_decision
from nashra.readers.door import for_moderators
from nashra.readers.models import Comment
from nashra.readers.queue_place import Place, public_id_in, version_in
from nashra.readers.queue_shown import show


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def erase(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show the comment and what will be gone; or erase it."""
    if request.method == "POST":
        return _erase(request, public_id)
    place = Place.of(request.GET)
    found = list(Comment.objects.filter(public_id=public_id).select_related("thread"))
    if not found:
        messages.warning(request, _("This comment is erased already."))
        return redirect(place.address())
    context = {
        "page_title": _("Erase this comment?"),
        "header_icon": "bin",
        "place": place,
        "shown": show(found, now=timezone.now())[0],
        "next_id": public_id_in(request.GET.get("next", "")),
        "answer_count": Comment.objects.filter(answers=public_id).count(),
    }
    return render(request, "readers/erase.html", context)


def _erase(request: HttpRequest, public_id: str) -> HttpResponse:
    address = Place.of(request.POST).address()
    version = version_in(request.POST.get("version", ""))
    try:
        moderation.erase(public_id=public_id, version=version, moderator=request.user, now=timezone.now())
    except moderation.AlreadyDecided as earlier:
        # Only its words can have changed: whatever its state, it can be erased.
        said = _("Nothing was erased: its writer changed the words meanwhile. Please read it again.")
        messages.warning(request, said if earlier.state else earlier_decision(earlier, request.user))
        return redirect(address)
    messages.success(request, _("The comment is erased for good."))
    following = public_id_in(request.POST.get("next", ""))
    return redirect(address + (f"#comment-{following}" if following else ""))
