"""docs/dependencies.md names each direct dependency, with the licence that the package itself names."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tools.lock import build_requirements

PROJECT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
ASKED_FOR = {
    "The core": PYPROJECT["project"]["dependencies"],
    "The newsroom": PYPROJECT["project"]["optional-dependencies"]["newsroom"],
    "Tests": PYPROJECT["dependency-groups"]["test"],
    "Checks": PYPROJECT["dependency-groups"]["lint"],
    "Build": build_requirements(),
}


def documented() -> dict[str, dict[str, str]]:
    """The page's tables: by heading, each package and its licence."""
    page = (PROJECT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    parts = dict(re.findall(r"^## ([^:\n]+).*?\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL))
    return {
        heading: dict(re.findall(r"^\| `([^`]+)` \| ([^|]+) \| [^|]{3,}\|", part, re.MULTILINE))
        for heading, part in parts.items()
    }


def own_words_on_licence(package: str) -> str:
    """All that an installed package says of its licence: in its metadata, and in its licence files."""
    distribution = metadata.distribution(package)
    said = [value for key, value in distribution.metadata.items() if "licen" in f"{key} {value}".lower()]
    files = [file for file in distribution.files or [] if "licen" in file.name.lower()]
    texts = [Path(str(file.locate())).read_text(encoding="utf-8", errors="replace") for file in files]
    return " ".join([*said, *texts])


@pytest.mark.parametrize("heading", ASKED_FOR)
def test_each_direct_dependency_is_documented(heading):
    assert set(documented()[heading]) == {Requirement(text).name for text in ASKED_FOR[heading]}


@pytest.mark.parametrize("heading", ASKED_FOR)
def test_each_licence_is_the_one_that_the_package_names(heading):
    marks = {
        "BSD": "BSD|Redistribution and use in source and binary forms",
        "LGPL": "LGPL|Lesser General Public",
    }
    for package, licence in documented()[heading].items():
        family = re.match(r"[A-Z]+", licence, re.IGNORECASE)[0]
        pattern = marks.get(family, rf"\b{family}\b")
        assert re.search(pattern, own_words_on_licence(package)), f"{package} does not call itself {licence}"
