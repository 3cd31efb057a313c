"""What is kept of a reader's words, and how they are counted."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nashra.readers.text import (
    BIDI_CONTROLS,
    MAX_MARKS_IN_CLUSTER,
    MAX_TEXT_BYTES,
    MAX_TEXT_CODE_POINTS,
    count_graphemes,
    has_visible_character,
    name_fault,
    normalise,
    normalise_name,
    text_fault,
)

ODD = st.sampled_from(
    "aé\u0301\u0327ا\u0650\u0654گ\u200c\u200d\u202e\u2066\u061c\r\n\t "
    "\u2028\u0915\u094d\u1100\u1161\ufeff👩🏽\ufe0f\U000e0067"
)
WRITING = st.lists(ODD | st.characters(), max_size=40).map("".join)


@given(WRITING)
def test_it_leaves_alone_what_it_has_made(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
    assert normalise_name(normalise_name(text)) == normalise_name(text)


@given(WRITING)
def test_it_keeps_no_control_whatever_comes(text: str) -> None:
    kept = normalise(text)
    assert not BIDI_CONTROLS & set(kept)
    assert not [c for c in kept if unicodedata.category(c) in {"Cc", "Cs"} and c != "\n"]
    assert unicodedata.is_normalized("NFC", kept)
    assert "\n" not in normalise_name(text)


@pytest.mark.parametrize("control", sorted(BIDI_CONTROLS))
def test_it_drops_every_bidi_control_among_arabic_letters_too(control: str) -> None:
    assert normalise(f"سلا{control}م") == "سلام"


def test_it_knows_the_controls_by_their_property() -> None:
    by_property = {
        chr(c)
        for c in range(0x110000)
        if unicodedata.bidirectional(chr(c))
        in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    } | set("\u200e\u200f\u061c")
    assert by_property <= BIDI_CONTROLS


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x85", "\u2028", "\u2029", "\x0b", "\x0c"])
def test_it_ends_every_line_alike(end: str) -> None:
    assert normalise(f"one{end}two") == "one\ntwo"


def test_it_folds_runs_of_blank_lines_and_trims_line_ends() -> None:
    assert normalise("\n\n one  \n \n\n\n\ntwo\n\n") == "one\n\ntwo"


def test_it_keeps_the_joiners_of_persian_and_of_emoji() -> None:
    assert normalise("می\u200cروم 👩\u200d🚀") == "می\u200cروم 👩\u200d🚀"


def test_it_keeps_a_text_whose_bytes_were_decomposed() -> None:
    assert normalise("cafe\u0301") == "café"


def test_it_cuts_piles_of_marks_and_keeps_the_letters() -> None:
    kept = normalise("Z" + "\u0301\u0316" * 50 + "algo")
    assert kept.endswith("algo")
    assert (
        sum(unicodedata.category(c) == "Mn" for c in unicodedata.normalize("NFC", kept))
        <= MAX_MARKS_IN_CLUSTER
    )


def test_it_keeps_the_tallest_stack_of_tibetan_whole() -> None:
    stack = "\u0f67\u0f90\u0fb5\u0fa8\u0fb3\u0fba\u0fbc\u0fbb\u0f82"
    assert normalise(stack) == stack


@pytest.mark.parametrize(
    "hostile",
    [
        "a" + "\u0300" * 32_000 + "\u0316" * 32_000,
        " " * 64_000 + "x",
        "\n " * 32_000 + "x",
        "\u200d" * 64_000,
    ],
    ids=["marks", "spaces", "lines", "joiners"],
)
def test_it_takes_no_long_time_over_hostile_text(hostile: str) -> None:
    started = time.perf_counter()
    normalise(hostile)
    # The marks alone took five seconds before piles were cut first.
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("a\nb", 3),
        ("e\u0301", 1),
        ("👩\u200d👩\u200d👧", 1),
        ("🇪🇬", 1),
        ("می\u200cروم", 5),
        ("क्षि", 1),
    ],
)
def test_it_counts_what_a_person_calls_characters(text: str, count: int) -> None:
    assert count_graphemes(text) == count


def test_it_takes_1500_and_refuses_1501() -> None:
    assert text_fault("👩\u200d🚀" * 1500, max_graphemes=1500) == ""
    assert "too long" in text_fault("م" * 1501, max_graphemes=1500)
    assert text_fault("م" * 1500, max_graphemes=1500) == ""


def test_it_counts_a_line_end_once_however_it_was_sent() -> None:
    sent = "\r\n".join(["a"] * 750) + "b"
    assert count_graphemes(normalise(sent)) == 1500


def test_it_bounds_what_can_hide_in_one_character() -> None:
    joined = "👩" + "\u200d👩" * MAX_TEXT_CODE_POINTS
    assert "too long" in text_fault(joined, max_graphemes=10**9)
    heavy = "𐍈" * (MAX_TEXT_BYTES // 4 + 1)
    assert "too long" in text_fault(heavy, max_graphemes=10**9)


@pytest.mark.parametrize(
    "unseen", ["", " ", "\u200d", "\u3164", "\u2800", "\u115f", "\u0301", "\U000e0067", "\u00ad"]
)
def test_it_refuses_a_name_that_nobody_can_see(unseen: str) -> None:
    assert name_fault(normalise_name(unseen * 3))
    assert not has_visible_character(unseen)


@pytest.mark.parametrize("name", ["لیلا", "O’Neill-Şen", "三", "🦊", "M."])
def test_it_takes_the_names_that_people_have(name: str) -> None:
    assert name_fault(normalise_name(name)) == ""


def test_it_refuses_a_name_as_long_as_a_letter() -> None:
    assert name_fault("a" * 81)
    assert name_fault("a" + "\u0301" * 400)
