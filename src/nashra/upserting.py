"""Many rows at once into one table, past the ORM: for what the press keeps by the ten thousand.

Takes plain values only (text, numbers, booleans, bytes, ``None``), in the order of the columns, and sends no
signal. Must not be used for what a person edits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connections, models


def upsert(
    model: type[models.Model],
    fields: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    key: Sequence[str],
    update: Sequence[str] = (),
    using: str = "default",
) -> None:
    """Insert rows; where one with the same ``key`` stands, ``update`` these fields of it, or leave it."""
    connection = connections[using]
    quote = connection.ops.quote_name
    names = {name: quote(model._meta.get_field(name).column) for name in (*fields, *key)}
    conflict = ", ".join(names[name] for name in key)
    settings = ", ".join(f"{names[name]} = excluded.{names[name]}" for name in update)
    statement = (
        f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(names[name] for name in fields)}) "  # noqa: S608
        f"VALUES ({', '.join(['%s'] * len(fields))}) ON CONFLICT ({conflict}) "
        f"DO {f'UPDATE SET {settings}' if update else 'NOTHING'}"
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(rows))
