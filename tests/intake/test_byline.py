"""Bylines in English, Arabic and Persian: which words are names, which a place, and what is none."""

from __future__ import annotations

import pytest

from nashra.intake.byline import byline_of


@pytest.mark.parametrize(
    ("line", "authors", "place"),
    [
        ("By Rana Odeh in Port Salam", ["Rana Odeh"], "Port Salam"),
        ("By Khalid al-Nuri in Dar es Salaam", ["Khalid al-Nuri"], "Dar es Salaam"),
        ("By Rana Odeh", ["Rana Odeh"], ""),
        ("BY RANA ODEH IN PORT SALAM", ["RANA ODEH"], "PORT SALAM"),
        ("by Rana Odeh", ["Rana Odeh"], ""),
        ("By Rana Odeh and Sami Tarek in Port Salam", ["Rana Odeh", "Sami Tarek"], "Port Salam"),
        (
            "By Rana Odeh, Sami Tarek and Lina Aswad in Nahr",
            ["Rana Odeh", "Sami Tarek", "Lina Aswad"],
            "Nahr",
        ),
        ("By Rana Odeh, Sami Tarek, and Lina Aswad", ["Rana Odeh", "Sami Tarek", "Lina Aswad"], ""),
        ("By Rana K.", ["Rana K."], ""),
        ("By رنا عودة in Port Salam", ["رنا عودة"], "Port Salam"),
        ("\u200eBy\u00a0Rana Odeh in Port Salam\u200f", ["Rana Odeh"], "Port Salam"),
        ("بقلم رنا عودة من مرفأ سلام", ["رنا عودة"], "مرفأ سلام"),
        ("\u200fبقلم: رنا عودة في مرفأ سلام", ["رنا عودة"], "مرفأ سلام"),
        ("بقلم رنا عودة", ["رنا عودة"], ""),
        ("بقلم رنا عودة، سامي طارق من نهر", ["رنا عودة", "سامي طارق"], "نهر"),
        ("بقلم رنا عودة و سامي طارق من نهر", ["رنا عودة", "سامي طارق"], "نهر"),
        ("بقلم رنا وليد طارق من نهر", ["رنا وليد طارق"], "نهر"),
        ("نوشتهٔ رعنا عوده از بندر سلام", ["رعنا عوده"], "بندر سلام"),
        ("به قلم رعنا عوده و سامی طارق در بندر سلام", ["رعنا عوده", "سامی طارق"], "بندر سلام"),
        ("نویسنده: رعنا عوده", ["رعنا عوده"], ""),
    ],
)
def test_it_reads_names_and_place(line: str, authors: list[str], place: str) -> None:
    byline = byline_of(line)
    assert byline is not None
    assert (list(byline.authors), byline.place, byline.doubts) == (authors, place, ())


@pytest.mark.parametrize(
    ("line", "authors", "place", "doubt"),
    [
        (
            "By Rana Odeh in Port Salam and Sami Tarek in Nahr",
            ["Rana Odeh", "Sami Tarek"],
            "Port Salam",
            "more than one",
        ),
        ("By Rana Odeh in Karm in Lower Nahr", ["Rana Odeh"], "Karm in Lower Nahr", "more than one place"),
        ("By Rana Odeh in Nahr and Karm", ["Rana Odeh"], "Nahr and Karm", "may be two places"),
        ("By our correspondent in Nahr", ["our correspondent"], "Nahr", "may be no person's name"),
        ("بقلم رنا عودة وسامي طارق من نهر", ["رنا عودة", "سامي طارق"], "نهر", "two names"),
        ("بقلم رنا عودة ووليد طارق من نهر", ["رنا عودة", "وليد طارق"], "نهر", "two names"),
    ],
)
def test_it_says_which_of_two_readings_it_took(line: str, authors: list[str], place: str, doubt: str) -> None:
    byline = byline_of(line)
    assert byline is not None
    assert (list(byline.authors), byline.place) == (authors, place)
    assert len(byline.doubts) == 1
    assert doubt in byline.doubts[0]


@pytest.mark.parametrize(
    "line",
    [
        "By Monday the harbour was open.",
        "By Monday the harbour was open",
        "By the time the boats returned",
        "By 1950 Port Salam had a lighthouse",
        "By",
        "By in Port Salam",
        "Bystanders Rana and Sami",
        'By "Rana" in Nahr',
        "كتب على الجدار: لا للحرب.",
        "By " + "Rana Odeh and " * 20 + "Sami",
        "",
    ],
)
def test_a_sentence_that_begins_like_one_is_no_byline(line: str) -> None:
    assert byline_of(line) is None
