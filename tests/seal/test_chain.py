"""The chain of trust, checked off line: every step, and nothing but what signatures cover."""

from __future__ import annotations

import datetime
import hashlib
import json
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.serialization.json import JSONSerializer

from nashra.seal.chain import MAX_SIZE_BYTES, BadChain, ChainFiles, check_chain, check_roots, read_root
from nashra.seal.metadata import (
    Holders,
    Target,
    root_bytes,
    snapshot_bytes,
    targets_bytes,
    timestamp_bytes,
)
from nashra.seal.signing import SigningKey

NOW = datetime.datetime(2026, 11, 27, 12, 0, tzinfo=datetime.UTC)
ONE, TWO, THREE, FOUR, FIVE, TARGETS, SNAPSHOT, THIEF = (
    SigningKey.from_seed(bytes([number]) * 32) for number in range(8)
)
HOLDERS = Holders([ONE, TWO, THREE], TARGETS, SNAPSHOT, SNAPSHOT)
TARGET = {"edition/SHA256": Target("ab" * 32, 120)}
FIRST = root_bytes(HOLDERS, version=1, now=NOW)


def files(
    roots=(FIRST,), *, holders=HOLDERS, targets_version=3, snapshot_version=5, targets=TARGET
) -> ChainFiles:
    target = targets_bytes(targets, holders.targets, version=targets_version, now=NOW)
    snapshot = snapshot_bytes(target, holders.snapshot, version=snapshot_version, now=NOW)
    timestamp = timestamp_bytes(snapshot, holders.timestamp, version=snapshot_version, now=NOW)
    return ChainFiles(tuple(roots), target, snapshot, timestamp)


def rotations() -> tuple[list[bytes], Holders]:
    """Three rotations: of a root key, of the targets key, of the snapshot key."""
    second = replace(HOLDERS, root=[ONE, TWO, FOUR])
    third = replace(second, targets=FIVE)
    fourth = replace(third, snapshot=THREE, timestamp=THREE)
    roots = [FIRST]
    for version, (old, new) in enumerate([(HOLDERS, second), (second, third), (third, fourth)], start=2):
        roots.append(root_bytes(new, version=version, now=NOW, previous=old.root[:2]))
    return roots, fourth


def test_it_gives_what_a_chain_that_holds_says():
    chain = check_chain(files(), root_fingerprint=hashlib.sha256(FIRST).hexdigest().upper())
    assert chain.root_fingerprint == hashlib.sha256(FIRST).hexdigest()
    assert (chain.root_version, chain.targets_version, chain.snapshot_version) == (1, 3, 5)
    assert dict(chain.targets) == TARGET
    assert chain.expires_at == NOW + datetime.timedelta(days=14)


def test_it_does_not_look_at_the_clock():
    long_ago = datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC)
    root = root_bytes(HOLDERS, version=1, now=long_ago)
    assert check_chain(files([root])).expires_at < NOW


def test_a_root_three_rotations_behind_leads_to_the_newest():
    roots, holders = rotations()
    chain = check_chain(files(roots, holders=holders), trusted_root=FIRST)
    assert chain.root_version == 4


def test_it_refuses_another_newsrooms_root():
    other = root_bytes(replace(HOLDERS, root=[ONE, TWO, THIEF]), version=1, now=NOW)
    with pytest.raises(BadChain, match="not the root that the fingerprint names"):
        check_chain(files([other]), root_fingerprint=hashlib.sha256(FIRST).hexdigest())
    with pytest.raises(BadChain, match="not the root that is trusted"):
        check_chain(files([other]), trusted_root=FIRST)


def test_it_refuses_a_root_that_one_person_signed():
    alone = root_bytes(replace(HOLDERS, root=[FOUR, FIVE], threshold=1), version=2, now=NOW, previous=[ONE])
    with pytest.raises(BadChain, match="root 1 wants 2") as caught:
        check_chain(files([FIRST, alone]))
    assert caught.value.file == "metadata/2.root.json"


@pytest.mark.parametrize("spell", [str, str.upper])
def test_it_refuses_a_root_in_which_one_persons_key_stands_for_two_people(spell):
    """Two signed it in good faith; with it, one of them alone could sign the next."""
    metadata = read_root(root_bytes(HOLDERS, version=2, now=NOW, previous=[ONE, TWO]))
    root = metadata.signed
    key = root.keys[root.roles["root"].keyids[0]]
    twin = SSlibKey("f" * 64, key.keytype, key.scheme, {"public": spell(key.keyval["public"])})
    root.keys[twin.keyid] = twin
    root.roles["root"].keyids.append(twin.keyid)
    for signer in (ONE, TWO, THREE):
        metadata.sign(CryptoSigner(signer.crypto_key()), append=True)
    metadata.signatures = dict(sorted(metadata.signatures.items()))
    with pytest.raises(BadChain, match="one key under two ids"):
        check_roots([FIRST, metadata.to_bytes(JSONSerializer(compact=True))])


def test_it_refuses_a_root_that_is_left_out():
    roots, holders = rotations()
    with pytest.raises(BadChain, match="says that it is version 3"):
        check_chain(files([roots[0], *roots[2:]], holders=holders))
    with pytest.raises(BadChain, match="is missing"):
        check_chain(files([]))


def test_what_a_retired_key_signed_is_refused_by_whoever_has_the_newer_root():
    roots, _holders = rotations()
    assert check_chain(files(roots[:1]), trusted_root=FIRST)
    with pytest.raises(BadChain, match="is signed by 0"):
        check_chain(files(roots), trusted_root=FIRST)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("targets", files(targets={"edition/SHA256": Target("cd" * 32, 120)}).targets),
        ("targets", files(targets_version=2).targets),
        ("snapshot", files(snapshot_version=4).snapshot),
        ("timestamp", files(snapshot_version=6).timestamp),
        ("timestamp", files(holders=replace(HOLDERS, timestamp=THIEF)).timestamp),
        ("targets", b""),
        ("snapshot", b""),
        ("timestamp", b""),
        ("targets", files().snapshot),
        ("timestamp", b"{" * 10_000),
        ("timestamp", b"[]"),
        ("timestamp", b'{"signed": {"_type": 1}, "signatures": []}'),
    ],
)
def test_it_refuses_metadata_that_does_not_belong_together(name, other):
    with pytest.raises(BadChain) as caught:
        check_chain(replace(files(), **{name: other}))
    assert caught.value.file.endswith(f"{name}.json") or name == "timestamp"


@pytest.mark.parametrize("name", ["roots", "targets", "snapshot", "timestamp"])
def test_it_refuses_bytes_that_no_signature_covers(name):
    own = FIRST if name == "roots" else getattr(files(), name)
    content = json.loads(own)
    spare = [
        json.dumps(content, indent=1).encode(),
        own + b"\n",
        own.replace(b'{"signatures":', b'{"note":"hello","signatures":'),
        own.replace(b'{"keyid"', b'{"about":1,"keyid"', 1),
        own.replace(b'"signed":{', b'"signed":{"version":9},"signed":{', 1),
    ]
    assert len({own, *spare}) == 6
    for data in spare:
        with pytest.raises(BadChain):
            check_chain(replace(files(), **{name: (data,) if name == "roots" else data}))


def test_a_signature_too_many_is_refused():
    content = json.loads(files().timestamp)
    content["signatures"].append({"keyid": "ff" * 32, "sig": "00" * 64})
    data = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
    with pytest.raises(BadChain, match="may not sign it"):
        check_chain(replace(files(), timestamp=data))


@pytest.mark.parametrize("name", ["targets", "snapshot", "timestamp"])
def test_it_reads_no_endless_file(name):
    with pytest.raises(BadChain):
        check_chain(replace(files(), **{name: b" " * (MAX_SIZE_BYTES[name] + 1)}))
    with pytest.raises(BadChain, match="more than 256 roots"):
        check_roots([FIRST] * 257)


def test_every_flipped_byte_is_refused():
    chance = random.Random(7)  # noqa: S311 -- places, not secrets
    good = files()
    parts = {"roots": FIRST, "targets": good.targets, "snapshot": good.snapshot, "timestamp": good.timestamp}
    for name, own in parts.items():
        for place in chance.sample(range(len(own)), 120):
            data = own[:place] + bytes([own[place] ^ 1 << chance.randrange(8)]) + own[place + 1 :]
            with pytest.raises(BadChain):
                # The fingerprint is what vouches for the first root.
                check_chain(
                    replace(good, **{name: (data,) if name == "roots" else data}),
                    root_fingerprint=hashlib.sha256(FIRST).hexdigest(),
                )


@given(st.binary(max_size=300), st.sampled_from(["roots", "targets", "snapshot", "timestamp"]))
def test_junk_is_refused_and_nothing_else_is_raised(junk, name):
    with pytest.raises(BadChain):
        check_chain(replace(files(), **{name: (junk,) if name == "roots" else junk}))
