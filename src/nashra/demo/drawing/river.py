"""Scenes on the river: the ferry at dusk, the cut cable on its bed, the water tower."""

from __future__ import annotations

import math

from nashra.demo.drawing.figures import bird, person, reeds, ripples, veiled
from nashra.demo.drawing.paper import HEIGHT, WIDTH, Pen, Picture, ridge, rounded


def ferry() -> Picture:
    """A flat ferry with people and bundles of newspapers, before the setting sun."""
    picture = Picture(11, "2c5068", "ffc27d", horizon=640)
    rng = picture.rng
    picture.glow(1010, 520, 760, "ffb45e", 0.85)
    picture.sheet("fff0c2", "ffd98a", lambda pen: pen.oval(1010, 500, 118))
    picture.sheet("b98a86", "d99a74", lambda pen: pen.polygon(ridge(rng, 505, 60)), shadow=0.12)
    picture.sheet("7f6c80", "a5746e", lambda pen: pen.polygon(ridge(rng, 560, 46, waves=7)), shadow=0.2)
    picture.sheet(
        "46506d", "5d5468", lambda pen: pen.polygon(ridge(rng, 604, 22, waves=9, rough=2)), shadow=0.25
    )
    picture.sheet("e79a63", "1f3550", lambda pen: pen.box(0, 625, WIDTH, HEIGHT))
    picture.sheet(
        "ffe0a0",
        "ff9d5c",
        lambda pen: ripples(pen, rng, 640, 1010, left=860, right=1160, count=70),
        opacity=0.75,
    )
    picture.sheet("f3b27c", "3f5a78", lambda pen: ripples(pen, rng, 650, 1060, count=60), opacity=0.5)
    picture.sheet("1d2f47", "14233a", _ferry_reflection, opacity=0.45)
    picture.sheet("101c30", "14233a", _ferry_boat, shadow=0.3)
    picture.sheet("f5e3c0", "e9c890", _bundles)
    picture.glow(610, 560, 120, "ffcf7a", 0.9)
    picture.sheet("fff3cf", "fff3cf", lambda pen: pen.oval(610, 560, 9, 12))
    picture.sheet(
        "1b2b44",
        "1b2b44",
        lambda pen: (
            [
                bird(pen, x, y, s)
                for x, y, s in ((420, 210, 34), (500, 250, 24), (350, 275, 20), (590, 190, 17))
            ]
        ),
    )
    picture.sheet(
        "0b1526",
        "0a1322",
        lambda pen: (reeds(pen, rng, -20, 330, 1090, 330), reeds(pen, rng, 1330, 1640, 1090, 420)),
        shadow=0.3,
    )
    picture.shade(0.35)
    return picture


def _ferry_boat(pen: Pen) -> None:
    pen.curve(
        [
            (330, 742),
            (480, 770),
            (800, 776),
            (1120, 770),
            (1270, 738),
            (1215, 822),
            (1080, 842),
            (800, 846),
            (520, 842),
            (385, 824),
        ]
    )
    pen.polygon([(345, 748), (1255, 744), (1230, 780), (370, 782)])
    # The wheelhouse with its lamp, and a mast from which the ferry's cable runs.
    pen.box(520, 600, 180, 160)
    pen.curve([(496, 606), (540, 580), (680, 580), (724, 606), (610, 612)])
    pen.box(546, 630, 48, 52, hole=True)
    pen.box(624, 630, 48, 52, hole=True)
    pen.box(606, 520, 8, 70)
    pen.box(1140, 560, 9, 200)
    pen.line([(614, 524), (1144, 562), (1270, 738)], 3)
    pen.line([(606, 524), (345, 745)], 3)
    for x, height in ((800, 150), (852, 140), (1060, 152)):
        person(pen, x, 760, height, lean=0.02 * (1 if x < 900 else -1))
    veiled(pen, 1012, 760, 138)
    person(pen, 436, 762, 156, lean=0.05)
    # The steersman's pole.
    pen.line([(404, 612), (310, 900)], 6)
    for x, y in ((880, 720), (928, 720), (904, 682), (1090, 722)):
        pen.box(x, y, 46, 40)


def _ferry_reflection(pen: Pen) -> None:
    for step in range(18):
        y = 846 + step * 11
        half = 440 - step * 15 + 22 * math.sin(step * 1.9)
        pen.curve([(800 - half, y), (800, y - 5), (800 + half, y), (800, y + 5)])


def _bundles(pen: Pen) -> None:
    for x, y in ((880, 720), (928, 720), (904, 682), (1090, 722)):
        pen.box(x + 3, y + 3, 40, 34)
        pen.box(x + 3, y + 18, 40, 4, hole=True)
        pen.box(x + 21, y + 3, 4, 34, hole=True)


def cable() -> Picture:
    """A diver before the two ends of a cut cable on the river's bed; her boat above."""
    picture = Picture(23, "cfe8dc", "0c2d42")
    rng = picture.rng
    picture.sheet("f3e6c8", "f3e6c8", lambda pen: pen.box(0, 0, WIDTH, 190))
    picture.sheet("c9bfa6", "b9b39c", lambda pen: pen.polygon(ridge(rng, 150, 26)), shadow=0.1)
    picture.sheet("5fa8a5", "0b2c44", lambda pen: pen.polygon(_waterline(196, 7)), shadow=0.25)
    for left, right, spread in ((520, 640, 330), (760, 840, 240), (930, 1040, 360)):
        picture.sheet(
            "dff3e4",
            "2b6c7c",
            lambda pen, a=left, b=right, s=spread: pen.polygon(
                [(a, 200), (b, 200), (b + s, 960), (a + s * 0.4, 960)]
            ),
            opacity=0.13,
        )
    picture.sheet("2b7282", "1b5468", lambda pen: pen.polygon(ridge(rng, 760, 60)), shadow=0.2, opacity=0.8)
    picture.sheet("1d566c", "123f56", lambda pen: pen.polygon(ridge(rng, 850, 44, waves=7)), shadow=0.3)
    picture.glow(900, 700, 340, "ffe9a8", 0.55)
    picture.sheet("e2a04a", "b9662f", _cable_ends, shadow=0.35)
    picture.sheet("ffe7b0", "ffd27a", _cable_cores)
    picture.sheet("10243a", "0b1b2e", _diver, shadow=0.3)
    picture.sheet("ffe9a8", "ffe9a8", lambda pen: pen.oval(836, 611, 9))
    picture.sheet(
        "d6f0e6",
        "9fd4cf",
        lambda pen: ([pen.oval(690 + 10 * math.sin(i * 1.7), 520 - i * 42, 5 + i * 1.5) for i in range(8)]),
        opacity=0.7,
    )
    picture.sheet("16283c", "16283c", _small_boat, shadow=0.2)
    picture.sheet("0a2437", "061724", lambda pen: pen.polygon(ridge(rng, 975, 40, waves=6)), shadow=0.35)
    picture.sheet(
        "0a2437",
        "061724",
        lambda pen: (reeds(pen, rng, 30, 300, 1080, 390), reeds(pen, rng, 1400, 1590, 1080, 300)),
        shadow=0.3,
    )
    picture.shade(0.3)
    return picture


def _waterline(y: float, height: float) -> list[tuple[float, float]]:
    line = [
        (x, y + height * math.sin(x / 58) + height * 0.5 * math.sin(x / 23))
        for x in range(-10, WIDTH + 11, 6)
    ]
    return [*line, (WIDTH + 10, HEIGHT), (-10, HEIGHT)]


def _cable_ends(pen: Pen) -> None:
    left = [(-20, 905), (180, 880), (420, 905), (600, 850), (742, 770)]
    right = [(1620, 850), (1420, 880), (1240, 842), (1110, 770), (1010, 690)]
    for points in (left, right):
        pen.line(_soft(points), 44)
        pen.oval(*points[-1], 22)


def _cable_cores(pen: Pen) -> None:
    for x, y, dx, dy in ((742, 770, 1, -0.7), (1010, 690, -0.7, -1)):
        for spread in (-0.5, -0.17, 0.17, 0.5):
            end = (x + 58 * (dx - spread * dy), y + 58 * (dy + spread * dx))
            pen.line([(x, y), end], 6)
            pen.oval(*end, 5)


def _soft(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    first, last = points[0], points[-1]
    line = rounded([first, first, *points[1:-1], last, last], steps=16)
    return line[16 : 16 * (len(points))]


def _diver(pen: Pen) -> None:
    # Body stretched from the flippers at the left to the lamp in her hand.
    pen.curve(
        [
            (486, 482),
            (560, 500),
            (640, 520),
            (705, 532),
            (736, 560),
            (720, 590),
            (660, 584),
            (580, 556),
            (500, 520),
        ]
    )
    pen.oval(758, 560, 34, 32)
    pen.curve([(560, 486), (640, 500), (690, 516), (684, 540), (600, 520), (552, 506)])
    pen.line([(716, 580), (770, 622), (834, 612)], 20)
    pen.line([(690, 578), (720, 640), (780, 664)], 18)
    pen.line([(500, 500), (420, 470), (360, 496)], 22)
    pen.line([(505, 512), (430, 540), (384, 590)], 22)
    pen.polygon([(372, 480), (300, 470), (268, 516), (352, 512)])
    pen.polygon([(396, 572), (340, 612), (346, 664), (402, 606)])
    pen.line([(620, 500), (690, 330), (716, 214)], 4)


def _small_boat(pen: Pen) -> None:
    pen.curve(
        [(590, 172), (640, 190), (780, 192), (856, 168), (826, 222), (760, 236), (660, 236), (612, 218)]
    )
    person(pen, 760, 192, 96, lean=-0.05)
    person(pen, 676, 194, 84, lean=0.12)


def water() -> Picture:
    """Women with jars on their way from a water tower, in the morning."""
    picture = Picture(37, "6fb0bb", "fde6bb", horizon=760)
    rng = picture.rng
    picture.glow(300, 330, 620, "fff2cc", 0.7)
    picture.sheet("fff6dc", "fff6dc", lambda pen: pen.oval(300, 330, 84))
    picture.sheet("e3b989", "e8c091", lambda pen: pen.polygon(ridge(rng, 640, 60)), shadow=0.1)
    picture.sheet("cf8f62", "d99d6b", lambda pen: pen.polygon(ridge(rng, 720, 46, waves=7)), shadow=0.18)
    picture.sheet("a9603f", "b56d48", _tower, shadow=0.28)
    picture.sheet("fbe3b6", "f3c98d", _tower_light)
    picture.sheet("8a4a37", "7a3f33", lambda pen: pen.polygon(ridge(rng, 822, 34, waves=6)), shadow=0.25)
    picture.sheet(
        "2e6f7e",
        "2a6474",
        lambda pen: pen.curve([(1020, 905), (1200, 880), (1620, 872), (1640, 960), (1300, 950), (1080, 936)]),
        shadow=0.1,
    )
    picture.sheet(
        "a9d6d2",
        "8cc4c4",
        lambda pen: ripples(pen, rng, 890, 944, left=1150, right=1600, count=20),
        opacity=0.8,
    )
    picture.sheet("3b2430", "2c1b28", _carriers, shadow=0.25)
    picture.sheet("e7a45c", "c77b40", _jars)
    picture.sheet(
        "2c1b28", "20131f", lambda pen: pen.polygon(ridge(rng, 1010, 24, waves=6, rough=2)), shadow=0.3
    )
    picture.sheet("20131f", "20131f", lambda pen: reeds(pen, rng, 1360, 1620, 1085, 300), shadow=0.2)
    picture.shade(0.25)
    return picture


def _tower(pen: Pen) -> None:
    pen.curve([(960, 250), (1120, 190), (1280, 250), (1272, 420), (1120, 452), (968, 420)])
    pen.polygon([(950, 256), (1120, 160), (1290, 256)])
    pen.box(1112, 120, 16, 50)
    for left, right in ((990, 950), (1080, 1066), (1160, 1174), (1250, 1290)):
        pen.line([(left, 420), (right, 860)], 20)
    pen.line([(980, 560), (1262, 700)], 9)
    pen.line([(1262, 560), (968, 700)], 9)
    pen.line([(968, 566), (1276, 566)], 12)
    pen.line([(956, 706), (1286, 706)], 12)
    pen.box(1110, 430, 20, 440)


def _tower_light(pen: Pen) -> None:
    pen.box(966, 300, 308, 8)
    pen.box(970, 372, 304, 8)
    for x in (1010, 1120, 1230):
        pen.oval(x, 338, 13)


_CARRIERS = ((250, 236), (408, 262), (590, 248), (786, 224))


def _carriers(pen: Pen) -> None:
    for x, height in _CARRIERS:
        veiled(pen, x, 1000, height, lean=0.02)
        pen.line(
            [
                (x + height * 0.12, 1000 - height * 0.68),
                (x + height * 0.2, 1000 - height * 0.95),
                (x + height * 0.1, 1000 - height * 1.1),
            ],
            13,
        )


def _jars(pen: Pen) -> None:
    for x, height in _CARRIERS:
        y = 1000 - height * 1.14
        pen.curve(
            [
                (x - 14, y - 54),
                (x + 24, y - 54),
                (x + 20, y - 42),
                (x + 44, y - 16),
                (x + 30, y + 34),
                (x - 20, y + 34),
                (x - 34, y - 16),
                (x - 10, y - 42),
            ]
        )
