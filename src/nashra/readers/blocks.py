"""Which page holds a comment: the story's own shows the newest, pages of older ones never shift.

Positions are given once and never again, so a page of older comments holds the same positions for ever.
Pure rules; must not read a database.
"""

from __future__ import annotations

BLOCK_POSITIONS = 50


def block_of(position: int) -> int:
    """The number, from 1, of the page of older comments to which a position belongs."""
    return (position - 1) // BLOCK_POSITIONS + 1


def blocks_standing(last_position: int) -> int:
    """How many pages of older comments there are: each is full, and something came after it."""
    return max(last_position - 1, 0) // BLOCK_POSITIONS


def is_on_story(position: int, last_position: int) -> bool:
    """Whether the story's own page shows a position."""
    return position > last_position - BLOCK_POSITIONS


def touched_by_arrival(before: int, after: int) -> list[int]:
    """The pages of older comments to press when the last position moves: the new ones, and the newest before.

    That one led to the story, and leads to its successor now.
    """
    standing, to_stand = blocks_standing(before), blocks_standing(after)
    if standing == to_stand:
        return []
    return list(range(max(standing, 1), to_stand + 1))
