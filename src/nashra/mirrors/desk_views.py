"""The desk's page of mirrors: whether each answers, what it carries, and what last went wrong with it.

Where a mirror is filled from, and the address of one that is not listed, stand here for nobody: an account
that was taken must not give them away. Must not send an edition.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from nashra.binding.folders import EditionFolder
from nashra.edition.index import BadIndex, Edition
from nashra.mirrors.health import Looking, look_at_all, own_roots
from nashra.mirrors.models import Mirror, MirrorHealth, MirrorPush
from nashra.mirrors.records import note_look

SEE_MIRRORS = "mirrors.see_mirrors"
# Somebody waits for the answer; the command line has more patience.
LOOK_LIMIT_S = 15.0


@dataclass(frozen=True, slots=True)
class MirrorRow:
    """A mirror as the list shows it; ``health`` and ``push`` are the last of each, if there was any.

    ``condition`` is good, behind, bad, away or unknown.
    """

    mirror: Mirror
    health: MirrorHealth | None
    push: MirrorPush | None
    condition: str
    lag: str
    problem: str

    @property
    def stands_out(self) -> bool:
        """Whether somebody should look after it."""
        return self.condition in {"bad", "away"} or bool(self.push and self.push.error)


class MirrorsView(PermissionRequiredMixin, WagtailAdminTemplateMixin, TemplateView):
    """How the mirrors are, as far as they were asked."""

    permission_required = SEE_MIRRORS
    raise_exception = True
    page_title = _("Mirrors")
    header_icon = "globe"
    template_name = "mirrors/mirrors.html"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, and this page."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """All that the page shows."""
        edition = own_edition()
        return super().get_context_data(edition=edition, rows=list(_rows(edition)), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask all mirrors how they are, and show the page again."""
        edition = own_edition()
        if edition is None:
            messages.error(request, text("There is no edition yet: nothing could be compared."))
            return redirect("mirrors")
        mirrors = {each.name: each for each in Mirror.objects.exclude(public_url="")}
        looking = Looking(
            own_roots(settings.NASHRA_EDITION_FOLDER),
            timezone.now,
            random.SystemRandom(),
            limit_s=LOOK_LIMIT_S,
        )
        for look in look_at_all([(each.name, each.public_url) for each in mirrors.values()], looking):
            note_look(mirrors[look.name], look, our_number=edition.number)
        return redirect("mirrors")


def own_edition() -> Edition | None:
    """The edition that lies here, if a whole one does."""
    folder = settings.NASHRA_EDITION_FOLDER
    try:
        return EditionFolder(folder, folder.with_name(f"{folder.name}.next")).edition()
    except (BadIndex, OSError):
        return None


def _rows(edition: Edition | None) -> Iterator[MirrorRow]:
    for mirror in Mirror.objects.all():
        health, push = mirror.looks.first(), mirror.pushes.first()
        number = health.edition_number if health else None
        # What lies here may have become newer since the mirror was asked.
        lag = max(0, edition.number - number) if edition and number else 0
        yield MirrorRow(
            mirror=mirror,
            health=health,
            push=push,
            condition=_condition(health, lag),
            lag=ngettext("%(count)d edition behind ours", "%(count)d editions behind ours", lag)
            % {"count": lag}
            if lag
            else "",
            problem=health.problem if health else "",
        )


def _condition(health: MirrorHealth | None, lag: int) -> str:
    if health is None or health.is_reachable is None:
        return "unknown"
    if not health.is_reachable:
        return "away"
    if not health.is_intact:
        return "bad"
    return "behind" if lag else "good"
