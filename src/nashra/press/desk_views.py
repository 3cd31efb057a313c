"""The desk's page about the press: its last runs, and what is waiting.

Only shows; what the press does is decided in ``run``.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from nashra.press.gather.changes import count_waiting
from nashra.press.models import Overdue, PressRun
from nashra.press.run import needs_full_press

RUNS_SHOWN = 50

SEE_PRESS = "press.see_pressrun"


class PressRunsView(PermissionRequiredMixin, WagtailAdminTemplateMixin, TemplateView):
    """The last runs of the press, newest first, and whether anything waits."""

    permission_required = SEE_PRESS
    raise_exception = True
    page_title = _("Press")
    header_icon = "doc-full-inverse"
    template_name = "press/runs.html"
    _show_breadcrumbs = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Runs with their error, what waits, and why everything must be pressed, if it must."""
        return super().get_context_data(
            overdue=Overdue.objects.order_by("public_id"),
            runs=PressRun.objects.all()[:RUNS_SHOWN],
            waiting=count_waiting(timezone.now()),
            full_press_due=needs_full_press(),
            **kwargs,
        )
