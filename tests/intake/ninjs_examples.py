"""Items of ninjs, our own: a bakery's news from a made-up river town."""

from __future__ import annotations

import io
import json
from typing import Any

BODY = (
    "<p>The ovens of Nahr <strong>burn</strong> again.</p><h2>Flour from the north</h2>"
    '<p>“We baked by night,” says <a href="https://mill.example/">the miller</a>.</p>'
    "<ul><li>Salt</li><li>Water</li></ul>"
)


def item(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A whole item of ninjs 3.1; a keyword takes a property's place, and ``None`` takes it away."""
    properties = {
        "uri": f"urn:newsml:gull.example:2026:{number}",
        "type": "text",
        "language": "en",
        "firstCreated": "2026-02-01T08:00:00Z",
        "versionCreated": "2026-02-01T09:00:00Z",
        "pubStatus": "usable",
        "headlines": [
            {"role": "main", "contentType": "text/plain", "value": f"The ovens burn again {number}"}
        ],
        "by": "By Rana Odeh in Port Salam",
        "located": "Port Salam",
        "bodies": [{"role": "main", "contentType": "text/html", "value": BODY}],
        "descriptions": [
            {"role": "caption", "contentType": "text/plain", "value": "The first loaf. [Sami Tarek/GNA]"},
            {"role": "summary", "contentType": "text/plain", "value": "Bread, after a winter without."},
        ],
        "subjects": [
            {"name": "sea", "rel": "section"},
            {"name": "bread", "rel": "about"},
        ],
        **changes,
    }
    return {name: value for name, value in properties.items() if value is not None}


def lines(*items: Any) -> io.BytesIO:
    """A stream of items, one a line; text and bytes stand as they are."""
    return io.BytesIO(b"\n".join(_line(one) for one in items) + b"\n")


def _line(one: Any) -> bytes:
    if isinstance(one, bytes):
        return one
    return (one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)).encode()


def html(value: str, **changes: Any) -> dict[str, Any]:
    """An item with this body."""
    return item(bodies=[{"role": "main", "contentType": "text/html", "value": value}], **changes)
