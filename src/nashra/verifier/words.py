"""What a reader is told, in English, Arabic and Persian: plain words, and no more than was checked.

Must not decide anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files

from nashra.edition.verify import Finding, Kind
from nashra.verifier.verdict import Problem, State, Trust, Verdict

LANGUAGES = ("en", "ar", "fa")

_WORDS: dict[str, dict[str, str]] = json.loads(
    files("nashra.verifier").joinpath("words.json").read_text(encoding="utf-8")
)

_KEYS = {"key": "key-problem"}


def language_of(environment: dict[str, str]) -> str:
    """The reader's language by the environment, where it is one of ours; else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            language = value[:2].lower()
            return language if language in LANGUAGES else "en"
    return "en"


def lines(verdict: Verdict, language: str) -> Iterator[str]:
    """All that is to be said of a verdict, the most important line last."""
    words = _WORDS[language]
    for problem in verdict.problems:
        yield f"{_shown(problem.path)}: {_sentence(words, problem)}"
    if verdict.number is not None and verdict.state is not State.NOT_AUTHENTIC:
        date = _date(verdict)
        yield words["edition" if verdict.name else "bundle"].format(
            number=verdict.number, name=verdict.name, date=date, files=verdict.files
        )
        if verdict.whole:
            yield words["part" if verdict.absent else "whole"].format(names=", ".join(verdict.whole))
        if verdict.absent:
            yield words["absent"].format(names=", ".join(verdict.absent))
    yield from _trust(verdict, words)
    told = {"date": _date(verdict), "age": _age(verdict, words), "highest": verdict.highest_seen}
    yield words[verdict.state.value].format(**told)
    if verdict.reason:
        yield words[verdict.reason].format(**told)
    if verdict.exit_code == 0:
        yield words["limits"]


def _trust(verdict: Verdict, words: dict[str, str]) -> Iterator[str]:
    if verdict.state is State.CANNOT_TELL and verdict.key_text:
        yield words["unknown-key"]
        yield words["key"].format(key=verdict.key_text)
        if verdict.root_fingerprint:
            yield words["root"].format(fingerprint=grouped(verdict.root_fingerprint))
    elif verdict.exit_code == 0:
        by_root = verdict.trust is Trust.ROOT
        yield words["by-root" if by_root else "by-key"].format(
            fingerprint=verdict.root_fingerprint, key=verdict.key_text
        )


def grouped(fingerprint: str) -> str:
    """A fingerprint as it is compared by eye: in groups of four."""
    return " ".join(fingerprint[place : place + 4] for place in range(0, len(fingerprint), 4))


def _sentence(words: dict[str, str], problem: Problem) -> str:
    return words[_KEYS.get(problem.kind, problem.kind)].format(why=problem.why)


def _shown(path: str) -> str:
    return Finding(Kind.CHANGED, path).shown_path


def _date(verdict: Verdict) -> str:
    return f"{verdict.cut_at:%Y-%m-%d %H:%M} UTC" if verdict.cut_at else "?"


def _age(verdict: Verdict, words: dict[str, str]) -> str:
    if verdict.age is None:
        return "?"
    if verdict.age.days > 1:
        return words["days"].format(n=verdict.age.days)
    if verdict.age.days == 1:
        return words["day"]
    hours = verdict.age.seconds // 3600
    return words["hours"].format(n=hours) if hours else words["now"]
