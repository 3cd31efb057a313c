"""``nashra comments import``: a file of old comments → rows, and a report of what became of each.

The file is read whole before anything is written, so that a broken one changes nothing. Then comments are
stored story by story in the order of their dates, some hundreds in each transaction; an import that is cut
off is simply started again. Must not log or show a word of a comment.
"""

from __future__ import annotations

import csv
import datetime
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol
from zoneinfo import ZoneInfo

from nashra.intake.comments.answering import answered
from nashra.intake.comments.disqus import read_disqus
from nashra.intake.comments.exported import read_exported
from nashra.intake.comments.parts import BadFile, LeftOut, OldComment, OldStory, Origin, Part, Refused
from nashra.intake.comments.report import Report
from nashra.intake.comments.spool import Entry, Spool
from nashra.intake.comments.stories import NotFound, NotWanted, Published, Stories, link_of
from nashra.intake.comments.wordpress import read_wordpress
from nashra.readers.arriving import Arrival, Memory, bring_in, remember
from nashra.readers.receive import public_id_of
from nashra.readers.threads import masthead

# A transaction of this many holds the readers' database for some hundredths of a second.
COMMENTS_A_BATCH = 200

# Whoever gave no name, or only an e-mail address, is called so.
NAMELESS = {"en": "Anonymous", "ar": "مجهول", "fa": "ناشناس"}


class Reader(Protocol):
    """Reads one format."""

    def __call__(self, stream: BinaryIO, *, now: datetime.datetime) -> Iterator[Part]:
        """What a file holds."""


READERS: Mapping[str, Reader] = {
    "wordpress": read_wordpress,
    "disqus": read_disqus,
    "nashra": read_exported,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What whoever imports asks for; ``mapping`` is a CSV file of old links and stories here."""

    source: str
    language: str = ""
    mapping: Path | None = None
    dry_run: bool = False


class CannotImport(ValueError):
    """Why nothing was imported: one sentence for the one who typed the command."""


def import_comments(
    stream: BinaryIO,
    *,
    file_name: str,
    wishes: Wishes,
    now: datetime.datetime,
    say: Callable[[str], None],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Import a file's comments; ``progress`` is called with how many are done, and how many there are.

    Raises:
        CannotImport: the file, or that of the mapping, cannot be read; nothing was changed.
    """
    report = Report(say)
    stories = Stories(wishes.language)
    if wishes.mapping is not None:
        try:
            stories.use_mapping(wishes.mapping)
        except BadFile as error:
            raise CannotImport(f"{wishes.mapping} {error}") from error
    with Spool() as spool:
        try:
            site = _read(READERS[wishes.source](stream, now=now), spool, report)
        except BadFile as error:
            raise CannotImport(f"{file_name} {error} Nothing was imported.") from error
        homes = _homes(spool, stories, report)
        total = sum(map(len, homes.values()))
        importer = _Importer(spool, report, wishes, site=site, now=now)
        done = 0
        for home, entries in homes.items():
            for number in importer.file_story(home, entries):
                done += number
                progress(done, total)
    return report


def _read(parts: Iterator[Part], spool: Spool, report: Report) -> str:
    """Fill the spool; gives the site that the file comes from."""
    site = ""
    for part in parts:
        if isinstance(part, OldComment):
            if not spool.add(part):
                report.leave("twice in the file")
        elif isinstance(part, OldStory):
            spool.stories.setdefault(part.key, part)
        elif isinstance(part, LeftOut):
            report.leave(part.kind)
        elif isinstance(part, Refused):
            report.refuse(part.key, part.reason)
        elif isinstance(part, Origin):
            site = part.site
    return site


def _homes(spool: Spool, stories: Stories, report: Report) -> dict[Published, list[Entry]]:
    """The comments by the story that they belong to here; what belongs to none is told."""
    homes: dict[Published, list[Entry]] = {}
    for key, entries in spool.of_story():
        old = spool.stories.get(key, OldStory(key=key))
        try:
            homes.setdefault(stories.find(old), []).extend(entries)
        except NotFound as error:
            report.find_no_story(old, len(entries), str(error))
        except NotWanted:
            report.leave("of stories that the list leaves out", len(entries))
    for entries in homes.values():
        entries.sort(key=lambda entry: (entry.order, entry.number))
    return homes


class _Importer:
    """Stores the comments of one story after the other."""

    def __init__(
        self, spool: Spool, report: Report, wishes: Wishes, *, site: str, now: datetime.datetime
    ) -> None:
        self._spool = spool
        self._report = report
        self._wishes = wishes
        self._source = f"{wishes.source} {_site_key(site)}"
        self._now = now
        self._zones: dict[str, ZoneInfo] = {}

    def file_story(self, home: Published, entries: list[Entry]) -> Iterator[int]:
        """Store a story's comments batch by batch; gives how many each batch settled."""
        names = {entry.key: self._identity(entry.key) for entry in entries}
        memory = remember(dict(names.values()))
        answers = answered(
            entries,
            {entry.key: entry for entry in entries},
            may_be_answered=lambda entry: _may_be_answered(entry, names[entry.key][0], memory),
        )
        fresh = [entry for entry in entries if self._is_fresh(names[entry.key][0], memory)]
        yield len(entries) - len(fresh)
        for start in range(0, len(fresh), COMMENTS_A_BATCH):
            batch = fresh[start : start + COMMENTS_A_BATCH]
            arrivals = [
                self._arrival(entry, home, *names[entry.key], names.get(answers[entry.key], ("", ""))[0])
                for entry in batch
            ]
            self._store(home, arrivals)
            yield len(batch)

    def _is_fresh(self, public_id: str, memory: Memory) -> bool:
        if public_id in memory.standing:
            self._report.counts["known"] += 1
        elif public_id in memory.gone:
            self._report.counts["gone"] += 1
        else:
            return True
        return False

    def _store(self, home: Published, arrivals: list[Arrival]) -> None:
        stored = len(arrivals)
        if not self._wishes.dry_run:
            stored = bring_in(thread_pk=home.pk, arrivals=arrivals, now=self._now)
        approved = sum(arrival.is_approved for arrival in arrivals)
        if stored == len(arrivals):
            self._report.counts["approved"] += approved
            self._report.counts["waiting"] += stored - approved
        else:
            # Somebody else imported the same at the same time.
            self._report.counts["known"] += len(arrivals) - stored
            self._report.counts["approved"] += min(stored, approved)
            self._report.counts["waiting"] += max(stored - approved, 0)

    def _identity(self, key: str) -> tuple[str, str]:
        """The public id and the nonce of a comment: the same at each import."""
        nonce = hashlib.sha256(f"nashra import {self._source} {key}".encode()).hexdigest()
        return (key if self._wishes.source == "nashra" else public_id_of(nonce)), nonce

    def _arrival(self, entry: Entry, home: Published, public_id: str, nonce: str, answers: str) -> Arrival:
        comment = self._spool.read(entry)
        zone = self._zone(home.language)
        at = comment.at or self._now
        return Arrival(
            public_id=public_id,
            nonce=nonce,
            name=comment.name or NAMELESS.get(home.language.split("-")[0], NAMELESS["en"]),
            text=comment.text,
            day=(at.astimezone(zone) if at.tzinfo else at).date(),
            is_approved=comment.is_approved,
            answers=answers,
            is_staff=comment.is_staff,
            is_pick=comment.is_pick,
        )

    def _zone(self, language: str) -> ZoneInfo:
        if language not in self._zones:
            self._zones[language] = ZoneInfo(masthead(language).time_zone)
        return self._zones[language]


def _may_be_answered(entry: Entry, public_id: str, memory: Memory) -> bool:
    if public_id in memory.standing:
        return memory.standing[public_id]
    return entry.is_approved and public_id not in memory.gone


def _site_key(site: str) -> str:
    """A site's address as it stays when the site moves to https or loses its www."""
    link = link_of(site)
    return f"{link.host}/{link.path}".strip("/")


def write_homeless(report: Report, file: Path) -> None:
    """Write the stories that were not found as a list to fill in, for the next import's mapping.

    Raises:
        OSError: it cannot be written.
    """
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["old", "story", "headline", "comments"])
        for homeless in report.homeless:
            old = homeless.story
            name = old.link or old.slug or next(iter(old.names), "")
            writer.writerow([_cell(name), "", _cell(old.title), homeless.comments])


def _cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula: anybody can give a thread of Disqus's a title."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
