"""The lock files: they fit pyproject.toml, name every release by its hashes, and no registry."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.lock import build_requirements

PROJECT = Path(__file__).resolve().parents[2]
FILES = {name: PROJECT / "requirements" / f"{name}.txt" for name in ("newsroom", "dev", "build")}
PIN = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)(\[[^\]]*\])?==(?P<version>[^ ;\\]+)(?P<marker> ; [^\\]+)?", re.MULTILINE
)


def entries(name: str) -> list[str]:
    """A lock file's entries: a pin and the hashes that follow it."""
    text = FILES[name].read_text(encoding="utf-8")
    return re.split(r"\n(?=\S)", text.strip())


def pins(name: str) -> dict[str, set[str]]:
    """The releases that a lock file allows of each package (several where Pythons need different ones)."""
    found: dict[str, set[str]] = {}
    for match in PIN.finditer(FILES[name].read_text(encoding="utf-8")):
        found.setdefault(canonicalize_name(match["name"]), set()).add(match["version"])
    return found


def asked_for(name: str) -> list[str]:
    """What pyproject.toml asks for, by lock file."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    newsroom = project["project"]["dependencies"] + project["project"]["optional-dependencies"]["newsroom"]
    groups = project["dependency-groups"]
    return {
        "newsroom": newsroom,
        "dev": newsroom + groups["test"] + groups["lint"],
        "build": build_requirements(),
    }[name]


@pytest.mark.parametrize("name", FILES)
def test_each_lock_holds_what_the_project_asks_for(name):
    locked = pins(name)
    for text in asked_for(name):
        requirement = Requirement(text)
        versions = locked.get(canonicalize_name(requirement.name))
        assert versions, f"{text} is not in requirements/{name}.txt: run make lock"
        assert all(version in requirement.specifier for version in versions), f"{text}: run make lock"


@pytest.mark.parametrize("name", FILES)
def test_each_release_is_named_by_its_hashes(name):
    for entry in entries(name):
        assert PIN.match(entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), f"{entry.splitlines()[0]} has no hash"


@pytest.mark.parametrize("name", FILES)
def test_no_lock_names_a_registry(name):
    text = FILES[name].read_text(encoding="utf-8")
    assert not re.search(r"https?://|file:|--(extra-)?index-url|--find-links", text)


@pytest.mark.parametrize("name", ["dev", "build"])
def test_tests_and_build_take_the_newsrooms_own_releases(name):
    newsroom = pins("newsroom")
    for package, versions in pins(name).items():
        assert versions == newsroom.get(package, versions), package


def test_every_marker_can_be_read():
    text = "".join(path.read_text(encoding="utf-8") for path in FILES.values())
    for match in PIN.finditer(text):
        assert match["marker"] is None or Marker(match["marker"].strip(" ;"))
