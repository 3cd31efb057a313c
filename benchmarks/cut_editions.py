"""Publishes COUNT stories one by one, each pressed and then cut into an edition; runs inside the newsroom.

    python -m benchmarks.cut_editions COUNT NAME

Prints what each cut took, as JSON. The first only warms up, and where no edition lies yet, is the first
edition of all: what that took is given apart.
"""

from __future__ import annotations

import datetime
import json
import secrets
import sys
import time
from typing import Any

import django

from benchmarks.publish_stories import SECTION, _publish


def main(count: int, name: str) -> None:
    """Cut, publish, press, cut, print."""
    django.setup()
    from nashra.bindery.binder import Binder
    from nashra.desk.models import Section
    from nashra.notices import notices

    keyring = _keyring()
    binder = Binder()

    def cut() -> float:
        began = time.perf_counter()
        now = datetime.datetime.now(tz=datetime.UTC)
        binder.cut(keyring, now=now, notices=notices(now))
        return round((time.perf_counter() - began) * 1000, 1)

    first_ms = cut()
    section = next(found for found in Section.objects.filter(slug=SECTION) if found.language == "en")
    cuts_ms = []
    for number in range(count + 1):
        _publish(section, f"Measured edition {name} {number}")
        cuts_ms.append(cut())
    edition = binder.folder.edition()
    assert edition is not None
    files = sum(volume.files for volume in edition.volumes)
    print(json.dumps({"first_ms": first_ms, "cuts_ms": cuts_ms[1:], "files": files}))


def _keyring() -> Any:
    from django.conf import settings

    from nashra.seal.keyring import make_throw_away_keys, open_keyring, read_passphrases

    folder = settings.NASHRA_VAR / "keys"
    file = folder / "passphrases.txt"
    if file.is_file():
        return open_keyring(folder, read_passphrases(file))
    now = datetime.datetime.now(tz=datetime.UTC)
    return make_throw_away_keys(folder, randomness=secrets.token_bytes, now=now, passphrase_file=file)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
