"""The tables of the readers' desk: threads, comments, votes, decisions and the press's outbox.

Fields, constraints and filters only; the verbs stand in ``receive``, ``reactions``, ``moderation``
and ``threads``. No table may ever hold an address, an agent or a moment at which a reader did
something: a comment keeps its day, a vote nothing.
"""

from __future__ import annotations

import secrets
from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

PUBLIC_ID_LENGTH = 40
VOTE_KEY_BYTES = 32


def new_vote_key() -> bytes:
    """The random key under which one thread's voters are told apart."""
    return secrets.token_bytes(VOTE_KEY_BYTES)


class ReadersModel(models.Model):
    """What all tables here share: no place in the desk's own permissions and reference index."""

    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True
        default_permissions = ()


class Masthead(ReadersModel):
    """A publication as the readers' desk knows it, to dress the answer pages; kept by the press.

    ``publication`` holds the fields of ``edition.content.Publication``.
    """

    language = models.CharField(max_length=35, unique=True)
    publication = models.JSONField()

    def __str__(self) -> str:
        return self.language


class Thread(ReadersModel):
    """A published story as the readers' desk knows it, with its counts; kept by the press.

    ``comment_count`` and the vote counts are changed in the transactions that change their rows.
    """

    public_id = models.CharField(max_length=PUBLIC_ID_LENGTH, unique=True)
    language = models.CharField(max_length=35)
    headline = models.TextField()
    address = models.TextField()
    is_open = models.BooleanField(default=True)
    # The day from which no comment is taken, and whether it has come: the press shows what this says.
    closes_on = models.DateField(null=True)
    is_over = models.BooleanField(default=False)
    is_withdrawn = models.BooleanField(default=False)

    comment_count = models.PositiveIntegerField(default=0)
    # Positions are given at approval and never again, so an erased comment leaves a gap.
    last_position = models.PositiveIntegerField(default=0)

    voting_open = models.BooleanField(default=True)
    vote_key = models.BinaryField(max_length=VOTE_KEY_BYTES, default=new_vote_key)
    yes_count = models.PositiveIntegerField(default=0)
    no_count = models.PositiveIntegerField(default=0)
    published_yes = models.PositiveIntegerField(null=True)
    published_no = models.PositiveIntegerField(null=True)
    totals_published_at = models.DateTimeField(null=True)
    # The full hour at which new votes may show, and how many there were when last looked at.
    totals_due_at = models.DateTimeField(null=True)
    votes_looked_at = models.PositiveIntegerField(default=0)
    frozen = models.BooleanField(default=False)

    class Meta(ReadersModel.Meta):
        indexes = [
            models.Index(
                fields=["totals_due_at"],
                name="readers_totals_due",
                condition=models.Q(totals_due_at__isnull=False),
            ),
            models.Index(
                fields=["closes_on"],
                name="readers_thread_closes",
                condition=models.Q(closes_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.headline

    @property
    def takes_comments(self) -> bool:
        """Whether readers may write under it now."""
        return self.is_open and not self.is_over


class CommentState(models.TextChoices):
    """Where a comment stands; only a person moves it."""

    WAITING = "waiting", _("Waiting")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")


class Comment(ReadersModel):
    """What a reader wrote: a name, normalised plain text, and the day in the publication's time zone.

    ``nonce`` is that of the preview's token: unique, so that a repeated post makes no second row, and the
    digest of the receipt by which the commenter finds it again.
    ``fingerprint`` is the digest of the folded text, by which the same words are found again.
    ``answers`` names the comment that it replies to, by public id; that one may be erased by now.
    What a moderator decided is held until ``held_until``, and can be undone; until then an approved comment
    has no position and stands on no page. ``told`` is the reason that a rejected comment's receipt shows.
    """

    public_id = models.CharField(max_length=PUBLIC_ID_LENGTH, unique=True)
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="comments")
    name = models.TextField()
    text = models.TextField()
    day = models.DateField()
    state = models.CharField(max_length=10, choices=CommentState.choices, default=CommentState.WAITING)
    reasons = models.JSONField(default=list)
    nonce = models.CharField(max_length=64, unique=True)
    fingerprint = models.CharField(max_length=64, db_index=True)
    position = models.PositiveIntegerField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_on = models.DateField(null=True)
    # Rises with each change of the words: nobody decides about words that they have not seen.
    version = models.PositiveIntegerField(default=1)
    answers = models.CharField(max_length=PUBLIC_ID_LENGTH, blank=True, default="")
    is_staff = models.BooleanField(default=False)
    is_pick = models.BooleanField(default=False)
    is_reported = models.BooleanField(default=False)
    held_until = models.DateTimeField(null=True)
    told = models.TextField(blank=True, default="")

    class Meta(ReadersModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["thread", "position"], name="readers_one_comment_a_position"),
            models.CheckConstraint(
                condition=models.Q(state="approved", position__isnull=False, held_until__isnull=True)
                | models.Q(state="approved", position__isnull=True, held_until__isnull=False)
                | (~models.Q(state="approved") & models.Q(position__isnull=True)),
                name="readers_approved_has_position",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "id"], name="readers_comment_queue"),
            models.Index(
                fields=["held_until"],
                name="readers_comment_held",
                condition=models.Q(held_until__isnull=False),
            ),
            models.Index(
                fields=["id"], name="readers_comment_reported", condition=models.Q(is_reported=True)
            ),
            models.Index(
                fields=["thread", "answers"],
                name="readers_comment_replies",
                condition=~models.Q(answers=""),
            ),
            models.Index(
                fields=["thread", "position"], name="readers_comment_picks", condition=models.Q(is_pick=True)
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class Report(ReadersModel):
    """How often readers reported a comment for one reason; nothing of who did, or when."""

    class Kind(models.TextChoices):
        THREAT = "threat", _("It threatens somebody")
        EXPOSES = "exposes", _("It gives somebody away")
        HATE = "hate", _("It insults or hates")
        FALSE = "false", _("It is false in a way that can hurt")
        ADVERTISEMENT = "advert", _("It advertises")

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reports")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    count = models.PositiveIntegerField(default=1)

    class Meta(ReadersModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["comment", "kind"], name="readers_one_report_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.count})"


class CannedReasons(ReadersModel):
    """The reasons, one sentence each, that moderators may give a commenter in one language."""

    language = models.CharField(max_length=35, unique=True)
    sentences = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.language


class Erasure(ReadersModel):
    """An erased comment's nonce, kept while its preview's token lives: no repeated post brings it back."""

    nonce = models.CharField(max_length=64, unique=True)
    day = models.DateField(db_index=True)

    def __str__(self) -> str:
        return f"erased on {self.day}"


class Vote(ReadersModel):
    """One browser's choice: ``voter_key`` is an HMAC of its cookie under the thread's own key."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="votes")
    voter_key = models.CharField(max_length=64)
    choice = models.CharField(max_length=3, choices=[("yes", _("Yes")), ("no", _("No"))])

    class Meta(ReadersModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["thread", "voter_key"], name="readers_one_vote_a_browser"),
            models.CheckConstraint(condition=models.Q(choice__in=["yes", "no"]), name="readers_yes_or_no"),
        ]

    def __str__(self) -> str:
        return self.choice


class AppendOnlyRow(TypeError):
    """Somebody tried to change or delete a line of the moderators' log."""


class AppendOnlyQuerySet(models.QuerySet):
    """Rows that can be added and read, and nothing else."""

    def update(self, **_values: Any) -> NoReturn:
        raise AppendOnlyRow("the moderators' log is never changed")

    def delete(self) -> NoReturn:
        raise AppendOnlyRow("the moderators' log is never deleted")


class ModerationEntry(ReadersModel):
    """A line of the moderators' log: who decided what about which comment, without its words."""

    class Action(models.TextChoices):
        APPROVE = "approve", _("approved")
        REJECT = "reject", _("rejected")
        REOPEN = "reopen", _("reopened")
        ERASE = "erase", _("erased")
        UNDO = "undo", _("took back the decision about")
        ANSWER = "answer", _("answered")
        PICK = "pick", _("picked")
        UNPICK = "unpick", _("picked no longer")
        KEEP = "keep", _("kept, though reported,")
        RELEASE = "release", _("released the totals of")

    thread_public_id = models.CharField(max_length=PUBLIC_ID_LENGTH)
    comment_public_id = models.CharField(max_length=PUBLIC_ID_LENGTH, blank=True)
    action = models.CharField(max_length=10, choices=Action.choices)
    moderator = models.CharField(max_length=150)
    at = models.DateTimeField()

    objects = AppendOnlyQuerySet.as_manager()

    class Meta(ReadersModel.Meta):
        indexes = [models.Index(fields=["comment_public_id"], name="readers_entries_of_comment")]

    def __str__(self) -> str:
        return f"{self.moderator} {self.action} {self.comment_public_id or self.thread_public_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the line; a line that is there stays as it is."""
        if not self._state.adding:
            raise AppendOnlyRow("the moderators' log is never changed")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise AppendOnlyRow("the moderators' log is never deleted")


class Change(ReadersModel):
    """A page to press: written in the transaction that changed what it shows, deleted once pressed.

    ``at`` is the moment from which it is due; ``block`` a page of older comments, by its number, in
    place of the story's own.
    """

    class Kind(models.TextChoices):
        COMMENTS = "comments"
        TOTALS = "totals"

    thread = models.CharField(max_length=PUBLIC_ID_LENGTH)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    block = models.PositiveIntegerField(null=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.kind} of {self.thread}"
