"""The steps of a press run, in the order that readers need: pages, then lists, then what was left.

Each step writes its files first and its rows after them, in one transaction, and can be repeated: a run
that was killed between two steps is made good by the next, from the rows alone. Decides neither what is
due nor who prints.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import transaction

from nashra.edition import paths
from nashra.press import ledger, render
from nashra.press.departures import print_departures, write_moved_map
from nashra.press.gather.changes import take_away, take_away_readers
from nashra.press.gather.fixed import fixed_pages
from nashra.press.gather.mastheads import Mastheads
from nashra.press.gather.readers_part import block_keys, keep_mastheads, withdraw_thread
from nashra.press.models import Overdue
from nashra.press.plan import Due, story_key
from nashra.press.printing import Printed, Printing
from nashra.press.write import Account, SiteWriter
from nashra.serve.generation import announce
from nashra.serve.nginx import nginx_files
from nashra.theme.rendering import CONTENT_SECURITY_POLICY

logger = logging.getLogger("nashra.press")

# A story that could not be pressed waits this long; the others do not wait for it.
TRY_AGAIN_AFTER = datetime.timedelta(seconds=30)
# So many pages of one run get brotli beside gzip: a publication's own, and not a whole archive's.
PAGES_WITH_BROTLI = 40


@dataclass(slots=True)
class Slice:
    """Some stories that are pressed together, and the rows that made them due; or some lists."""

    public_ids: list[str] = field(default_factory=list)
    # In place of these, where nobody knows them yet.
    primary_keys: list[int] = field(default_factory=list)
    # In place of stories; what made a list due is known by its key alone.
    list_keys: list[str] = field(default_factory=list)
    due: Due = field(default_factory=Due)
    # Those whose lists need not change with them.
    silent: frozenset[str] = frozenset()
    # Whether the lists that they stand in are to be remembered as due.
    notes_lists: bool = True
    # Those that are pressed in one go, where links to any other must wait until it stands.
    together: frozenset[str] | None = None
    # Whether one that is not there any more has been withdrawn, or is somebody else's matter.
    ends_missing: bool = True
    # Whether its pages may lead to those that were given before: it is printed only when these stand.
    after_all: bool = False

    @property
    def names(self) -> list[str] | list[int]:
        """The stories or lists, as whoever prints them is told of them."""
        return self.list_keys or self.primary_keys or self.public_ids


class Shift:
    """One run's work and its account."""

    def __init__(self, mastheads: Mastheads, now: datetime.datetime, *, is_first: bool = False) -> None:
        self.mastheads = mastheads
        self.now = now
        self.writer = SiteWriter(
            settings.NASHRA_SITE_FOLDER,
            spool_folder(),
            precompress=settings.NASHRA_PRECOMPRESS == "gzip",
        )
        self.printing = Printing(
            mastheads=mastheads,
            writer=self.writer,
            photo_folder=settings.NASHRA_PHOTO_FOLDER,
            now=now,
            is_first=is_first,
        )
        self.account = Account()
        self.stories = 0
        # Rises whenever a name may have changed while this was being pressed.
        self.names_number = 0
        self.failed: dict[str, str] = {}
        self.changed: list[str] = []
        # Lists that are no more, and of which no row said that they stood: one may have been printed ahead.
        self.never_stood: set[str] = set()
        self._dropped_files: set[str] = set()
        self._has_retaken = False
        keep_mastheads(mastheads)

    def keep_stories(self, printed: Sequence[Printed], slices: Sequence[Slice]) -> set[str]:
        """Write down what was printed, and take away the rows that made it due; gives the touched lists."""
        # A story that came twice is kept as it was printed last.
        entries = list({entry.key: entry for each in printed for entry in each.entries}.values())
        failed = {name: why for each in printed for name, why in each.failed.items()}
        there = {entry.key for entry in entries} | {story_key(name) for name in failed}
        ended = [
            story_key(name)
            for each in slices
            if each.ends_missing
            for name in each.public_ids
            if story_key(name) not in there
        ]
        retaken = self._clear_retaken([entry.address for entry in entries])
        self.writer.sync()
        # Before the desk's rows say that it is done: theirs is another database, and may be away just now.
        for key in ended:
            withdraw_thread(key.removeprefix("story:"))
        with transaction.atomic():
            silent = frozenset().union(*(each.silent for each in slices))
            is_silent = not any(each.notes_lists for each in slices)
            kept = ledger.keep(entries, ended=ended, silent=silent, is_silent=is_silent)
            files = [file for each in printed for file in each.files]
            ledger.keep_digests(files, is_first=self.printing.is_first)
            ledger.forget_old(retaken)
            if not is_silent:
                # Pages of older comments name their story, lie below it and end with it.
                kept.lists |= block_keys(_public_ids([*kept.changed, *kept.ended]))
            for each in slices:
                if each.notes_lists:
                    ledger.note_lists(kept.lists | each.due.lists)
                take_away(each.due)
            self._keep_overdue({entry.key.removeprefix("story:") for entry in entries}, slices, failed)
        for each in slices:
            take_away_readers(each.due)
        self._count(printed, failed, kept)
        self.stories += len(entries)
        return kept.lists

    def print_ahead(self, keys: Sequence[str]) -> None:
        """Print the lists among these to which pages will lead before their turn comes."""
        self.account.add(self.printing.ahead(keys).account)

    def keep_lists(self, printed: Sequence[Printed]) -> None:
        """Write down lists that were printed, whoever made them due; no other list is settled."""
        names = [name for each in printed for name in each.names]
        entries = [entry for each in printed for entry in each.entries]
        ended = [key for each in printed for key in each.ended]
        failed = {key: why for each in printed for key, why in each.failed.items()}
        retaken = self._clear_retaken([entry.address for entry in entries])
        self.writer.sync()
        with transaction.atomic():
            kept = ledger.keep(entries, ended=ended, is_silent=True)
            ledger.keep_digests([file for each in printed for file in each.files])
            ledger.forget_old(retaken)
            ledger.settle_lists(names)
            self._keep_overdue(set(names), [], failed)
        self.never_stood.update(set(ended).difference(kept.ended))
        self._count(printed, failed, kept)

    def print_fixed(self, *, only_new: bool = False) -> list[str]:
        """Print the pages that depend on no story, the front door last; gives the keys of their standing."""
        pages = sorted(fixed_pages(self.mastheads), key=lambda found: found[0] == "/")
        files = [render.robots_file(settings.NASHRA_SITE_URL)]
        files += [render.page_file(address, page) for address, page in pages]
        if only_new:
            files = [file for file in files if not self.writer.stands(file.path)]
            self.account.add(self.printing.files(files).account)
            return []
        addresses = ["/robots.txt", *(address for address, _page in pages)]
        printed = self.printing.files(files)
        printed.entries = [ledger.Entry(f"fixed:{address}", address) for address in addresses]
        self.keep_lists([printed])
        return [entry.key for entry in printed.entries]

    def finish(
        self,
        *,
        with_brotli: bool = False,
        only: Collection[str] | None = None,
        between: Callable[[], object] | None = None,
    ) -> None:
        """Settle old addresses, remove photos that nothing shows, and compress what is fresh once more.

        ``only`` and ``between``: see ``print_departures``.
        """
        settled = print_departures(self.writer, self.mastheads, only=only, between=between)
        if settled or self._has_retaken or not moved_map_file().exists():
            write_moved_map(moved_map_file())
            self._has_retaken = False
        names = [f"photos/{name}" for name in ledger.unused(self._dropped_files)]
        ledger.forget_digests(self.writer.remove(names))
        announce(self.writer.folder)
        if with_brotli and len(self.changed) <= PAGES_WITH_BROTLI:
            self.writer.add_brotli(self.changed)

    def close_account(self) -> Account:
        """The account, with what this process wrote itself and nobody has counted yet."""
        self.account.add(self.writer.account)
        self.writer.account = Account()
        return self.account

    def _clear_retaken(self, addresses: Sequence[str]) -> list[str]:
        """Nothing stands beside a page that says it is gone or elsewhere."""
        retaken = ledger.retaken(addresses)
        self._has_retaken |= bool(retaken)
        for address in retaken:
            self.writer.remove([paths.moved_path(address), paths.gone_path(address)])
        return retaken

    def _keep_overdue(self, pressed: set[str], slices: Sequence[Slice], failed: dict[str, str]) -> None:
        if not failed and not Overdue.objects.exists():
            return
        tried = pressed.union(failed, *(each.public_ids for each in slices))
        for batch in ledger.in_batches(sorted(tried)):
            Overdue.objects.filter(public_id__in=batch).delete()
        Overdue.objects.bulk_create(
            Overdue(public_id=name, reason=why[:2000], try_again_at=self.now + TRY_AGAIN_AFTER)
            for name, why in failed.items()
        )

    def _count(self, printed: Sequence[Printed], failed: dict[str, str], kept: ledger.Kept) -> None:
        for each in printed:
            self.account.add(each.account)
            if len(self.changed) <= PAGES_WITH_BROTLI:
                self.changed += each.changed
        for name, why in failed.items():
            logger.error(
                "A story could not be pressed.",
                extra={"event": "press.story.failed", "story": name, "why": why},
            )
        self.failed |= failed
        self._dropped_files |= kept.dropped_files


def _public_ids(keys: Sequence[str]) -> list[str]:
    return [key.removeprefix("story:") for key in keys]


def site_fingerprint() -> str:
    """What every page of this site is made with."""
    return render.fingerprint(settings.NASHRA_SITE_URL, settings.NASHRA_PRECOMPRESS)


def spool_folder() -> Path:
    """Where files lie before they have their name: beside the site's folder, and never served."""
    site: Path = settings.NASHRA_SITE_FOLDER
    return site.with_name(f"{site.name}.tmp")


def moved_map_file() -> Path:
    """The redirects, as another web server reads them."""
    return _other_servers_folder() / "moved.map"


def write_for_other_servers() -> None:
    """Write what the configurations of other web servers include: our headers, types and notices."""
    for relative, content in nginx_files(CONTENT_SECURITY_POLICY).items():
        file = _other_servers_folder() / relative
        if not file.is_file() or file.read_bytes() != content:
            file.parent.mkdir(parents=True, exist_ok=True)
            temporary = file.with_suffix(".new")
            temporary.write_bytes(content)
            temporary.replace(file)


def _other_servers_folder() -> Path:
    return Path(settings.NASHRA_VAR) / "nginx"
