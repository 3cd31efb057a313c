"""Prints what a run must make: gathers, renders and writes, in the order that readers need.

New pages come first, then the lists that lead to them, then redirects and removals, so that no link
ever leads to a page that is not there. Keeps nothing but what the ledger and the writer keep.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from jinja2 import TemplateError

from nashra.edition import paths
from nashra.edition.content import Story
from nashra.edition.pages import NoticePage, PersonPage, StoryPage
from nashra.press import render
from nashra.press.gather.lists import every_list, fixed_pages, gather_list
from nashra.press.gather.mastheads import Mastheads
from nashra.press.gather.photos import file_names
from nashra.press.gather.readers_part import ReadersPart, gather_readers_part, keep_threads, withdraw_thread
from nashra.press.gather.stories import gather_stories, published
from nashra.press.ledger import Entry, Ledger
from nashra.press.models import Mention
from nashra.press.plan import Due, ListKey, StoryFacts, touched_lists, withdrawn
from nashra.press.write import SiteWriter

logger = logging.getLogger("nashra.press")

STORIES_A_BATCH = 200
# What one strange story may raise: it then keeps the page that it had, and is tried again.
STORY_FAULTS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TemplateError,
    TypeError,
    ValueError,
)

# Called with how many stories are done and how many there are.
Progress = Callable[[int, int], None]


class Printing:
    """The work of one press run, with everything that it reads from one snapshot."""

    def __init__(
        self, *, alias: str, mastheads: Mastheads, writer: SiteWriter, ledger: Ledger, photo_folder: Path
    ) -> None:
        self.alias = alias
        self.mastheads = mastheads
        self.writer = writer
        self.ledger = ledger
        self.photo_folder = photo_folder
        self.stories = 0
        # Why a story could not be printed, by its public id.
        self.failed: dict[str, str] = {}

    def print_everything(self, progress: Progress | None = None) -> None:
        """Print every page that there is."""
        identifiers = list(published(self.alias).order_by("pk").values_list("public_id", flat=True))
        for start in range(0, len(identifiers), STORIES_A_BATCH):
            batch = identifiers[start : start + STORIES_A_BATCH]
            self._print_stories(batch)
            if progress:
                progress(start + len(batch), len(identifiers))
        self._print_lists(every_list(self.mastheads, self.alias))
        self.writer.put(render.page_file(address, page) for address, page in fixed_pages(self.mastheads))
        self._leave_failed_as_they_stand()
        self.ledger.end_the_rest(but={f"story:{public_id}" for public_id in self.failed})
        self._withdraw_threads(self.ledger.ended)
        self._print_departures()
        self.writer.remove_strays()

    def print_due(self, due: Due) -> None:
        """Print what changes touched: the stories, pages that name them, and lists old and new."""
        concerned = sorted(due.stories | due.dependents)
        self.ledger.open(f"story:{public_id}" for public_id in concerned)
        before = [facts for facts in self.ledger.stories_before() if facts.public_id in due.stories]
        after: list[StoryFacts] = []
        for start in range(0, len(concerned), STORIES_A_BATCH):
            after += self._print_stories(concerned[start : start + STORIES_A_BATCH])
        left = [
            facts
            for facts in withdrawn(self.ledger.stories_before(), after)
            if facts.public_id not in self.failed
        ]
        for facts in left:
            self.ledger.ends(facts.key)
        lists = touched_lists(before, [facts for facts in after if facts.public_id in due.stories])
        self.ledger.open(key.key for key in lists)
        self._print_lists(lists)
        self._withdraw_threads(facts.key for facts in left)
        self._print_departures()
        self._remove_unused_photos()

    def _print_stories(self, public_ids: Sequence[str]) -> list[StoryFacts]:
        """Print a batch of stories; one that cannot be printed holds up none of the others."""
        try:
            return self._print_batch(public_ids)
        except STORY_FAULTS as error:
            if len(public_ids) > 1:
                return [facts for public_id in public_ids for facts in self._print_stories([public_id])]
            self.failed[public_ids[0]] = f"{type(error).__name__}: {error}"
            self.mastheads.unlisted.add(public_ids[0])
            logger.exception("A story could not be pressed.", extra={"event": "press.story.failed"})
            return []

    def _print_batch(self, public_ids: Sequence[str]) -> list[StoryFacts]:
        gathered = gather_stories(public_ids, self.mastheads, self.alias)
        keep_threads((story, row.comments_enabled) for _facts, story, row in gathered)
        readers_part = gather_readers_part([facts.public_id for facts, _story, _row in gathered])
        for facts, _story, _row in gathered:
            self._copy_photos(facts.mentions)
        self.writer.put(
            _story_file(story, readers_part, comments_open=row.comments_enabled)
            for _facts, story, row in gathered
        )
        for facts, _story, _row in gathered:
            self.ledger.stands(Entry(facts.key, facts.address, facts.as_json(), facts.mentions))
        self.stories += len(gathered)
        return [facts for facts, _story, _row in gathered]

    def _leave_failed_as_they_stand(self) -> None:
        keys = [f"story:{public_id}" for public_id in self.failed]
        for key in keys:
            if address := self.ledger.address_before(key):
                self.writer.spare(paths.page_path(address))
        named = Mention.objects.filter(key__in=keys, name__startswith="file:").values_list("name", flat=True)
        for name in named:
            self.writer.spare(f"photos/{name.removeprefix('file:')}")

    def _print_lists(self, keys: Iterable[ListKey]) -> None:
        for key in keys:
            found = gather_list(key, self.mastheads, self.alias)
            if found is None:
                self.ledger.ends(key.key)
                continue
            address, page = found
            mentions: tuple[str, ...] = ()
            if isinstance(page, PersonPage):
                mentions = tuple(f"file:{name}" for name in file_names([page.portrait]))
                self._copy_photos(mentions)
            self.writer.put([render.page_file(address, page)])
            self.ledger.stands(Entry(key.key, address, asdict(key), mentions))

    def _copy_photos(self, mentions: Iterable[str]) -> None:
        names = [name.removeprefix("file:") for name in mentions if name.startswith("file:")]
        self.writer.put_copies((f"photos/{name}", self.photo_folder / name) for name in names)

    def _withdraw_threads(self, keys: Iterable[str]) -> None:
        for key in keys:
            if key.startswith("story:"):
                withdraw_thread(key.removeprefix("story:"))

    def _print_departures(self) -> None:
        arriving: list[render.PressFile] = []
        leaving: list[str] = []
        for departure in self.ledger.departures():
            moved, gone = paths.moved_path(departure.address), paths.gone_path(departure.address)
            paper = self.mastheads.papers.get(departure.language)
            if departure.target:
                arriving.append(render.moved_file(departure.address, departure.target))
                leaving.append(gone)
            elif paper and departure.is_mourned:
                notice = NoticePage(publication=paper.publication, kind="gone")
                arriving.append(render.gone_file(departure.address, notice))
                leaving.append(moved)
            else:
                leaving += [moved, gone]
        for address in self.ledger.retaken():
            leaving += [paths.moved_path(address), paths.gone_path(address)]
        leaving += [paths.page_path(address) for _key, address in self.ledger.left()]
        self.writer.put(arriving)
        self.writer.remove(leaving)

    def _remove_unused_photos(self) -> None:
        changed = self.ledger.entries.keys() | self.ledger.ended
        before = set(
            Mention.objects.filter(key__in=changed, name__startswith="file:").values_list("name", flat=True)
        )
        now = {name for entry in self.ledger.entries.values() for name in entry.mentions}
        elsewhere = Mention.objects.filter(name__in=before - now).exclude(key__in=changed)
        unused = before - now - set(elsewhere.values_list("name", flat=True))
        self.writer.remove(f"photos/{name.removeprefix('file:')}" for name in sorted(unused))


def _story_file(story: Story, readers_part: ReadersPart, *, comments_open: bool) -> render.PressFile:
    page = StoryPage(
        story=story,
        comments=readers_part.comments.get(story.public_id, ()),
        comments_open=comments_open,
        totals=readers_part.totals.get(story.public_id),
    )
    return render.page_file(story.address, page)
