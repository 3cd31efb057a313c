"""Puts the moderators' queue into Wagtail's admin: addresses, menu and a line on the home page."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from nashra.readers import (
    answer_views,
    bulk_views,
    decision_views,
    erasing_views,
    history_views,
    queue_views,
    reason_views,
)
from nashra.readers.models import Comment
from nashra.readers.moderation import may_moderate


class CommentsMenuItem(MenuItem):
    """ "Comments", with how many are to be decided, for those who may decide."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person moderates."""
        return may_moderate(request.user)

    def render_component(self, request: HttpRequest) -> Any:
        """The menu's entry, counted anew for each page."""
        component = super().render_component(request)
        component.label = _label()
        return component


class CommentsPanel(Component):
    """A line on the desk's home page, which leads to the queue with scripts off too."""

    name = "comments"
    template_name = "readers/home_panel.html"
    order = 80

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """What the menu says as well."""
        return {"label": _label()}


def _label() -> str:
    """ "Comments", with their number where any are to be decided."""
    number = _to_decide()
    return gettext("Comments (%(number)d)") % {"number": number} if number else gettext("Comments")


def _to_decide() -> int:
    try:
        return Comment.objects.filter(queue_views.TO_DECIDE).count()
    except DatabaseError:
        # The desk goes on without the readers' database; the queue itself will say what is wrong.
        return 0


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    """The queue, its buttons, and the pages beside it."""
    one = "comments/<slug:public_id>/"
    return [
        path("comments/", queue_views.queue, name="readers_queue"),
        path("comments/undo/", decision_views.undo, name="readers_undo"),
        path("comments/chosen/", bulk_views.second_look, name="readers_chosen"),
        path("comments/chosen/decide/", bulk_views.decide_chosen, name="readers_decide_chosen"),
        path("comments/reasons/", reason_views.reasons, name="readers_reasons"),
        path("comments/reasons/<slug:language>/", reason_views.keep_reasons, name="readers_keep_reasons"),
        path("comments/log/", history_views.log, name="readers_log"),
        path("comments/totals/<slug:public_id>/release/", decision_views.release, name="readers_release"),
        path(f"{one}answer/", answer_views.answer, name="readers_answer"),
        path(f"{one}erase/", erasing_views.erase, name="readers_erase"),
        path(f"{one}history/", history_views.history, name="readers_history"),
        path(one, decision_views.decide, name="readers_decide"),
    ]


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    """The queue's place in the menu, after pages and pictures."""
    return CommentsMenuItem(
        gettext_lazy("Comments"),
        reverse("readers_queue"),
        name="readers-comments",
        icon_name="comment",
        order=250,
    )


@hooks.register("construct_homepage_panels")
def add_comments_panel(request: HttpRequest, panels: list[Any]) -> None:
    """The way to the queue, for those who may decide."""
    if may_moderate(request.user):
        panels.append(CommentsPanel())
