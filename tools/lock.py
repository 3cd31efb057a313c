"""Locks what pyproject.toml asks for: each release by its hashes, for every Python that we support.

``python tools/lock.py`` keeps the releases that are locked already, ``--upgrade`` takes the newest ones.
No registry's address is written: whoever installs uses the one that their pip knows.
"""

import subprocess
import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
NEWSROOM, DEV, BUILD = (f"requirements/{name}.txt" for name in ("newsroom", "dev", "build"))
_COMPILE = (
    *("uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
    *("--generate-hashes", "--no-header", "--no-emit-index-url", "--no-emit-find-links"),
)
# What hatchling asks for besides [build-system] when it installs a working copy.
_EDITABLE_INSTALL = ("editables~=0.3",)


def build_requirements() -> list[str]:
    """What must stand in the environment before the project itself can be built."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    return [*project["build-system"]["requires"], *_EDITABLE_INSTALL]


def lock(target: str, *arguments: str, requirements: list[str] | None = None) -> None:
    """Write one lock file; the releases that it names already are kept where they still fit."""
    command = [sys.executable, "-m", *_COMPILE, *arguments, "--output-file", target]
    given = "\n".join(requirements) if requirements else None
    subprocess.run(command, input=given, text=True, cwd=PROJECT, check=True)  # noqa: S603 (our own words)


def main() -> None:
    """Lock the newsroom first: tests and tools, and then the build, take the same releases."""
    options = sys.argv[1:]
    lock(NEWSROOM, "pyproject.toml", "--extra", "newsroom", *options)
    groups = ("--group", "test", "--group", "lint")
    lock(DEV, "pyproject.toml", "--extra", "newsroom", *groups, "--constraint", NEWSROOM, *options)
    lock(BUILD, "-", "--constraint", NEWSROOM, *options, requirements=build_requirements())


if __name__ == "__main__":
    main()
