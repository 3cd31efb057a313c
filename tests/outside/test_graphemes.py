"""Characters are counted as Unicode 17 says, by Unicode's own test file."""

from __future__ import annotations

from pathlib import Path

from wcwidth import iter_graphemes

from nashra.readers.text import count_graphemes

BREAK, NO_BREAK = "÷", "×"


def read_cases(file: Path) -> list[list[str]]:
    """Each line of the file as its list of grapheme clusters."""
    cases = []
    for line in file.read_text(encoding="utf-8").splitlines():
        rule = line.split("#")[0].strip()
        if rule:
            clusters = rule.strip(BREAK).split(BREAK)
            cases.append(["".join(chr(int(c, 16)) for c in cluster.split(NO_BREAK)) for cluster in clusters])
    return cases


def test_it_counts_every_line_of_unicodes_test_file_as_unicode_does(outside: Path) -> None:
    cases = read_cases(outside / "outside" / "unicode" / "GraphemeBreakTest.txt")
    assert len(cases) == 766
    wrong = [
        c for c in cases if count_graphemes("".join(c)) != len(c) or list(iter_graphemes("".join(c))) != c
    ]
    assert wrong == []
