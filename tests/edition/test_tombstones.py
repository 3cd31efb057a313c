"""The list of stories to be forgotten: hashes alone, in one way of writing."""

from __future__ import annotations

import hashlib

import pytest

from nashra.edition.tombstones import (
    MAX_TOMBSTONES,
    BadTombstones,
    parse_tombstones,
    story_hash,
    tombstones_bytes,
)

ONE, TWO = story_hash("0123456789"), story_hash("abcdefghjk")


def test_a_story_is_named_by_the_hash_of_its_id_and_nothing_else():
    assert story_hash("0123456789") == hashlib.sha256(b"urn:nashra:story:0123456789").hexdigest()
    assert ONE != TWO


def test_the_list_is_sorted_and_read_back():
    data = tombstones_bytes([TWO, ONE, TWO])
    assert parse_tombstones(data) == tuple(sorted([ONE, TWO]))
    assert tombstones_bytes([]) == b'{"schema":"nashra-tombstones-1","stories":[]}\n'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[" * 100_000,
        b"[]\n",
        b'{"schema":"nashra-tombstones-1","stories":[]}',
        b'{"schema":"nashra-tombstones-1","stories": []}\n',
        b'{"schema":"nashra-tombstones-2","stories":[]}\n',
        b'{"schema":"nashra-tombstones-1","stories":{}}\n',
        b'{"schema":"nashra-tombstones-1","stories":["the-ferry"]}\n',
        b'{"schema":"nashra-tombstones-1","stories":[1]}\n',
        b'{"schema":"nashra-tombstones-1","since":"2026","stories":[]}\n',
        f'{{"schema":"nashra-tombstones-1","stories":["{ONE.upper()}"]}}\n'.encode(),
        f'{{"schema":"nashra-tombstones-1","stories":["{ONE}","{ONE}"]}}\n'.encode(),
        '{{"schema":"nashra-tombstones-1","stories":{}}}\n'.format(
            str(sorted([ONE, TWO], reverse=True)).replace("'", '"').replace(" ", "")
        ).encode(),
        b" " * 3_000_000,
    ],
)
def test_any_other_writing_is_refused(data):
    with pytest.raises(BadTombstones):
        parse_tombstones(data)


def test_more_than_a_reader_would_take_is_refused():
    with pytest.raises(BadTombstones, match="more than"):
        tombstones_bytes(f"{number:064x}" for number in range(MAX_TOMBSTONES + 1))
