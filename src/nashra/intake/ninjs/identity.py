"""Which item it is, and in which version: what an import asks before it reads any more.

Must not touch a database: which versions the desk has comes as a mapping.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from nashra.intake.ninjs.fields import Fields
from nashra.intake.ninjs.report import BadItem

MAX_URI_BYTES = 2000
# A date without a zone is at the latest what it is this far west.
_LATEST_ZONE = datetime.timezone(datetime.timedelta(hours=-12))
# An item without any date: the same at each import, so that it is taken once.
NO_DATE = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def is_known(value: Mapping[str, Any], versions: Mapping[str, datetime.datetime]) -> bool:
    """Whether an item surely came before in this version or a later one, told without reading it all.

    ``versions`` gives the version that the desk has by uri. What is canceled may be news in any version.
    """
    fields = Fields(value, [])
    try:
        version = fields.moment("versionCreated", _LATEST_ZONE)
        uri, status = checked_uri(fields), fields.text("pubStatus").strip().lower()
    except BadItem:
        return False
    known = versions.get(uri)
    return known is not None and version is not None and status != "canceled" and version <= known


def uri_of(value: Mapping[str, Any]) -> str:
    """An item's uri, or "" where it has none that serves."""
    try:
        return checked_uri(Fields(value, []))
    except BadItem:
        return ""


def checked_uri(fields: Fields) -> str:
    """An item's uri.

    Raises:
        BadItem: it has none, or one too long to be kept.
    """
    uri = fields.text("uri").strip()
    if not uri:
        raise BadItem("has no “uri”, by which it would be known again.")
    if len(uri.encode()) > MAX_URI_BYTES:
        raise BadItem(f"has a “uri” of {len(uri):,} characters; {MAX_URI_BYTES:,} bytes are allowed.")
    return uri


def dates_of(fields: Fields, zone: datetime.tzinfo) -> dict[str, Any]:
    """When the version, the item and its content were made; a story appeared first at the earliest."""
    version = fields.moment("versionCreated", zone)
    first = fields.mild_moment("firstCreated", zone) or fields.mild_moment("contentCreated", zone)
    published = first or version
    updated = max(published, version) if published and version else published
    return {
        "version_created_at": version or first or NO_DATE,
        "published_at": published,
        "updated_at": updated,
    }
