"""Passphrases of six words that people can write down, read out and type.

Drawn from the Electronic Frontier Foundation's long list, which the package ``xkcdpass`` carries (CC BY 3.0):
7,776 words, so that six have 77 bits. Must not keep one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files

WORDS = 6
LIST_LENGTH = 7_776


class NoWordList(Exception):
    """The list of words is not installed; the message says how to get it."""


def draw_passphrase(below: Callable[[int], int]) -> str:
    """Six words; ``below`` gives a secret random number from 0 to one less than what it is asked.

    Raises:
        NoWordList: the package with the list is not installed.
    """
    words = _words()
    return " ".join(words[below(len(words))] for _ in range(WORDS))


@lru_cache(maxsize=1)
def _words() -> tuple[str, ...]:
    try:
        text = files("xkcdpass").joinpath("static", "eff-long").read_text(encoding="utf-8")
    except (ModuleNotFoundError, FileNotFoundError) as error:
        raise NoWordList("The list of words is not installed: run `pip install 'nashra[keys]'`.") from error
    words = tuple(dict.fromkeys(text.split()))
    if len(words) != LIST_LENGTH:
        raise NoWordList(f"The list of words has {len(words)} words where {LIST_LENGTH} are expected.")
    return words
