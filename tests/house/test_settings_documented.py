"""Every variable that the code reads stands in docs/reference/settings.md, and nothing else does."""

import ast
import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
READERS = {"addresses", "onion", "text", "one_of", "url", "database", "email", "get", "getenv", "number"}
VARIABLE = re.compile(r"(NASHRA_[A-Z0-9_]+|([A-Z]+_)?(DATABASE|EMAIL)_URL)$")


def variables_read_by(source: Path) -> set[str]:
    """The names that a module passes to ``environment``'s readers or to ``os.environ``."""
    found = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            function = (
                node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            )
            names = [node.args[0]] if node.args and function in READERS else []
            # Click's options may come from variables too, of any name.
            found |= {word.value.value for word in node.keywords if word.arg == "envvar"}
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            names = [node.slice]
        else:
            continue
        for name in names:
            if isinstance(name, ast.Constant) and isinstance(name.value, str) and VARIABLE.match(name.value):
                found.add(name.value)
    return found


def read_by_the_code() -> set[str]:
    return set().union(*(variables_read_by(path) for path in (PROJECT / "src").rglob("*.py")))


def documented() -> set[str]:
    page = (PROJECT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    variables, _limits = page.split("\n## Limits\n")
    return set(re.findall(r"^\| `([A-Z_]+)` \|", variables, re.MULTILINE))


def test_the_search_finds_the_variables_that_we_know_of():
    assert {
        "NASHRA_HOME",
        "NASHRA_SECRET_KEY",
        "DATABASE_URL",
        "READERS_DATABASE_URL",
        "EMAIL_URL",
    } <= read_by_the_code()


def test_every_variable_is_documented():
    assert read_by_the_code() - documented() == set()


def test_no_variable_is_documented_that_nothing_reads():
    assert documented() - read_by_the_code() == set()


def test_every_limit_of_the_newsroom_is_documented():
    settings = ast.parse((PROJECT / "src/nashra/settings.py").read_text(encoding="utf-8"))
    limits = {
        target.id
        for node in settings.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.startswith("NASHRA_")
    }
    page = (PROJECT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    assert limits
    assert {name for name in limits if f"| `{name}`" not in page} == set()
