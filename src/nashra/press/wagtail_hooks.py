"""The press in the desk's menu, and on its home page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from nashra.press.desk_views import SEE_PRESS, PressNewsView, PressPanel, PressRunsView


class PressMenuItem(MenuItem):
    """Shown to those who may see what the press did."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Editors and administrators."""
        return bool(request.user.has_perm(SEE_PRESS))


@hooks.register("register_admin_urls")
def register_press_urls() -> list[URLPattern]:
    """The page, and what brings it up to date."""
    return [
        path("press/", PressRunsView.as_view(), name="press_runs"),
        path("press/news/", PressNewsView.as_view(), name="press_news"),
    ]


@hooks.register("register_reports_menu_item")
def register_press_menu_item() -> MenuItem:
    """Among the reports."""
    return PressMenuItem(_("Press"), reverse("press_runs"), icon_name="doc-full-inverse", order=900)


@hooks.register("construct_homepage_panels")
def add_press_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Whether the press is well, for those who may see it."""
    if request.user.has_perm(SEE_PRESS):
        panels.append(PressPanel())
