"""What the buttons of the moderators' queue do; each leads back to the place that it was pressed in.

Works with scripts off. Must not change a row itself: ``moderation``, ``editors`` and ``reports`` do, and
check permission again.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from nashra.readers import canned, editors, holding, moderation, reports
from nashra.readers.answer_views import offer_again
from nashra.readers.door import for_moderators
from nashra.readers.models import Comment, CommentState
from nashra.readers.queue_place import Place, public_id_in, version_in

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A button that somebody pressed beside a comment; ``sent`` are the fields of its form."""

    public_id: str
    moderator: AbstractBaseUser
    now: datetime.datetime
    sent: Mapping[str, str]

    @property
    def version(self) -> int:
        """Of which wording they spoke."""
        return version_in(self.sent.get("version", ""))

    @property
    def held_until(self) -> datetime.datetime:
        """Until when it can be undone."""
        return holding.held_until(self.now)

    @property
    def chosen(self) -> dict[str, object]:
        """What every verb asks for."""
        return {"public_id": self.public_id, "moderator": self.moderator, "now": self.now}


def _approve(pressed: Pressed) -> str:
    moderation.approve(**pressed.chosen, version=pressed.version, held_until=pressed.held_until)
    # The list of what was decided just now says the rest.
    return ""


def _reject(pressed: Pressed) -> str:
    told = pressed.sent.get("told", "")
    canned.require_listed_for(pressed.public_id, told)
    if pressed.sent.get("from_state") == CommentState.APPROVED:
        moderation.take_off(**pressed.chosen, version=pressed.version, told=told)
        return _("The comment is taken off its page and rejected.")
    moderation.reject(**pressed.chosen, version=pressed.version, told=told, held_until=pressed.held_until)
    return ""


def _reopen(pressed: Pressed) -> str:
    moderation.reopen(**pressed.chosen, from_state=pressed.sent.get("from_state", ""))
    return _("The comment waits again.")


def _pick(pressed: Pressed) -> str:
    editors.pick(**pressed.chosen, is_pick=True)
    return _("The comment is an editor’s pick.")


def _unpick(pressed: Pressed) -> str:
    editors.pick(**pressed.chosen, is_pick=False)
    return _("The comment is a pick no longer.")


def _keep(pressed: Pressed) -> str:
    reports.keep(**pressed.chosen)
    return _("The comment stays where it stands, and its reports are forgotten.")


_VERBS: Mapping[str, Callable[[Pressed], str]] = {
    "approve": _approve,
    "reject": _reject,
    "reopen": _reopen,
    "pick": _pick,
    "unpick": _unpick,
    "keep": _keep,
}


@require_POST
@for_moderators
def decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Carry out the button that was pressed beside a comment, and go on to the next one."""
    verb = _VERBS.get(request.POST.get("verb", ""))
    if verb is None:
        return HttpResponseBadRequest(_("There is no such button."), content_type="text/plain")
    pressed = Pressed(
        public_id=public_id, moderator=request.user, now=timezone.now(), sent=request.POST.dict()
    )
    address = Place.of(request.POST).address()
    try:
        said = verb(pressed)
    except moderation.AlreadyDecided as earlier:
        messages.warning(request, earlier_decision(earlier, request.user))
    except canned.NotListed:
        messages.warning(request, _("Nothing was done: this reason is not on the list. Choose another."))
    else:
        if said:
            messages.success(request, said)
        following = public_id_in(request.POST.get("next", ""))
        return redirect(address + (f"#comment-{following}" if following else ""))
    # What went wrong is said above the list.
    return redirect(address)


@require_POST
@for_moderators
def undo(request: HttpRequest) -> HttpResponse:
    """Take back decisions that are still held: the one whose button was pressed, or all of the list."""
    one = request.POST.get("one", "")
    wanted = [one] if one else request.POST.getlist("every")[:MOST_AT_ONCE]
    place = Place.of(request.POST)
    answer = Comment.objects.filter(public_id=public_id_in(one), is_staff=True).first() if one else None
    undone = [each for each in map(public_id_in, wanted) if each and _undo(request, each)]
    if answer is not None and undone:
        # What an editor wrote is not lost with the row: it stands in the form again.
        return offer_again(request, answer, place)
    if not undone:
        return redirect(place.address())
    if len(undone) > 1:
        said = ngettext(
            "%(number)d decision is taken back.", "%(number)d decisions are taken back.", len(undone)
        )
        messages.success(request, said % {"number": len(undone)})
        return redirect(place.address())
    messages.success(request, _("The decision is taken back: the comment waits again."))
    return redirect(f"{place.address()}#comment-{undone[0]}")


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
    return redirect(Place.of(request.POST).address())


def earlier_decision(earlier: moderation.AlreadyDecided, moderator: AbstractBaseUser) -> str:
    """Why nothing was done, and who was first."""
    if not earlier.state:
        return _("Nothing was done: this comment has been erased.")
    if earlier.state == CommentState.WAITING:
        return _(
            "Nothing was done: the comment waits again, or its writer changed the words meanwhile. "
            "Please read it again."
        )
    state = CommentState(earlier.state).label
    if not earlier.decided_by:
        return _("Nothing was done. How the comment stands by now: %(state)s.") % {"state": state}
    if earlier.decided_by == moderator.get_username():
        return _("Nothing was done: you had decided already. How the comment stands: %(state)s.") % {
            "state": state
        }
    return _("Nothing was done: %(name)s was first. How the comment stands: %(state)s.") % {
        "name": earlier.decided_by,
        "state": state,
    }


def _undo(request: HttpRequest, public_id: str) -> bool:
    try:
        moderation.undo(public_id=public_id, moderator=request.user, now=timezone.now())
    except moderation.TooLate:
        messages.warning(
            request,
            _(
                "It is too late to undo this: the decision has been carried out. "
                "In its list, “Let it wait again” takes it back."
            ),
        )
    except moderation.AlreadyDecided as earlier:
        messages.warning(request, earlier_decision(earlier, request.user))
    else:
        return True
    return False
