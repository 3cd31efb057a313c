"""What the press did and why it could not, in the words of the person at the desk.

Translates what rows hold, which is English and short; must not query anything.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from nashra.press.desk_state import Condition, PressState
from nashra.press.models import PressRun

# What rows hold as the cause of a run, or as why everything must be pressed.
CAUSES = (
    gettext_noop("nothing is pressed yet"),
    gettext_noop("no full press has ended yet"),
    gettext_noop("the last full press did not end"),
    gettext_noop("the theme or the site's address changed"),
    gettext_noop("a section or publication changed"),
    gettext_noop("what a run before left undone"),
)

# An estimate from less than this would be a guess.
SOONEST_ESTIMATE = datetime.timedelta(seconds=2)
LEAST_SHARE = 0.02


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong, what to do about it, and the line that somebody technical will ask for."""

    what: str
    advice: str = ""
    technical: str = ""


def stories(count: int) -> str:
    """ "1 story", "3,400 stories"."""
    return ngettext("%(count)s story", "%(count)s stories", count) % {"count": intcomma(count)}


def progress(done: int, expected: int) -> str:
    """ "3,400 of 10,000 stories"."""
    return ngettext("%(done)s of %(count)s story", "%(done)s of %(count)s stories", expected) % {
        "done": intcomma(min(done, expected)),
        "count": intcomma(expected),
    }


def what(run: PressRun) -> str:
    """What a run pressed: "Everything", "10,000 stories at once", "2 stories, 1 readers' change"."""
    if run.kind == PressRun.Kind.FULL:
        return _("Everything")
    if run.kind == PressRun.Kind.BULK:
        # One that ended may have left some to the next, so that lists need not wait for all.
        count = (run.finished_at and run.stories) or run.stories_expected or run.stories
        return ngettext("%(count)s story at once", "%(count)s stories at once", count) % {
            "count": intcomma(count)
        }
    named = re.search(r"\b(\d+) stor(?:y|ies)\b", run.cause)
    readers = re.search(r"\b(\d+) readers' changes?\b", run.cause)
    parts = [stories(int(named[1]))] if named else []
    if readers:
        count = int(readers[1])
        words = ngettext("%(count)s change by readers", "%(count)s changes by readers", count)
        parts.append(words % {"count": intcomma(count)})
    if parts:
        return ", ".join(parts)
    return _("Lists and addresses")


def why(run: PressRun) -> str:
    """Why a run was made, where that is more than "something changed"."""
    if run.cause in CAUSES:
        return _(run.cause)
    if run.kind == PressRun.Kind.FULL:
        return run.cause or _("asked for at the command line")
    return ""


def why_everything(cause: str) -> str:
    """Why everything must be pressed."""
    return _(cause) if cause in CAUSES else cause


def duration(milliseconds: int) -> str:
    """ "40 ms", "3.2 s", "2 min 5 s"."""
    if milliseconds < 1000:
        return _("%(count)s ms") % {"count": milliseconds}
    seconds = milliseconds / 1000
    if seconds < 60:
        return _("%(count)s s") % {"count": f"{seconds:.1f}" if seconds < 10 else round(seconds)}
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return _("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": rest}
    return _("%(hours)s h %(minutes)s min") % {"hours": minutes // 60, "minutes": minutes % 60}


def time_left(run: PressRun, now: datetime.datetime) -> str:
    """How long a run that goes on will still take, or nothing where that cannot be told yet."""
    expected, done, gone = run.stories_expected or 0, run.stories, now - run.started_at
    if not expected or gone < SOONEST_ESTIMATE or done < expected * LEAST_SHARE:
        return ""
    if done >= expected:
        return _("The stories are done; their lists follow.")
    seconds = gone.total_seconds() * (expected - done) / done
    if seconds < 10:
        return _("A few seconds left.")
    if seconds < 55:
        tens = round(seconds / 10) * 10
        return _("About %(count)s seconds left.") % {"count": tens}
    minutes = max(round(seconds / 60), 1)
    return ngettext("About %(count)s minute left.", "About %(count)s minutes left.", minutes) % {
        "count": intcomma(minutes)
    }


def what_stopped(error: str) -> Trouble:
    """What stopped a run, from what its row says."""
    # What a worker of the press met with comes in an envelope.
    kind = re.sub(r"^WorkerFailed: (\[Errno \d+\] )?", "", error).partition(":")[0]
    if "No space left" in error or "disk is full" in error or "disk I/O error" in error:
        return Trouble(
            _("The disk is full."), _("Make room on it; the press then takes up what this run left."), error
        )
    if kind == "PermissionError" or "Read-only file system" in error or "readonly database" in error:
        return Trouble(
            _("The press may not write where the site's files lie."),
            _("Give the account that runs Nashra the right to write in its folder “var”."),
            error,
        )
    if kind in {"OperationalError", "InterfaceError", "DatabaseError"}:
        return Trouble(_("The database did not answer."), _("See whether it runs and has room."), error)
    if kind in {"WorkerDied", "MemoryError"}:
        return Trouble(
            _("One of the press's processes was ended from outside."),
            _("Most often the machine's memory is full: give it more, or let fewer workers press."),
            error,
        )
    if kind in {"KeyboardInterrupt", "SystemExit"}:
        return Trouble(_("It was told to stop before its end."), technical=error)
    return Trouble(
        _("Something happened that the press did not expect."),
        _("If it happens again, tell whoever looks after this newsroom's machine, with the line below."),
        error,
    )


def why_not_pressed(reason: str) -> Trouble:
    """Why a story could not be pressed, from what its row says."""
    kind = reason.partition(":")[0]
    if kind == "FileNotFoundError":
        return Trouble(
            _("A file that it shows is missing, most likely a photo's."),
            _("Put another photo in its place, or upload the photo again."),
            reason,
        )
    if kind == "PermissionError":
        return Trouble(_("A file that it shows may not be read."), technical=reason)
    if "UnidentifiedImage" in reason or "image file" in reason or "DecompressionBomb" in reason:
        return Trouble(
            _("A photo that it shows cannot be read as a picture."), _("Put another in its place."), reason
        )
    return Trouble(
        _("No page could be made of it."),
        _("Look for something unusual in its text, and publish it again."),
        reason,
    )


def when(moment: datetime.datetime, now: datetime.datetime, clock_format: str = "H:i") -> str:
    """A moment as the person at the desk would write it: the time alone where it is today."""
    local = timezone.localtime(moment)
    time_of_day = date_format(local, clock_format)
    if local.date() == timezone.localtime(now).date():
        return time_of_day
    return f"{date_format(local, 'DATE_FORMAT')}, {time_of_day}"


def headline(state: PressState) -> str:
    """How the press fares, in a few words."""
    if state.condition == Condition.PRESSING:
        return _("The press is at work.") if state.run else _("The press is getting ready.")
    if state.condition == Condition.STUCK:
        return _("The press was cut off.")
    if state.condition == Condition.FAILED:
        return _("The press failed.")
    return _("The press is idle.")


def announcement(state: PressState) -> str:
    """What is worth saying aloud: the headline, and each quarter of a long run."""
    run = state.run
    if state.condition != Condition.PRESSING or run is None:
        return headline(state)
    quarters = min(4 * run.stories // run.stories_expected, 4) if run.stories_expected else 0
    if not quarters:
        return _("The press is at work: %(what)s.") % {"what": what(run)}
    return _("%(percent)s percent of the stories are pressed.") % {"percent": 25 * quarters}
