"""One consistent state of the desk's database for a whole gathering."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, transaction


@contextmanager
def snapshot() -> Iterator[str]:
    """The alias to read through: everything read inside comes from one state of the database.

    Inside a transaction of the default connection that transaction is the state; else the
    ``snapshot`` connection, which takes no write lock (deferred on SQLite, REPEATABLE READ on
    PostgreSQL), so that nobody at the desk waits for the press.
    """
    if connections["default"].in_atomic_block:
        yield "default"
        return
    with transaction.atomic(using="snapshot"):
        yield "snapshot"
