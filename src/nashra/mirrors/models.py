"""Which mirrors there are, and what was last found out about each.

Holds fields and constraints only. Targets of unlisted mirrors stand here and nowhere else: no file of an
edition may name them.
"""

from __future__ import annotations

from django.db import models


class Mirror(models.Model):
    """A place that carries our editions; ``target`` is what rsync takes, ``public_url`` what readers ask."""

    name = models.CharField(max_length=60, unique=True)
    target = models.CharField(max_length=500)
    public_url = models.CharField(max_length=300, blank=True)
    is_listed = models.BooleanField(default=False)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)
        default_permissions = ()
        permissions = (("see_mirrors", "Can see how the mirrors are"),)

    def __str__(self) -> str:
        return self.name


class MirrorPush(models.Model):
    """One time that an edition was sent to a mirror; ``error`` is empty where it arrived."""

    mirror = models.ForeignKey(Mirror, on_delete=models.CASCADE, related_name="pushes")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    edition_number = models.PositiveBigIntegerField()
    attempts = models.PositiveSmallIntegerField()
    error = models.TextField(blank=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"push {self.pk} to {self.mirror}"


class MirrorHealth(models.Model):
    """What a mirror answered when it was looked at; nothing stands where nothing could be told.

    ``our_number`` is the edition that lay here then: what the mirror lags behind is measured from it.
    """

    mirror = models.ForeignKey(Mirror, on_delete=models.CASCADE, related_name="looks")
    looked_at = models.DateTimeField()
    is_reachable = models.BooleanField(null=True)
    edition_number = models.PositiveBigIntegerField(null=True)
    our_number = models.PositiveBigIntegerField(null=True)
    is_intact = models.BooleanField(null=True)
    allows_other_sites = models.BooleanField(null=True)
    problem = models.TextField(blank=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"look {self.pk} at {self.mirror}"

    @property
    def lag(self) -> int | None:
        """How many editions the mirror was behind ours."""
        if self.edition_number is None or self.our_number is None:
            return None
        return max(0, self.our_number - self.edition_number)
