"""What the readers' desk does by itself from time to time: it purges, closes, recounts, and leaves
no erased word in SQLite's files.

Must not decide about a comment: what it deletes a person rejected or erased long ago.
"""

from __future__ import annotations

import datetime
import logging
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import OperationalError, connections, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Count, F, Q

from nashra.readers.blocks import blocks_standing
from nashra.readers.leaving import tell_press
from nashra.readers.models import Comment, CommentState, Erasure, Thread
from nashra.readers.router import ALIAS
from nashra.readers.threads import thread_publication

log = logging.getLogger(__name__)

REJECTED_KEPT_DAYS = 30
CHECKPOINT_PATIENCE_MS = 100
# A larger file takes seconds to write anew, in which nobody could write.
WRITTEN_ANEW_UP_TO_BYTES = 256 * 1024 * 1024


def tidy(now: datetime.datetime) -> None:
    """Do all of it; as often as one likes."""
    purge(now)
    close_due(now)
    recount(now)
    empty_write_ahead_log()


def purge(now: datetime.datetime) -> int:
    """Delete what was rejected a month ago, and erasures whose previews nobody can send any more.

    Returns:
        How many comments were deleted.
    """
    last_day = now.date() - datetime.timedelta(days=REJECTED_KEPT_DAYS)
    deleted, _by_table = Comment.objects.filter(
        state=CommentState.REJECTED, decided_on__lte=last_day
    ).delete()
    # A token says the hour of its issue, and days begin at other moments elsewhere: one day more.
    lifetime = datetime.timedelta(hours=settings.NASHRA_PREVIEW_LIFETIME_HOURS, days=1)
    Erasure.objects.filter(day__lt=(now - lifetime).date()).delete()
    return deleted


def close_due(now: datetime.datetime) -> int:
    """Take no more comments on stories whose day has come, by the day in their publication's time zone.

    Returns:
        How many stories those were.
    """
    # Whatever the time zone, that day has come a day later.
    soon = now.date() + datetime.timedelta(days=1)
    due = Thread.objects.filter(closes_on__lte=soon, is_over=False)
    return sum(_close_one(pk, now) for pk in list(due.values_list("pk", flat=True)))


def _close_one(pk: int, now: datetime.datetime) -> bool:
    with transaction.atomic(using=ALIAS):
        thread = Thread.objects.select_for_update().get(pk=pk)
        today = now.astimezone(ZoneInfo(thread_publication(thread).time_zone)).date()
        if thread.closes_on is None or thread.closes_on > today:
            return False
        Thread.objects.filter(pk=pk).update(is_over=True)
        tell_press(thread, now, range(1, blocks_standing(thread.last_position) + 1))
    return True


def recount(now: datetime.datetime) -> int:
    """Bring each story's number of comments in line with its rows; any difference is a fault of ours.

    Returns:
        How many stories' numbers were wrong.
    """
    rows = Count("comments", filter=Q(comments__position__isnull=False))
    wrong = Thread.objects.filter(Q(comment_count__gt=0) | Q(last_position__gt=0)).annotate(rows=rows)
    names = list(wrong.exclude(comment_count=F("rows")).values_list("pk", flat=True))
    return sum(_recount_one(pk, now) for pk in names)


def _recount_one(pk: int, now: datetime.datetime) -> bool:
    with transaction.atomic(using=ALIAS):
        # Locked, and then looked at again: a decision may have come in between.
        thread = Thread.objects.select_for_update().get(pk=pk)
        number = Comment.objects.filter(thread=thread, position__isnull=False).count()
        if number == thread.comment_count:
            return False
        Thread.objects.filter(pk=pk).update(comment_count=number)
        tell_press(thread, now)
    log.warning("A count was wrong", extra={"event": "readers.count.mended", "story": thread.public_id})
    return True


def empty_write_ahead_log() -> bool:
    """Have SQLite write its database anew and cut off its log, so that no erased word lies in either.

    Other databases keep theirs as the documentation says. Source: SQLite, ``PRAGMA wal_checkpoint``.

    Returns:
        Whether the log is empty; somebody who reads just now keeps it from that, until the next time.
    """
    connection = connections[ALIAS]
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return connection.vendor != "sqlite"
    patience_s = connection.settings_dict["OPTIONS"].get("timeout", 5)
    with connection.cursor() as cursor:
        # Whoever writes waits meanwhile, so somebody who reads for long is not waited for.
        cursor.execute(f"PRAGMA busy_timeout = {CHECKPOINT_PATIENCE_MS}")
        try:
            is_anew = _write_anew(cursor, Path(str(connection.settings_dict["NAME"])))
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (is_busy, _pages, _moved) = cursor.fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(patience_s * 1000)}")
    return is_anew and not is_busy


def _write_anew(cursor: CursorWrapper, file: Path) -> bool:
    """Have SQLite write the whole database anew, if anything was written since its log was emptied.

    ``secure_delete`` overwrites what is deleted, and yet leaves a trace now and then where rows were moved
    from page to page before: our tests found words in one run of eight. Source: SQLite, ``VACUUM``.

    Returns:
        Whether nothing is left to do; somebody who writes just now keeps it from that, until the next time.
    """
    log_file = file.with_name(f"{file.name}-wal")
    if not log_file.is_file() or not log_file.stat().st_size:
        return True
    if file.stat().st_size > WRITTEN_ANEW_UP_TO_BYTES:
        log.warning(
            "The readers' database is too large to be written anew: erased words may leave traces in it.",
            extra={"event": "readers.database.large"},
        )
        return True
    try:
        cursor.execute("VACUUM")
    except OperationalError as error:
        log.info("The readers' database was not written anew.", extra={"why": str(error)})
        return False
    return True
