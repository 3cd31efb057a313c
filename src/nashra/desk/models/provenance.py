"""Where a story came from: an item of another system, by the identifier that it keeps for ever.

Must not say anything of how an item looks; that is the intake's matter.
"""

from __future__ import annotations

from django.db import models

from nashra.desk.models.story import Story

# PostgreSQL indexes no value of more than about 2,700 bytes.
MAX_URI_BYTES = 2000


class Provenance(models.Model):
    """An item that was brought in: which story it became, in which version, and how it was left.

    The row outlives its story, so that what the desk has deleted is not brought in again.
    """

    uri = models.CharField(max_length=MAX_URI_BYTES, unique=True)
    story = models.ForeignKey(Story, null=True, on_delete=models.SET_NULL, related_name="+")
    version_created_at = models.DateTimeField()
    # The revision that the intake wrote: where the story has a later one, somebody worked on it.
    revision_id = models.BigIntegerField(null=True)
    # Its source took it back; only then may a later version bring it to readers again.
    is_canceled = models.BooleanField(default=False)
    imported_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return self.uri
