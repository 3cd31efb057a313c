"""Keeps the readers' tables and the newsroom's apart: one alias each, never joined.

Must not read anything but the settings: Django asks it for every query.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

APP_LABEL = "readers"
ALIAS = "readers"


class ForeignTable(LookupError):
    """The readers' process asked for a table that is none of its own."""


class ReadersRouter:
    """Sends the app ``readers`` to the alias ``readers``, and nothing else there."""

    def db_for_read(self, model: type[Any], **_hints: Any) -> str | None:
        """The readers' alias for the readers' tables; Django's own choice for others."""
        return _alias(model)

    def db_for_write(self, model: type[Any], **_hints: Any) -> str | None:
        """The same as for reading: each table has one home."""
        return _alias(model)

    def allow_relation(self, first: Any, second: Any, **_hints: Any) -> bool | None:
        """No relation leads from one database into the other."""
        labels = {first._meta.app_label, second._meta.app_label}
        if APP_LABEL not in labels:
            return None
        return labels == {APP_LABEL}

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool | None:
        """The readers' tables are made behind their alias, and no other tables are."""
        if db == ALIAS or app_label == APP_LABEL:
            return db == ALIAS and app_label == APP_LABEL
        return False if settings.NASHRA_ROLE == "readers" else None


def _alias(model: type[Any]) -> str | None:
    if model._meta.app_label == APP_LABEL:
        return ALIAS
    if settings.NASHRA_ROLE == "readers":
        raise ForeignTable(f"the readers' process has no table {model._meta.label}")
    return None
