"""Scenes of one person: a sketchbook at a window, a portrait in paper."""

from __future__ import annotations

from nashra.demo.drawing.figures import bird
from nashra.demo.drawing.paper import WIDTH, Pen, Picture, ridge


def sketchbook() -> Picture:
    """Somebody draws at a window over the river: no camera, a sketchbook."""
    picture = Picture(97, "3b2f4f", "6a4a5c")
    rng = picture.rng
    picture.sheet("8fb8c9", "f7c89a", lambda pen: pen.arch(880, 760, 900, 700))
    picture.glow(1080, 420, 420, "ffdca0", 0.9)
    picture.sheet("fff1cf", "fff1cf", lambda pen: pen.oval(1080, 400, 62))
    picture.sheet("a98a9a", "b58f92", lambda pen: _within_window(pen, ridge(rng, 520, 50)), shadow=0.1)
    picture.sheet(
        "6f6f90", "77708c", lambda pen: _within_window(pen, ridge(rng, 570, 30, waves=7)), shadow=0.1
    )
    picture.sheet(
        "e7b28a", "49648a", lambda pen: _within_window(pen, [(0, 610), (1600, 610), (1600, 770), (0, 770)])
    )
    picture.sheet(
        "fbe0ae",
        "fbd79a",
        lambda pen: (
            [
                pen.curve([(1080 - w, y), (1080, y - 3), (1080 + w, y), (1080, y + 3)])
                for w, y in ((60, 630), (90, 652), (56, 676), (110, 704), (70, 730))
            ]
        ),
        opacity=0.8,
    )
    picture.sheet(
        "2b3350",
        "2b3350",
        lambda pen: (
            (
                pen.curve([(640, 668), (720, 676), (800, 666), (776, 694), (664, 694)]),
                pen.box(716, 590, 5, 84),
                pen.polygon([(724, 596), (724, 664), (776, 664)]),
            )
        ),
    )
    picture.sheet(
        "2b3350",
        "2b3350",
        lambda pen: ([bird(pen, x, y, s) for x, y, s in ((720, 300, 24), (790, 260, 17), (880, 330, 14))]),
    )
    _lay_desk(picture)
    picture.shade(0.35)
    return picture


def _lay_desk(picture: Picture) -> None:
    """The window's frame, and before it the table with book, artist and pens."""
    picture.sheet("4a3450", "3a2944", _window_frame, shadow=0.35)
    picture.sheet(
        "8a4f4a",
        "6b3b40",
        lambda pen: pen.polygon([(-10, 820), (1610, 800), (1610, 1080), (-10, 1080)]),
        shadow=0.35,
    )
    picture.sheet("fdf2d8", "efd9b0", _open_book, shadow=0.3)
    picture.sheet("7a5a58", "7a5a58", _drawn_lines, opacity=0.85)
    picture.sheet("2a1a30", "1d1224", _artist, shadow=0.4)
    picture.sheet(
        "e9a25a",
        "d9843c",
        lambda pen: pen.polygon([(716, 828), (726, 820), (842, 908), (846, 924), (828, 918)]),
    )
    picture.sheet(
        "1f6f78",
        "1b5f6a",
        lambda pen: pen.curve([(1330, 820), (1322, 730), (1360, 716), (1410, 716), (1446, 732), (1438, 820)]),
        shadow=0.25,
    )
    picture.sheet(
        "e9c46a",
        "e76f51",
        lambda pen: (
            [pen.line([(1384 + d, 726), (1384 + d * 2.6, 610 - abs(d))], 9) for d in (-26, -8, 12, 30)]
        ),
    )


def _within_window(pen: Pen, points: list[tuple[float, float]]) -> None:
    pen.polygon([(min(max(x, 432), 1328), min(y, 760)) for x, y in points])


def _window_frame(pen: Pen) -> None:
    pen.box(-10, -10, WIDTH + 20, 850)
    pen.arch(880, 760, 860, 680, hole=True)
    pen.box(872, 70, 16, 700)
    pen.box(440, 470, 880, 12)
    pen.box(400, 756, 960, 30)


def _open_book(pen: Pen) -> None:
    pen.curve(
        [
            (700, 890),
            (830, 866),
            (960, 884),
            (1090, 862),
            (1230, 880),
            (1270, 985),
            (1110, 972),
            (970, 994),
            (820, 978),
            (650, 1000),
        ]
    )


def _drawn_lines(pen: Pen) -> None:
    pen.line([(960, 886), (970, 990)], 3)
    pen.line([(1010, 930), (1060, 910), (1110, 926), (1170, 904), (1222, 924)], 4)
    pen.line([(1010, 946), (1230, 942)], 3)
    pen.line([(740, 944), (790, 920), (846, 928)], 4)


def _artist(pen: Pen) -> None:
    pen.oval(420, 478, 76, 92)
    pen.oval(352, 420, 44, 40)
    pen.box(388, 540, 58, 90)
    pen.curve(
        [
            (388, 600),
            (446, 600),
            (520, 650),
            (574, 720),
            (600, 860),
            (596, 1100),
            (214, 1100),
            (226, 860),
            (262, 720),
            (320, 648),
        ]
    )
    pen.curve(
        [(548, 690), (610, 800), (680, 868), (734, 872), (748, 900), (706, 926), (620, 912), (520, 850)]
    )


def portrait() -> Picture:
    """The head and shoulders of a woman with a scarf, cut from paper; no face, as she asked."""
    picture = Picture(101, "cfe0d8", "f5dfb8")
    rng = picture.rng
    picture.glow(1150, 300, 520, "fff7e2", 0.7)
    picture.sheet("f2b56b", "e99a58", lambda pen: pen.oval(1170, 300, 130), shadow=0.12)
    picture.sheet("b9cdbf", "a9c0b4", lambda pen: pen.polygon(ridge(rng, 700, 60)), shadow=0.15)
    picture.sheet("86a9a3", "7a9c98", lambda pen: pen.polygon(ridge(rng, 800, 46, waves=7)), shadow=0.2)
    picture.sheet("7a3b46", "5b2a3a", lambda pen: pen.curve(_COAT), shadow=0.35)
    picture.sheet("1b5563", "164652", lambda pen: pen.curve(_SCARF), shadow=0.3)
    picture.sheet("a8694a", "9a5c40", lambda pen: pen.curve(_FACE))
    picture.sheet("c98a62", "b97a55", lambda pen: pen.curve(_CHEEK))
    picture.sheet("2b2030", "2b2030", lambda pen: pen.curve(_HAIR))
    picture.sheet("2f8088", "246a76", lambda pen: pen.curve(_WRAP), shadow=0.3)
    picture.sheet("3d959a", "2c7a85", lambda pen: pen.curve(_END), shadow=0.3)
    picture.sheet("f3d9a4", "e9c07a", _pattern)
    picture.shade(0.25)
    return picture


_COAT = [
    (800, 640),
    (960, 700),
    (1150, 780),
    (1250, 900),
    (1290, 1120),
    (310, 1120),
    (350, 900),
    (450, 780),
    (640, 700),
]
_SCARF = [
    (800, 150),
    (920, 180),
    (990, 280),
    (1000, 420),
    (980, 560),
    (1010, 680),
    (960, 780),
    (800, 810),
    (640, 780),
    (590, 680),
    (620, 560),
    (600, 420),
    (610, 280),
    (680, 180),
]
_FACE = [
    (810, 232),
    (890, 262),
    (926, 350),
    (920, 470),
    (880, 570),
    (816, 616),
    (750, 570),
    (708, 470),
    (702, 350),
    (738, 262),
]
_CHEEK = [
    (836, 236),
    (892, 264),
    (926, 350),
    (920, 470),
    (880, 570),
    (820, 614),
    (850, 540),
    (868, 430),
    (858, 330),
]
_HAIR = [
    (812, 226),
    (900, 260),
    (930, 350),
    (880, 292),
    (800, 272),
    (730, 320),
    (700, 380),
    (712, 290),
    (748, 246),
]
_WRAP = [
    (606, 560),
    (680, 610),
    (800, 660),
    (920, 620),
    (1004, 560),
    (1040, 660),
    (1000, 780),
    (880, 850),
    (740, 850),
    (610, 790),
    (566, 680),
]
_END = [(640, 700), (740, 770), (780, 840), (770, 960), (790, 1120), (560, 1120), (580, 960), (570, 820)]


def _pattern(pen: Pen) -> None:
    for row in range(4):
        for i in range(3):
            x, y = 622 + i * 50 + (row % 2) * 10, 880 + row * 52
            pen.polygon([(x, y - 11), (x + 9, y), (x, y + 11), (x - 9, y)])
