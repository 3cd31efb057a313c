"""The press in the desk's menu."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from nashra.press.desk_views import SEE_PRESS, PressRunsView


class PressMenuItem(MenuItem):
    """Shown to those who may see what the press did."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Editors and administrators."""
        return bool(request.user.has_perm(SEE_PRESS))


@hooks.register("register_admin_urls")
def register_press_urls() -> list[URLPattern]:
    """One page."""
    view = PressRunsView.as_view()
    return [path("press/", view, name="press_runs")]


@hooks.register("register_reports_menu_item")
def register_press_menu_item() -> MenuItem:
    """Among the reports."""
    return PressMenuItem(_("Press"), reverse("press_runs"), icon_name="doc-full-inverse", order=900)
