"""People, boats, birds and reeds as paper shapes, used by several scenes."""

from __future__ import annotations

import random

from nashra.demo.drawing.paper import Pen


def person(pen: Pen, x: float, foot: float, height: float, *, lean: float = 0.0, bag: bool = False) -> None:
    """Somebody in a long coat, standing; ``lean`` moves the head sideways, in parts of the height."""
    h = height
    head = x + lean * h
    pen.oval(head, foot - h * 0.91, h * 0.075, h * 0.09)
    pen.curve(
        [
            (head - h * 0.045, foot - h * 0.84),
            (head + h * 0.045, foot - h * 0.84),
            (head + h * 0.135, foot - h * 0.74),
            (x + h * 0.15, foot - h * 0.4),
            (x + h * 0.16, foot - h * 0.08),
            (x + h * 0.08, foot),
            (x - h * 0.08, foot),
            (x - h * 0.16, foot - h * 0.08),
            (x - h * 0.15, foot - h * 0.4),
            (head - h * 0.135, foot - h * 0.74),
        ]
    )
    if bag:
        pen.box(x + h * 0.1, foot - h * 0.42, h * 0.2, h * 0.17)


def veiled(pen: Pen, x: float, foot: float, height: float, *, lean: float = 0.0) -> None:
    """Somebody with a scarf over head and shoulders."""
    h = height
    head = x + lean * h
    pen.curve(
        [
            (head, foot - h),
            (head + h * 0.095, foot - h * 0.9),
            (head + h * 0.12, foot - h * 0.76),
            (x + h * 0.19, foot - h * 0.5),
            (x + h * 0.2, foot - h * 0.06),
            (x + h * 0.1, foot),
            (x - h * 0.1, foot),
            (x - h * 0.2, foot - h * 0.06),
            (x - h * 0.19, foot - h * 0.5),
            (head - h * 0.12, foot - h * 0.76),
            (head - h * 0.095, foot - h * 0.9),
        ]
    )


def seated(pen: Pen, x: float, foot: float, height: float, *, turn: int = 1) -> None:
    """Somebody who sits on the ground with knees drawn up; ``turn`` 1 looks right, -1 left."""
    h = height
    pen.oval(x, foot - h * 0.86, h * 0.125, h * 0.14)
    pen.curve(
        [
            (x - turn * h * 0.05, foot - h * 0.74),
            (x + turn * h * 0.1, foot - h * 0.72),
            (x + turn * h * 0.2, foot - h * 0.45),
            (x + turn * h * 0.42, foot - h * 0.42),
            (x + turn * h * 0.5, foot - h * 0.04),
            (x + turn * h * 0.3, foot),
            (x - turn * h * 0.26, foot),
            (x - turn * h * 0.3, foot - h * 0.3),
            (x - turn * h * 0.2, foot - h * 0.64),
        ]
    )


def bird(pen: Pen, x: float, y: float, span: float) -> None:
    """A bird far off, wings up."""
    pen.polygon(
        [
            (x - span, y - span * 0.34),
            (x - span * 0.45, y - span * 0.3),
            (x, y),
            (x + span * 0.45, y - span * 0.34),
            (x + span, y - span * 0.44),
            (x + span * 0.42, y - span * 0.16),
            (x, y + span * 0.2),
            (x - span * 0.4, y - span * 0.14),
        ]
    )


def reeds(pen: Pen, rng: random.Random, left: float, right: float, foot: float, height: float) -> None:
    """A stand of reeds with their heads, bent by one wind."""
    x = left
    while x < right:
        tall = height * rng.uniform(0.45, 1.0)
        bend = tall * rng.uniform(0.05, 0.24)
        tip = (x + bend, foot - tall)
        pen.polygon(
            [
                (x - 4, foot),
                (x + bend * 0.35, foot - tall * 0.55),
                tip,
                (x + bend * 0.35 + 6, foot - tall * 0.5),
                (x + 5, foot),
            ]
        )
        if rng.random() < 0.35:
            pen.curve(
                [
                    (tip[0] - 5, tip[1] + 40),
                    (tip[0] - 3, tip[1] - 8),
                    (tip[0] + 6, tip[1] - 12),
                    (tip[0] + 6, tip[1] + 38),
                ]
            )
        x += rng.uniform(9, 24)


def ripples(
    pen: Pen,
    rng: random.Random,
    top: float,
    bottom: float,
    *,
    left: float = 0,
    right: float = 1600,
    count: int = 60,
) -> None:
    """Strokes of light on water: short and close far off, long and wide apart nearby."""
    for _ in range(count):
        depth = rng.random() ** 1.4
        y = top + (bottom - top) * depth
        length = 26 + 170 * depth * rng.uniform(0.4, 1.0)
        thick = 1.2 + 4.2 * depth
        x = rng.uniform(left, right)
        pen.curve([(x - length, y), (x, y - thick), (x + length, y), (x, y + thick)])
