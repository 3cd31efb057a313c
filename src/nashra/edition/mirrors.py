"""``edition/mirrors.json``: where else an edition lies, as far as anybody may know, written in one way.

Only what this list holds is ever asked by a reader's program without having been given by hand. Must not
know mirrors that are not listed, nor ask one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

SCHEMA = "nashra-mirrors-1"
MIRRORS_PATH = "edition/mirrors.json"
MAX_MIRRORS = 500
MAX_MIRRORS_BYTES = 256 * 1024
_MAX_URL_BYTES = 300

# Source: Tor's rend-spec-v3, section 6: 35 bytes in base 32, of which the last is always the version.
_ONION = re.compile(r"(?:[a-z0-9-]+\.)*[a-z2-7]{55}d\.onion")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
_PATH = re.compile(r"(?:/[A-Za-z0-9_~%-][A-Za-z0-9._~%-]*)*/")


class BadMirrors(ValueError):
    """A list, or an address in it, that is none of ours; the message goes on from its name."""


def check_mirror_url(url: str, *, is_listed: bool = True) -> str:
    """The address itself, when editions can be read there: a folder's, with a slash at its end.

    A listed one is ``https``, or ``http`` to an onion service, which encrypts by itself.

    Raises:
        BadMirrors: it is not so.
    """
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
    except ValueError as error:
        raise BadMirrors("is no web address") from error
    if parts.scheme not in {"http", "https"} or len(url.encode()) > _MAX_URL_BYTES:
        raise BadMirrors("is no web address that begins with https://")
    shown = f"[{host}]" if ":" in host else host
    place = f"{shown}:{port}" if port is not None else shown
    # Written back from its parts: no name, password, question or spelling besides.
    if not _HOST.fullmatch(shown) or url != f"{parts.scheme}://{place}{parts.path}":
        raise BadMirrors("must be a plain address in small letters, without user, question mark or fragment")
    if not _PATH.fullmatch(parts.path):
        raise BadMirrors("must name a folder: plain letters, and a slash at its end")
    if host.endswith(".onion") and not _ONION.fullmatch(host):
        raise BadMirrors("is no address of an onion service: 56 letters and digits, then .onion")
    if is_listed and parts.scheme == "http" and not is_onion(url):
        raise BadMirrors("is not encrypted: a mirror that readers are told of begins with https://")
    return url


def is_onion(url: str) -> bool:
    """Whether an address is an onion service's, which must be asked through Tor and never by name."""
    return (urlsplit(url).hostname or "").endswith(".onion")


def mirrors_bytes(urls: Iterable[str]) -> bytes:
    """The canonical ``mirrors.json`` of listed mirrors, onion addresses among them, in whatever order.

    Raises:
        BadMirrors: an address is none that can be listed.
    """
    data = _canonical({"schema": SCHEMA, "mirrors": sorted(set(urls))})
    parse_mirrors(data)
    return data


def parse_mirrors(data: bytes) -> tuple[str, ...]:
    """The addresses that a ``mirrors.json`` lists, which must be written exactly as ours are.

    Raises:
        BadMirrors: it is not.
    """
    if len(data) > MAX_MIRRORS_BYTES:
        raise BadMirrors(f"is longer than {MAX_MIRRORS_BYTES} bytes")
    try:
        content = json.loads(data)
        canonical = _canonical(content)
    except (ValueError, RecursionError) as error:
        raise BadMirrors("is no JSON") from error
    if not isinstance(content, dict) or content.keys() != {"schema", "mirrors"}:
        raise BadMirrors("does not say what a list of mirrors says")
    urls = content["mirrors"]
    if content["schema"] != SCHEMA or not isinstance(urls, list) or len(urls) > MAX_MIRRORS:
        raise BadMirrors("does not say what a list of mirrors says")
    for url in urls:
        if not isinstance(url, str):
            raise BadMirrors("names a mirror by something that is no text")
        try:
            check_mirror_url(url)
        except BadMirrors as error:
            raise BadMirrors(f"names {url!r}, which {error}") from error
    if urls != sorted(set(urls)) or canonical != data:
        raise BadMirrors("is not written in the one way that a signature can cover")
    return tuple(urls)


def _canonical(content: Any) -> bytes:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8") + b"\n"
