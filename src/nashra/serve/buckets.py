"""Tells requests apart by the network that they come from, and forgets the network.

What is handed on is a keyed hash of a network's prefix. The key is random, lives in this process alone and
is replaced every hour: while it lives, the hash is personal data; after that it names nobody. Must not
write anything down, and must not hand on an address.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import threading
import time
from collections.abc import Callable, Collection, Mapping

from nashra.readers.limits import ONION, WINDOW_S

KEY_BYTES = 32
_TOKEN_BYTES = 16
# A provider's customers change their address within a /24 by plugging out and in, and whoever rents a
# server gets a /24 for little money. So few neighbours share it that most networks never meet the limit.
_IPV4_PREFIX_BYTES = 3
# A home gets a /56 or a /64, but a free tunnel gives anybody a /48.
_IPV6_PREFIX_BYTES = 6

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Buckets:
    """Gives each request its token; ``clock`` is monotonic, ``random_bytes`` makes keys.

    ``trusted_proxies`` are believed when they say (``X-Forwarded-For``) for whom they ask; nobody else is.
    ``onion_proxies`` carry an onion service's readers and no others; one on this machine needs no naming
    where the readers' host ends in ``.onion``.
    """

    def __init__(
        self,
        *,
        trusted_proxies: Collection[str] = (),
        onion_proxies: Collection[str] = (),
        clock: Callable[[], float] = time.monotonic,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._trusted = frozenset(filter(None, map(read_address, trusted_proxies)))
        self._onion = frozenset(filter(None, map(read_address, onion_proxies)))
        self._clock = clock
        self._random_bytes = random_bytes
        self._lock = threading.Lock()
        self._window = -1
        self._key = b""

    def token(self, peer: str, fields: Mapping[bytes, bytes]) -> str:
        """The token for a request: from ``peer``, the address at the connection's other end.

        Empty where that is no address.
        """
        address = read_address(peer)
        if address in self._trusted:
            address = self._last_untrusted(fields) or address
        if address in self._onion:
            return ONION
        # Tor brings an onion service's readers from this machine; from elsewhere that name proves nothing.
        if (address is None or address.is_loopback) and _host(fields).endswith(b".onion"):
            return ONION
        if address is None:
            return ""
        return hmac.digest(self._key_of_the_hour(), _network(address), "sha256")[:_TOKEN_BYTES].hex()

    def _last_untrusted(self, fields: Mapping[bytes, bytes]) -> Address | None:
        """Who asked the first proxy of ours: read from the end, since anybody can write the beginning."""
        found = None
        for hop in reversed(fields.get(b"x-forwarded-for", b"").decode("latin-1").split(",")):
            address = read_address(hop.strip())
            if address is None:
                break
            found = address
            if address not in self._trusted:
                break
        return found

    def _key_of_the_hour(self) -> bytes:
        window = int(self._clock() // WINDOW_S)
        if window != self._window:
            with self._lock:
                if window != self._window:
                    self._key = self._random_bytes(KEY_BYTES)
                    self._window = window
        return self._key


def read_address(text: str) -> Address | None:
    """An IP address as people and proxies write it, with or without a port; nothing where it is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _host(fields: Mapping[bytes, bytes]) -> bytes:
    return fields.get(b"host", b"").lower().partition(b":")[0].rstrip(b".")


def _network(address: Address) -> bytes:
    """A network's prefix, with its version, so that no two are alike."""
    kept = _IPV4_PREFIX_BYTES if address.version == 4 else _IPV6_PREFIX_BYTES
    return bytes([address.version]) + address.packed[:kept]
