"""What the press is asked to do, and the record of each run; safe to kill at any moment.

Files are written before the rows that say so, and the rows that made them due go with those: a run that
was killed is simply run again, and ends in the same bytes.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from nashra.press import write
from nashra.press.gather.changes import has_due
from nashra.press.lock import is_held, press_lock
from nashra.press.models import PressRun
from nashra.press.record import PressFailed, failing_with_a_sentence
from nashra.press.rounds import Progress, Rounds
from nashra.press.shift import site_fingerprint, spool_folder

__all__ = ["PressFailed", "needs_full_press", "press_due", "press_full"]


def press_full(
    *,
    now: datetime.datetime,
    progress: Progress | None = None,
    cause: str = "",
    workers: int | None = None,
    between: Callable[[], None] | None = None,
) -> PressRun:
    """Press every page, whatever stands already, and remove every file that belongs to none.

    ``workers`` is how many processes print, by default one for each core; the bytes are the same.
    ``between`` is called now and then, while nothing is being printed.

    Raises:
        PressFailed: see its message; readers keep the whole pages that stood before.
        PressBusy: another press runs.
    """
    # The clock runs while the lock is waited for: a run says when it truly began.
    clock = _clock(now)
    with press_lock(lock_path()), failing_with_a_sentence():
        write.sweep(spool_folder())
        rounds = Rounds(clock=clock, workers=workers, between=between)
        return rounds.everything(cause=cause, progress=progress)


def press_due(
    *,
    now: datetime.datetime,
    sweep: bool = False,
    workers: int | None = None,
    between: Callable[[], None] | None = None,
) -> PressRun | None:
    """Press what is due and nothing else; gives the last run, ``None`` where nothing was due.

    ``sweep`` looks at every live story for what a crash left undone, as a press process does once.

    Raises:
        PressFailed, PressBusy: as for ``press_full``.
    """
    if not sweep and not has_due(now) and not _has_unfinished():
        return None
    # The clock runs while the lock is waited for: a run says when it truly began.
    clock = _clock(now)
    with press_lock(lock_path()), failing_with_a_sentence():
        write.sweep(spool_folder())
        rounds = Rounds(clock=clock, workers=workers, between=between)
        if sweep:
            rounds.note_overlooked()
        return rounds.until_nothing_is_due()


def _has_unfinished() -> bool:
    """Whether a run was cut off, and none is at work that might be that very one."""
    return PressRun.objects.filter(is_accounted=False).exists() and not is_held(lock_path())


def needs_full_press() -> str:
    """Why everything must be pressed before anything else, or nothing where that is not so."""
    if not settings.NASHRA_SITE_FOLDER.is_dir() or not any(settings.NASHRA_SITE_FOLDER.iterdir()):
        return "nothing is pressed yet"
    last = PressRun.objects.filter(kind=PressRun.Kind.FULL).first()
    if last is None or not last.fingerprint:
        return "no full press has ended yet" if last is None else "the last full press did not end"
    if last.fingerprint != site_fingerprint():
        return "the theme or the site's address changed"
    return ""


def lock_path() -> Path:
    """The lock that whoever presses this newsroom's site holds."""
    return Path(settings.NASHRA_VAR) / "press.lock"


def _clock(now: datetime.datetime) -> Callable[[], datetime.datetime]:
    """The clock that was given, going on from there: a long run must see what becomes due meanwhile."""
    began = time.monotonic()
    return lambda: now + datetime.timedelta(seconds=time.monotonic() - began)
