"""The record of a run: a row that says what it is doing, how it ended, and what went wrong.

Must not press anything.
"""

from __future__ import annotations

import contextlib
import datetime
import errno
import logging
import time
from collections.abc import Callable, Iterator, Mapping

from django.db import DatabaseError

from nashra.press.models import PressRun
from nashra.press.write import Account

logger = logging.getLogger("nashra.press")

# What a full disk, a broken picture or one strange story may raise; a programming error of another
# kind ends the process, and whoever supervises it starts it again.
_MENDABLE = (OSError, ValueError, LookupError, TypeError)

# How the error begins of a run that came to its end, and could not press every story.
NOT_ALL_PRESSED = "Some stories could not be pressed and keep the page that they had."

# The desk shows the last runs; older rows tell nobody anything.
RUNS_KEPT = 1000


class PressFailed(RuntimeError):
    """A run that did not end; its row and its message say why. What was due stays due."""


class Record:
    """One run's row, from its beginning to its end."""

    def __init__(self, kind: str, cause: str, now: datetime.datetime, *, expected: int | None = None) -> None:
        self.run = PressRun.objects.create(
            kind=kind, cause=cause[:200], started_at=now, stories_expected=expected
        )
        # What still tells that something is to be done is kept, however old it is.
        last_full = PressRun.objects.filter(kind=PressRun.Kind.FULL).values_list("pk", flat=True)[:1]
        old = PressRun.objects.filter(pk__lte=self.run.pk - RUNS_KEPT, is_accounted=True)
        old.exclude(pk__in=list(last_full)).delete()
        self._began = time.monotonic()

    def tell(self, stories: int) -> None:
        """Write how far it has come, for the desk to see."""
        PressRun.objects.filter(pk=self.run.pk).update(stories=stories)

    @contextlib.contextmanager
    def kept(self, account: Callable[[], Account]) -> Iterator[PressRun]:
        """Time the run and keep its account and its error, whatever ends it.

        Raises:
            PressFailed: in place of what a full disk or a database may raise.
        """
        try:
            yield self.run
        except BaseException as error:
            # Whatever ended it, a run that did not reach its end must never look as if it had.
            self.run.error = self.run.error or f"{type(error).__name__}: {error}"[:2000]
            self.run.fingerprint = ""
            # A disk that is full takes no row either; the error itself must not be lost for that.
            with contextlib.suppress(DatabaseError):
                self._end(account())
            if not isinstance(error, (*_MENDABLE, DatabaseError)):
                raise
            logger.exception("A press run failed.", extra={"event": "press.run.failed", "run": self.run.pk})
            raise told(error) from error
        self.run.is_accounted = True
        self._end(account())
        logger.info(
            "A press run ended.",
            extra={
                "event": "press.run.finished",
                "run": self.run.pk,
                "duration_ms": self.run.duration_ms,
                "files_written": self.run.files_written,
                "files_removed": self.run.files_removed,
            },
        )

    def _end(self, account: Account) -> None:
        took_s = time.monotonic() - self._began
        self.run.finished_at = self.run.started_at + datetime.timedelta(seconds=took_s)
        self.run.duration_ms = round(took_s * 1000)
        self.run.files_written = account.files_written
        self.run.files_unchanged = account.files_unchanged
        self.run.files_removed = account.files_removed
        self.run.bytes_written = account.bytes_written
        self.run.save()


@contextlib.contextmanager
def failing_with_a_sentence() -> Iterator[None]:
    """Whatever the disk or a database refuses, before a run has its record or after, is a failed run.

    Raises:
        PressFailed: in place of that.
    """
    try:
        yield
    except (OSError, DatabaseError) as error:
        raise told(error) from error


def told(error: BaseException) -> PressFailed:
    """What stopped the press, in words, with what to do about it where we know."""
    advice = ""
    if (isinstance(error, OSError) and error.errno == errno.ENOSPC) or "disk is full" in str(error):
        advice = " Make room on the disk; the next run takes up what this one left."
    return PressFailed(f"The press stopped. {type(error).__name__}: {error}.{advice}")


def failures(failed: Mapping[str, str]) -> str:
    """What could not be pressed, for people; nothing where all was."""
    if not failed:
        return ""
    reasons = "; ".join(f"{public_id}: {reason}" for public_id, reason in sorted(failed.items()))
    return f"{NOT_ALL_PRESSED} {reasons}"[:2000]
