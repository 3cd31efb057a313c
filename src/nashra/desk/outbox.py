"""Notes changes that pass our models' ``save`` by: moves, expiry, privacy, and deletions of all kinds.

Wagtail moves and expires pages as plain ``Page`` instances, and deletes whole branches with one query;
Django's signals are sent for each row of it, inside the same transaction.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_delete, post_save, pre_delete
from wagtail.models import Page, PageViewRestriction

from nashra.desk.models import Change, Person, Photo, Place, Publication, Section, Story, Topic
from nashra.desk.models.addressed import reaches_readers


def connect() -> None:
    """Connect the signals; called once when the app starts."""
    post_save.connect(note_plain_page, sender=Page, dispatch_uid="nashra.desk.plain-page")
    for signal in (post_save, post_delete):
        signal.connect(note_privacy, sender=PageViewRestriction, dispatch_uid="nashra.desk.privacy")
    pre_delete.connect(note_removed_story, sender=Story, dispatch_uid="nashra.desk.story")
    for model in (Publication, Section):
        pre_delete.connect(note_removed_frame, sender=model, dispatch_uid=f"nashra.desk.{model.__name__}")
    for model in (Person, Photo, Place, Topic):
        pre_delete.connect(note_removed_thing, sender=model, dispatch_uid=f"nashra.desk.{model.__name__}")


def note_plain_page(instance: Page, raw: bool = False, update_fields: Any = None, **kwargs: Any) -> None:
    """A page was saved as a plain ``Page``: it moved, or its time was up."""
    if raw or kwargs.get("created") or not reaches_readers(update_fields):
        return
    _note_page(instance)


def note_privacy(instance: PageViewRestriction, raw: bool = False, **kwargs: Any) -> None:
    """A page was made private, or public again: it leaves the readers' site, or comes back."""
    page = None if raw else Page.objects.filter(pk=instance.page_id).first()
    if page is None:
        return
    if page.specific_class in {Story, Section, Publication}:
        _note_page(page)
    else:
        # Whatever lies above the publications takes all of them along.
        Change.note(Change.Kind.PUBLICATION, page.pk)


def _note_page(page: Page) -> None:
    match page.specific_class:
        case model if model is Story:
            found = Story.objects.filter(pk=page.pk).values_list("public_id", flat=True)
            if page.live or page.first_published_at:
                Change.note(Change.Kind.STORY, found.get())
        case model if model is Section:
            Change.note(Change.Kind.SECTION, page.pk)
        case model if model is Publication:
            Change.note(Change.Kind.PUBLICATION, page.pk)


def note_removed_story(instance: Story, **kwargs: Any) -> None:
    """A story is about to be deleted."""
    Change.note(Change.Kind.STORY_REMOVED, instance.public_id)


def note_removed_frame(instance: Publication | Section, **kwargs: Any) -> None:
    """A publication or section is about to be deleted; its stories are noted one by one."""
    kind = Change.Kind.SECTION if isinstance(instance, Section) else Change.Kind.PUBLICATION
    Change.note(kind, instance.pk)


def note_removed_thing(instance: Person | Photo | Place | Topic, **kwargs: Any) -> None:
    """A person, photo, place or topic is about to be deleted: what names it changes with it."""
    with transaction.atomic():
        if isinstance(instance, Photo):
            Change.note(Change.Kind.PHOTO, instance.pk)
            for pk in Person.objects.filter(portrait=instance).values_list("pk", flat=True):
                Change.note(Change.Kind.PERSON, pk)
        else:
            Change.note(instance.change_kind, instance.pk)
        Change.note_stories(stories_naming(instance))


def stories_naming(instance: Person | Photo | Place | Topic) -> set[str]:
    """The public ids of the published stories that name something.

    Asked of the stories themselves: Wagtail's reference index is brought up to date after the commit,
    by a task that may not have run.
    """
    match instance:
        case Person():
            names = Q(authors__person=instance)
        case Place():
            names = Q(dateline_place=instance)
        case Topic():
            names = Q(topics=instance)
        case _:
            names = Q(lead_photo=instance) | Q(body_html__contains=f'<nashra-photo id="{instance.public_id}"')
    return set(Story.objects.live().filter(names).values_list("public_id", flat=True))
