"""Whoever types `make` on a machine that will not do is told so in one sentence."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
FINDER = PROJECT / "tools" / "find-python.sh"
OLD = 'case "$2" in *version_info*) exit 1;; esac; echo "Python 3.9.2"'
# Debian's python3 without python3-venv: the version is right, ensurepip cannot be imported.
INCOMPLETE = 'case "$2" in *ensurepip*) exit 1;; *print*) echo 3.11;; esac'


@pytest.fixture
def machine(tmp_path):
    """A PATH that holds only what the test puts there, besides the shell's own tools."""
    programs = tmp_path / "bin"
    programs.mkdir()

    def add(name: str, script: str) -> Path:
        program = programs / name
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        return program

    add("head", 'exec /usr/bin/head "$@"')
    return add


def find(programs: Path, *arguments: str, folder: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": str(programs)}
    command = ["/bin/sh", str(FINDER), *arguments]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("nashra: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_it_finds_the_python_at_hand(machine, tmp_path):
    python = machine("python3.11", f'exec {sys.executable} "$@"')
    done = find(python.parent)
    assert (done.returncode, done.stdout.strip()) == (0, str(python)), done.stderr


def test_it_prefers_a_newer_one_that_is_whole(machine):
    machine("python3.12", INCOMPLETE)
    python = machine("python3.11", f'exec {sys.executable} "$@"')
    assert find(python.parent).stdout.strip() == str(python)


def test_it_says_that_every_python_is_too_old(machine):
    python = machine("python3", OLD)
    assert "Python 3.11 or later is needed" in sentence(find(python.parent))


def test_it_says_that_the_python_that_was_asked_for_is_too_old(machine):
    python = machine("python3.9", OLD)
    assert "python3.9 is Python 3.9.2" in sentence(find(python.parent, "python3.9"))


def test_it_says_that_the_python_that_was_asked_for_is_not_there(machine):
    python = machine("python3", OLD)
    assert "there is no program python4" in sentence(find(python.parent, "python4"))


def test_it_says_which_package_brings_the_venv_module(machine):
    python = machine("python3", INCOMPLETE)
    assert "apt-get install python3.11-venv" in sentence(find(python.parent))


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="there is no read-only folder to try at hand")
def test_it_says_that_the_folder_is_read_only(machine):
    python = machine("python3.11", f'exec {sys.executable} "$@"')
    assert "cannot write in /proc" in sentence(find(python.parent, folder=Path("/proc/self")))
