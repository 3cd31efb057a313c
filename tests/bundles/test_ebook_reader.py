"""An e-book as a reader sets it that is no browser: MuPDF, which knows little and is strict about it."""

from __future__ import annotations

import subprocess
import xml.etree.ElementTree as ET

import pytest

from nashra.bundles.making import make
from tests.bundles.samples import KEY, bundle


def lines_of(content: bytes, tmp_path) -> list[tuple[str, float, float]]:
    """Every line in the order in which it is set: its words, and where they begin and end, 0 to 1."""
    file = tmp_path / "news.epub"
    file.write_bytes(content)
    command = ["mutool", "draw", "-q", "-F", "stext", str(file), "1-20"]
    done = subprocess.run(command, capture_output=True, check=True)
    found = []
    for page in ET.fromstring(done.stdout).iter("page"):  # noqa: S314 -- what mutool says of our own file
        width = float(page.get("width"))
        for line in page.iter("line"):
            left, _top, right, _bottom = (float(each) / width for each in line.get("bbox").split())
            found.append(("".join(char.get("c") for char in line.iter("char")), left, right))
    return found


def place(lines: list[tuple[str, float, float]], words: str) -> int:
    return next(number for number, (text, *_) in enumerate(lines) if words in text)


def test_a_caption_stands_under_its_photo_and_not_above_the_headline(tmp_path):
    content = make(bundle("en", count=1, photos=True), "epub", KEY).content
    lines = lines_of(content, tmp_path)
    assert (
        place(lines, "The ferry comes in 1") < place(lines, "By Mira Tal") < place(lines, "The ferry. [Mira")
    )


@pytest.mark.parametrize("language", ["ar", "fa"])
def test_a_book_from_right_to_left_begins_at_the_right(tmp_path, language):
    lines = lines_of(make(bundle(language, count=1), "epub", KEY).content, tmp_path)
    (name, left, right), *_others = lines
    assert name == bundle(language, count=1).title
    assert left > 0.5
    assert all(abs(end - right) < 0.01 for text, _left, end in lines if text in {name, "مجتمع", "جامعه"})
