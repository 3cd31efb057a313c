"""How cost grows with the archive, as a picture for the docs: an SVG that is readable by day and by night.

Both scales are logarithmic: work that grows with the archive rises, work that does not lies flat. Must
not measure or choose: it draws the lines that it is given.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 760, 440
_LEFT, _RIGHT, _TOP, _BOTTOM = 72, 208, 24, 56
# Colours that people with any colour vision tell apart, for a light and for a dark ground.
_STYLE = """\
text { font: 13px system-ui, sans-serif; fill: #24292f }
.ground { fill: #ffffff } .scale { stroke: #d0d7de; stroke-width: 1 } .quiet { fill: #57606a }
polyline { fill: none; stroke-width: 2.5; stroke-linejoin: round }
.a { stroke: #0550ae; fill: #0550ae } .b { stroke: #bc4c00; fill: #bc4c00 }
.c { stroke: #116329; fill: #116329 }
text.a, text.b, text.c { stroke: none } .name { font-weight: 600 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .ground { fill: #0d1117 } .scale { stroke: #3d444d } .quiet { fill: #9198a1 }
.a { stroke: #79b8ff; fill: #79b8ff } .b { stroke: #ffa657; fill: #ffa657 }
.c { stroke: #7ee787; fill: #7ee787 }
}"""


@dataclass(frozen=True, slots=True)
class Line:
    """Seconds by number of stories; ``style`` is ``a``, ``b`` or ``c``."""

    name: str
    style: str
    seconds: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class _Scale:
    """A logarithmic scale from values to pixels."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        span = math.log10(self.high / self.low)
        return self.start + (self.end - self.start) * math.log10(value / self.low) / span


def draw(lines: Sequence[Line], *, title: str) -> str:
    """The whole picture; ``title`` is what somebody hears who cannot see it.

    Raises:
        ValueError: there are not two sizes to draw a line between.
    """
    sizes = sorted({size for line in lines for size in line.seconds})
    if len(sizes) < 2:
        raise ValueError("A line needs archives of at least two sizes.")
    times = [seconds for line in lines for seconds in line.seconds.values()]
    across = _Scale(sizes[0], sizes[-1], _LEFT, _WIDTH - _RIGHT)
    low, high = math.floor(math.log10(min(times))), math.ceil(math.log10(max(times)))
    up = _Scale(10.0**low, 10.0 ** max(high, low + 1), _HEIGHT - _BOTTOM, _TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>\n{_STYLE}\n</style>",
        f'<rect class="ground" width="{_WIDTH}" height="{_HEIGHT}" rx="6"/>',
        *_grid(across, up, sizes, range(low, max(high, low + 1) + 1)),
        *(part for line in lines for part in _line(line, across, up)),
        *_names(lines, up),
    ]
    return "\n".join([*parts, "</svg>\n"])


def _grid(across: _Scale, up: _Scale, sizes: Iterable[int], powers: Iterable[int]) -> list[str]:
    parts = []
    for power in powers:
        y = up.at(10.0**power)
        parts.append(f'<path class="scale" d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}"/>')
        parts.append(_text(_LEFT - 8, y + 4, duration(10.0**power), "quiet", "end"))
    for size in sizes:
        x = across.at(size)
        parts.append(f'<path class="scale" d="M{x:.1f} {_TOP}V{_HEIGHT - _BOTTOM}"/>')
        parts.append(_text(x, _HEIGHT - _BOTTOM + 20, f"{size:,}", "quiet", "middle"))
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    parts.append(_text(middle, _HEIGHT - 12, "stories in the archive", "quiet", "middle"))
    return parts


def _line(line: Line, across: _Scale, up: _Scale) -> list[str]:
    points = [(across.at(size), up.at(seconds)) for size, seconds in sorted(line.seconds.items())]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = [f'<circle class="{line.style}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>' for x, y in points]
    return [f'<polyline class="{line.style}" points="{path}" style="fill:none"/>', *dots]


def _names(lines: Sequence[Line], up: _Scale) -> list[str]:
    """Each line's name beside its end, with what it took there; pushed apart where two would touch."""
    ends = sorted((up.at(line.seconds[max(line.seconds)]), place) for place, line in enumerate(lines))
    parts, lowest = [], -math.inf
    for y, place in ends:
        at = max(y, lowest + 40)
        lowest = at
        line = lines[place]
        largest = max(line.seconds)
        parts.append(_text(_WIDTH - _RIGHT + 14, at, line.name, f"name {line.style}", "start"))
        told = f"{duration(line.seconds[largest])} at {largest:,}"
        parts.append(_text(_WIDTH - _RIGHT + 14, at + 17, told, "quiet", "start"))
    return parts


def _text(x: float, y: float, words: str, style: str, anchor: str) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} class="{style}">{escape(words)}</text>'


def duration(seconds: float) -> str:
    """A time as people read it: ``80 ms``, ``4.2 s``, ``46 s``."""
    if seconds < 1:
        return f"{seconds * 1000:.3g} ms"
    return f"{seconds:.2g} s" if seconds < 100 else f"{seconds:,.0f} s"
