"""What readers, moderators and editors do under stories, each done as their pages do it."""

from __future__ import annotations

import contextlib
import datetime
from typing import Any

from nashra.readers import commenter, editors, holding, moderation, reactions, receipts, receive, reports
from nashra.readers.models import Comment, CommentState, Report, Thread
from nashra.readers.receive import public_id_of
from tests.press.choosing import NAMES, choose

# What comes in at once when a story is spoken of: some more than one page of older comments holds.
CROWDS = (1, 49, 60, 110)


def _threads() -> list[Thread]:
    return list(Thread.objects.order_by("public_id"))


def _comment(which: int, **facts: Any) -> Comment | None:
    return choose(list(Comment.objects.filter(**facts).order_by("pk")), which)


class ReadersWork:
    """What comes from readers; mix it into ``DeskWork``, which has the clock and a moderator."""

    clock: Any
    moderator: Any
    _written: int

    # Commenters.

    def receive_comment(self, which: int, other: int) -> None:
        self._receive(choose(_threads(), which), other)

    def receive_reply(self, which: int, other: int) -> None:
        """To a comment that stands; sometimes to one that stood there long before the others."""
        answered = _comment(which, position__isnull=False, answers="")
        if answered:
            self._receive(answered.thread, other, answers=answered.public_id)

    def change_own_words(self, which: int, other: int) -> None:
        if receipt := self._receipt(which):
            typed = receive.Typed(name=NAMES[other % len(NAMES)], text=f"I was not there, {other} times.")
            commenter.change_words(receipt=receipt, typed=typed, now=self.clock())

    def erase_own_comment(self, which: int, other: int) -> None:
        if receipt := self._receipt(which):
            commenter.erase(receipt=receipt, now=self.clock())

    def report_comment(self, which: int, other: int) -> None:
        if comment := _comment(which, position__isnull=False):
            reports.report(public_id=comment.public_id, kind=choose(Report.Kind.values, other))

    # Moderators.

    def approve_comments(self, which: int, other: int) -> None:
        """Every comment that waits: bursts are what a moderator makes."""
        for comment in Comment.objects.filter(state=CommentState.WAITING).order_by("pk"):
            moderation.approve(**self._chosen(comment), version=comment.version)

    def hold_approvals(self, which: int, other: int) -> None:
        """Every comment that waits, as the desk does it: nothing of it shows until its time comes."""
        for comment in Comment.objects.filter(state=CommentState.WAITING).order_by("pk"):
            held_until = holding.held_until(self.clock())
            moderation.approve(**self._chosen(comment), version=comment.version, held_until=held_until)

    def carry_out_what_is_held(self, which: int, other: int) -> None:
        self.clock.pass_by(minutes=3)
        holding.carry_out(self.clock())

    def undo_decision(self, which: int, other: int) -> None:
        if comment := _comment(which, held_until__isnull=False):
            with contextlib.suppress(moderation.TooLate):
                moderation.undo(**self._chosen(comment))

    def receive_and_approve(self, which: int, other: int) -> None:
        self.receive_comment(which, other)
        self.approve_comments(which, other)

    def receive_very_many(self, which: int, other: int) -> None:
        """A crowd's comments, approved in one batch: pages of older ones come."""
        thread = choose(_threads(), which)
        if thread is None:
            return
        now = self.clock()
        Comment.objects.bulk_create(
            self._one_of_many(thread, now) for _ in range(CROWDS[other % len(CROWDS)])
        )
        holding.carry_out(now)

    def reject_comment(self, which: int, other: int) -> None:
        if comment := _comment(which, state=CommentState.WAITING):
            held_until = holding.held_until(self.clock()) if other % 2 else None
            moderation.reject(**self._chosen(comment), version=comment.version, held_until=held_until)

    def reopen_comment(self, which: int, other: int) -> None:
        if comment := _comment(which, state=CommentState.APPROVED):
            moderation.reopen(**self._chosen(comment), from_state=CommentState.APPROVED)

    def erase_comment(self, which: int, other: int) -> None:
        if comment := _comment(which):
            moderation.erase(**self._chosen(comment), version=comment.version)

    def erase_older_comments(self, which: int, other: int) -> None:
        """Some that stand on pages of older comments, or all of one page."""
        thread = choose(list(Thread.objects.filter(last_position__gt=50).order_by("public_id")), which)
        number = 50 if other == 0 else other
        for comment in Comment.objects.filter(thread=thread, position__lte=50).order_by("position")[:number]:
            moderation.erase(**self._chosen(comment), version=comment.version)

    def keep_reported_comment(self, which: int, other: int) -> None:
        if comment := _comment(which, is_reported=True):
            reports.keep(**self._chosen(comment))

    # Editors.

    def answer_comment(self, which: int, other: int) -> None:
        answered = _comment(which, state=CommentState.APPROVED, answers="")
        if answered:
            self._written += 1
            editors.answer(
                **self._chosen(answered),
                name="The Lantern",
                words=f"Thank you, {other} times.",
                random_bytes=self._written.to_bytes(8),
                held_until=holding.held_until(self.clock()) if other % 2 else None,
            )

    def pick_comment(self, which: int, other: int) -> None:
        if comment := _comment(which, state=CommentState.APPROVED, is_staff=False):
            editors.pick(**self._chosen(comment), is_pick=not comment.is_pick)

    def publish_reactions(self, which: int, other: int) -> None:
        thread = choose(_threads(), which)
        if thread is not None:
            for voter in range(other + 2):
                choice = "yes" if voter % 3 else "no"
                reactions.vote(
                    story_public_id=thread.public_id, choice=choice, voter=f"{voter}", now=self.clock()
                )
            self.clock.pass_by(hours=1)
            reactions.publish_totals(self.clock())

    def _chosen(self, comment: Comment) -> dict[str, Any]:
        return {"public_id": comment.public_id, "moderator": self.moderator, "now": self.clock()}

    def _receive(self, thread: Thread | None, other: int, answers: str = "") -> None:
        if thread is None:
            return
        self._written += 1
        name, text = NAMES[other % len(NAMES)], f"I was there, {other} times."
        typed = receive.Typed(name=name, text=text, answers=answers)
        nonce = receipts.nonce_of(_receipt_of(self._written))
        seen = receive.preview_comment(thread=thread, typed=typed, now=self.clock(), nonce=nonce)
        if seen.token:
            receive.accept_comment(
                thread=thread, typed=typed, token=seen.token, now=self.clock(), nonce=f"{nonce} again"
            )

    def _receipt(self, which: int) -> str:
        """The receipt of one of the comments that this newsroom's readers sent, the newest first."""
        nonces = set(Comment.objects.values_list("nonce", flat=True))
        made = [_receipt_of(number) for number in range(self._written, max(self._written - 50, 0), -1)]
        return choose([receipt for receipt in made if receipts.nonce_of(receipt) in nonces], which) or ""

    def _one_of_many(self, thread: Thread, now: datetime.datetime) -> Comment:
        self._written += 1
        nonce = receipts.nonce_of(_receipt_of(self._written))
        return Comment(
            public_id=public_id_of(nonce),
            thread=thread,
            name=NAMES[self._written % len(NAMES)],
            text=f"Words number {self._written}.",
            day=now.date(),
            nonce=nonce,
            fingerprint="",
            state=CommentState.APPROVED,
            held_until=now,
        )


def _receipt_of(number: int) -> str:
    return receipts.new_receipt(number.to_bytes(receipts.RANDOM_BYTES))
