"""The newsroom in Wagtail's admin: its menu, its forms for people, places and topics, and its refusals."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin import messages as buttons
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.log_actions import LogFormatter
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from nashra.desk.accounts import refuse_power_over_superusers
from nashra.desk.models import Person, Place, Story, Topic
from nashra.desk.tombstones import BURY_STORY
from nashra.desk.withdrawals import WithdrawalsView

_NAMES_HELP = "Add the name in each other language that you publish in."
# Wagtail's own news and guide: links to another host, and about Wagtail rather than the newsroom.
_FOREIGN_HELP = ("editor-guide", "whats-new-in-wagtail")


class PersonViewSet(SnippetViewSet):
    """People: bylines and their own pages."""

    model = Person
    icon = "user"
    menu_order = 100
    list_display = ["name", "slug", "name_withheld"]
    list_filter = ["name_withheld"]
    panels = [
        FieldPanel("name"),
        FieldPanel("name_withheld"),
        FieldPanel("slug"),
        FieldPanel("biography"),
        FieldPanel("portrait"),
        InlinePanel(
            "translations",
            heading="In other languages",
            label="Language",
            help_text=_NAMES_HELP,
            panels=[FieldPanel("language"), FieldPanel("name"), FieldPanel("biography")],
        ),
    ]


class PlaceViewSet(SnippetViewSet):
    """Places: where stories were written."""

    model = Place
    icon = "site"
    menu_order = 200
    list_display = ["name", "slug"]
    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        InlinePanel("translations", heading="In other languages", label="Language", help_text=_NAMES_HELP),
    ]


class TopicViewSet(SnippetViewSet):
    """Topics: what stories are about."""

    model = Topic
    icon = "tag"
    menu_order = 300
    list_display = ["name", "slug"]
    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        InlinePanel("translations", heading="In other languages", label="Language", help_text=_NAMES_HELP),
    ]


class NewsroomViewSetGroup(SnippetViewSetGroup):
    """All that stories name, in one menu."""

    items = (PersonViewSet, PlaceViewSet, TopicViewSet)
    menu_label = "Newsroom"
    menu_name = "newsroom"
    menu_icon = "group"
    menu_order = 200
    add_to_admin_menu = True


register_snippet(NewsroomViewSetGroup)


@hooks.register("construct_help_menu")
def keep_help_at_home(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """The help menu leads to no other host."""
    menu_items[:] = [item for item in menu_items if not item.name.startswith(_FOREIGN_HELP)]


@hooks.register("construct_main_menu")
def call_them_photos(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """The newsroom's word for what Wagtail calls images."""
    for item in menu_items:
        if item.name == "images":
            item.label = "Photos"


@hooks.register("before_copy_page")
def refuse_alias(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A story stands in one place; a second address would be a second page that nobody presses."""
    if request.method == "POST" and request.POST.get("alias"):
        messages.error(request, "A story has one address. Copy it without “alias”, or link to it.")
        return redirect("wagtailadmin_pages:copy", page.pk)
    return None


@hooks.register("before_delete_snippet")
def keep_bylines(request: HttpRequest, instances: list[Any]) -> HttpResponse | None:
    """Nobody vanishes from a published byline by a deletion: that is what withholding is for."""
    people = [instance for instance in instances if isinstance(instance, Person)]
    signed = Story.objects.live().filter(authors__person__in=people).distinct().count()
    if not signed or request.method != "POST":
        return None
    names = ", ".join(person.name for person in people)
    stories = "a published story" if signed == 1 else f"{signed} published stories"
    messages.error(
        request, f"{names}: the byline of {stories}. Tick “Withhold the name”, or change the bylines first."
    )
    return redirect(PersonViewSet(model=Person).get_url_name("list"))


@hooks.register("before_bulk_action")
def keep_superusers(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> None:
    """No action on many accounts at once reaches further than the form for one."""
    if action.model is get_user_model():
        refuse_power_over_superusers(request, objects)


class WithdrawalsMenuItem(MenuItem):
    """Shown to those who may have a story forgotten."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Editors and administrators."""
        return bool(request.user.has_perm(BURY_STORY))


@hooks.register("register_admin_urls")
def register_withdrawals_url() -> list[URLPattern]:
    """The page of withdrawn stories."""
    return [path("withdrawals/", WithdrawalsView.as_view(), name="withdrawals")]


@hooks.register("register_reports_menu_item")
def register_withdrawals_menu_item() -> MenuItem:
    """Among the reports."""
    return WithdrawalsMenuItem("Withdrawals", reverse("withdrawals"), icon_name="bin", order=910)


@hooks.register("register_permissions")
def offer_burying() -> QuerySet[Permission]:
    """The right stands in the form for groups: a newsroom that is older than it gives it there."""
    return Permission.objects.filter(content_type__app_label="desk", codename="bury_story")


@hooks.register("after_unpublish_page")
def tell_of_tombstones(request: HttpRequest, page: Page) -> None:
    """Whoever withdraws a story learns what that does not reach, and where to go on."""
    if isinstance(page.specific, Story) and request.user.has_perm(BURY_STORY):
        buttons.info(
            request,
            "What readers carry already stays with them. If that must not be, ask that it be forgotten.",
            buttons=[buttons.button(reverse("withdrawals"), "Withdrawals")],
        )


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    """What a page's history may say besides Wagtail's own entries."""
    actions.register_action("nashra.schedule.failed")(ScheduleFailed)
    for action, label, sentence in _TOMBSTONE_ACTIONS:
        actions.register_action(action, label, sentence)


_TOMBSTONE_ACTIONS = (
    ("nashra.tombstone.asked", "Forgetting asked", "Asked that readers' devices forget the story"),
    (
        "nashra.tombstone.confirmed",
        "Forgetting confirmed",
        "Confirmed that readers' devices forget the story",
    ),
    (
        "nashra.tombstone.taken-back",
        "Forgetting taken back",
        "Took back that readers' devices forget the story",
    ),
)


class ScheduleFailed(LogFormatter):
    """Why a page did not appear at its time."""

    label = "Could not be published on time"

    def format_message(self, log_entry: Any) -> str:
        """The sentence in the page's history."""
        reason = log_entry.data.get("reason", "")
        return f"Could not be published on time, and was taken off the schedule: {reason}"
