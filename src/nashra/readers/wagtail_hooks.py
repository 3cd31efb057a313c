"""Puts the moderators' queue into Wagtail's admin: its addresses and its place in the menu."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from nashra.readers import moderation_views
from nashra.readers.models import Comment, CommentState
from nashra.readers.moderation import may_moderate


class CommentsMenuItem(MenuItem):
    """ "Comments", with how many wait, for those who may decide."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person moderates."""
        return may_moderate(request.user)

    def render_component(self, request: HttpRequest) -> Any:
        """The menu's entry, counted anew for each page."""
        component = super().render_component(request)
        waiting = _waiting()
        if waiting:
            component.label = gettext("Comments (%(number)d)") % {"number": waiting}
        return component


def _waiting() -> int:
    try:
        return Comment.objects.filter(state=CommentState.WAITING).count()
    except DatabaseError:
        # The desk goes on without the readers' database; the queue itself will say what is wrong.
        return 0


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    """The queue and its buttons."""
    return [
        path("comments/", moderation_views.queue, name="readers_queue"),
        path("comments/totals/<slug:public_id>/release/", moderation_views.release, name="readers_release"),
        path("comments/<slug:public_id>/", moderation_views.decide, name="readers_decide"),
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
