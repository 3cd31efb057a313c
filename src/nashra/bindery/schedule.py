"""Editions by themselves: after each press, each hour or each day, and their metadata before it expires.

Must not die of one that fails: it says why, waits longer each time, and tries again. Must not open keys.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable

from django.db import DatabaseError

from nashra.bindery.binder import Binder
from nashra.binding.cutting import CannotFinish
from nashra.edition.copies import NotForCarrying
from nashra.edition.index import BadIndex
from nashra.edition.manifest import BadManifest, UnsafePath
from nashra.edition.mirrors import BadMirrors
from nashra.edition.notices import Notices
from nashra.edition.tombstones import BadTombstones
from nashra.press.lock import PressBusy
from nashra.press.models import FreshFile
from nashra.seal.chain import BadChain
from nashra.seal.keyring import Keyring

logger = logging.getLogger("nashra.edition")

# What may stop a cut that somebody can mend; another error is a fault of ours and ends the process.
FAULTS = (
    BadChain,
    BadIndex,
    BadManifest,
    BadMirrors,
    BadTombstones,
    CannotFinish,
    DatabaseError,
    NotForCarrying,
    OSError,
    PressBusy,
    UnsafePath,
)
_PAUSES = {
    "after-press": datetime.timedelta(0),
    "hourly": datetime.timedelta(hours=1),
    "daily": datetime.timedelta(days=1),
}
# Whether metadata must be renewed is asked so often.
RENEWAL_CHECK = datetime.timedelta(hours=1)
# Whether what an edition tells besides its pages has changed.
NOTICES_CHECK = datetime.timedelta(seconds=10)
_SHORTEST_WAIT, _LONGEST_WAIT = datetime.timedelta(seconds=30), datetime.timedelta(hours=1)


class Schedule:
    """When the next edition is due; ``kind`` is ``after-press``, ``hourly`` or ``daily``."""

    def __init__(
        self, binder: Binder, keyring: Keyring, kind: str, *, notices: Callable[[datetime.datetime], Notices]
    ) -> None:
        self.binder = binder
        self.keyring = keyring
        self.notices = notices
        self._pause = _PAUSES[kind]
        self._failures = 0
        self._not_before = datetime.datetime.min.replace(tzinfo=datetime.UTC)
        self._renewal_at = self._notices_at = self._not_before

    def turn(self, now: datetime.datetime) -> None:
        """Cut an edition if one is due, and renew the metadata of the one that lies there if that is."""
        if now < self._not_before:
            return
        try:
            if self._is_due(now):
                self._cut(now)
            if now >= self._renewal_at:
                self.binder.renew_if_due(self.keyring, now=now)
                self._renewal_at = now + RENEWAL_CHECK
            self._failures = 0
        except FAULTS as error:
            wait = min(_SHORTEST_WAIT * 2**self._failures, _LONGEST_WAIT)
            self._failures = min(self._failures + 1, 12)
            self._not_before = now + wait
            logger.error(  # noqa: TRY400 -- its sentence says enough, and may be the hundredth.
                "No edition could be cut; it will be tried again.",
                extra={"event": "edition.cut.failed", "why": str(error), "try_again_after_s": wait.seconds},
            )

    def _is_due(self, now: datetime.datetime) -> bool:
        # Asked ten times a second: what costs most is asked last.
        if not self.binder.folder.holds_edition():
            return True
        waits = self.binder.places.waiting_file.exists() or FreshFile.objects.exists()
        if not waits and not self._tells_otherwise(now):
            return False
        lying = self.binder.folder.edition()
        return lying is None or now >= lying.cut_at + self._pause

    def _tells_otherwise(self, now: datetime.datetime) -> bool:
        """Whether a mirror was listed, or a story is to be forgotten, since the last edition."""
        if now < self._notices_at:
            return False
        self._notices_at = now + NOTICES_CHECK
        return not self.binder.folder.lies(self.notices(now).files())

    def _cut(self, now: datetime.datetime) -> None:
        edition = self.binder.cut(self.keyring, now=now, notices=self.notices(now))
        if edition is not None:
            self._renewal_at = now + RENEWAL_CHECK
            logger.info(
                "An edition was cut.", extra={"event": "edition.cut.finished", "edition": edition.number}
            )
