"""The desk's verbs for those who have no browser: intake, the demo, the press and the command line.

Each is one transaction. Where a ``user`` is given, their rights are those that they have in the
browser; without one the newsroom itself acts. What Wagtail can do is left to Wagtail.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from nashra.desk import photographs
from nashra.desk.founding import create_newsroom, create_section, create_user, first_administrator
from nashra.desk.models import Person, Photo, Section, Story, StoryAuthor, Topic

__all__ = [
    "add_photo",
    "create_newsroom",
    "create_section",
    "create_user",
    "first_administrator",
    "publish_story",
    "run_due",
    "schedule_story",
    "withdraw_story",
    "write_story",
]

logger = logging.getLogger("nashra.desk")


@transaction.atomic
def write_story(
    *,
    section: Section,
    headline: str,
    authors: Sequence[Person] = (),
    body: Sequence[tuple[str, Any]] = (),
    topics: Sequence[Topic] = (),
    translation_of: Story | None = None,
    user: Any = None,
    **fields: Any,
) -> Story:
    """Write a draft, with its first revision; ``user`` owns it.

    ``body`` holds (block, value) pairs as in ``blocks.BodyBlock``; a paragraph's value is HTML.
    ``fields`` are the story's others: slug, standfirst, dateline_place, lead_photo, lead_caption,
    lead_credit, notes, comments_enabled.

    Raises:
        ValidationError: a field is wrong; its sentences say how.
        PermissionDenied: the user may not write in this section.
    """
    _require(user, section, "can_add_subpage", "write in this section")
    state = {"owner": user, "live": False, "has_unpublished_changes": True}
    story = Story(title=headline, body=list(body), **fields, **state)
    if translation_of is not None:
        story.translation_key = translation_of.translation_key
    # Before the story is stored, so that its first revision knows the bylines' keys.
    story.authors = [StoryAuthor(person=person, sort_order=place) for place, person in enumerate(authors)]
    story.topics = list(topics)
    # A section taken long ago does not know how many stories it has by now.
    Section.objects.get(pk=section.pk).add_child(instance=story)
    story.save_revision(user=user)
    return story


@transaction.atomic
def publish_story(
    *,
    story: Story,
    user: Any = None,
    published_at: datetime.datetime | None = None,
    updated_at: datetime.datetime | None = None,
) -> Story:
    """Bring a story's latest revision to readers.

    ``published_at`` and ``updated_at`` are for stories that appeared elsewhere before.

    Raises:
        ValidationError: the story cannot stand as it is.
        PermissionDenied: the user may not publish.
    """
    story = Story.objects.get(pk=story.pk)
    _require(user, story, "can_publish", "publish this story")
    draft = story.get_latest_revision_as_object()
    if published_at is not None:
        draft.first_published_at = published_at
    if published_at is not None or story.latest_revision is None:
        draft.save_revision(user=user)
        story = Story.objects.get(pk=story.pk)
    story.latest_revision.publish(user=user)
    if published_at is not None:
        Story.objects.filter(pk=story.pk).update(last_published_at=updated_at or published_at)
    return Story.objects.get(pk=story.pk)


@transaction.atomic
def schedule_story(*, story: Story, go_live_at: datetime.datetime, user: Any = None) -> Story:
    """Have a story published at a time to come; ``run_due`` does it then.

    Raises:
        PermissionDenied: the user may not publish.
    """
    story = Story.objects.get(pk=story.pk)
    _require(user, story, "can_publish", "publish this story")
    draft = story.get_latest_revision_as_object()
    draft.go_live_at = go_live_at
    draft.save_revision(user=user).publish(user=user)
    return Story.objects.get(pk=story.pk)


@transaction.atomic
def withdraw_story(*, story: Story, user: Any = None) -> Story:
    """Take a story from readers; its address then says that it was withdrawn.

    Raises:
        PermissionDenied: the user may not publish, and so may not withdraw.
    """
    story = Story.objects.get(pk=story.pk)
    if story.live:
        _require(user, story, "can_unpublish", "withdraw this story")
        story.unpublish(user=user)
    return Story.objects.get(pk=story.pk)


def add_photo(
    *,
    content: bytes,
    file_name: str,
    alt_text: str,
    title: str = "",
    caption: str = "",
    credit_person: str = "",
    credit_agency: str = "",
    copyright_notice: str = "",
    user: Any = None,
) -> Photo:
    """Keep a picture and make the files that readers get.

    Raises:
        photographs.BadPicture: broken, too large, or no picture.
        ValidationError: a field is wrong, such as an alt text that is a file name.
    """
    photographs.open_picture(content)
    photo = Photo(
        title=title or file_name,
        alt_text=alt_text,
        caption=caption,
        credit_person=credit_person,
        credit_agency=credit_agency,
        copyright_notice=copyright_notice,
        uploaded_by_user=user,
        file=ContentFile(content, name=file_name),
    )
    photo._set_image_file_metadata()
    photo.full_clean()
    photo.save()
    return photo


def run_due(*, now: datetime.datetime) -> int:
    """Withdraw what has expired and publish what is due: Wagtail's ``publish_scheduled``, one by one.

    Returns how many pages it changed. Costs two queries over indexes when nothing is due, so that it
    may be called each second. What cannot be published is taken off the schedule, and the page's
    history says why, so that one bad story holds up no other.
    """
    expired = list(Page.objects.filter(live=True, expire_at__lte=now).order_by("expire_at"))
    due = list(Revision.objects.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at", "pk"))
    for page in expired:
        with transaction.atomic():
            page.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    for revision in due:
        _publish_due(revision)
    return len(expired) + len(due)


def _publish_due(revision: Revision) -> None:
    try:
        with transaction.atomic():
            revision.publish(log_action="wagtail.publish.scheduled")
    except ValidationError as error:
        with transaction.atomic():
            Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
            log(
                instance=revision.content_object,
                action="nashra.schedule.failed",
                data={"reason": " ".join(error.messages)},
                revision=revision,
            )
        # Its reason stands in the page's history; a log may be read by more people than a draft.
        logger.warning(
            "A scheduled page could not be published",
            extra={"event": "desk.schedule.failed", "page": revision.object_id},
        )


def _require(user: Any, page: Page, right: str, what: str) -> None:
    """The one place where a user's rights are asked."""
    if user is not None and not getattr(page.permissions_for_user(user), right)():
        raise PermissionDenied(f"{user.get_username()} may not {what}.")
