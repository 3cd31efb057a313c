"""One press run: what is due, printed and recorded; safe to kill at any moment.

Files are written before the rows that say so, and the rows that made them due go last: a run that
was killed is simply run again, and ends in the same bytes.
"""

from __future__ import annotations

import datetime
import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, transaction
from jinja2 import TemplateError

from nashra.press import render
from nashra.press.gather.changes import gather_due, has_due, overlooked, take_away, take_away_readers
from nashra.press.gather.mastheads import gather_mastheads
from nashra.press.gather.snapshot import snapshot
from nashra.press.ledger import Ledger
from nashra.press.lock import press_lock
from nashra.press.models import Overdue, PressRun
from nashra.press.plan import Due
from nashra.press.printing import Printing, Progress
from nashra.press.write import SiteWriter

logger = logging.getLogger("nashra.press")

# What a full disk, a broken picture or one strange story may raise; a programming error of another
# kind ends the process, and whoever supervises it starts it again.
_MENDABLE = (OSError, ValueError, LookupError, TypeError)

# A story that could not be pressed waits this long; the others do not wait for it.
TRY_AGAIN_AFTER = datetime.timedelta(seconds=30)

# The desk shows the last runs; older rows tell nobody anything.
RUNS_KEPT = 1000


class PressFailed(RuntimeError):
    """A run that did not end; its row and its message say why. What was due stays due."""


def press_full(*, now: datetime.datetime, progress: Progress | None = None, cause: str = "") -> PressRun:
    """Press every page, whatever stands already, and remove every file that belongs to none.

    Raises:
        PressFailed: see its message; readers keep the whole pages that stood before.
        PressBusy: another press runs.
    """
    with press_lock(_lock_path()):
        run = _begin(PressRun.Kind.FULL, cause, now)
        writer = SiteWriter(settings.NASHRA_SITE_FOLDER, rewrite=True)
        with _recorded(run, writer):
            ledger = Ledger(everything=True)
            with snapshot() as alias:
                due = gather_due(alias, now)
                printing = _printing(alias, writer, ledger)
                printing.print_everything(progress)
            _end(run, printing, due, fingerprint=render.fingerprint(settings.NASHRA_SITE_URL))
        return run


def press_due(*, now: datetime.datetime, sweep: bool = False) -> PressRun | None:
    """Press what is due and nothing else; ``None`` where nothing is.

    ``sweep`` looks at every live story for what a crash left undone, as a press process does once.

    Raises:
        PressFailed, PressBusy: as for ``press_full``.
    """
    if not sweep and not has_due(now):
        return None
    with press_lock(_lock_path()):
        with snapshot() as alias:
            due = gather_due(alias, now)
            if sweep:
                due.stories |= overlooked(gather_mastheads(alias), alias)
        if not due:
            return None
        run = _begin(PressRun.Kind.DUE, _cause(due), now)
        writer = SiteWriter(settings.NASHRA_SITE_FOLDER)
        with _recorded(run, writer):
            ledger = Ledger(everything=due.everything)
            with snapshot() as alias:
                printing = _printing(alias, writer, ledger)
                if due.everything:
                    printing.print_everything()
                else:
                    printing.print_due(due)
            _end(run, printing, due)
        return run


def needs_full_press() -> str:
    """Why everything must be pressed before anything else, or nothing where that is not so."""
    if not settings.NASHRA_SITE_FOLDER.is_dir() or not any(settings.NASHRA_SITE_FOLDER.iterdir()):
        return "nothing is pressed yet"
    last = PressRun.objects.filter(kind=PressRun.Kind.FULL).exclude(fingerprint="").first()
    if last is None:
        return "no full press has ended yet"
    if last.fingerprint != render.fingerprint(settings.NASHRA_SITE_URL):
        return "the theme or the site's address changed"
    return ""


def _lock_path() -> Path:
    return Path(settings.NASHRA_VAR) / "press.lock"


def _printing(alias: str, writer: SiteWriter, ledger: Ledger) -> Printing:
    return Printing(
        alias=alias,
        mastheads=gather_mastheads(alias),
        writer=writer,
        ledger=ledger,
        photo_folder=settings.NASHRA_PHOTO_FOLDER,
    )


def _cause(due: Due) -> str:
    if due.everything:
        return "a section or publication changed"
    parts = [(len(due.stories), "stories"), (len(due.readers_change_ids), "readers' changes")]
    return ", ".join(f"{count} {what}" for count, what in parts if count)


def _begin(kind: str, cause: str, now: datetime.datetime) -> PressRun:
    run = PressRun.objects.create(kind=kind, cause=cause, started_at=now)
    PressRun.objects.filter(pk__lte=run.pk - RUNS_KEPT).delete()
    return run


@contextmanager
def _recorded(run: PressRun, writer: SiteWriter) -> Iterator[None]:
    """Time the run and keep its error, so that the desk can show what went wrong and where."""
    began = time.monotonic()
    try:
        yield
    except BaseException as error:
        # Whatever ended it, a run that did not reach its end must never look as if it had.
        run.error = run.error or f"{type(error).__name__}: {error}"[:2000]
        _keep(run, writer, began)
        if not isinstance(error, (*_MENDABLE, DatabaseError, TemplateError)):
            raise
        logger.exception("A press run failed.", extra={"event": "press.run.failed", "run": run.pk})
        raise PressFailed(f"The press stopped. {type(error).__name__}: {error}") from error
    _keep(run, writer, began)
    logger.info(
        "A press run ended.",
        extra={
            "event": "press.run.finished",
            "run": run.pk,
            "duration_ms": run.duration_ms,
            "files_written": run.files_written,
            "files_removed": run.files_removed,
        },
    )


def _keep(run: PressRun, writer: SiteWriter, began: float) -> None:
    account = writer.account
    took_s = time.monotonic() - began
    run.finished_at = run.started_at + datetime.timedelta(seconds=took_s)
    run.duration_ms = round(took_s * 1000)
    run.files_written = len(account.written)
    run.files_unchanged = account.files_unchanged
    run.files_removed = account.files_removed
    run.bytes_written = account.bytes_written
    run.save()


def _end(run: PressRun, printing: Printing, due: Due, *, fingerprint: str = "") -> None:
    """Keep what now stands, and take away the rows that made it due, the desk's in one transaction."""
    run.stories = printing.stories
    run.error = _failures(printing.failed)
    with transaction.atomic():
        printing.ledger.keep()
        printing.writer.keep_account()
        _keep_overdue(printing, due, run.started_at + TRY_AGAIN_AFTER)
        take_away(due)
        PressRun.objects.filter(pk=run.pk).update(fingerprint=fingerprint)
    # Only now: a row must not vouch for a transaction that was rolled back.
    run.fingerprint = fingerprint
    take_away_readers(due)


def _failures(failed: Mapping[str, str]) -> str:
    if not failed:
        return ""
    reasons = "; ".join(f"{public_id}: {reason}" for public_id, reason in sorted(failed.items()))
    return f"Some stories could not be pressed and keep the page that they had. {reasons}"[:2000]


def _keep_overdue(printing: Printing, due: Due, try_again_at: datetime.datetime) -> None:
    tried = Overdue.objects.all()
    if not printing.ledger.everything:
        tried = tried.filter(public_id__in=due.stories | due.dependents)
    tried.delete()
    Overdue.objects.bulk_create(
        Overdue(public_id=public_id, reason=reason[:2000], try_again_at=try_again_at)
        for public_id, reason in printing.failed.items()
    )
