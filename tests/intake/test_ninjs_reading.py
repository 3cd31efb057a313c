"""A stream is cut into items, whichever of the two forms it has, and however it comes."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nashra.intake.ninjs import reading
from nashra.intake.ninjs.reading import found_items
from nashra.intake.ninjs.report import BadItem


def places_and_values(raw: bytes):
    return [(found.place, found.parsed()) for found in found_items(io.BytesIO(raw))]


def outcome(found):
    try:
        return found.parsed()
    except BadItem as bad:
        return str(bad)


def test_each_line_is_an_item_and_empty_ones_are_none():
    raw = b'\n{"a": 1}\n\n  \r\n{"b": 2}'
    assert places_and_values(raw) == [("line 2", {"a": 1}), ("line 5", {"b": 2})]


def test_a_byte_order_mark_and_record_separators_are_no_part_of_an_item():
    assert places_and_values(b'\xef\xbb\xbf{"a": 1}\n\x1e{"b": 2}\n') == [
        ("line 1", {"a": 1}),
        ("line 2", {"b": 2}),
    ]


def test_an_array_gives_its_objects():
    raw = b' [\n {"a": "x, [}\\"]"}, {"b": {"c": [1, {"d": 2}]}}\n] '
    assert places_and_values(raw) == [
        ("item 1", {"a": 'x, [}"]'}),
        ("item 2", {"b": {"c": [1, {"d": 2}]}}),
    ]
    assert places_and_values(b"[]") == []
    assert places_and_values(b"") == []


def test_a_bad_item_of_an_array_spoils_no_other():
    raw = b'[{"a": 1}, {"b" 2}, 7, {"c": "no end},\n {"d": 4}, "x"]'
    found = [outcome(item) for item in found_items(io.BytesIO(raw))]
    assert found[0] == {"a": 1}
    assert found[1].startswith("is no JSON")
    assert found[2] == "is no JSON object."
    assert found[3].startswith("is no JSON")
    assert {"d": 4} in found or len(found) >= 4


def test_an_array_that_breaks_off_names_its_last_item():
    [whole, broken] = found_items(io.BytesIO(b'[{"a": 1}, {"b": '))
    assert outcome(whole) == {"a": 1}
    assert (broken.place, outcome(broken)[:10]) == ("item 2", "is no JSON")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b'{"a": ', "is no JSON: Expecting value at character 6."),
        (b"[1]x", None),
        (b"17", "is no JSON object."),
        (b"null", "is no JSON object."),
        (b'{"a":' * 100_000, "is no JSON"),
        (
            b'{"a": ' + b"9" * 10_000 + b"}",
            "is no JSON that can be read: too deep, or with a number too long.",
        ),
        (b"\x00\x01\x02", "is no JSON"),
    ],
)
def test_what_is_no_object_is_named(raw, reason):
    [found] = found_items(io.BytesIO(raw))
    said = outcome(found)
    assert said == "is no JSON object." if reason is None else said.startswith(reason)


def test_a_line_too_big_to_hold_is_named_and_the_next_one_read(monkeypatch):
    monkeypatch.setattr(reading, "MAX_ITEM_BYTES", 1000)
    raw = b'{"a": "' + b"x" * 5000 + b'"}\n{"b": 2}\n'
    found = [outcome(item) for item in found_items(io.BytesIO(raw))]
    assert found == [reading.TOO_BIG, {"b": 2}]


def test_an_item_of_an_array_too_big_to_hold_is_named_and_the_next_one_read(monkeypatch):
    monkeypatch.setattr(reading, "MAX_ITEM_BYTES", 1000)
    raw = b'[{"a": "' + b"x" * 200_000 + b'"}, {"b": 2}]'
    found = [outcome(item) for item in found_items(io.BytesIO(raw))]
    assert found == [reading.TOO_BIG, {"b": 2}]


def test_bytes_that_are_no_utf_8_are_read_as_single_surrogates():
    [found] = found_items(io.BytesIO(b'{"a": "br\xffead"}'))
    assert found.parsed() == {"a": "br\udcffead"}


class InPieces(io.BytesIO):
    """A stream that gives no more than so many bytes at once, as a pipe does."""

    def __init__(self, raw: bytes, size: int) -> None:
        super().__init__(raw)
        self.size = size

    def read(self, size: int | None = -1) -> bytes:
        return super().read(self.size if size is None or size < 0 else min(size, self.size))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.lists(st.dictionaries(st.text(max_size=4), JSON, max_size=4), max_size=6)


@settings(max_examples=150, deadline=None)
@given(objects=OBJECTS, size=st.integers(1, 40), indent=st.sampled_from([None, 1]), ascii_only=st.booleans())
def test_an_array_is_read_the_same_in_pieces_of_any_size(objects, size, indent, ascii_only):
    raw = json.dumps(objects, indent=indent, ensure_ascii=ascii_only).encode(errors="surrogatepass")
    stream = InPieces(raw, size)
    assert [found.parsed() for found in found_items(stream)] == json.loads(json.dumps(objects))


@settings(max_examples=80, deadline=None)
@given(OBJECTS)
def test_lines_are_read_as_they_were_written(objects):
    raw = "\n".join(json.dumps(one) for one in objects).encode()
    assert [found.parsed() for found in found_items(io.BytesIO(raw))] == objects
