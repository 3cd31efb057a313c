"""Scenes under a roof: the press in the cellar and the hospital's lamps."""

from __future__ import annotations

import math
import random

from nashra.demo.drawing.figures import person, veiled
from nashra.demo.drawing.paper import HEIGHT, WIDTH, Pen, Picture


def press() -> Picture:
    """A hand press in a vaulted cellar, two printers and sheets hung up to dry."""
    picture = Picture(71, "5a2f2b", "8c4a33")
    rng = picture.rng
    picture.glow(820, 330, 900, "ffb45a", 0.85)
    picture.sheet("3d1f27", "2c161f", lambda pen: _bricks(pen, rng), opacity=0.28)
    picture.sheet("35191f", "23111a", _vaults, shadow=0.45)
    picture.sheet(
        "6b3a2d",
        "46242a",
        lambda pen: pen.polygon([(-10, 900), (1610, 900), (1610, 1080), (-10, 1080)]),
        shadow=0.3,
    )
    picture.sheet(
        "2a131b",
        "2a131b",
        lambda pen: pen.line([(230, 330), (560, 372), (800, 378), (1100, 370), (1390, 326)], 4),
    )
    picture.sheet("fff1d2", "f0cf9a", _hung_sheets, shadow=0.25)
    picture.sheet("a9805f", "a9805f", _hung_lines, opacity=0.75)
    picture.sheet(
        "2a131b",
        "2a131b",
        lambda pen: (
            (pen.box(817, 0, 5, 200), pen.polygon([(770, 232), (792, 196), (848, 196), (870, 232)]))
        ),
    )
    picture.glow(820, 246, 300, "ffd688", 1.0)
    picture.sheet("fff6dc", "fff6dc", lambda pen: pen.oval(820, 240, 18, 20))
    picture.sheet("1d0f18", "150a14", _hand_press, shadow=0.4)
    picture.sheet(
        "f2a65a",
        "d98243",
        lambda pen: [pen.oval(820, 488, 22), pen.oval(660, 560, 9), pen.oval(980, 560, 9)],
    )
    picture.sheet(
        "fff1d2",
        "f5d9a8",
        lambda pen: [pen.box(330 + i % 2 * 4, 828 - i * 9, 132, 6) for i in range(12)],
    )
    picture.sheet("1d0f18", "150a14", _printers, shadow=0.35)
    picture.shade(0.5)
    return picture


def _bricks(pen: Pen, rng: random.Random) -> None:
    for row in range(28):
        for i in range(22):
            if rng.random() < 0.3:
                pen.box(i * 76 + (row % 2) * 38, row * 34, 70, 28)


def _vaults(pen: Pen) -> None:
    pen.box(-10, -10, WIDTH + 20, HEIGHT + 20)
    pen.arch(820, 930, 1180, 860, hole=True)
    pen.arch(60, 930, 220, 620, hole=True)
    pen.arch(1566, 930, 190, 620, hole=True)


_HUNG = ((300, 342), (410, 356), (520, 368), (1010, 374), (1120, 366), (1230, 352))


def _hung_sheets(pen: Pen) -> None:
    for i, (x, y) in enumerate(_HUNG):
        tilt = 4 * math.sin(i * 1.9)
        pen.polygon([(x, y), (x + 84, y + 4), (x + 84 + tilt, y + 126), (x + tilt, y + 122)])


def _hung_lines(pen: Pen) -> None:
    for x, y in _HUNG:
        pen.box(x + 12, y + 18, 58, 9)
        for row in range(6):
            pen.box(x + 12, y + 38 + row * 12, 26, 4)
            pen.box(x + 46, y + 38 + row * 12, 26, 4)


def _hand_press(pen: Pen) -> None:
    pen.curve([(640, 470), (700, 420), (940, 420), (1000, 470), (940, 520), (700, 520)])
    for x in (648, 948):
        pen.box(x, 480, 44, 420)
        pen.curve([(x - 26, 930), (x - 10, 880), (x + 54, 880), (x + 70, 930), (x + 22, 940)])
    pen.box(796, 500, 48, 100)
    pen.box(720, 596, 200, 30)
    pen.box(520, 700, 640, 32)
    pen.box(560, 676, 560, 30)
    pen.box(1090, 730, 18, 190)
    pen.box(560, 730, 18, 190)
    pen.line([(830, 560), (700, 590), (560, 560)], 13)
    pen.curve([(700, 430), (740, 392), (820, 376), (900, 392), (940, 430), (820, 416)])
    pen.box(300, 840, 200, 14)
    pen.box(316, 850, 14, 90)
    pen.box(468, 850, 14, 90)


def _printers(pen: Pen) -> None:
    person(pen, 500, 948, 400, lean=0.05)
    pen.line([(520, 660), (560, 610), (566, 562)], 28)
    veiled(pen, 1250, 952, 376, lean=-0.04)
    pen.line([(1200, 690), (1140, 668), (1090, 676)], 26)


def hospital() -> Picture:
    """A ward by night: beds beneath arched windows, and a nurse with a lamp."""
    picture = Picture(83, "17384a", "2c6170")
    rng = picture.rng
    picture.sheet(
        "0f2a3d", "3c5a7c", lambda pen: [pen.arch(x, 520, 190, 360) for x in (240, 620, 1000, 1380)]
    )
    picture.sheet(
        "e8efe6",
        "e8efe6",
        lambda pen: (
            [
                pen.oval(x + rng.uniform(-80, 80), rng.uniform(200, 420), 2)
                for x in (240, 620, 1000, 1380)
                for _ in range(7)
            ]
        ),
        opacity=0.8,
    )
    picture.sheet(
        "f1ead0", "f1ead0", lambda pen: (pen.oval(1010, 300, 44), pen.oval(1030, 288, 40, hole=True))
    )
    picture.sheet("2f6a76", "3d7f86", _window_bars, shadow=0.3)
    picture.sheet(
        "1f4a58",
        "173a49",
        lambda pen: pen.polygon([(-10, 800), (1610, 800), (1610, 1080), (-10, 1080)]),
        shadow=0.2,
    )
    for x in (160, 520, 1240):
        picture.glow(x + 205, 610, 230, "ffbf69", 0.8)
    _furnish_ward(picture)
    picture.shade(0.4)
    return picture


def _furnish_ward(picture: Picture) -> None:
    """Beds, lamps and the nurse."""
    picture.sheet("0f2735", "0c202e", lambda pen: [_bedstead(pen, x) for x in (60, 420, 1140)], shadow=0.3)
    picture.sheet("f4ecd8", "b9cfc8", lambda pen: [_bedding(pen, x) for x in (60, 420, 1140)], shadow=0.15)
    picture.sheet(
        "0f2735",
        "0c202e",
        lambda pen: (
            [(pen.box(x + 196, 690, 20, 110), pen.box(x + 160, 680, 92, 14)) for x in (160, 520, 1240)]
        ),
    )
    picture.sheet(
        "fff0c4",
        "ffd27a",
        lambda pen: (
            [
                pen.curve([(x + 205, 596), (x + 218, 630), (x + 205, 650), (x + 192, 630)])
                for x in (160, 520, 1240)
            ]
        ),
    )
    picture.sheet(
        "c9823f",
        "b06c33",
        lambda pen: (
            [
                pen.curve([(x + 186, 680), (x + 182, 656), (x + 228, 656), (x + 224, 680)])
                for x in (160, 520, 1240)
            ]
        ),
    )
    picture.glow(968, 660, 420, "ffc873", 1.0)
    picture.sheet("0c1f2d", "081722", _nurse, shadow=0.35)
    picture.sheet("fff3d0", "ffe0a0", lambda pen: (pen.oval(968, 664, 15, 22), pen.box(948, 690, 40, 8)))


def _window_bars(pen: Pen) -> None:
    for x in (240, 620, 1000, 1380):
        pen.arch(x, 540, 230, 400)
        pen.arch(x, 520, 190, 360, hole=True)
        pen.box(x - 4, 165, 8, 360)
        pen.box(x - 95, 340, 190, 8)
        pen.box(x - 130, 530, 260, 18)


def _bedstead(pen: Pen, x: float) -> None:
    for post in (x, x + 270):
        pen.box(post, 690, 12, 250)
    pen.box(x, 850, 282, 16)
    pen.box(x, 706, 12, 10)
    for bar in range(3):
        pen.box(x + 8, 720 + bar * 32, 40, 6)
    pen.oval(x + 62, 774, 31, 27)


def _bedding(pen: Pen, x: float) -> None:
    pen.curve(
        [
            (x + 90, 806),
            (x + 150, 776),
            (x + 220, 796),
            (x + 272, 812),
            (x + 276, 858),
            (x + 160, 862),
            (x + 80, 856),
        ]
    )
    pen.curve([(x + 16, 806), (x + 60, 796), (x + 92, 808), (x + 86, 836), (x + 20, 836)])


def _nurse(pen: Pen) -> None:
    veiled(pen, 876, 1000, 560)
    pen.line([(912, 640), (950, 610), (968, 630)], 30)
    pen.box(952, 632, 32, 8)
    pen.line([(968, 600), (968, 636)], 4)
