"""Our readable addresses as attributes need them: percent-encoded, and absolute where others ask.

Must not let anything through that would lead a page's own part to another host.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

# The name of a feed's file, in the folder of what it tells of.
FEED_FILE = "feed.xml"
# Addresses that need no encoding, as most do.
_is_plain = re.compile(r"[A-Za-z0-9._~/!$&'()*+,;=:@-]*", re.ASCII).fullmatch
# What RFC 3986 allows in a path beside letters, digits and "-._~".
_PATH_SAFE = "/!$&'()*+,;=:@"


class ForeignAddress(ValueError):
    """Something that should be an address of this site is not one."""


@lru_cache(maxsize=16384)
def encoded(address: str) -> str:
    """A site-relative address, percent-encoded.

    Raises:
        ForeignAddress: it does not begin with exactly one slash, so it could name another host.
    """
    if not address.startswith("/") or address.startswith(("//", "/\\")):
        raise ForeignAddress(f"{address!r} is no address of this site: it must begin with one slash.")
    return address if _is_plain(address) else quote(address, safe=_PATH_SAFE)


def absolute(site_url: str, address: str) -> str:
    """The whole address, percent-encoded, for canonical links and machine-readable data."""
    return site_url.rstrip("/") + encoded(address)
