"""Which rows some writing leaves in the desk's database, table by table, free of keys and moments."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

# Columns whose values are keys of their own, moments, or drawn by lot.
PAGE_KEYS = {"page_ptr_id", "story_id", "page_id", "object_id"}
REVISION_KEYS = {"revision_id", "latest_revision_id", "live_revision_id"}
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


def _keys(after: dict[str, Any], before: dict[str, Any]) -> dict[str, set[str]]:
    """The new rows' keys, of pages and of revisions."""
    return {
        table: set(after[table]) - set(before[table])
        for table in ("wagtailcore_page", "wagtailcore_revision")
    }


def _bare(row: dict[str, Any], keys: dict[str, set[str]]) -> dict[str, Any]:
    return {
        column: _shown(column, value, keys) for column, value in row.items() if column not in OWN_KEYS
    } | ({"object_key": "the story"} if row.get("kind") == "story" else {})


def _shown(column: str, value: Any, keys: dict[str, set[str]]) -> Any:
    if column in MOMENTS:
        return value is not None
    if column in PAGE_KEYS and str(value) in keys["wagtailcore_page"]:
        return "the page"
    if column in REVISION_KEYS and str(value) in keys["wagtailcore_revision"]:
        return "the revision"
    if column == "content_path":
        return re.sub(r"authors\.\d+", "authors.KEY", re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", value))
    if str(value).startswith(("[", "{")):
        return _bare_json(json.loads(value) if isinstance(value, str) else value)
    return value


def _bare_json(value: Any) -> Any:
    """A revision's content or a body: its keys and what was drawn by lot are there, whatever they are."""
    if isinstance(value, dict):
        drawn = {"pk", "id", "story", *OWN_KEYS, *MOMENTS}
        return {name: part is not None if name in drawn else _bare_json(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_bare_json(part) for part in value]
    if isinstance(value, str) and value.startswith("["):
        return _bare_json(json.loads(value))
    return value


def without_bulk_marks(written: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The outbox's rows each once, whether of many or of one: the verbs may note a story twice."""
    changes = {(row["kind"], row["object_key"]) for row in written.pop("desk_change", [])}
    return {**written, "outbox": sorted(changes)}
