"""What tells requests apart: tokens of networks, which name none, and whose word is taken for an address."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from nashra.readers.limits import BUCKET, ONION
from nashra.serve.buckets import KEY_BYTES, Buckets, read_address
from nashra.serve.readers_desk import ReadersOrigin
from nashra.serve.stand import Stand
from tests.serve.asking import Reader
from tests.serve.conftest import Clock

PROXY = "198.51.100.7"
OTHER_PROXY = "198.51.100.8"


class Keys:
    """A source of random bytes that tells what it gave."""

    def __init__(self) -> None:
        self.given: list[bytes] = []
        self._numbers = itertools.count(1)

    def __call__(self, size_bytes: int) -> bytes:
        self.given.append(bytes([next(self._numbers)]) * size_bytes)
        return self.given[-1]


def token(buckets: Buckets, peer: str, forwarded: str = "", host: str = "news.example") -> str:
    fields = {b"host": host.encode()}
    if forwarded:
        fields[b"x-forwarded-for"] = forwarded.encode("latin-1")
    return buckets.token(peer, fields)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("203.0.113.7", "203.0.113.250", True),
        ("203.0.113.7", "203.0.112.7", False),
        ("203.0.113.7", "::ffff:203.0.113.8", True),
        ("2001:db8:1:2::1", "2001:db8:1:ff::9", True),
        ("2001:db8:1::1", "2001:db8:2::1", False),
        ("fe80::1%eth0", "fe80::2", True),
    ],
)
def test_a_network_has_one_token(one: str, other: str, is_same: bool) -> None:
    buckets = Buckets()
    assert (token(buckets, one) == token(buckets, other)) is is_same


def test_a_token_holds_nothing_of_the_address_and_is_another_in_each_process() -> None:
    tokens = {token(Buckets(), "203.0.113.7") for _process in range(20)}
    assert len(tokens) == 20
    assert {len(each) for each in tokens} == {32}


def test_its_key_is_replaced_every_hour_and_the_old_one_forgotten() -> None:
    clock, keys = Clock(), Keys()
    clock.seconds = 7_200.0
    buckets = Buckets(clock=clock, random_bytes=keys)
    first = token(buckets, "203.0.113.7")
    clock.seconds = 10_799.9
    assert token(buckets, "203.0.113.7") == first
    clock.seconds = 10_800.0
    second = token(buckets, "203.0.113.7")
    assert second != first
    assert [len(key) for key in keys.given] == [KEY_BYTES] * 2
    assert keys.given[0] not in vars(buckets).values()
    assert keys.given[1] in vars(buckets).values()


@pytest.mark.parametrize("peer", ["203.0.113.7", "127.0.0.1", "2001:db8::1"])
@pytest.mark.parametrize("said", ["192.0.2.1", "192.0.2.1, 192.0.2.2", "192.0.2.1, 203.0.113.9", "x", "::1"])
def test_a_spoofed_client_address_changes_nothing(peer: str, said: str) -> None:
    for buckets in (Buckets(), Buckets(trusted_proxies=[PROXY])):
        assert token(buckets, peer, said) == token(buckets, peer)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("192.0.2.1", "192.0.2.1"),
        # What the reader wrote stands before what our proxy adds.
        ("10.0.0.1, 203.0.113.50, 192.0.2.1", "192.0.2.1"),
        (f"192.0.2.1, {OTHER_PROXY}", "192.0.2.1"),
        (f"6.6.6.6, 192.0.2.1, {OTHER_PROXY}", "192.0.2.1"),
        ("192.0.2.1:50123", "192.0.2.1"),
        ("[2001:db8:5::1]:443", "2001:db8:5::1"),
        ("2001:db8:5::1", "2001:db8:5::1"),
        # What cannot be read is not read past.
        (f"192.0.2.1, unknown, {OTHER_PROXY}", OTHER_PROXY),
        ("192.0.2.1, unknown", PROXY),
        ("192.0.2.1,", PROXY),
        ("", PROXY),
        (OTHER_PROXY, OTHER_PROXY),
    ],
)
def test_of_a_trusted_proxys_word_the_last_untrusted_hop_is_taken(said: str, meant: str) -> None:
    believing = Buckets(trusted_proxies=[PROXY, OTHER_PROXY], random_bytes=bytes)
    believing_nobody = Buckets(random_bytes=bytes)
    assert token(believing, PROXY, said) == token(believing_nobody, meant)


def test_the_onion_services_readers_share_a_bucket_of_their_own() -> None:
    buckets = Buckets(onion_proxies=["192.0.2.99"], trusted_proxies=["127.0.0.1"])
    assert token(buckets, "127.0.0.1", host="abcdef.onion") == ONION
    assert token(buckets, "::1", host="abcdef.onion:80") == ONION
    assert token(buckets, "192.0.2.99") == ONION
    # Tor before an nginx of ours.
    assert token(buckets, "127.0.0.1", "127.0.0.1", host="abcdef.onion") == ONION
    assert token(buckets, "127.0.0.1", "192.0.2.99") == ONION
    assert token(buckets, "127.0.0.1") not in {ONION, ""}


def test_nobody_gets_into_the_onion_services_bucket_by_saying_its_name() -> None:
    buckets = Buckets(trusted_proxies=["127.0.0.1"])
    for peer, said in (("203.0.113.7", ""), ("127.0.0.1", "203.0.113.7")):
        assert token(buckets, peer, said, host="abcdef.onion") == token(buckets, "203.0.113.7")


@pytest.mark.parametrize("peer", ["", "unix:", "localhost", "1.2.3", "::g", "1.2.3.4.5", "\x00", "é"])
def test_what_is_no_address_has_no_token(peer: str) -> None:
    assert read_address(peer) == b""
    assert token(Buckets(), peer) == ""


def test_the_readers_desk_gets_the_token_and_no_address(stand: Stand) -> None:
    seen: list[dict[str, Any]] = []

    def desk(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.append(environ)
        start_response("200 OK", [])
        return []

    buckets = Buckets(trusted_proxies=["127.0.0.1"])
    origin = ReadersOrigin(stand, desk, buckets=buckets)
    reader = Reader(origin, peer=("127.0.0.1", 50_000))
    named = {"host": "news.example", "x_real_ip": "192.0.2.2", "forwarded": "for=192.0.2.3"}
    reader.ask("POST", "/readers/comment", b"x", x_forwarded_for="192.0.2.1", nashra_bucket="mine", **named)
    [environ] = seen
    assert environ[BUCKET] == token(buckets, "127.0.0.1", "192.0.2.1")
    told = repr({name: value for name, value in environ.items() if name != "SERVER_NAME"})
    for address in ("127.0.0.1", "192.0.2.", "50000"):
        assert address not in told
    assert reader.scope["client"] is None
