"""Scenes in town: the radio mast at night, the market's notice board, the school's courtyard."""

from __future__ import annotations

import math
import random

from nashra.demo.drawing.figures import bird, person, seated, veiled
from nashra.demo.drawing.paper import HEIGHT, WIDTH, Pen, Picture, ridge


def mast() -> Picture:
    """A radio mast over a sleeping town, with its waves as rings of paper."""
    picture = Picture(41, "0e1638", "5a5a8c", horizon=820)
    rng = picture.rng
    picture.sheet("fff3d0", "fff3d0", lambda pen: _stars(pen, rng), opacity=0.85)
    picture.sheet("f6e7c1", "f6e7c1", _moon)
    for radius, opacity in ((560, 0.12), (430, 0.17), (310, 0.24), (200, 0.33), (105, 0.45)):
        picture.sheet("f2a65a", "f7c784", lambda pen, r=radius: _waves(pen, r), opacity=opacity)
    picture.sheet("3f4374", "4a4d80", lambda pen: pen.polygon(ridge(rng, 740, 60)), shadow=0.2)
    picture.sheet("23284f", "2b3060", _mast_hill, shadow=0.3)
    picture.sheet("e9dcc0", "c9a77c", _mast_lattice, shadow=0.2)
    picture.glow(1040, 190, 190, "ff8f5a", 0.95)
    picture.sheet("ffe3b8", "ffe3b8", lambda pen: pen.oval(1040, 190, 12))
    picture.sheet("333866", "282c56", lambda pen: _roofs(pen, random.Random(5), 850, 90), shadow=0.3)  # noqa: S311
    picture.sheet("1a1e40", "14173a", lambda pen: _roofs(pen, random.Random(8), 945, 120), shadow=0.35)  # noqa: S311
    for x, y in _lit_windows():
        picture.glow(x + 9, y + 12, 62, "ffb85c", 0.5)
    picture.sheet("ffd98a", "ffc46b", lambda pen: [pen.box(x, y, 18, 25) for x, y in _lit_windows()])
    picture.shade(0.3)
    return picture


def _stars(pen: Pen, rng: random.Random) -> None:
    for _ in range(110):
        pen.oval(rng.uniform(0, WIDTH), rng.uniform(0, 600) ** 0.98, rng.choice((1, 1, 1.6, 2.4)))


def _moon(pen: Pen) -> None:
    pen.oval(270, 210, 78)
    pen.oval(304, 190, 70, hole=True)


def _waves(pen: Pen, radius: float) -> None:
    pen.arc(1040, 190, radius, 0, 360, 17)


def _mast_hill(pen: Pen) -> None:
    pen.curve(
        [(420, 1100), (560, 900), (760, 760), (960, 690), (1120, 690), (1320, 770), (1500, 900), (1660, 1100)]
    )


def _mast_lattice(pen: Pen) -> None:
    top, foot = 200, 706
    for side in (-1, 1):
        pen.line([(1040 + side * 8, top), (1040 + side * 74, foot)], 8)
        pen.line([(1040 + side * 8, 300), (1040 + side * 330, 760)], 2)
    steps = 9
    for i in range(steps):
        y, below = (top + (foot - top) * k / steps for k in (i, i + 1))
        half, wide = (8 + 66 * k / steps for k in (i, i + 1))
        pen.line([(1040 - half, y), (1040 + wide, below)], 4)
        pen.line([(1040 + half, y), (1040 - wide, below)], 4)
        pen.line([(1040 - wide, below), (1040 + wide, below)], 5)
    pen.box(1170, 664, 96, 58)
    pen.polygon([(1160, 668), (1218, 634), (1276, 668)])


def _roofs(pen: Pen, rng: random.Random, foot: float, height: float) -> None:
    x = -20.0
    while x < WIDTH:
        width = rng.uniform(80, 150)
        tall = height * rng.uniform(0.5, 1.1)
        pen.box(x, foot - tall, width, HEIGHT)
        kind = rng.random()
        if kind < 0.3:
            pen.oval(x + width / 2, foot - tall, width * 0.36, width * 0.33)
            pen.box(x + width / 2 - 2, foot - tall - width * 0.52, 4, 30)
        elif kind < 0.65:
            pen.polygon(
                [(x - 6, foot - tall), (x + width / 2, foot - tall - 36), (x + width + 6, foot - tall)]
            )
        else:
            pen.box(x + width * 0.2, foot - tall - 22, 16, 24)
        x += width - 2


def _lit_windows() -> list[tuple[float, float]]:
    return [
        (118, 900),
        (366, 968),
        (398, 968),
        (640, 905),
        (742, 985),
        (905, 950),
        (1180, 978),
        (1226, 978),
        (1392, 925),
        (1510, 985),
    ]


def market() -> Picture:
    """Readers before the notice board of a market, under striped awnings."""
    picture = Picture(53, "f0c987", "fdeecb", horizon=700)
    rng = picture.rng
    picture.glow(820, 330, 620, "fff3cf", 0.6)
    picture.sheet("dba36a", "e5b981", lambda pen: _roofs(pen, random.Random(21), 470, 190), shadow=0.1)  # noqa: S311
    picture.sheet("b8694a", "c9825c", lambda pen: _roofs(pen, random.Random(27), 590, 130), shadow=0.2)  # noqa: S311
    picture.sheet(
        "6d3540",
        "54293a",
        lambda pen: [pen.box(x, 380, 12, 560) for x in (60, 500, 1090, 1530)],
        shadow=0.2,
    )
    picture.sheet(
        "54293a",
        "48233a",
        lambda pen: [pen.box(x, 745, w, 190) for x, w in ((40, 490), (1070, 500))],
        shadow=0.3,
    )
    picture.sheet("e2904a", "d9763c", lambda pen: _heaps(pen, rng), shadow=0.15)
    for left, colour in ((0, "b23a3a"), (1030, "1f6f78")):
        picture.sheet(colour, colour, lambda pen, x=left: _awning(pen, x, 560), shadow=0.35)
        picture.sheet("fbead0", "f3d7a8", lambda pen, x=left: _stripes(pen, x, 560))
    picture.sheet("5a3a2e", "46291f", _board, shadow=0.35)
    picture.sheet("fdf4dd", "f3e2bd", _board_sheets, shadow=0.15)
    picture.sheet("8d7a68", "8d7a68", _board_lines, opacity=0.8)
    picture.sheet("3a1f33", "2b172b", lambda pen: pen.polygon(ridge(rng, 945, 12, waves=6)), shadow=0.2)
    picture.sheet("2b172b", "221124", _market_people, shadow=0.25)
    picture.shade(0.28)
    return picture


def _awning(pen: Pen, left: float, width: float) -> None:
    pen.polygon([(left + 50, 330), (left + width - 50, 330), (left + width, 500), (left, 500)])
    for i in range(8):
        pen.oval(left + width * (i + 0.5) / 8, 500, width / 16, 30)


def _stripes(pen: Pen, left: float, width: float) -> None:
    for i in range(1, 8, 2):
        near = (left + width * i / 8, left + width * (i + 1) / 8)
        far = tuple(left + 50 + (width - 100) * k / 8 for k in (i, i + 1))
        pen.polygon([(far[0], 330), (far[1], 330), (near[1], 500), (near[0], 500)])
        pen.oval((near[0] + near[1]) / 2, 500, width / 16, 30)


def _heaps(pen: Pen, rng: random.Random) -> None:
    for left in (90, 240, 390, 1120, 1270, 1420):
        for row in range(4):
            for i in range(5 - row):
                pen.oval(left + row * 12 + i * 24 + rng.uniform(-2, 2), 736 - row * 19, 13)


def _board(pen: Pen) -> None:
    pen.polygon([(560, 330), (800, 256), (1020, 330)])
    pen.box(590, 330, 400, 330)
    pen.box(620, 650, 20, 300)
    pen.box(940, 650, 20, 300)


_SHEETS = (
    (622, 366, 100, 128),
    (738, 360, 112, 150),
    (868, 372, 92, 120),
    (628, 512, 96, 116),
    (744, 528, 100, 104),
    (862, 510, 96, 122),
)


def _board_sheets(pen: Pen) -> None:
    for i, (x, y, w, h) in enumerate(_SHEETS):
        tilt = 5 * math.sin(i * 2.3)
        pen.polygon([(x, y + tilt), (x + w, y), (x + w, y + h), (x, y + h + tilt)])


def _board_lines(pen: Pen) -> None:
    for x, y, w, h in _SHEETS:
        pen.box(x + 12, y + 16, w * 0.6, 9)
        for row in range(int((h - 44) / 13)):
            pen.box(x + 12, y + 38 + row * 13, (w - 24) * (0.6 if row % 4 == 3 else 1), 4)


def _market_people(pen: Pen) -> None:
    for x, height, lean in (
        (560, 300, 0.02),
        (806, 306, 0.0),
        (1046, 288, -0.03),
        (250, 286, 0.03),
        (1350, 292, -0.02),
    ):
        person(pen, x, 1010, height, lean=lean, bag=x == 1046)
    for x, height in ((660, 280), (912, 272), (1480, 270), (120, 264)):
        veiled(pen, x, 1012, height)
    person(pen, 738, 1012, 190)


def school() -> Picture:
    """A class under the tree of a courtyard, before a blackboard."""
    picture = Picture(67, "9fd0cf", "fdf0cf", horizon=640)
    rng = picture.rng
    picture.glow(1330, 170, 420, "fff8e0", 0.7)
    picture.sheet("e8b98a", "eec79a", lambda pen: pen.polygon(ridge(rng, 330, 40)), shadow=0.1)
    picture.sheet("d9825a", "e39a6c", _arcade, shadow=0.22)
    picture.sheet("8b4a45", "8b4a45", lambda pen: pen.box(-10, 352, 1620, 16))
    picture.sheet(
        "f3d9a4",
        "e2b878",
        lambda pen: pen.polygon([(-10, 770), (1610, 742), (1610, 1080), (-10, 1080)]),
        shadow=0.2,
    )
    picture.sheet(
        "c98f5e",
        "b87a4e",
        lambda pen: pen.curve([(300, 860), (700, 800), (1200, 812), (1320, 900), (1000, 990), (520, 980)]),
        opacity=0.55,
    )
    _seat_class(picture)
    picture.shade(0.22)
    return picture


def _seat_class(picture: Picture) -> None:
    """The tree, the blackboard and the class."""
    picture.sheet("6b3f34", "54302c", _trunk, shadow=0.25)
    for seed, top, bottom, y in (
        (3, "2f6b57", "2a5f50", 230),
        (4, "3f8266", "37755e", 200),
        (6, "5c9c74", "4d8b69", 170),
    ):
        picture.sheet(top, bottom, lambda pen, s=seed, dy=y: _leaves(pen, random.Random(s), dy), shadow=0.2)  # noqa: S311
    picture.sheet(
        "70413a",
        "5a332f",
        lambda pen: (
            (
                pen.box(1088, 500, 330, 226),
                pen.line([(1130, 720), (1090, 900)], 13),
                pen.line([(1376, 720), (1416, 900)], 13),
            )
        ),
        shadow=0.25,
    )
    picture.sheet("274b4a", "234443", lambda pen: pen.box(1104, 516, 298, 194))
    picture.sheet("f4ecd6", "f4ecd6", _chalk, opacity=0.9)
    picture.sheet("34243a", "2a1c31", _class, shadow=0.25)
    picture.sheet(
        "d9573f",
        "c94f3a",
        lambda pen: (
            [
                pen.polygon([(x + 20, 902 + d), (x + 58, 890 + d), (x + 66, 912 + d), (x + 28, 926 + d)])
                for x, d in ((404, 34), (720, 40), (860, -22))
            ]
        ),
    )
    picture.sheet(
        "34243a",
        "34243a",
        lambda pen: [bird(pen, x, y, s) for x, y, s in ((1180, 150, 20), (1236, 190, 15))],
    )


def _arcade(pen: Pen) -> None:
    pen.box(-10, 350, 1620, 450)
    for x in range(130, 1600, 230):
        pen.arch(x, 800, 150, 330, hole=True)
    pen.polygon([(-10, 350), (1610, 350), (1610, 330), (-10, 330)])


def _trunk(pen: Pen) -> None:
    pen.curve(
        [
            (590, 900),
            (640, 820),
            (640, 600),
            (590, 460),
            (640, 480),
            (672, 560),
            (690, 430),
            (726, 440),
            (712, 600),
            (716, 820),
            (774, 896),
            (680, 880),
        ]
    )


def _leaves(pen: Pen, rng: random.Random, y: float) -> None:
    for _ in range(46):
        angle, far = rng.uniform(0, 6.28), rng.random() ** 0.6
        x, dy = 660 + 350 * far * math.cos(angle), y + 100 + 170 * far * math.sin(angle)
        size = rng.uniform(28, 60)
        pen.oval(x, dy, size, size * 0.72)


def _chalk(pen: Pen) -> None:
    for row, width in enumerate((190, 230, 120)):
        y = 560 + row * 46
        wave = [
            (1130 + i * 5, y + 7 * math.sin(i * 0.9 + row) * (1 if i % 7 else 0.2)) for i in range(width // 5)
        ]
        pen.line(wave, 4)
    pen.oval(1346, 664, 22)
    pen.oval(1346, 664, 17, hole=True)


def _class(pen: Pen) -> None:
    veiled(pen, 1020, 930, 312, lean=0.03)
    pen.line([(1054, 700), (1110, 640), (1150, 610)], 13)
    for x, foot, height in (
        (280, 930, 150),
        (404, 990, 170),
        (560, 940, 148),
        (720, 1002, 176),
        (850, 930, 146),
        (180, 1004, 172),
        (560, 1030, 180),
    ):
        seated(pen, x, foot, height)
