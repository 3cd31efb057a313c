"""The press's own records: runs, what stands pressed where, and addresses that things have left.

Holds fields and constraints only. Whatever is due is derived from these rows and the desk's; nothing
here is needed to know what a story says.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class PressRun(models.Model):
    """One run of the press: what, when, how long, how many files, and its error if any."""

    class Kind(models.TextChoices):
        FULL = "full", "Everything"
        BULK = "bulk", "Many stories"
        DUE = "due", "What was due"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    cause = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    duration_ms = models.PositiveIntegerField(null=True)
    files_written = models.PositiveIntegerField(default=0)
    files_unchanged = models.PositiveIntegerField(default=0)
    files_removed = models.PositiveIntegerField(default=0)
    bytes_written = models.PositiveBigIntegerField(default=0)
    stories = models.PositiveIntegerField(default=0)
    # How many there were to press when the run began; nothing where that was not counted.
    stories_expected = models.PositiveIntegerField(null=True)
    error = models.TextField(blank=True)
    # Whether all that it left on disk is written down; where it is not, somebody must look.
    is_accounted = models.BooleanField(default=False)
    # What every page was made with: a full run is due where the newest full run's differs.
    fingerprint = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [("see_pressrun", "Can see what the press did")]

    def __str__(self) -> str:
        return f"press run {self.pk}"


class Standing(models.Model):
    """Something that stands pressed at an address: a story, a section's front, a topic's page…

    ``key`` names the thing for good (``story:PUBLIC_ID``), ``facts`` (JSON) holds what a later press must
    know of what was pressed. A story's ``card`` is what most lists show of it, made when its page was, and
    ``changed_us`` its last publication, in microseconds since 1970: no list is made from the archive.
    """

    key = models.CharField(max_length=200, unique=True)
    address = models.CharField(max_length=1000, db_index=True)
    facts = models.TextField(default="{}")
    card = models.TextField(default="")
    changed_us = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.key


class PlacedList(models.Model):
    """A list that holds a story; ``key`` names it as ``plan.ListKey`` does."""

    key = models.CharField(max_length=200, unique=True)

    def __str__(self) -> str:
        return self.key


class Placing(models.Model):
    """A story's place in a list.

    The primary key answers "the newest thirty of this list" without looking at any other row; on SQLite it
    is the table itself, which has no row numbers. ``moment_us`` is the story's first publication, in
    microseconds since 1970; ``key`` is that of its standing.
    """

    pk = models.CompositePrimaryKey("placed_list_id", "moment_us", "key")
    placed_list = models.ForeignKey(PlacedList, on_delete=models.CASCADE, db_index=False)
    moment_us = models.BigIntegerField()
    key = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.key} in {self.placed_list_id}"


class ListDue(models.Model):
    """A list that must be pressed, since a story in it was; written with the story's own rows."""

    key = models.CharField(max_length=200, unique=True)

    def __str__(self) -> str:
        return self.key


class OldAddress(models.Model):
    """An address that a thing has left: it leads to where the thing stands now, or says it is gone.

    It is settled once the files say so too.
    """

    address = models.CharField(max_length=1000, unique=True)
    key = models.CharField(max_length=200, db_index=True)
    language = models.CharField(max_length=20)
    is_settled = models.BooleanField(default=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["is_settled"], name="press_unsettled", condition=models.Q(is_settled=False))
        ]

    def __str__(self) -> str:
        return self.address


class Overdue(models.Model):
    """A story that could not be pressed, and when to try it again; no other story waits for it."""

    public_id = models.CharField(max_length=40, unique=True)
    reason = models.TextField()
    try_again_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.public_id}: {self.reason}"


class PressedFile(models.Model):
    """A file of the readers' site as the press last wrote it; on SQLite found by its path alone, too."""

    path = models.CharField(max_length=1000, primary_key=True)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return self.path


class FreshFile(models.Model):
    """A path of the readers' site of which the next edition must know: its file came, changed or went, or
    another story shows it now; noted only where editions are cut."""

    path = models.CharField(max_length=1000, primary_key=True)

    def __str__(self) -> str:
        return self.path


class Mention(models.Model):
    """Something pressed that names another thing: ``file:NAME``, ``picture:ID`` or ``story:ID``.

    By these rows a changed story finds the pages that link to it, and a photo file that nothing
    shows any more is removed.
    """

    name = models.CharField(max_length=200, db_index=True)
    key = models.CharField(max_length=200, db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("name", "key"), name="press_mention_once")]

    def __str__(self) -> str:
        return f"{self.key} names {self.name}"
