"""The desk's verbs over tombstones: one person asks that a withdrawn story be forgotten, another confirms it.

Each is one transaction and leaves a line in the story's history. Must not sign anything: the next edition
carries what stands here.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from wagtail.log_actions import log

from nashra.desk.models import Story, Tombstone
from nashra.edition.tombstones import story_hash, tombstones_bytes

BURY_STORY = "desk.bury_story"
# More than a year: a phone that lay in a drawer for so long still hears of it.
CARRIED_FOR = datetime.timedelta(days=400)


class CannotBury(ValueError):
    """A story cannot be marked as to be forgotten, or not by this person; the message says why."""


@transaction.atomic
def ask(story: Story, *, user: Any, now: datetime.datetime) -> Tombstone:
    """Ask that readers' devices forget a withdrawn story; nothing is told until somebody else confirms it.

    Raises:
        CannotBury: it is not withdrawn, or was asked for already.
        PermissionDenied: the user may not.
    """
    _require(user, story)
    story = Story.objects.get(pk=story.pk)
    if story.live or story.first_published_at is None:
        raise CannotBury("Only a story that was published and then withdrawn can be forgotten.")
    if carried(now).filter(story=story).exists():
        raise CannotBury("Readers' devices are being told to forget this story already.")
    # What was asked for before the story was published again is about another time.
    story.tombstones.filter(confirmed_at__isnull=True).exclude(_STILL_WITHDRAWN).delete()
    try:
        with transaction.atomic():
            asked = Tombstone.objects.create(
                story=story, story_hash=story_hash(story.public_id), asked_by=user, asked_at=now
            )
    except IntegrityError as error:
        raise CannotBury("Somebody has asked for this already: it waits for a second person.") from error
    log(instance=story, action="nashra.tombstone.asked", user=user)
    return asked


@transaction.atomic
def confirm(tombstone: Tombstone, *, user: Any, now: datetime.datetime) -> Tombstone:
    """Confirm what another person asked for: from the next edition on, readers' devices are told.

    Raises:
        CannotBury: the user asked for it, or nobody who is still here, or the story was published again.
        PermissionDenied: the user may not.
    """
    asked = Tombstone.objects.select_for_update().filter(pk=tombstone.pk, confirmed_at__isnull=True).first()
    if asked is None or asked.story is None:
        raise CannotBury("This was confirmed or taken back in the meantime.")
    _require(user, asked.story)
    if asked.asked_by_id is None:
        raise CannotBury("Whoever asked for this is no longer here: take it back, and ask anew.")
    if asked.asked_by_id == user.pk:
        raise CannotBury("You asked for this yourself: a second person must confirm it.")
    if not Tombstone.objects.filter(_STILL_WITHDRAWN, pk=asked.pk).exists():
        raise CannotBury("The story was published again: there is nothing to forget.")
    asked.confirmed_by, asked.confirmed_at = user, now
    asked.save(update_fields=["confirmed_by", "confirmed_at"])
    log(instance=asked.story, action="nashra.tombstone.confirmed", user=user)
    return asked


@transaction.atomic
def take_back(tombstone: Tombstone, *, user: Any) -> None:
    """Take back what was asked for and not confirmed.

    Raises:
        CannotBury: it was confirmed: editions that tell of it are with readers.
        PermissionDenied: the user may not.
    """
    asked = Tombstone.objects.select_for_update().filter(pk=tombstone.pk, confirmed_at__isnull=True).first()
    if asked is None:
        raise CannotBury("This was confirmed or taken back in the meantime.")
    _require(user, asked.story)
    asked.delete()
    if asked.story is not None:
        log(instance=asked.story, action="nashra.tombstone.taken-back", user=user)


def waiting() -> QuerySet[Tombstone]:
    """What was asked for and waits for a second person, the oldest first."""
    found = Tombstone.objects.filter(_STILL_WITHDRAWN, confirmed_at__isnull=True, story__isnull=False)
    return found.select_related("story", "asked_by").order_by("asked_at", "pk")


def carried(now: datetime.datetime) -> QuerySet[Tombstone]:
    """What an edition that is cut now tells: confirmed, not too old, and not published again."""
    return Tombstone.objects.filter(
        _STILL_WITHDRAWN, confirmed_at__isnull=False, confirmed_at__gt=now - CARRIED_FOR
    )


def tombstones_at(now: datetime.datetime) -> bytes:
    """``tombstones.json`` as an edition that is cut now is to sign it.

    Raises:
        BadTombstones: there are more than an edition can hold.
    """
    return tombstones_bytes(carried(now).values_list("story_hash", flat=True))


def withdrawn_stories() -> QuerySet[Story]:
    """All stories that readers had and have no more, those last published first."""
    found = Story.objects.filter(live=False, first_published_at__isnull=False)
    return found.order_by(F("last_published_at").desc(nulls_last=True), "-pk")


# A story that was published again must not be forgotten, and what two people said of it before is void.
_STILL_WITHDRAWN = Q(story__isnull=True) | (
    Q(story__live=False)
    & (Q(story__last_published_at__isnull=True) | Q(story__last_published_at__lte=F("asked_at")))
)


def _require(user: Any, story: Story | None) -> None:
    may = user.is_active and user.has_perm(BURY_STORY)
    if not may or (story is not None and not story.permissions_for_user(user).can_publish()):
        raise PermissionDenied("You may not have readers' devices forget this story.")
