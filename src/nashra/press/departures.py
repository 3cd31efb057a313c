"""Old addresses: each leads to where its thing stands now, or says that it was withdrawn.

Does what the ledger wrote down as unsettled, so that a run that was killed is made good by the next.
Also keeps the list of redirects that a web server of another make reads.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from django.db import transaction

from nashra.edition import paths
from nashra.edition.pages import NoticePage
from nashra.press import ledger, render
from nashra.press.gather.mastheads import Mastheads
from nashra.press.gather.placings import addresses_of
from nashra.press.models import OldAddress, Standing
from nashra.press.write import SiteWriter, Written

BATCH_ADDRESSES = 200


@dataclass(slots=True)
class _Work:
    """What one batch of old addresses comes to."""

    arriving: list[render.PressFile] = field(default_factory=list)
    leaving: list[str] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)


def print_departures(
    writer: SiteWriter,
    mastheads: Mastheads,
    *,
    only: Collection[str] | None = None,
    between: Callable[[], object] | None = None,
) -> int:
    """Settle every unsettled address, files first; gives how many there were.

    ``only`` are the keys whose addresses are settled now: to what others left, lists may still lead.
    ``between`` is called after each batch, while nothing is under way.
    """
    count = 0
    # In the order in which they were left: an old redirect goes before the page that it leads to.
    unsettled = OldAddress.objects.filter(is_settled=False).order_by("pk")
    parts = [unsettled]
    if only is not None:
        parts = [unsettled.filter(key__in=keys) for keys in ledger.in_batches(sorted(only))]
    for part in parts:
        while rows := list(part[:BATCH_ADDRESSES]):
            _depart(_work(rows, mastheads), writer)
            count += len(rows)
            if between:
                between()
    return count


def _depart(work: _Work, writer: SiteWriter) -> None:
    written = [writer.put(file) for file in work.arriving]
    removed = writer.remove(work.leaving)
    writer.sync()
    with transaction.atomic():
        _settle(work, written, removed)


def _work(rows: Sequence[OldAddress], mastheads: Mastheads) -> _Work:
    targets = addresses_of([row.key for row in rows], "default")
    standing = Standing.objects.filter(address__in=[row.address for row in rows])
    occupied = set(standing.values_list("address", flat=True))
    work = _Work()
    for row in rows:
        _add(work, row, targets.get(row.key, ""), mastheads, is_occupied=row.address in occupied)
    return work


def _add(work: _Work, row: OldAddress, target: str, mastheads: Mastheads, *, is_occupied: bool) -> None:
    moved, gone = paths.moved_path(row.address), paths.gone_path(row.address)
    page = [] if is_occupied else [paths.page_path(row.address)]
    paper = mastheads.papers.get(row.language)
    if is_occupied:
        work.leaving += [moved, gone]
        work.forgotten.append(row.address)
    elif target:
        work.arriving.append(render.moved_file(row.address, target))
        work.leaving += [gone, *page]
        work.settled.append(row.address)
    elif row.key.startswith(ledger.MOURNED):
        if paper:
            notice = NoticePage(publication=paper.publication, kind="gone")
            work.arriving.append(render.gone_file(row.address, notice))
        work.leaving += [moved, *page] if paper else [moved, gone, *page]
        work.settled.append(row.address)
    else:
        # Nothing may tell that somebody's page stood here once.
        work.leaving += [moved, gone, *page]
        work.forgotten.append(row.address)


def _settle(work: _Work, written: Sequence[Written], removed: Sequence[str]) -> None:
    ledger.keep_digests(written)
    ledger.forget_digests(removed)
    for batch in ledger.in_batches(work.settled):
        OldAddress.objects.filter(address__in=batch).update(is_settled=True)
    ledger.forget_old(work.forgotten)


def unsettle_all() -> None:
    """Have every old address looked at again, as a full press does."""
    OldAddress.objects.update(is_settled=False)


def write_moved_map(file: Path) -> bool:
    """Write the redirects as lines of an nginx ``map``; a file that says the same already is left alone.

    Each line is ``"/old/" "/new/";``, percent-encoded. Says whether the file changed.
    """
    rows = OldAddress.objects.order_by("address").values_list("address", "key")
    lines: list[str] = []
    for batch in ledger.in_batches(rows.iterator(chunk_size=ledger.BATCH_ROWS)):
        targets = addresses_of([key for _address, key in batch], "default")
        lines += [
            f'"{quote(address, safe="/")}" "{quote(targets[key], safe="/")}";\n'
            for address, key in batch
            if key in targets
        ]
    text = "".join(lines)
    if file.is_file() and file.read_text(encoding="ascii") == text:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(".new")
    temporary.write_text(text, encoding="ascii")
    temporary.replace(file)
    return True
