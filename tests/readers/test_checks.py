"""Reasons to look twice: they find what evades word lists, and leave honest words alone."""

from __future__ import annotations

import pytest

from nashra.readers.checks import fingerprint, reasons
from nashra.readers.unseen import parts


def found(text: str, *, language: str = "en", name: str = "Lina", seen_before: bool = False) -> list[str]:
    return reasons(name=name, text=text, language=language, seen_before=seen_before)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I saw it come in. My grandmother wept.", "en"),
        ("Prices rose 3.5% in the U.S. market, e.g. bread.", "en"),
        ("العبّارة تعود إلى الخليج، والناس فرحون.", "ar"),
        ("می‌روم و برمی‌گردم؛ دست شما درد نکند.", "fa"),
        ("Well done 👩\u200d🚀❤\ufe0f", "en"),
    ],
)
def test_honest_words_raise_no_question(text: str, language: str) -> None:
    assert found(text, language=language) == []


@pytest.mark.parametrize(
    "text",
    ["see https://lumen.example", "www.lumen.example", "lumen-bay.com/ferry", "LUMEN．COM", "go to t.me"],
)
def test_it_finds_links(text: str) -> None:
    assert "links" in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Casino!",
        "CASI\u200bNO",
        "c\u200da\u200dsino",
        "cаsinо",
        "ｃａｓｉｎｏ",
        "ca\u0301sino",
        "cas\u00adino",
    ],
)
def test_it_finds_suspect_words_however_they_are_dressed(text: str) -> None:
    assert "suspect-words" in found(text)


@pytest.mark.parametrize(
    ("text", "language"), [("كازيـــنو", "ar"), ("قَرض سريع", "ar"), ("شرط\u200cبندی", "fa")]
)
def test_it_finds_them_in_arabic_and_persian(text: str, language: str) -> None:
    assert found(text, language=language) == ["suspect-words"]


def test_it_finds_mixed_scripts_within_a_word_only() -> None:
    assert "mixed-scripts" in found("the gоvernment")
    assert found("Москва and Cairo and القاهرة") == []


def test_it_finds_hidden_characters_and_repetition() -> None:
    assert "hidden-characters" in found("flag \U000e0067")
    assert "repetition" in found("nooooooooooooo")


def test_it_says_that_words_came_before() -> None:
    assert found("I saw it come in.", seen_before=True) == ["duplicate"]


def test_the_same_words_have_one_fingerprint() -> None:
    assert fingerprint("I  saw\u200b it\nCOME in.") == fingerprint("I saw it come in.")
    assert fingerprint("I saw it come in.") != fingerprint("I saw it go out.")


def test_naming_the_unseen_loses_nothing() -> None:
    text = "a\u202eb\U000e0067\u200c می\u200cروم \u3164"
    assert "".join(part.text for part in parts(text)) == text
    assert [part.code_point for part in parts(text) if part.code_point] == [
        "U+202E", "U+E0067", "U+3164",
    ]  # fmt: skip
