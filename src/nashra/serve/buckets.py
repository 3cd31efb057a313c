"""Tells requests apart by the network that they come from, and forgets the network.

What is handed on is a keyed hash of a network's prefix. The key is random, lives in this process alone and
is replaced every hour: while it lives, the hash is personal data; after that it names nobody. Must not
write anything down, and must not hand on an address.
"""

from __future__ import annotations

import hmac
import secrets
import socket
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

_IPV4_IN_IPV6 = b"\0" * 10 + b"\xff\xff"
_IPV6_LOOPBACK = b"\0" * 15 + b"\1"


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
        if (not address or _is_loopback(address)) and _host(fields).endswith(b".onion"):
            return ONION
        if not address:
            return ""
        return hmac.digest(self._key_of_the_hour(), _network(address), "sha256")[:_TOKEN_BYTES].hex()

    def _last_untrusted(self, fields: Mapping[bytes, bytes]) -> bytes:
        """Who asked the first proxy of ours: read from the end, since anybody can write the beginning."""
        found = b""
        for hop in reversed(fields.get(b"x-forwarded-for", b"").decode("latin-1").split(",")):
            address = read_address(hop.strip())
            if not address:
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


def read_address(text: str) -> bytes:
    """An IP address, with or without a port, as its 4 or 16 bytes; none where it is no address."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    text = text.partition("%")[0]
    # Ten times as fast as the module ipaddress, which nothing here needs.
    try:
        if ":" not in text:
            return socket.inet_pton(socket.AF_INET, text)
        address = socket.inet_pton(socket.AF_INET6, text)
    except (OSError, ValueError):
        return b""
    return address.removeprefix(_IPV4_IN_IPV6)


def _host(fields: Mapping[bytes, bytes]) -> bytes:
    return fields.get(b"host", b"").lower().partition(b":")[0].rstrip(b".")


def _is_loopback(address: bytes) -> bool:
    return address == _IPV6_LOOPBACK or (len(address) == 4 and address[0] == 127)


def _network(address: bytes) -> bytes:
    """A network's prefix; one of version 4 is shorter than one of version 6, so that no two are alike."""
    return address[: _IPV4_PREFIX_BYTES if len(address) == 4 else _IPV6_PREFIX_BYTES]
