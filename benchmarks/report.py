"""The table of all that was measured, on the terminal and in the docs, and the chart.

    python -m benchmarks.report

Reads what lies in ``benchmarks/results``. Measurements that were kept in another folder are only printed.
"""

from __future__ import annotations

import json
import re
import statistics
from pathlib import Path
from typing import Any

from benchmarks import chart
from benchmarks.goals import Row, press_rows, publish_rows, serve_rows
from benchmarks.readers_goals import readers_rows
from benchmarks.workshop import PROJECT, RESULTS

_ROWS = {"press": press_rows, "publish": publish_rows, "serve": serve_rows, "readers": readers_rows}
# Each of these has a table of its own; the others share one.
_APART = ("readers",)
MEASUREMENTS_PAGE = PROJECT / "docs" / "reference" / "measurements.md"
PRESS_PAGE = PROJECT / "docs" / "explanation" / "how-the-press-works.md"
CHART = PROJECT / "docs" / "explanation" / "press-times.svg"
CHART_TITLE = (
    "Time against the size of the archive, both scales logarithmic: Hugo's build, which any change asks for, "
    "our full press, and our press of one published story."
)


def publish(folder: Path) -> None:
    """Print the table of a folder's results; those of the project also go into its docs."""
    found = _read(folder)
    tables = {name: {name: found.pop(name)} for name in _APART if name in found} | {"table": found}
    rows = {
        table: [row for name, results in held.items() for row in _ROWS[name](results)]
        for table, held in tables.items()
    }
    print(_for_terminal([row for each in reversed(rows.values()) for row in each]))
    if folder.resolve() == RESULTS.resolve():
        for table, held in tables.items():
            if held:
                fill(MEASUREMENTS_PAGE, table, f"{_occasion(held)}\n\n{_as_markdown(rows[table])}")
        if lines := chart_lines(found):
            CHART.write_text(chart.draw(lines, title=CHART_TITLE), encoding="utf-8")
            fill(PRESS_PAGE, "times", f"![{CHART_TITLE}]({CHART.name})\n\n{_times(lines)}")


def _read(folder: Path) -> dict[str, dict[str, Any]]:
    files = {name: folder / f"{name}.json" for name in _ROWS}
    return {name: json.loads(file.read_text("utf-8")) for name, file in files.items() if file.is_file()}


def _occasion(found: dict[str, dict[str, Any]]) -> str:
    told = []
    for name, results in found.items():
        machine = results.get("machine", {})
        lies_on = results.get("disk") or machine.get("file_system", "tmpfs")
        told.append(
            f"`make bench-{name}` on {results['measured_on']}, {machine.get('cores', '?')} cores, "
            f"Python {machine.get('python', '?')}, {lies_on}"
            + (f", stories by `{results['archive']}`" if "archive" in results else "")
            + (f", {results['hugo'].split(' BuildDate')[0]}" if "hugo" in results else "")
            + (f", {results['isso']} with two workers" if "isso" in results else "")
            + (f", PostgreSQL {results['postgresql']}" if "postgresql" in results else "")
        )
    return "Measured by " + "; by ".join(told) + "."


def _as_markdown(rows: list[Row]) -> str:
    lines = ["| what | goal | reached | met |", "|---|---|---|---|"]
    return "\n".join(
        [*lines, *(f"| {row.what} | {row.goal} | {row.reached} | {row.verdict} |" for row in rows)]
    )


def _for_terminal(rows: list[Row]) -> str:
    widths = [max((len(getattr(row, name)) for row in rows), default=0) for name in ("what", "goal")]
    return "\n".join(
        f"{row.what:<{widths[0]}}  {row.goal:<{widths[1]}}  {row.verdict or '–':<3}  {row.reached}"
        for row in rows
    )


def chart_lines(found: dict[str, dict[str, Any]]) -> list[chart.Line]:
    """The lines of the chart; none unless both measurements saw archives of two sizes."""
    if "press" not in found or "publish" not in found:
        return []
    hugo, full = {}, {}
    for size, results in found["press"]["sizes"].items():
        if results["hugo_s"]:
            hugo[int(size)] = statistics.median(results["hugo_s"])
        full[int(size)] = statistics.median(press["run_ms"] for press in results["gzip"]) / 1000
    one = {
        int(size): statistics.median(run["run_ms"] for run in runs) / 1000
        for size, runs in found["publish"]["runs"].items()
    }
    lines = [
        chart.Line("Hugo: any change", "b", hugo),
        chart.Line("Nashra: everything", "a", full),
        chart.Line("Nashra: one story", "c", one),
    ]
    return lines if all(len(line.seconds) > 1 for line in lines) else []


def _times(lines: list[chart.Line]) -> str:
    sizes = sorted({size for line in lines for size in line.seconds})
    head = [
        "| | " + " | ".join(f"{size:,} stories" for size in sizes) + " |",
        "|---" * (len(sizes) + 1) + "|",
    ]
    rows = [
        f"| {line.name} | "
        + " | ".join(chart.duration(line.seconds[size]) if size in line.seconds else "" for size in sizes)
        + " |"
        for line in lines
    ]
    return "\n".join([*head, *rows])


def fill(page: Path, name: str, text: str) -> None:
    """Put the text between a page's two marks.

    Raises:
        LookupError: the page has no such marks.
    """
    before = page.read_text(encoding="utf-8")
    begin, end = f"<!-- measured: {name} -->", f"<!-- measured: end of {name} -->"
    pattern = re.escape(begin) + ".*?" + re.escape(end)
    if not re.search(pattern, before, re.DOTALL):
        raise LookupError(f"{page} has no place for what was measured ({begin}).")
    after = re.sub(pattern, lambda _found: f"{begin}\n{text}\n{end}", before, count=1, flags=re.DOTALL)
    page.write_text(after, encoding="utf-8")


if __name__ == "__main__":
    publish(RESULTS)
