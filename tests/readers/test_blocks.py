"""Older comments stand on pages of fixed positions: they never shift, and none falls between two pages."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nashra.readers.blocks import (
    BLOCK_POSITIONS,
    block_of,
    blocks_standing,
    is_on_story,
    touched_by_arrival,
)

positions = st.integers(min_value=1, max_value=40_000)


@given(positions, st.integers(min_value=0, max_value=40_000))
def test_every_comment_stands_somewhere(position: int, newer: int) -> None:
    last = position + newer
    assert is_on_story(position, last) or block_of(position) <= blocks_standing(last)


@given(positions, st.integers(min_value=0, max_value=40_000))
def test_a_page_of_older_comments_is_full_when_it_begins_to_stand(position: int, newer: int) -> None:
    last = position + newer
    assert blocks_standing(last) * BLOCK_POSITIONS <= last


@given(st.integers(min_value=0, max_value=40_000), st.integers(min_value=1, max_value=300))
def test_an_arrival_touches_the_new_pages_and_the_one_that_leads_to_them(before: int, arriving: int) -> None:
    touched = touched_by_arrival(before, before + arriving)
    new = set(range(blocks_standing(before) + 1, blocks_standing(before + arriving) + 1))
    assert new <= set(touched)
    assert set(touched) - new <= {blocks_standing(before)}


def test_most_arrivals_touch_no_page_of_older_comments() -> None:
    assert touched_by_arrival(33_000, 33_001) == [659, 660]
    assert not any(touched_by_arrival(last, last + 1) for last in range(33_001, 33_050))
    assert touched_by_arrival(49, 50) == []
    assert touched_by_arrival(50, 51) == [1]
