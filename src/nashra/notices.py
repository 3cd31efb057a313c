"""What this newsroom tells with its next edition besides its pages, put together from its rows.

Must not decide which mirror is listed or which story is to be forgotten.
"""

from __future__ import annotations

import datetime

from nashra.edition.notices import Notices


def notices(now: datetime.datetime) -> Notices:
    """The listed mirrors, and the tombstones that two people confirmed; once Django stands.

    Raises:
        BadMirrors, BadTombstones: there are more than an edition can hold.
    """
    from nashra.desk.tombstones import tombstones_at
    from nashra.mirrors.records import listed_mirrors

    return Notices(listed_mirrors(), tombstones_at(now))
