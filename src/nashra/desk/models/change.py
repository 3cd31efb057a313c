"""The outbox: what changed for readers, written in the same transaction as the change itself.

The press reads these rows in order and takes them away. Nothing here may press, and nothing may be
noted outside the transaction that changes the data: a lost row is a page that stays wrong.
"""

from __future__ import annotations

from django.db import models


class Change(models.Model):
    """Something that readers see may have changed."""

    class Kind(models.TextChoices):
        """What ``object_key`` names; stories by public id, all others by primary key."""

        STORY = "story"
        STORY_REMOVED = "story-removed"
        # A section or publication that changed, moved, opened or closed takes all below it along.
        SECTION = "section"
        PUBLICATION = "publication"
        PERSON = "person"
        PLACE = "place"
        TOPIC = "topic"
        PHOTO = "photo"

    kind = models.CharField(max_length=20, choices=Kind)
    object_key = models.CharField(max_length=40)
    at = models.DateTimeField(auto_now_add=True)
    # One of thousands, as from an import: the press takes such rows when no others wait.
    is_bulk = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_key}"

    @classmethod
    def note(cls, kind: str, key: str | int) -> Change:
        """Write that something changed; call it inside the transaction that changes it."""
        return cls.objects.create(kind=kind, object_key=str(key))

    @classmethod
    def note_stories(cls, public_ids: set[str]) -> None:
        """Write that several stories changed, such as those which name a deleted photo."""
        cls.objects.bulk_create(
            cls(kind=cls.Kind.STORY, object_key=public_id) for public_id in sorted(public_ids)
        )
