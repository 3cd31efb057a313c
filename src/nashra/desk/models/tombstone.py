"""Withdrawn stories that readers' devices are told to forget: who asked for it, and who confirmed it.

Holds fields and constraints only. Two people, or none: what one account alone could say would let whoever
takes that account empty every reader's shelf.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from nashra.desk.models.story import Story

_STAFF = {"on_delete": models.SET_NULL, "null": True, "related_name": "+"}


class Tombstone(models.Model):
    """One story to be forgotten; ``story_hash`` is all that an edition tells of it.

    It says nothing until it is confirmed, nor once its story was published again.
    """

    story = models.ForeignKey(Story, on_delete=models.SET_NULL, null=True, related_name="tombstones")
    story_hash = models.CharField(max_length=64)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, **_STAFF)
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, **_STAFF)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        permissions = (("bury_story", "Can have readers' devices forget a withdrawn story"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | Q(asked_by__isnull=True)
                | ~Q(confirmed_by=F("asked_by")),
                name="tombstone_of_two_people",
            ),
            models.UniqueConstraint(
                fields=("story",), condition=Q(confirmed_at__isnull=True), name="tombstone_asked_for_once"
            ),
        )

    def __str__(self) -> str:
        return f"tombstone {self.pk}"
