"""Runs every test on each database and prints one count a database: ``python -m tests.run [OPTIONS]``.

All tests run on SQLite; those that depend on the database run again on PostgreSQL, beside them where
there are two cores. Programs of the system that tests need are installed first where that is allowed
(``tests/system.py``). Nothing is skipped in
silence: what was skipped is counted, with its reason, and with ``CI`` set a skipped test is a failure.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from tests.system import MissingParts, provide_system_parts

PROJECT = Path(__file__).resolve().parents[1]
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
# Absent on most machines, and not ours to bring: the only reason for which CI lets a test be skipped.
_ALLOWED_REASON = "no outside material"


@dataclass(frozen=True)
class Outcome:
    """What pytest's own report says of one run."""

    database: str
    counts: Counter[str]
    seconds: float
    reasons: tuple[str, ...]
    exit_code: int

    def line(self) -> str:
        """Such as ``SQLite: 412 passed, 2 skipped in 91.40s``."""
        counts = ", ".join(f"{number} {kind}" for kind, number in self.counts.items() if number)
        if not counts:
            counts = f"no tests ran to the end (exit code {self.exit_code})"
        return f"{NAMES[self.database]}: {counts} in {self.seconds:.2f}s"


def read_report(database: str, report: Path, exit_code: int) -> Outcome:
    """Count what a JUnit report names; a run that wrote none has failed as a whole."""
    counts: Counter[str] = Counter(dict.fromkeys(("failed", "passed", "skipped", "errors"), 0))
    reasons = []
    seconds = 0.0
    if report.is_file() and report.stat().st_size:
        suites = ElementTree.parse(report).getroot().iter("testsuite")  # noqa: S314 (pytest wrote it just now)
        for suite in suites:
            number = {name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")}
            counts["failed"] += number["failures"]
            counts["errors"] += number["errors"]
            counts["skipped"] += number["skipped"]
            counts["passed"] += number["tests"] - number["failures"] - number["errors"] - number["skipped"]
            seconds += float(suite.get("time", 0))
            reasons += [element.get("message", "") for element in suite.iter("skipped")]
    return Outcome(database, counts, seconds, tuple(reasons), exit_code)


def run_tests(database: str, options: Sequence[str], report: Path, output: IO[str] | None = None) -> Outcome:
    """Run pytest on one database; what it prints passes through as it comes, or goes into ``output``."""
    command = [sys.executable, "-m", "pytest", f"--junitxml={report}", *options]
    if database != "sqlite":
        command.append("--only-with-database")
    environment = {**os.environ, "NASHRA_TEST_DATABASE": database}
    if output is None:
        print(f"\n== {NAMES[database]} ==", flush=True)
    run = subprocess.run(command, env=environment, cwd=PROJECT, check=False, stdout=output, stderr=output)
    return read_report(database, report, run.returncode)


def run_all(options: Sequence[str], folder: Path) -> list[Outcome]:
    """Run the tests on each database, at the same time where there are cores for that.

    The output of the second is shown when the first has ended, so that the two do not mix.
    """
    first, *others = NAMES
    if (os.cpu_count() or 1) < 2:
        return [run_tests(name, options, folder / f"{name}.xml") for name in NAMES]
    with ThreadPoolExecutor() as pool, contextlib.ExitStack() as files:
        printed = {name: files.enter_context((folder / f"{name}.txt").open("w+")) for name in others}
        waiting = {
            name: pool.submit(run_tests, name, options, folder / f"{name}.xml", file)
            for name, file in printed.items()
        }
        outcomes = [run_tests(first, options, folder / f"{first}.xml")]
        for name, future in waiting.items():
            outcomes.append(future.result())
            printed[name].seek(0)
            print(f"\n== {NAMES[name]} ==\n{printed[name].read()}", flush=True)
    return outcomes


def is_good(outcome: Outcome, *, strict: bool) -> bool:
    """Whether a run may count as green; ``strict`` (CI) allows no skipped test but for outside material."""
    forbidden = [reason for reason in outcome.reasons if _ALLOWED_REASON not in reason]
    return outcome.exit_code == 0 and not (strict and forbidden)


def main(options: Sequence[str]) -> int:
    """Provide, run, count; the exit code is 0 only when both databases are green."""
    strict = bool(os.environ.get("CI"))
    try:
        provide_system_parts()
    except MissingParts as missing:
        print(missing, file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="nashra-reports-") as folder:
        outcomes = run_all(options, Path(folder))
    print()
    for outcome in outcomes:
        for reason, number in sorted(Counter(outcome.reasons).items()):
            print(f"{NAMES[outcome.database]}: skipped {number}: {reason}")
    for outcome in outcomes:
        print(outcome.line())
    return 0 if all(is_good(outcome, strict=strict) for outcome in outcomes) else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
