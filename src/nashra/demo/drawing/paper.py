"""Paper, scissors and lamp: sheets of colour laid on one another, with soft shadows, glow and grain.

Knows shapes and light only; what a picture shows is for the scenes to say. Lengths are in pixels of
the finished picture, 1600 by 1067.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1600, 1067
# Everything is cut at twice the size and scaled down, which gives clean edges.
SCALE = 2
JPEG_QUALITY = 82
MAX_FILE_BYTES = 150_000

Point = tuple[float, float]
Colour = tuple[int, int, int]


def rgb(code: str) -> Colour:
    """The three parts of a colour written as six hex digits."""
    return (int(code[0:2], 16), int(code[2:4], 16), int(code[4:6], 16))


def rounded(points: Sequence[Point], *, steps: int = 12) -> list[Point]:
    """A closed line through all points, rounded as scissors would (a Catmull-Rom spline)."""
    line: list[Point] = []
    count = len(points)
    for i in range(count):
        a, b, c, d = (points[(i + k - 1) % count] for k in range(4))
        for step in range(steps):
            t = step / steps
            line.append((_spline(a[0], b[0], c[0], d[0], t), _spline(a[1], b[1], c[1], d[1], t)))
    return line


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def ridge(rng: random.Random, y: float, height: float, *, waves: int = 5, rough: float = 0.0) -> list[Point]:
    """The outline of a hill from the left edge to the right one and down to the bottom."""
    parts = [
        (rng.uniform(0.6, 1.0) / k, k * rng.uniform(0.7, 1.3), rng.uniform(0, 6.28))
        for k in range(1, waves + 1)
    ]
    total = sum(weight for weight, _, _ in parts)
    line: list[Point] = []
    for x in range(-20, WIDTH + 21, 10):
        wave = sum(w * math.sin(k * x / WIDTH * 4.2 + phase) for w, k, phase in parts) / total
        line.append((x, y - height * wave + rng.uniform(-rough, rough)))
    return [*line, (WIDTH + 20, HEIGHT + 20), (-20, HEIGHT + 20)]


class Pen:
    """Cuts shapes out of one sheet; ``hole`` cuts them out of what was cut before."""

    def __init__(self, mask: Image.Image) -> None:
        self._draw = ImageDraw.Draw(mask)

    def polygon(self, points: Sequence[Point], *, hole: bool = False) -> None:
        """A shape with straight edges."""
        self._draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=0 if hole else 255)

    def curve(self, points: Sequence[Point], *, hole: bool = False) -> None:
        """A shape with rounded edges through all points."""
        self.polygon(rounded(points), hole=hole)

    def box(self, x: float, y: float, width: float, height: float, *, hole: bool = False) -> None:
        """An upright rectangle by its upper left corner."""
        self.polygon([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], hole=hole)

    def oval(self, x: float, y: float, rx: float, ry: float | None = None, *, hole: bool = False) -> None:
        """A circle or an ellipse by its middle."""
        ry = rx if ry is None else ry
        corners = [(x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE]
        self._draw.ellipse(corners, fill=0 if hole else 255)

    def line(self, points: Sequence[Point], width: float, *, hole: bool = False) -> None:
        """A strip of paper along points."""
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self._draw.line(scaled, fill=0 if hole else 255, width=max(1, round(width * SCALE)), joint="curve")

    def arc(self, x: float, y: float, radius: float, start: float, end: float, width: float) -> None:
        """A part of a ring; angles in degrees, clockwise from the right."""
        corners = [(x - radius) * SCALE, (y - radius) * SCALE, (x + radius) * SCALE, (y + radius) * SCALE]
        self._draw.arc(corners, start, end, fill=255, width=round(width * SCALE))

    def arch(self, x: float, y: float, width: float, height: float, *, hole: bool = False) -> None:
        """A door or window with a round top, by the middle of its foot."""
        half = width / 2
        self.box(x - half, y - height + half, width, height - half, hole=hole)
        self.oval(x, y - height + half, half, hole=hole)


Cut = Callable[[Pen], object]


class Picture:
    """Sheets of paper on one another, from the sky to the foreground."""

    def __init__(self, seed: int, top: str, bottom: str, *, horizon: float = HEIGHT) -> None:
        self.rng = random.Random(seed)  # noqa: S311 (a picture, not a secret)
        sky = _gradient(rgb(top), rgb(bottom))
        self._image = Image.new("RGB", sky.size, rgb(bottom))
        self._image.paste(sky.resize((sky.width, round(horizon * SCALE))))

    def sheet(self, top: str, bottom: str, cut: Cut, *, shadow: float = 0.0, opacity: float = 1.0) -> None:
        """Lay a sheet, coloured from ``top`` to ``bottom`` over the picture's height, cut by ``cut``."""
        mask = Image.new("L", self._image.size, 0)
        cut(Pen(mask))
        if shadow:
            small = mask.resize((WIDTH // 2, HEIGHT // 2)).filter(ImageFilter.GaussianBlur(9))
            soft = ImageChops.offset(small, -3, -5).resize(mask.size).point(lambda v: int(v * shadow))
            self._image.paste((8, 10, 22), mask=soft)
        if opacity < 1:
            mask = mask.point(lambda v: int(v * opacity))
        self._image.paste(_gradient(rgb(top), rgb(bottom)), mask=mask)

    def glow(self, x: float, y: float, radius: float, colour: str, strength: float = 1.0) -> None:
        """A lamp's light, brightest in its middle, that adds to what lies below it."""
        size = round(radius * 2 * SCALE)
        falloff = Image.radial_gradient("L").resize((size, size))
        # The built-in gradient reaches the corners; a circle of light ends at its radius.
        falloff = falloff.point(lambda v: int(max(0.0, 1 - v / 180) ** 2 * 255 * strength))
        light = Image.new("RGB", self._image.size)
        light.paste(rgb(colour), (round((x - radius) * SCALE), round((y - radius) * SCALE)), falloff)
        self._image = ImageChops.screen(self._image, light)

    def shade(self, strength: float) -> None:
        """Darken the corners a little, as an old print is."""
        falloff = Image.radial_gradient("L").resize(self._image.size)
        mask = falloff.point(lambda v: int(max(0, v - 90) / 165 * 255 * strength))
        self._image.paste((10, 10, 26), mask=mask)

    def finish(self) -> Image.Image:
        """The picture at its final size, with the paper's grain."""
        image = self._image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        size = (WIDTH // 2, HEIGHT // 2 + 1)
        noise = Image.frombytes("L", size, self.rng.randbytes(size[0] * size[1]))
        fibres = noise.filter(ImageFilter.GaussianBlur(0.6)).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
        fibres = fibres.point(lambda v: max(0, min(255, int(128 + (v - 128) * 0.24))))
        return ImageChops.soft_light(image, Image.merge("RGB", (fibres, fibres, fibres)))


def _gradient(top: Colour, bottom: Colour) -> Image.Image:
    ramp = Image.linear_gradient("L").resize((WIDTH * SCALE, HEIGHT * SCALE), Image.Resampling.BICUBIC)
    bands = (
        ramp.point([round(a + (b - a) * i / 255) for i in range(256)])
        for a, b in zip(top, bottom, strict=True)
    )
    return Image.merge("RGB", tuple(bands))


def save(image: Image.Image, path: Path) -> None:
    """Write the picture as a JPEG within the size that the package allows."""
    for quality in range(JPEG_QUALITY, 50, -4):
        image.save(path, "JPEG", quality=quality, optimize=True, progressive=True)
        if path.stat().st_size <= MAX_FILE_BYTES:
            return
    raise ValueError(f"{path.name} does not fit {MAX_FILE_BYTES} bytes even at low quality: use less grain.")
