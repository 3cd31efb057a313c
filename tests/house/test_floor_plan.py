"""The shape of the house: who may import whom, and how big and how named a room may be."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SOURCE = PROJECT / "src" / "nashra"
MODULES = [path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts]
MAX_MODULE_LINES = 330
MAX_FUNCTION_LINES = 45
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "core", "services", "misc"}


def name_of(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function's name and its number of lines."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{name_of(path)}:{node.lineno} {node.name}", node.end_lineno - node.lineno + 1


def test_no_import_runs_up_the_floor_plan():
    lint_imports = Path(sys.executable).with_name("lint-imports")
    command = [lint_imports, "--no-cache"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_module_is_longer_than_one_room_should_hold():
    lengths = {name_of(path): path.read_text(encoding="utf-8").count("\n") for path in MODULES}
    assert {name: lines for name, lines in lengths.items() if lines > MAX_MODULE_LINES} == {}


def test_every_module_says_its_job():
    trees = {name_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}
    assert [name for name, tree in trees.items() if not ast.get_docstring(tree)] == []


def test_no_function_is_longer_than_a_screen():
    lengths = dict(function for path in MODULES for function in functions(path))
    assert {name: lines for name, lines in lengths.items() if lines > MAX_FUNCTION_LINES} == {}


def test_every_module_is_named_for_its_work():
    names = {name_of(path): set(path.relative_to(PROJECT).with_suffix("").parts) for path in MODULES}
    assert [name for name, parts in names.items() if parts & EMPTY_NAMES] == []


def test_the_paper_needs_nothing_but_python():
    """The edition's values import in a Python that sees no installed package at all."""
    modules = ", ".join(f"nashra.edition.{path.stem}" for path in (SOURCE / "edition").glob("[!_]*.py"))
    program = f"import sys; sys.path.insert(0, 'src'); import {modules}; print(*sys.modules)"
    command = [sys.executable, "-I", "-S", "-c", program]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "nashra.edition.content" in done.stdout.split()
    assert not {"django", "wagtail", "socket", "urllib.request", "sqlite3"} & set(done.stdout.split())
