"""Real prose for measurements of size: our own, and nobody else's.

English comes from the documentation and the demo's stories, Arabic from the demo's stories and what the site
and the desk say in Arabic. It is cut into stories of a length that newspapers print. Shuffled words would
pack far too well to prove anything.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

_PROJECT = Path(__file__).resolve().parents[2]
_SOURCE = _PROJECT / "src" / "nashra"
WORDS_A_STORY = 740
_LEAST_WORDS = 6


def stories(language: str, count: int) -> list[list[str]]:
    """So many stories of ``en`` or ``ar``, each a list of paragraphs; fewer where there is not enough."""
    paragraphs = _english() if language == "en" else _arabic()
    found: list[list[str]] = []
    current: list[str] = []
    words = 0
    for paragraph in paragraphs:
        current.append(paragraph)
        words += len(paragraph.split())
        if words >= WORDS_A_STORY:
            found.append(current)
            current, words = [], 0
        if len(found) == count:
            break
    return found


def _english() -> Iterator[str]:
    yield from _unique(
        [
            *_of_demo("en"),
            *(text for file in sorted(_PROJECT.glob("docs/**/*.md")) for text in _of_markdown(file)),
            *_of_markdown(_PROJECT / "CHANGELOG.md"),
            *(text for file in sorted(_SOURCE.rglob("*.py")) for text in _of_docstrings(file)),
        ]
    )


def _arabic() -> Iterator[str]:
    catalogues = sorted(_SOURCE.rglob("locale/ar/**/*.po"))
    yield from _unique([*_of_demo("ar"), *(text for file in catalogues for text in _of_catalogue(file))])


def _unique(texts: list[str]) -> Iterator[str]:
    for text in dict.fromkeys(texts):
        if len(text.split()) >= _LEAST_WORDS:
            yield text


def _of_demo(language: str) -> Iterator[str]:
    for file in sorted((_SOURCE / "demo" / "stories").glob(f"*.{language}.toml")):
        for text in _strings(tomllib.loads(file.read_text(encoding="utf-8"))):
            yield re.sub(r"<[^>]+>", "", text)


def _strings(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for value in content.values():
            yield from _strings(value)
    elif isinstance(content, list):
        for value in content:
            yield from _strings(value)


def _of_markdown(file: Path) -> Iterator[str]:
    is_code = False
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("```"):
            is_code = not is_code
        elif not is_code and not line.startswith(("#", "|", "!", "<")):
            yield re.sub(r"\]\([^)]*\)|[\[`*]", "", line).strip(" -]")


def _of_docstrings(file: Path) -> Iterator[str]:
    for text in re.findall(r'"""(.*?)"""', file.read_text(encoding="utf-8"), re.DOTALL):
        yield " ".join(text.split())


def _of_catalogue(file: Path) -> Iterator[str]:
    yield from re.findall(r'^msgstr(?:\[\d\])? "(.+)"$', file.read_text(encoding="utf-8"), re.MULTILINE)
