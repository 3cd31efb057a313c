"""`make test` counts truly, and what was skipped is never silent."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.run import is_good, read_report

PROJECT = Path(__file__).resolve().parents[2]
SUITE = """
import pytest
def test_good(): assert True
def test_bad(): assert {bad}
@pytest.mark.skip(reason="{reason}")
def test_left_out(): assert True
"""


@pytest.fixture
def outcome(tmp_path):
    """What the driver reads from a true run of a small suite."""

    def run(*, bad: bool, reason: str):
        (tmp_path / "test_small.py").write_text(SUITE.format(bad=not bad, reason=reason), encoding="utf-8")
        report = tmp_path / "report.xml"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-c",
            "/dev/null",
            f"--junitxml={report}",
            str(tmp_path),
        ]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
        return read_report("sqlite", report, done.returncode)

    return run


def test_it_counts_what_passed_failed_and_was_skipped(outcome):
    counted = outcome(bad=True, reason="no moon tonight")
    assert re.fullmatch(r"SQLite: 1 failed, 1 passed, 1 skipped in \d+\.\d\ds", counted.line())
    assert not is_good(counted, strict=False)


def test_it_lets_nothing_but_outside_material_be_missing_in_ci(outcome):
    for_want_of_a_moon = outcome(bad=False, reason="no moon tonight")
    assert is_good(for_want_of_a_moon, strict=False)
    assert not is_good(for_want_of_a_moon, strict=True)
    assert is_good(outcome(bad=False, reason="there is no outside material at /nowhere"), strict=True)


def test_a_run_without_a_report_is_no_success(tmp_path):
    counted = read_report("postgresql", tmp_path / "none.xml", 3)
    assert counted.line() == "PostgreSQL: no tests ran to the end (exit code 3) in 0.00s"
    assert not is_good(counted, strict=False)


def test_make_alone_lists_every_target():
    text = (PROJECT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.search(r"^\.PHONY: (.+)$", text, re.MULTILINE)[1].split())
    listed = subprocess.run(["make", "-s"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^  make (\S+)", listed, re.MULTILINE)) == targets
