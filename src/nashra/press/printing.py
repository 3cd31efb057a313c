"""Gathers, renders and writes a batch of stories or lists: the part of a press run that runs in parallel.

Reads the databases and writes files, and keeps no account: what it made it hands back. Every batch reads
one state of the desk's database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import TemplateError

from nashra.channels import rss
from nashra.edition.pages import PersonPage, StoryPage
from nashra.press import render
from nashra.press.gather.lists import gather_list
from nashra.press.gather.mastheads import Mastheads
from nashra.press.gather.names import Names
from nashra.press.gather.photos import file_names
from nashra.press.gather.readers_part import ReadersPart, gather_readers_part
from nashra.press.gather.snapshot import snapshot
from nashra.press.gather.stories import Gathered, card_of, gather_stories
from nashra.press.ledger import Entry
from nashra.press.plan import ListKey
from nashra.press.write import Account, SiteWriter, Written
from nashra.theme import rendering

# What one strange story may raise: it then keeps the page that it had, and is tried again.
STORY_FAULTS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TemplateError,
    TypeError,
    ValueError,
    FileNotFoundError,
    PermissionError,
)


@dataclass(slots=True)
class Printed:
    """What a batch came to: how things stand now, the files, and what could not be printed, and why."""

    entries: list[Entry] = field(default_factory=list)
    files: list[Written] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    # What was asked for.
    names: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    account: Account = field(default_factory=Account)


class Printing:
    """Prints batches, one after another; lives in the press's own process or in one beside it."""

    def __init__(self, *, mastheads: Mastheads, writer: SiteWriter, photo_folder: Path) -> None:
        self.mastheads = mastheads
        self.writer = writer
        self.photo_folder = photo_folder
        self.names = Names()

    def forget_names(self) -> None:
        """Read the names of people, places and topics anew: one of them may have changed."""
        self.names = Names()

    def stories(self, public_ids: Sequence[str]) -> Printed:
        """Print a batch of stories; one that cannot be printed holds up none of the others."""
        with snapshot() as alias:
            printed = self._stories(public_ids, alias)
            printed.names = list(public_ids)
            return self._accounted(printed)

    def lists(self, keys: Sequence[str]) -> Printed:
        """Print a batch of lists, by their keys; those that are no more are named as ended."""
        with snapshot() as alias:
            printed = Printed(names=list(keys))
            for key in keys:
                self._list(key, printed, alias)
            return self._accounted(printed)

    def files(self, files: Iterable[render.PressFile]) -> Printed:
        """Write files that were made already."""
        return self._accounted(Printed(files=[self.writer.put(file) for file in files]))

    def _accounted(self, printed: Printed) -> Printed:
        printed.account, self.writer.account = self.writer.account, Account()
        printed.changed, self.writer.changed = self.writer.changed, []
        return printed

    def _stories(self, public_ids: Sequence[str], alias: str) -> Printed:
        try:
            return self._batch(public_ids, alias)
        except STORY_FAULTS as error:
            if len(public_ids) == 1:
                return Printed(failed={public_ids[0]: f"{type(error).__name__}: {error}"})
            together = Printed()
            for public_id in public_ids:
                alone = self._stories([public_id], alias)
                together.entries += alone.entries
                together.files += alone.files
                together.failed |= alone.failed
            return together

    def _batch(self, public_ids: Sequence[str], alias: str) -> Printed:
        gathered = gather_stories(public_ids, self.mastheads, alias, self.names)
        readers_part = gather_readers_part([facts.public_id for facts, _story, _open in gathered])
        printed = Printed()
        for each in gathered:
            self._copy_photos(each.facts.mentions, printed)
            printed.files.append(self.writer.put(_story_file(each, readers_part)))
            printed.entries.append(_entry(each))
        return printed

    def _list(self, key: str, printed: Printed, alias: str) -> None:
        found = gather_list(ListKey.parse(key), self.mastheads, alias)
        if found is None:
            printed.ended.append(key)
            return
        address, page = found
        mentions: tuple[str, ...] = ()
        if isinstance(page, PersonPage):
            mentions = tuple(f"file:{name}" for name in file_names([page.portrait]))
            self._copy_photos(mentions, printed)
        printed.files += [self.writer.put(file) for file in render.list_files(address, page)]
        printed.entries.append(Entry(key, address, mentions=mentions))

    def _copy_photos(self, mentions: Iterable[str], printed: Printed) -> None:
        for mention in mentions:
            if mention.startswith("file:"):
                name = mention.removeprefix("file:")
                copied = self.writer.put_copy(f"photos/{name}", self.photo_folder / name)
                if copied:
                    printed.files.append(copied)


def _entry(gathered: Gathered) -> Entry:
    facts, story, _open = gathered
    card = card_of(story)
    return Entry(
        facts.key,
        facts.address,
        facts.as_json(),
        rendering.card_fragment(card, story.publication),
        rss.item(card, story.publication).xml,
        facts.mentions,
    )


def _story_file(gathered: Gathered, readers_part: ReadersPart) -> render.PressFile:
    story = gathered.story
    page = StoryPage(
        story=story,
        comments=readers_part.comments.get(story.public_id, ()),
        comments_open=gathered.comments_enabled,
        totals=readers_part.totals.get(story.public_id),
    )
    return render.page_file(story.address, page)
