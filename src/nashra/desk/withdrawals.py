"""The desk's page of withdrawn stories: who asked that readers' devices forget one, and who confirms it.

Only shows, and calls ``tombstones``; must not decide who may do what.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from nashra.desk import tombstones
from nashra.desk.models import Story, Tombstone
from nashra.desk.tombstones import BURY_STORY, CARRIED_FOR, CannotBury

STORIES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A withdrawn story; ``waiting`` is what was asked of it, ``told_until`` how long editions tell of it."""

    story: Story
    waiting: Tombstone | None
    told_until: datetime.datetime | None
    may_confirm: bool


class WithdrawalsView(PermissionRequiredMixin, WagtailAdminTemplateMixin, TemplateView):
    """The withdrawn stories, those that wait for a second person first."""

    permission_required = BURY_STORY
    raise_exception = True
    page_title = _("Withdrawals")
    header_icon = "bin"
    template_name = "desk/withdrawals.html"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, and this page."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """All that the page shows."""
        now = timezone.now()
        page = Paginator(tombstones.withdrawn_stories(), STORIES_SHOWN).get_page(self.request.GET.get("p"))
        waiting = list(tombstones.waiting())
        asked = {each.story_id: each for each in waiting}
        told = dict(
            tombstones.carried(now)
            .filter(story__in=[story.pk for story in page])
            .values_list("story_id", "confirmed_at")
        )
        return super().get_context_data(
            waiting=[self._row(each.story, each, None) for each in waiting if each.story],
            rows=[self._row(story, asked.get(story.pk), told.get(story.pk)) for story in page],
            page=page,
            **kwargs,
        )

    def _row(self, story: Story, waiting: Tombstone | None, confirmed_at: datetime.datetime | None) -> Row:
        return Row(
            story=story,
            waiting=waiting,
            told_until=confirmed_at + CARRIED_FOR if confirmed_at else None,
            may_confirm=waiting is not None and waiting.asked_by_id not in {None, self.request.user.pk},
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask, confirm or take back, and show the page again."""
        try:
            for name, verb in _VERBS.items():
                if name in request.POST:
                    messages.success(request, verb(request, request.POST[name]))
        except CannotBury as error:
            messages.error(request, str(error))
        return redirect("withdrawals")


def _ask(request: HttpRequest, key: str) -> Any:
    tombstones.ask(_found(Story, key), user=request.user, now=timezone.now())
    return _("Asked. Readers' devices are told once a second person has confirmed it here.")


def _confirm(request: HttpRequest, key: str) -> Any:
    tombstones.confirm(_found(Tombstone, key), user=request.user, now=timezone.now())
    return _("Confirmed. From the next edition on, readers' devices are told to forget the story.")


def _take_back(request: HttpRequest, key: str) -> Any:
    tombstones.take_back(_found(Tombstone, key), user=request.user)
    return _("Taken back. No edition has told of it.")


def _found(model: Any, key: str) -> Any:
    return get_object_or_404(model, pk=key if key.isdecimal() and len(key) < 19 else 0)


_VERBS: dict[str, Callable[[HttpRequest, str], Any]] = {
    "ask": _ask,
    "confirm": _confirm,
    "take-back": _take_back,
}
