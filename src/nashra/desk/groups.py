"""The four groups of a newsroom, each with the rights that its name says.

Run as often as one likes: it adds what is missing and leaves alone what an administrator changed
besides. Must not know users.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

REPORTER = "reporter"
EDITOR = "editor"
MODERATOR = "moderator"
ADMINISTRATOR = "administrator"
GROUPS = (REPORTER, EDITOR, MODERATOR, ADMINISTRATOR)

_APPROVAL = "Approval by an editor"
_ENTER = ["wagtailadmin.access_admin"]
_SEE_NEWSROOM = ["desk.view_person", "desk.view_place", "desk.view_topic"]
_KEEP = ("add", "change", "delete", "view")
_KEEP_NEWSROOM = [f"desk.{verb}_{noun}" for noun in ("person", "place", "topic") for verb in _KEEP]
_EDIT = [
    *_ENTER,
    *_KEEP_NEWSROOM,
    "desk.bury_story",
    "desk.moderate_comments",
    "press.see_pressrun",
    "simple_translation.submit_translation",
]
_RIGHTS = {
    REPORTER: [*_ENTER, *_SEE_NEWSROOM],
    EDITOR: _EDIT,
    MODERATOR: [*_ENTER, "desk.moderate_comments"],
    ADMINISTRATOR: [
        *_EDIT,
        "mirrors.see_mirrors",
        *(f"auth.{verb}_user" for verb in _KEEP),
        *(f"desk.{verb}_{noun}" for noun in ("publication", "section") for verb in _KEEP),
        *(f"wagtailcore.{verb}_locale" for verb in _KEEP),
    ],
}
_ALL_OF_A_PAGE = ("add", "change", "publish", "bulk_delete", "lock", "unlock")
# A reporter's "add" lets them write, and edit what they own; only "publish" brings it to readers.
_PAGE_RIGHTS = {REPORTER: ("add",), EDITOR: _ALL_OF_A_PAGE, ADMINISTRATOR: _ALL_OF_A_PAGE}
# Wagtail asks for the rights over its own image model, whatever model takes its place.
_KEEP_PHOTOS = ("add_image", "change_image", "delete_image", "choose_image")
_PHOTO_RIGHTS = {REPORTER: ("add_image", "choose_image"), EDITOR: _KEEP_PHOTOS, ADMINISTRATOR: _KEEP_PHOTOS}


@transaction.atomic
def ensure_groups() -> None:
    """Make the groups and give them their rights; Wagtail's own two leave when nobody is in them.

    Raises:
        LookupError: a right is unknown, because the tables were not brought up to date.
    """
    for name in GROUPS:
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.add(*_permissions(_RIGHTS[name]))
    _ensure_photo_rights()
    # Administrators reach the whole tree, and so can found a publication; others come by publication.
    _grant(ADMINISTRATOR, Page.get_first_root_node())
    _ensure_approval()
    Group.objects.filter(name__in=("Editors", "Moderators"), user=None).delete()


def grant_page_rights(page: Page) -> None:
    """Let reporters and editors work below a publication."""
    for name in (REPORTER, EDITOR):
        _grant(name, page)


def _grant(group_name: str, page: Page) -> None:
    group = Group.objects.filter(name=group_name).first()
    if group is None:
        return
    codenames = [f"{right}_page" for right in _PAGE_RIGHTS[group_name]]
    for permission in Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=codenames, content_type__model="page"
    ):
        GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)


def _ensure_photo_rights() -> None:
    collection = Collection.get_first_root_node() or Collection.add_root(name="Root")
    for name, codenames in _PHOTO_RIGHTS.items():
        group = Group.objects.get(name=name)
        for permission in _permissions(f"wagtailimages.{codename}" for codename in codenames):
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=collection, permission=permission
            )


def _permissions(rights: Iterable[str]) -> list[Permission]:
    wanted = {tuple(right.split(".")) for right in rights}
    either = Q()
    for app_label, codename in wanted:
        either |= Q(content_type__app_label=app_label, codename=codename)
    found = list(Permission.objects.filter(either).select_related("content_type"))
    missing = wanted - {(permission.content_type.app_label, permission.codename) for permission in found}
    if missing:
        names = ", ".join(sorted(".".join(right) for right in missing))
        raise LookupError(f"The database knows no right {names}. Run `nashra manage migrate` first.")
    return found


def _ensure_approval() -> None:
    """What a reporter hands in waits for an editor's word."""
    root = Page.get_first_root_node()
    task, _created = GroupApprovalTask.objects.get_or_create(name=_APPROVAL, defaults={"active": True})
    task.groups.add(*Group.objects.filter(name__in=(EDITOR, ADMINISTRATOR)))
    workflow, _created = Workflow.objects.get_or_create(name=_APPROVAL, defaults={"active": True})
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task.task_ptr, defaults={"sort_order": 0})
    WorkflowPage.objects.update_or_create(page=root, defaults={"workflow": workflow})
    Workflow.objects.filter(name="Moderators approval", workflow_states=None).delete()
    GroupApprovalTask.objects.filter(name="Moderators approval", task_states=None).delete()
