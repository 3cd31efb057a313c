"""Which rows some writing leaves in the desk's database, table by table, free of keys and moments."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

# Columns whose values are keys of their own, moments, or drawn by lot.
OWN_KEYS = {"id", "public_id", "translation_key", "uuid", "content_path_hash"}
MOMENTS = {
    *("at", "timestamp", "created_at", "latest_revision_created_at", "last_published_at"),
    "first_published_at",
}


def rows_written_by(write: Callable[[], Any]) -> dict[str, list[dict[str, Any]]]:
    """The rows that some writing leaves, by table, with keys and moments taken out; it is undone then."""

    written: dict[str, list[dict[str, Any]]] = {}
    before = _all_rows()
    with transaction.atomic():
        write()
        after = _all_rows()
        keys = _keys(after, before)
        for table, rows in after.items():
            fresh = [_bare(row, keys) for key, row in rows.items() if before[table].get(key) != row]
            if fresh:
                written[table] = sorted(fresh, key=_in_order)
        transaction.set_rollback(True)
    return written


def _in_order(row: dict[str, Any]) -> str:
    return json.dumps(row, sort_keys=True, default=str)


def _all_rows() -> dict[str, dict[str, dict[str, Any]]]:
    tables: dict[str, dict[str, dict[str, Any]]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            # The words of these are tied to their entries by triggers; searching shows them.
            if "fts" in table:
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - its own tables
            names = [column[0] for column in cursor.description]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            tables[table] = {str(row.get("id", row.get("page_ptr_id", row))): row for row in rows}
    return tables


def _keys(after: dict[str, Any], before: dict[str, Any]) -> dict[str, str]:
    """What the new rows' keys stand for."""
    kinds = {
        "wagtailcore_page": "a page",
        "wagtailcore_revision": "a revision",
        "desk_storyauthor": "an author",
    }
    return {
        key: name
        for table, name in kinds.items()
        for key in sorted(set(after[table]) - set(before[table]), key=int)
    }


def _bare(row: dict[str, Any], keys: dict[str, str]) -> dict[str, Any]:
    shown = {}
    for column, value in row.items():
        if column in OWN_KEYS:
            continue
        if column in MOMENTS:
            value = value is not None
        elif column in {"content", "body"} and isinstance(value, str) and value[:1] in "[{":
            value = _bare_json(json.loads(value), keys)
        elif column.endswith(("_id", "_key")) and column not in {"content_type_id", "base_content_type_id"}:
            value = keys.get(str(value), value)
        elif column == "content_path":
            parts = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", value).split(".")
            value = [keys.get(part, part) for part in parts]
        shown[column] = value
    if "object_key" in shown:
        shown["object_key"] = "the story" if row["kind"] == "story" else shown["object_key"]
    return shown


def _bare_json(value: Any, keys: dict[str, str]) -> Any:
    if isinstance(value, dict):
        drawn = {"id", "public_id", "translation_key", "first_published_at"}
        return {
            name: "drawn" if name in drawn else _bare_json(part, keys)
            for name, part in value.items()
            if name != "pk" or _bare_json(part, keys)
        } | ({"pk": keys.get(str(value["pk"]))} if "pk" in value else {})
    if isinstance(value, list):
        return [_bare_json(part, keys) for part in value]
    if isinstance(value, str) and value[:1] == "[" and value[-1:] == "]":
        return _bare_json(json.loads(value), keys)
    return value


def without_bulk_marks(written: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The outbox's rows each once, whether of many or of one: the verbs may note a story twice."""
    changes = {(row["kind"], row["object_key"]) for row in written.pop("desk_change", [])}
    return {**written, "outbox": sorted(changes)}
