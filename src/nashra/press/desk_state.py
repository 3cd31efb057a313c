"""How the press fares at this moment, as far as its rows and its lock can tell.

Only reads: what the press does is decided in ``run``, and the words for people are ``desk_words``'.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum

from django.db import DatabaseError
from django.db.models import Q, QuerySet

from nashra.desk.models import Story
from nashra.press.gather.changes import count_waiting, waiting_since
from nashra.press.lock import is_held, taken_at
from nashra.press.models import Overdue, PressRun
from nashra.press.record import NOT_ALL_PRESSED
from nashra.press.run import lock_path, needs_full_press

# Changes that wait so long, while nothing is being pressed, wait for a press that does not run.
LONGEST_WAIT = datetime.timedelta(minutes=2)
# The file system's clock may lag behind the one by which a run says when it began.
CLOCKS_APART = datetime.timedelta(seconds=1)
OVERDUE_SHOWN = 50


class Condition(StrEnum):
    """Whether the press is well."""

    IDLE = "idle"
    PRESSING = "pressing"
    STUCK = "stuck"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many changes wait for the press, and since when; ``is_known`` is False where a database is away."""

    count: int = 0
    since: datetime.datetime | None = None
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class PressState:
    """How the press fares.

    ``run`` is the run that the condition speaks of: the one that is going on, was cut off, failed, or
    ended last. ``beside`` is a run of single changes that passes a greater one by. ``under_way`` holds
    the primary keys of all runs that go on. ``mark`` changes whenever a run begins or ends.
    """

    condition: Condition
    run: PressRun | None
    beside: PressRun | None
    under_way: frozenset[int]
    waiting: Waiting
    full_press_due: str
    mark: str
    seen_at: datetime.datetime

    @property
    def is_neglected(self) -> bool:
        """Whether changes wait and nobody seems to press."""
        since = self.waiting.since
        at_work = self.condition == Condition.PRESSING
        return not at_work and since is not None and self.seen_at - since >= LONGEST_WAIT

    @property
    def is_lively(self) -> bool:
        """Whether things are likely to look otherwise in a second."""
        return self.condition == Condition.PRESSING or (self.waiting.count > 0 and not self.is_neglected)


@dataclass(frozen=True, slots=True)
class LateStory:
    """A story that could not be pressed; without ``primary_key`` it is no longer at the desk."""

    public_id: str
    headline: str
    primary_key: int | None
    reason: str
    try_again_at: datetime.datetime


def look(now: datetime.datetime) -> PressState:
    """Look at the press's rows and its lock."""
    is_busy, open_runs = _open_runs()
    began = taken_at(lock_path()) if is_busy else None
    under_way = [run for run in open_runs if began and run.started_at >= began - CLOCKS_APART]
    last = PressRun.objects.filter(finished_at__isnull=False).order_by("-finished_at", "-pk").first()
    newest = PressRun.objects.values_list("pk", flat=True).first() or 0
    condition, run = _condition(is_busy, under_way, open_runs, last)
    full_press_due = needs_full_press()
    if condition != Condition.IDLE and (run is None or run.kind == PressRun.Kind.FULL):
        # It is being done, or what stopped it is told already.
        full_press_due = ""
    return PressState(
        condition=condition,
        run=run,
        beside=under_way[-1] if len(under_way) > 1 else None,
        under_way=frozenset(each.pk for each in under_way),
        waiting=_waiting(now),
        full_press_due=full_press_due,
        mark=f"{condition}-{newest}-{last.pk if last else 0}-{len(under_way)}",
        seen_at=now,
    )


def _open_runs() -> tuple[bool, list[PressRun]]:
    """Whether a press is at work, and the runs without an end that nobody has seen to, oldest first.

    Rows are read before and after the lock is tried: a run that ended or began in between must not
    look as if it had died.
    """
    unfinished = PressRun.objects.filter(finished_at__isnull=True, is_accounted=False).order_by("pk")
    before = set(unfinished.values_list("pk", flat=True))
    is_busy = is_held(lock_path())
    if is_busy:
        return True, list(unfinished)
    return False, [run for run in unfinished if run.pk in before] if before else []


def _condition(
    is_busy: bool, under_way: list[PressRun], open_runs: list[PressRun], last: PressRun | None
) -> tuple[Condition, PressRun | None]:
    if is_busy:
        return Condition.PRESSING, under_way[0] if under_way else None
    if open_runs:
        # A great run is what people miss; what passed it by was cut off with it.
        great = [run for run in open_runs if run.kind != PressRun.Kind.DUE]
        return Condition.STUCK, (great or open_runs)[-1]
    if last is not None and has_stopped(last):
        return Condition.FAILED, last
    return Condition.IDLE, last


def has_stopped(run: PressRun) -> bool:
    """Whether an error ended the run before it had pressed what it meant to."""
    return bool(run.error) and not run.error.startswith(NOT_ALL_PRESSED)


def runs(state: PressState, *, failures_only: bool = False) -> QuerySet[PressRun]:
    """The runs of the press, the newest first; failures are those with an error, and those cut off."""
    found = PressRun.objects.order_by("-pk")
    if not failures_only:
        return found
    cut_off = Q(finished_at__isnull=True) & ~Q(pk__in=state.under_way)
    return found.filter(~Q(error="") | cut_off)


def late_stories() -> tuple[list[LateStory], int]:
    """The stories that could not be pressed, by headline, and how many there are besides those given."""
    rows = list(Overdue.objects.order_by("try_again_at", "pk")[:OVERDUE_SHOWN])
    names = [row.public_id for row in rows]
    found = Story.objects.filter(public_id__in=names).values_list("public_id", "pk", "draft_title")
    stories = {public_id: (pk, title) for public_id, pk, title in found}
    late = []
    for row in rows:
        pk, headline = stories.get(row.public_id, (None, ""))
        late.append(LateStory(row.public_id, headline, pk, row.reason, row.try_again_at))
    more = Overdue.objects.count() - len(late) if len(late) == OVERDUE_SHOWN else 0
    return sorted(late, key=lambda each: each.headline), more


def _waiting(now: datetime.datetime) -> Waiting:
    try:
        return Waiting(count_waiting(now), waiting_since(now))
    except DatabaseError:
        # Where the readers' database is away, this page is where people look for the reason.
        return Waiting(is_known=False)
