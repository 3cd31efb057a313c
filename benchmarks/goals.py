"""What was measured, beside what it should be: a row for each goal.

Ratios are the median of the pairs that ran one after the other, so that a slow minute of the machine
meets both sides of a pair.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

MEMORY_MB = 400
MIDDLE, LARGEST = "10000", "100000"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table; ``met`` is nothing where there is no goal."""

    what: str
    goal: str
    reached: str
    met: bool | None = None

    @property
    def verdict(self) -> str:
        """In a word."""
        return {True: "yes", False: "no", None: ""}[self.met]


def press_rows(results: dict[str, Any]) -> list[Row]:
    """Full presses beside Hugo, memory, and how the pace holds."""
    sizes = results["sizes"]
    shown = MIDDLE if MIDDLE in sizes else max(sizes, key=int)
    rows = [*_ratios(sizes[shown], int(shown)), *_beside(sizes[shown], int(shown))]
    rows += _memory(sizes)
    if MIDDLE in sizes and LARGEST in sizes:
        slower = _pages_per_second(sizes[LARGEST]) / _pages_per_second(sizes[MIDDLE])
        paces = " / ".join(f"{_pages_per_second(sizes[size]):,.0f}" for size in (MIDDLE, LARGEST))
        what = "pages/s at 100,000 against 10,000"
        rows.append(Row(what, "≥ 0.85", f"{slower:.2f} ({paces} pages/s)", slower >= 0.85))
    return rows


def _ratios(found: dict[str, Any], count: int) -> list[Row]:
    if not found["hugo_s"]:
        return []
    rows = []
    what = f"full press of {count:,} stories, "
    for name, way, key, goal in (
        (what + "uncompressed: Hugo's seconds ÷ the run's", "plain", "run_ms", 4.0),
        (what + "a gzip file beside each page: the same", "gzip", "run_ms", 2.0),
        (what + "uncompressed: Hugo's ÷ the whole process's", "plain", "whole_s", 1.5),
        (what + "gzip: Hugo's ÷ the whole process's", "gzip", "whole_s", None),
    ):
        ours = [press[key] / (1000 if key == "run_ms" else 1) for press in found[way]]
        pairs = [hugo / own for hugo, own in zip(found["hugo_s"], ours, strict=True)]
        ratio = statistics.median(pairs)
        told = (
            f"{ratio:.2f} ({statistics.median(found['hugo_s']):.2f} s ÷ {statistics.median(ours):.2f} s; "
            f"pairs {min(pairs):.2f} to {max(pairs):.2f})"
        )
        rows.append(Row(name, f"≥ {goal:g}" if goal else "", told, ratio >= goal if goal else None))
    return rows


def _beside(found: dict[str, Any], count: int) -> list[Row]:
    again = statistics.median(found["again_ms"]) / 1000
    rows = [Row(f"{count:,} stories pressed over themselves", "", f"{again:.2f} s the run")]
    if disk := found.get("disk"):
        ours = [press["run_ms"] / 1000 for press in disk["gzip"]]
        told = f"{min(ours):.2f} to {max(ours):.2f} s"
        if disk["hugo_s"]:
            told += f", Hugo {min(disk['hugo_s']):.2f} to {max(disk['hugo_s']):.2f} s"
        rows.append(Row(f"the same with gzip files, on {disk['file_system']}", "", told))
    if found.get("import"):
        taken_s, peak_mb = found["import"]["seconds"], found["import"]["peak_bytes"] / 2**20
        goal = count == int(MIDDLE)
        met = taken_s <= 90 and peak_mb <= MEMORY_MB if goal else None
        what = f"import of {count:,} stories of ninjs, from the command line"
        rows.append(Row(what, "≤ 90 s, 400 MB" if goal else "", f"{taken_s:.0f} s, {peak_mb:.0f} MB", met))
    return rows


def _memory(sizes: dict[str, Any]) -> list[Row]:
    rows = []
    peaks = {size: found["memory_bytes"]["nashra"] / 2**20 for size, found in sizes.items()}
    for size, peak in peaks.items():
        hugo = sizes[size]["memory_bytes"].get("hugo")
        told = f"{peak:.0f} MB" + (f" (Hugo {hugo / 2**20:,.0f} MB)" if hugo else "")
        goal = size in (MIDDLE, LARGEST)
        met = peak <= MEMORY_MB if goal else None
        what = f"peak memory of a full press of {int(size):,}, all processes"
        rows.append(Row(what, f"≤ {MEMORY_MB} MB" if goal else "", told, met))
    if MIDDLE in peaks and LARGEST in peaks:
        apart = max(peaks[LARGEST], peaks[MIDDLE]) / min(peaks[LARGEST], peaks[MIDDLE]) - 1
        rows.append(Row("the two apart", "≤ 20 %", f"{apart:.0%}", apart <= 0.2))
    return rows


def _pages_per_second(found: dict[str, Any]) -> float:
    return found["pages"] / (statistics.median(press["run_ms"] for press in found["plain"]) / 1000)


def publish_rows(results: dict[str, Any]) -> list[Row]:
    """What one publication touches and takes, and how soon readers have it."""
    runs = results["runs"]
    sizes = " / ".join(f"{int(size):,}" for size in runs)
    touched = [
        sorted({run["files_written"] + run["files_removed"] for run in each}) for each in runs.values()
    ]
    times = [statistics.median(run["run_ms"] for run in each) for each in runs.values()]
    same = all(found == touched[0] for found in touched) and touched[0][-1] <= 40
    apart = max(times) / min(times) - 1
    clicks = results["click_to_live"]
    p50, p99 = percentile(clicks["ms"], 50), percentile(clicks["ms"], 99)
    return [
        Row(
            f"one story published in {sizes}: addresses touched",
            "the same, ≤ 40",
            " / ".join(_span(found) for found in touched),
            same,
        ),
        Row(
            "the same: the press run's time",
            "± 25 %",
            " / ".join(f"{each:.0f} ms" for each in times) + f" ({apart:.0%} apart)",
            all(abs(each / statistics.median(times) - 1) <= 0.25 for each in times),
        ),
        Row(
            f"click to live at {clicks['stories']:,} stories, {len(clicks['ms'])} publications: p99",
            "≤ 500 ms",
            f"{p99:.0f} ms (p50 {p50:.0f} ms, slowest {max(clicks['ms']):.0f} ms)",
            p99 <= 500,
        ),
    ]


def _span(values: Sequence[int]) -> str:
    return str(values[0]) if len(values) == 1 else f"{values[0]}–{values[-1]}"


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that so many per cent of the values do not exceed."""
    if len(values) < 2:
        return max(values)
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def serve_rows(results: dict[str, Any]) -> list[Row]:
    """The stand beside nginx; that measurement judges its own numbers."""
    return [Row(*row) for row in results.get("table", [])]
