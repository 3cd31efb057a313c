"""Runs every test on each database and prints one count a database: ``python -m tests.run [OPTIONS]``.

All tests run on SQLite; those that touch a database run again on PostgreSQL. Programs of the system
that tests need are installed first where that is allowed (``tests/system.py``). Nothing is skipped in
silence: what was skipped is counted, with its reason, and with ``CI`` set a skipped test is a failure.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
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


def run_tests(database: str, options: Sequence[str], report: Path) -> Outcome:
    """Run pytest on one database, its output passing through as it comes."""
    command = [sys.executable, "-m", "pytest", f"--junitxml={report}", *options]
    if database != "sqlite":
        command.append("--only-with-database")
    environment = {**os.environ, "NASHRA_TEST_DATABASE": database}
    print(f"\n== {NAMES[database]} ==", flush=True)
    run = subprocess.run(command, env=environment, cwd=PROJECT, check=False)
    return read_report(database, report, run.returncode)


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
        outcomes = [run_tests(name, options, Path(folder, f"{name}.xml")) for name in NAMES]
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
