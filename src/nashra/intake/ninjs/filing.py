"""Items → stories at the desk, a batch a transaction; each item once, by its ``uri``.

Decides what a later version may do. Must not read items or print: it gets them ready and reports.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import DatabaseError, OperationalError, transaction

from nashra.desk import bulk, publishing
from nashra.desk.models import Provenance, Story
from nashra.intake.ninjs.item import Item
from nashra.intake.ninjs.report import BadItem, Report
from nashra.intake.ninjs.resolving import Newsroom


@dataclass(frozen=True, slots=True)
class Ready:
    """An item with its place in the file, and its body set."""

    place: str
    item: Item
    body: bulk.SetBody


class Filing:
    """Writes batches of items, and tells the report what became of each.

    A database that is locked or away ends the import, which may be started again.
    """

    def __init__(
        self, newsroom: Newsroom, report: Report, *, publish: bool, source: str, now: datetime.datetime
    ) -> None:
        self._newsroom = newsroom
        self._report = report
        self._publish = publish
        self._source = source
        self._now = now

    def file(self, batch: Sequence[Ready]) -> None:
        """Write a batch; where it fails as a whole, each of its items is tried alone."""
        try:
            told = self._filed(batch)
        except (BadItem, DatabaseError, ValidationError) as error:
            self._newsroom.forget()
            if not _is_of_the_items(error):
                raise
            if len(batch) > 1:
                for ready in batch:
                    self.file([ready])
                return
            self._report.bad(batch[0].place, _reason(error))
            return
        # Told only now: what a failed transaction did, it did not do.
        for kind, place, sentence in told:
            self._tell(kind, place, sentence)
        taken = {place for kind, place, _sentence in told if kind in {"new", "updated"}}
        for ready in batch:
            for finding in ready.item.findings if ready.place in taken else ():
                self._report.find(ready.place, finding)

    def _tell(self, kind: str, place: str, sentence: str) -> None:
        if kind == "kept":
            self._report.kept(place, sentence)
        elif kind == "left":
            self._report.leave(sentence)
        else:
            self._report.counts[kind] += 1

    def _filed(self, batch: Sequence[Ready]) -> list[tuple[str, str, str]]:
        with transaction.atomic():
            uris = [ready.item.uri for ready in batch]
            known = {row.uri: row for row in Provenance.objects.select_related("story").filter(uri__in=uris)}
            told: list[tuple[str, str, str]] = []
            new = []
            for ready in batch:
                if ready.item.uri in known:
                    told.append(self._again(ready, known[ready.item.uri]))
                elif ready.item.is_canceled:
                    told.append(("left", ready.place, "taken back before they came"))
                else:
                    new.append(ready)
            self._file_new(new)
            return told + [("new", ready.place, "") for ready in new]

    def _file_new(self, new: Sequence[Ready]) -> None:
        stories = [self._new_story(ready) for ready in new]
        filed = bulk.file_stories(stories, now=self._now)
        Provenance.objects.bulk_create(
            Provenance(
                uri=ready.item.uri,
                story_id=one.story_id,
                version_created_at=ready.item.version_created_at,
                revision_id=self._scheduled(ready.item, one),
                imported_at=self._now,
            )
            for ready, one in zip(new, filed, strict=True)
        )

    def _scheduled(self, item: Item, filed: bulk.Filed) -> int:
        """Schedule a story whose embargo has not ended; gives the key of its latest revision."""
        if not (self._publish and self._is_embargoed(item)) or item.is_withheld:
            return filed.revision_id
        story = publishing.schedule_story(
            story=Story.objects.get(pk=filed.story_id), go_live_at=item.embargoed_until
        )
        return story.latest_revision_id

    def _is_embargoed(self, item: Item) -> bool:
        return item.embargoed_until is not None and item.embargoed_until > self._now

    def _new_story(self, ready: Ready) -> bulk.NewStory:
        item, newsroom = ready.item, self._newsroom
        return bulk.NewStory(
            section_id=newsroom.section_id(item.sections, item.language),
            headline=item.headline,
            body=self._with_related(ready),
            is_published=self._publish and not item.is_withheld and not self._is_embargoed(item),
            author_ids=newsroom.person_ids(item.authors, item.language),
            topic_ids=newsroom.topic_ids(item.topics, item.language),
            published_at=item.published_at,
            updated_at=item.updated_at,
            fields={
                "standfirst": item.standfirst,
                "dateline_place_id": newsroom.place_id(item.place, item.language),
                "lead_caption": item.caption,
                "lead_credit": item.credit,
                "notes": self._notes(item),
            },
        )

    def _with_related(self, ready: Ready) -> bulk.SetBody:
        """The body, with the stories behind it that the item names and the desk has."""
        if not ready.item.related:
            return ready.body
        rows = Provenance.objects.filter(uri__in=ready.item.related, story__isnull=False)
        stories = dict(rows.values_list("uri", "story_id"))
        related = [("related", stories[uri]) for uri in ready.item.related if uri in stories]
        return bulk.set_body([*ready.item.blocks, *related]) if related else ready.body

    def _notes(self, item: Item) -> str:
        lines = [f"Imported from {self._source} on {self._now:%Y-%m-%d}: {item.uri}", *item.remarks]
        if item.embargoed_until is not None:
            lines.append(f"Embargoed until {item.embargoed_until:%Y-%m-%d %H:%M} UTC.")
        if item.is_withheld:
            lines.append("Its source withholds it.")
        if item.findings:
            lines += ["", "To look at:", *(f"- {finding}" for finding in item.findings)]
        return "\n".join(lines)

    def _again(self, ready: Ready, row: Provenance) -> tuple[str, str, str]:
        """What becomes of an item that came before."""
        item = ready.item
        is_newer = item.version_created_at > row.version_created_at
        if not is_newer and not (item.is_canceled and not row.is_canceled):
            return "known", ready.place, ""
        if row.story is None:
            sentence = "its story was deleted at the desk, and is not brought in again."
            return "kept", ready.place, sentence
        if item.is_canceled:
            return self._withdraw(ready, row)
        return self._rewrite(ready, row)

    def _withdraw(self, ready: Ready, row: Provenance) -> tuple[str, str, str]:
        was_live = row.story.live
        bulk.withdraw_in_bulk(row.story)
        row.version_created_at = max(ready.item.version_created_at, row.version_created_at)
        row.is_canceled = True
        row.save()
        if was_live:
            return "withdrawn", ready.place, ""
        return "kept", ready.place, f"“{row.story.title}” was taken back; readers do not have it."

    def _rewrite(self, ready: Ready, row: Provenance) -> tuple[str, str, str]:
        story = row.story
        if story.latest_revision_id != row.revision_id:
            sentence = f"“{story.title}” was changed at the desk since: its later version was left out."
            return "kept", ready.place, sentence
        new = self._new_story(ready)
        is_gone = not story.live and story.first_published_at is not None and not row.is_canceled
        if is_gone:
            sentence = f"“{story.title}” was withdrawn at the desk: its later version was left out."
            return "kept", ready.place, sentence
        row.revision_id = bulk.rewrite_story(story, new)
        row.version_created_at = ready.item.version_created_at
        row.is_canceled = False
        row.revision_id = self._scheduled(ready.item, bulk.Filed(story.pk, row.revision_id))
        row.save()
        return "updated", ready.place, ""


def _is_of_the_items(error: Exception) -> bool:
    """Whether an error comes of what stands in an item, and not of a database that is locked or away.

    PostgreSQL calls both an operational error; its class 54 is a limit exceeded, as by too many words.
    """
    if not isinstance(error, OperationalError):
        return True
    return str(getattr(error.__cause__, "sqlstate", "")).startswith("54")


def _reason(error: Exception) -> str:
    if isinstance(error, BadItem):
        return str(error)
    if isinstance(error, ValidationError):
        return f"cannot be written: {' '.join(error.messages)}"
    return (
        f"cannot be written: the database says: {str(error).splitlines()[0] if str(error) else 'no reason'}"
    )
