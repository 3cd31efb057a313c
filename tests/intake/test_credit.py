"""A credit in brackets is split from its caption, and no other bracket is taken for one."""

from __future__ import annotations

import pytest

from nashra.intake.credit import credited_caption


@pytest.mark.parametrize(
    ("line", "caption", "person", "agency"),
    [
        ("Boats at the quay. [Sami Tarek/GNA]", "Boats at the quay.", "Sami Tarek", "GNA"),
        ("Boats at the quay. [Sami Tarek / GNA ]", "Boats at the quay.", "Sami Tarek", "GNA"),
        ("Boats at the quay.[GNA]", "Boats at the quay.", "", "GNA"),
        ("Boats at the quay. [Photo: Sami Tarek/GNA]", "Boats at the quay.", "Sami Tarek", "GNA"),
        ("Boats [left] at the quay. [Sami Tarek/GNA]", "Boats [left] at the quay.", "Sami Tarek", "GNA"),
        ("Boats at the quay (Sami Tarek/GNA)", "Boats at the quay", "Sami Tarek", "GNA"),
        ("Boats. [Sami Tarek/GNA via Gull Images]", "Boats.", "Sami Tarek", "GNA via Gull Images"),
        ("قوارب على الرصيف. [سامي طارق/وكالة النورس]", "قوارب على الرصيف.", "سامي طارق", "وكالة النورس"),
        ("[Sami Tarek/GNA]", "", "Sami Tarek", "GNA"),
    ],
)
def test_it_splits_caption_and_credit(line: str, caption: str, person: str, agency: str) -> None:
    found = credited_caption(line)
    assert found is not None
    assert (found.caption, found.person, found.agency, found.doubt) == (caption, person, agency, "")


@pytest.mark.parametrize(
    ("line", "person", "agency", "doubt"),
    [
        ("Boats. [GNA/Sami Tarek]", "Sami Tarek", "GNA", "agency first"),
        ("Boats. [Sami Tarek]", "Sami Tarek", "", "names no agency"),
        ("Boats. [Sami Tarek/Lina Aswad/GNA]", "Sami Tarek/Lina Aswad", "GNA", "more than two parts"),
    ],
)
def test_it_says_where_a_credit_can_be_read_two_ways(line: str, person: str, agency: str, doubt: str) -> None:
    found = credited_caption(line)
    assert found is not None
    assert (found.person, found.agency) == (person, agency)
    assert doubt in found.doubt


@pytest.mark.parametrize(
    "line",
    [
        '"[Their] nets are ours."',
        "He said it was theirs [the council's]",
        "It was closed [for a month, he said; and then opened]",
        "The harbour (Port Salam)",
        "The harbour [1]",
        "The harbour []",
        "The harbour [Who paid?]",
        "The harbour [" + "A" * 101 + "]",
        "No bracket at all.",
    ],
)
def test_any_other_bracket_is_no_credit(line: str) -> None:
    assert credited_caption(line) is None
