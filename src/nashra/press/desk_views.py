"""The desk's page about the press: its last runs, and what is waiting.

Only shows; what the press does is decided in ``run``.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.auth import PermissionPolicyChecker
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permission_policies import ModelPermissionPolicy

from nashra.press.gather.changes import count_waiting
from nashra.press.models import PressRun
from nashra.press.run import needs_full_press

RUNS_SHOWN = 50

press_policy = ModelPermissionPolicy(PressRun)
press_policy_checker = PermissionPolicyChecker(press_policy)


class PressRunsView(WagtailAdminTemplateMixin, TemplateView):
    """The last runs of the press, newest first, and whether anything waits."""

    page_title = _("Press")
    header_icon = "doc-full-inverse"
    template_name = "press/runs.html"
    _show_breadcrumbs = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Runs with their error, what waits, and why everything must be pressed, if it must."""
        return super().get_context_data(
            runs=PressRun.objects.all()[:RUNS_SHOWN],
            waiting=count_waiting(timezone.now()),
            full_press_due=needs_full_press(),
            **kwargs,
        )
