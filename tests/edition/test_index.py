"""``edition.json``: one way to write an edition down, and nothing else is read."""

import dataclasses
import datetime
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nashra.edition.index import (
    BadIndex,
    Edition,
    Volume,
    edition_bytes,
    month_volume,
    parse_edition,
)

FRONT = Volume("front", 9, "a" * 64, 4000, 40, 900_000)
OCTOBER = Volume("2026-10", 3, "b" * 64, 1000, 10, 300_000)
EDITION = Edition(17, datetime.datetime(2026, 11, 26, 20, 0, tzinfo=datetime.UTC), "نشرة", (OCTOBER, FRONT))


def test_an_edition_is_read_as_it_was_written():
    data = edition_bytes(EDITION)
    assert parse_edition(data) == EDITION
    assert data.endswith(b"}\n")
    assert "نشرة".encode() in data


def test_equal_editions_are_equal_bytes_whatever_the_order_of_their_volumes():
    assert edition_bytes(dataclasses.replace(EDITION, volumes=(FRONT, OCTOBER))) == edition_bytes(EDITION)


def test_every_changed_byte_is_refused_or_another_edition():
    data = edition_bytes(EDITION)
    for at in range(len(data)):
        for bit in (1, 32):
            changed = data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :]
            try:
                assert parse_edition(changed) != EDITION
            except BadIndex:
                continue


@pytest.mark.parametrize(
    "change",
    [
        {"number": 0},
        {"number": True},
        {"number": 1.0},
        {"number": 2**53},
        {"cut_at": "2026-11-26T20:00:00+00:00"},
        {"cut_at": "2026-11-26"},
        {"cut_at": 7},
        {"schema": "nashra-edition-2"},
        {"name": None},
        {"volumes": {}},
        {"volumes": [{}]},
        {"volumes": None},
        {"more": 1},
    ],
)
def test_it_refuses_what_no_edition_says(change):
    content = json.loads(edition_bytes(EDITION)) | change
    data = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    with pytest.raises(BadIndex):
        parse_edition(data)


@pytest.mark.parametrize("name", ["2026-13", "../../x", "Front", "2026-1", ""])
def test_it_refuses_a_volume_of_another_name(name):
    with pytest.raises(BadIndex, match="does not say"):
        edition_bytes(dataclasses.replace(EDITION, volumes=(dataclasses.replace(FRONT, name=name),)))


def test_it_refuses_a_volume_that_is_named_twice():
    with pytest.raises(BadIndex):
        edition_bytes(dataclasses.replace(EDITION, volumes=(FRONT, FRONT)))


@given(st.binary(max_size=300))
def test_any_other_bytes_are_refused_with_a_sentence(data):
    with pytest.raises(BadIndex):
        parse_edition(data)


def test_deep_nesting_is_refused():
    with pytest.raises(BadIndex):
        parse_edition(b"[" * 100_000)


def test_a_month_names_its_volume():
    assert month_volume(2026, 7) == "2026-07"
