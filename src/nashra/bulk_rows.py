"""Many rows at once, past the ORM: for what the press reads and keeps by the ten thousand.

Values are plain: text, numbers, booleans, bytes, ``None``; what a database keeps otherwise (moments,
UUIDs) comes as the driver gives it. No signal is sent. Must not be used for what a person edits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
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
    values = list(rows)
    if not values:
        return
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
        cursor.executemany(statement, values)


def insert_missing(
    model: type[models.Model],
    fields: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    returning: str,
    using: str = "default",
) -> list[tuple[Any, ...]]:
    """Insert, in one statement, the rows that conflict with none; gives a field of those that are new."""
    if not rows:
        return []
    quote = connections[using].ops.quote_name
    column = {name: quote(model._meta.get_field(name).column) for name in (*fields, returning)}
    one = f"({', '.join(['%s'] * len(fields))})"
    statement = (
        f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(column[name] for name in fields)}) "  # noqa: S608
        f"VALUES {', '.join([one] * len(rows))} ON CONFLICT DO NOTHING RETURNING {column[returning]}"
    )
    return ask(statement, [value for row in rows for value in row], using=using)


def select(
    model: type[models.Model],
    fields: Sequence[str],
    field: str,
    values: Collection[Any],
    *,
    using: str = "default",
    order_by: Sequence[str] = (),
) -> list[tuple[Any, ...]]:
    """These fields of the rows whose ``field`` is one of ``values``, of one table alone."""
    if not values:
        return []
    connection = connections[using]
    quote = connection.ops.quote_name

    def column(name: str) -> str:
        return quote(model._meta.get_field(name).column)

    order = f" ORDER BY {', '.join(map(column, order_by))}" if order_by else ""
    statement = (
        f"SELECT {', '.join(map(column, fields))} FROM {quote(model._meta.db_table)} "  # noqa: S608
        f"WHERE {column(field)} IN ({', '.join(['%s'] * len(values))}){order}"
    )
    return ask(statement, values, using=using)


def ask(statement: str, parameters: Collection[Any], *, using: str = "default") -> list[tuple[Any, ...]]:
    """The rows that a statement of ours gives."""
    with connections[using].cursor() as cursor:
        cursor.execute(statement, list(parameters))
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
