"""The story that the project started from, as a browser showed it, gives all its parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from nashra.intake.page import SavedPage, read_page


@pytest.fixture
def source(outside: Path) -> str:
    return (outside / "seed" / "article.txt").read_text(encoding="utf-8")


@pytest.fixture
def page(source: str) -> SavedPage:
    return read_page(source.encode())


def test_it_finds_headline_author_and_place(page: SavedPage, source: str) -> None:
    assert page.headline == source.splitlines()[0]
    assert (page.authors, page.place) == (("Waleed Abu al-Khair",), "Cairo")


def test_it_keeps_the_doubled_caption_once_and_splits_its_credit(page: SavedPage, source: str) -> None:
    assert f"{page.caption} [Delil Souleiman/AFP]" == source.splitlines()[4]
    assert (page.credit_person, page.credit_agency) == ("Delil Souleiman", "AFP")
    assert "The lead caption stands on lines 5 and 7: it was kept once." in page.findings


def test_it_tells_two_sub_headings_from_21_paragraphs(page: SavedPage) -> None:
    assert page.subheadings == ("No one is listening", "IS loses its aura")
    assert len(page.paragraphs) == 21


def test_the_body_joined_again_is_the_sources_and_holds_no_furniture(page: SavedPage, source: str) -> None:
    lines = [line for line in source.splitlines() if line]
    assert [block.text for block in page.blocks] == lines[4:-3]
    assert list(page.left_out) == lines[-3:]


def test_it_names_the_quotation_mark_without_its_pair_and_keeps_it(page: SavedPage, source: str) -> None:
    odd = [sentence for sentence in page.findings if "without its pair" in sentence]
    assert len(odd) == 1
    assert odd[0].startswith("Line 31 ")
    assert source.splitlines()[30] in page.paragraphs
