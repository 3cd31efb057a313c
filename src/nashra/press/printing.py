"""Gathers, renders and writes a batch of stories or lists: the part of a press run that runs in parallel.

Reads the databases and writes files, and keeps no account: what it made it hands back. Every batch reads
one state of the desk's database.
"""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import TemplateError

from nashra.edition import paths
from nashra.edition.pages import PersonPage, StoryPage
from nashra.press import render
from nashra.press.gather.lists import ListPage, address_of_thing, gather_list
from nashra.press.gather.mastheads import Mastheads
from nashra.press.gather.names import Names
from nashra.press.gather.photos import file_names
from nashra.press.gather.placings import Placed, addresses_of
from nashra.press.gather.readers_part import ReadersPart, block_addresses, gather_readers_part
from nashra.press.gather.rows import public_id_of
from nashra.press.gather.snapshot import snapshot
from nashra.press.gather.stories import Gathered, card_of, gather_stories
from nashra.press.ledger import Entry
from nashra.press.plan import ListKey
from nashra.press.write import Account, SiteWriter, Written
from nashra.serve.generation import announce
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


# A batch's stories: all by public id, or all by primary key.
StoryNames = Sequence[str] | Sequence[int]


@dataclass(slots=True)
class Printed:
    """What a batch came to: how things stand now, the files, and what could not be printed, and why."""

    entries: list[Entry] = field(default_factory=list)
    files: list[Written] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    # What was asked for.
    names: list[Any] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    account: Account = field(default_factory=Account)
    has_lists_ahead: bool = False
    # Those of its stories that lead to pages of older comments.
    with_older_comments: list[str] = field(default_factory=list)


class Printing:
    """Prints batches, one after another; lives in the press's own process or in one beside it."""

    def __init__(
        self,
        *,
        mastheads: Mastheads,
        writer: SiteWriter,
        photo_folder: Path,
        now: datetime.datetime,
        is_first: bool = False,
    ) -> None:
        self.mastheads = mastheads
        # By this moment it is decided whether a story still takes comments.
        self.now = now
        self.writer = writer
        self.photo_folder = photo_folder
        # Whether readers have no page yet that could lead to another too soon.
        self.is_first = is_first
        self.names = Names()
        self._names_number = 0

    def know_names(self, number: int) -> None:
        """Read the names of people, places and topics anew where they were read under another number."""
        if number != self._names_number:
            self._names_number = number
            self.names = Names()

    def stories(self, names: StoryNames, together: Collection[str] | None = None) -> Printed:
        """Print a batch of stories, by public id or by primary key; one that fails holds up no other.

        ``together``: see ``gather_stories``.
        """
        with snapshot() as alias:
            printed = self._stories(names, together, alias)
            printed.names = list(names)
            return self._accounted(printed)

    def ahead(self, keys: Sequence[str]) -> Printed:
        """Print those of these lists that are not where they should be; nothing is to be written down yet.

        Whoever leads to them comes after this, and they are printed again once that stands.
        """
        printed = Printed()
        with snapshot() as alias:
            for key in self._parsed(keys, alias):
                self._ahead(key, printed, alias)
        return self._accounted(printed)

    def lists(self, keys: Sequence[str]) -> Printed:
        """Print a batch of lists, by their keys; those that are no more are named as ended."""
        with snapshot() as alias:
            printed = Printed(names=list(keys))
            for key in self._parsed(keys, alias):
                try:
                    self._list(key, printed, alias)
                except STORY_FAULTS as error:
                    # It keeps the file that it had, and holds up no other and no withdrawal.
                    printed.failed[key.key] = f"{type(error).__name__}: {error}"
            return self._accounted(printed)

    def files(self, files: Iterable[render.PressFile]) -> Printed:
        """Write files that were made already."""
        return self._accounted(Printed(files=[self.writer.put(file) for file in files]))

    def _accounted(self, printed: Printed) -> Printed:
        if self.writer.changed:
            announce(self.writer.folder)
        printed.account, self.writer.account = self.writer.account, Account()
        printed.changed, self.writer.changed = self.writer.changed, []
        return printed

    def _stories(self, names: StoryNames, together: Collection[str] | None, alias: str) -> Printed:
        try:
            return self._batch(names, together, alias)
        except STORY_FAULTS as error:
            if len(names) == 1:
                return Printed(failed={public_id_of(names[0], alias): f"{type(error).__name__}: {error}"})
            all_of_them = Printed()
            for name in names:
                alone = self._stories([name], together, alias)  # type: ignore[arg-type]
                all_of_them.entries += alone.entries
                all_of_them.files += alone.files
                all_of_them.failed |= alone.failed
            return all_of_them

    def _batch(self, names: StoryNames, together: Collection[str] | None, alias: str) -> Printed:
        gathered = gather_stories(names, self.mastheads, alias, names=self.names, together=together)
        stories = [(story, is_enabled) for _facts, story, is_enabled in gathered]
        readers_part = gather_readers_part(stories, self.mastheads, self.now)
        if not self.is_first:
            # A page that readers have must never lead to one that they have not.
            gathered.sort(key=lambda each: self.writer.stands(paths.page_path(each.facts.address)))
        printed = Printed(
            entries=[_entry(each) for each in gathered],
            with_older_comments=readers_part.with_older_comments,
        )
        for each in gathered:
            self._copy_photos(each.facts.mentions, printed)
        for each in gathered:
            # Made and written one by one: a page is digested and copied sooner while it is at hand.
            file = _story_file(each, readers_part)
            if not self.is_first and self.writer.stands(file.path):
                self._put_lists_ahead(printed, alias)
            printed.files.append(self.writer.put(file))
        if not self.is_first:
            # A page that stands may lead to these by another that comes with a later batch.
            self._put_lists_ahead(printed, alias)
        return printed

    def _put_lists_ahead(self, printed: Printed, alias: str) -> None:
        """Print the topics', people's and older comments' pages to which this batch leads and that do not
        stand there yet."""
        if printed.has_lists_ahead:
            return
        printed.has_lists_ahead = True
        fresh: dict[str, list[Placed]] = {}
        for entry in printed.entries:
            for key in entry.places:
                if key.startswith(("topic:", "person:")):
                    placed = Placed(entry.key, entry.moment_us, entry.address, entry.card)
                    fresh.setdefault(key, []).append(placed)
        older = block_addresses(printed.with_older_comments) if printed.with_older_comments else {}
        standing = addresses_of([*fresh, *older], alias)
        for key, address in older.items():
            if standing.get(key) != address:
                self._ahead(ListKey.parse(key), printed, alias)
        for each in self._parsed(sorted(fresh), alias):
            if standing.get(each.key) != address_of_thing(each, self.mastheads, self.names):
                self._ahead(each, printed, alias, fresh[each.key])

    def _ahead(self, key: ListKey, printed: Printed, alias: str, fresh: Sequence[Placed] = ()) -> None:
        """Print a list before its turn; what cannot be printed now is named when its turn comes."""
        with contextlib.suppress(*STORY_FAULTS):
            found = gather_list(key, self.mastheads, alias, self.names, fresh)
            if found is not None:
                self._put_new(found, printed)

    def _put_new(self, found: tuple[str, ListPage], printed: Printed) -> None:
        """Print a list where no file stands; its standing is written down when it is printed in its turn."""
        address, page = found
        if isinstance(page, PersonPage):
            self._copy_photos((f"file:{name}" for name in file_names([page.portrait])), printed)
        for file in render.list_files(address, page):
            if not self.writer.stands(file.path):
                self.writer.put(file)

    def _parsed(self, names: Sequence[str], alias: str) -> list[ListKey]:
        """These lists' keys; what they are about is read for all of them at once."""
        keys = [ListKey.parse(name) for name in names]
        self.names.learn(
            alias,
            people=[int(key.owner) for key in keys if key.kind == "person"],
            topics=[int(key.owner) for key in keys if key.kind == "topic"],
        )
        return keys

    def _list(self, key: ListKey, printed: Printed, alias: str) -> None:
        found = gather_list(key, self.mastheads, alias, self.names)
        if found is None:
            printed.ended.append(key.key)
            return
        address, page = found
        mentions: tuple[str, ...] = ()
        if isinstance(page, PersonPage):
            mentions = tuple(f"file:{name}" for name in file_names([page.portrait]))
            self._copy_photos(mentions, printed)
        printed.files += [self.writer.put(file) for file in render.list_files(address, page)]
        printed.entries.append(Entry(key.key, address, mentions=mentions))

    def _copy_photos(self, mentions: Iterable[str], printed: Printed) -> None:
        for mention in mentions:
            if mention.startswith("file:"):
                name = mention.removeprefix("file:")
                copied = self.writer.put_copy(f"photos/{name}", self.photo_folder / name)
                if copied:
                    printed.files.append(copied)


def _entry(gathered: Gathered) -> Entry:
    facts, story, _open = gathered
    return Entry(
        facts.key,
        facts.address,
        facts.as_json(),
        rendering.card_fragment(card_of(story), story.publication),
        facts.changed_us,
        facts.mentions,
        facts.placings(),
        facts.moment_us,
    )


def _story_file(gathered: Gathered, readers_part: ReadersPart) -> render.PressFile:
    story = gathered.story
    page = StoryPage(
        story=story,
        readers=readers_part.comments_on(story.public_id),
        comments_open=story.public_id in readers_part.open_to_comments,
        totals=readers_part.totals.get(story.public_id),
    )
    return render.page_file(story.address, page)
