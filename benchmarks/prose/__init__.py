"""Real prose for measurements of size, cut into stories of a length that newspapers print.

English stories were written for this; where they are too few, the documentation and the demo's go on. So
were Arabic ones, long and short. More in Arabic, Russian and Persian comes from a book that Debian packages,
if it is installed. Shuffled words would pack far too well to prove anything.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.prose.handbook import paragraphs

_PROJECT = Path(__file__).resolve().parents[2]
_SOURCE = _PROJECT / "src" / "nashra"
WORDS_A_STORY = 740
_LEAST_WORDS = 6


def stories(language: str, count: int) -> list[list[str]]:
    """So many stories, each a list of paragraphs; fewer where there is not enough.

    ``en``, ``ar-long`` and ``ar-short`` are our own, ``ar``, ``ru`` and ``fa`` the handbook's.
    """
    if language == "ar-short":
        return _arabic()[:count]
    if language == "ar-long":
        return _written("ar")[:count]
    if language == "en":
        return [*_written("en"), *_cut(_english(), count)][:count]
    return _cut(paragraphs(language), count)


def _written(language: str) -> list[list[str]]:
    """The stories of a folder, a file each: the headline, and then a paragraph a line."""
    files = sorted((Path(__file__).parent / language).glob("*.txt"))
    return [[line for line in file.read_text(encoding="utf-8").splitlines() if line] for file in files]


def _cut(texts: Iterable[str], count: int) -> list[list[str]]:
    found: list[list[str]] = []
    current: list[str] = []
    words = 0
    for paragraph in texts:
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


def _arabic() -> list[list[str]]:
    """What was written for this, a story after each headline, and the demo's."""
    text = (Path(__file__).parent / "ar.txt").read_text(encoding="utf-8")
    written = [story.strip().splitlines() for story in text.removeprefix("# ").split("\n\n# ")]
    return written + [list(_of_file(file)) for file in _demo_files("ar")]


def _unique(texts: list[str]) -> Iterator[str]:
    for text in dict.fromkeys(texts):
        if len(text.split()) >= _LEAST_WORDS:
            yield text


def _of_demo(language: str) -> Iterator[str]:
    for file in _demo_files(language):
        yield from _of_file(file)


def _demo_files(language: str) -> list[Path]:
    return sorted((_SOURCE / "demo" / "stories").glob(f"*.{language}.toml"))


def _of_file(file: Path) -> Iterator[str]:
    for text in _strings(tomllib.loads(file.read_text(encoding="utf-8"))):
        if len(text.split()) >= _LEAST_WORDS:
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
