"""The mirrors in the desk's menu."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from nashra.mirrors.desk_views import SEE_MIRRORS, MirrorsView


class MirrorsMenuItem(MenuItem):
    """Shown to those who may see how the mirrors are."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Administrators."""
        return bool(request.user.has_perm(SEE_MIRRORS))


@hooks.register("register_admin_urls")
def register_mirrors_url() -> list[URLPattern]:
    """The page."""
    return [path("mirrors/", MirrorsView.as_view(), name="mirrors")]


@hooks.register("register_permissions")
def offer_seeing() -> QuerySet[Permission]:
    """The right stands in the form for groups: a newsroom that is older than it gives it there."""
    return Permission.objects.filter(content_type__app_label="mirrors", codename="see_mirrors")


@hooks.register("register_reports_menu_item")
def register_mirrors_menu_item() -> MenuItem:
    """Among the reports."""
    return MirrorsMenuItem(_("Mirrors"), reverse("mirrors"), icon_name="globe", order=920)
