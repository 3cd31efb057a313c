"""What is done at the desk to sections and publications, and what readers and moderators do."""

from __future__ import annotations

from typing import Any

from nashra.desk import publishing
from nashra.desk.models import Publication
from nashra.readers import moderation, reactions, receive
from nashra.readers.models import CommentState, Thread
from tests.press.choosing import NAMES, SLUGS, choose, comments_in, every, refused, sections

ZONES = ("UTC", "Pacific/Auckland", "Pacific/Honolulu")


class FrameWork:
    """Work on the paper's frame; mix it into ``DeskWork``, which has the clock and edits pages."""

    clock: Any
    _edit_page: Any

    def open_section(self, which: int, other: int) -> None:
        publication = choose(every(Publication), which)
        with refused():
            publishing.create_section(publication=publication, title=f"New {other}", now=self.clock())

    def rename_section(self, which: int, other: int) -> None:
        self._edit_page(choose(sections(), which), title=f"Water {other}")

    def describe_section(self, which: int, other: int) -> None:
        self._edit_page(choose(sections(), which), description=f"All about {other} rivers.")

    def change_sections_slug(self, which: int, other: int) -> None:
        self._edit_page(choose(sections(), which), slug=SLUGS[other % len(SLUGS)])

    def take_section_off_line(self, which: int, other: int) -> None:
        if section := choose(sections(), which):
            section.unpublish()

    def put_section_back(self, which: int, other: int) -> None:
        if section := choose([section for section in sections() if not section.live], which):
            with refused():
                section.save_revision().publish()

    def reorder_sections(self, which: int, other: int) -> None:
        first, second = choose(sections(), which), choose(sections(), other)
        if first and second and first.pk != second.pk and first.get_parent() == second.get_parent():
            first.move(second, pos="left")

    def delete_section(self, which: int, other: int) -> None:
        if section := choose(sections(), which):
            section.delete()

    def rename_publication(self, which: int, other: int) -> None:
        publication = choose(every(Publication), which)
        self._edit_page(publication, title=f"The Lantern {other}", strapline=f"Since {1900 + other}")

    def change_time_zone(self, which: int, other: int) -> None:
        self._edit_page(choose(every(Publication), which), time_zone=ZONES[other % len(ZONES)])

    def take_publication_off_line(self, which: int, other: int) -> None:
        if publication := choose(every(Publication), which):
            publication.unpublish()

    def put_publication_back(self, which: int, other: int) -> None:
        if publication := choose([each for each in every(Publication) if not each.live], which):
            publication.save_revision().publish()


class ReadersWork:
    """What comes from readers; mix it into ``DeskWork``, which has the clock and a moderator."""

    clock: Any
    moderator: Any
    _written: int

    def receive_comment(self, which: int, other: int) -> None:
        thread = choose(list(Thread.objects.order_by("public_id")), which)
        if thread is None:
            return
        self._written += 1
        typed = receive.Typed(name=NAMES[other % len(NAMES)], text=f"I was there, {other} times.")
        nonce = f"nonce {self._written}"
        seen = receive.preview_comment(thread=thread, typed=typed, now=self.clock(), nonce=nonce)
        if seen.token:
            receive.accept_comment(
                thread=thread, typed=typed, token=seen.token, now=self.clock(), nonce=f"{nonce} again"
            )

    def approve_comments(self, which: int, other: int) -> None:
        """Every comment that waits: bursts are what a moderator makes."""
        for public_id in comments_in(CommentState.WAITING):
            moderation.approve(public_id=public_id, version=1, moderator=self.moderator, now=self.clock())

    def receive_and_approve(self, which: int, other: int) -> None:
        self.receive_comment(which, other)
        self.approve_comments(which, other)

    def reject_comment(self, which: int, other: int) -> None:
        if public_id := choose(comments_in(CommentState.WAITING), which):
            moderation.reject(public_id=public_id, version=1, moderator=self.moderator, now=self.clock())

    def reopen_comment(self, which: int, other: int) -> None:
        if public_id := choose(comments_in(CommentState.APPROVED), which):
            moderation.reopen(
                public_id=public_id,
                from_state=CommentState.APPROVED,
                moderator=self.moderator,
                now=self.clock(),
            )

    def erase_comment(self, which: int, other: int) -> None:
        if public_id := choose(comments_in(*CommentState), which):
            moderation.erase(public_id=public_id, version=1, moderator=self.moderator, now=self.clock())

    def publish_reactions(self, which: int, other: int) -> None:
        thread = choose(list(Thread.objects.order_by("public_id")), which)
        if thread is not None:
            for voter in range(other + 2):
                choice = "yes" if voter % 3 else "no"
                reactions.vote(
                    story_public_id=thread.public_id, choice=choice, voter=f"{voter}", now=self.clock()
                )
            self.clock.pass_by(hours=1)
            reactions.publish_totals(self.clock())
