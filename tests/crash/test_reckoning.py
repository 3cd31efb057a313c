"""The reckoning after the kills finds each fault that it is there to find, in rows that have it."""

from __future__ import annotations

import copy
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from nashra.readers import receipts
from tests.crash import reckoning
from tests.crash.desk_pair import Deed
from tests.crash.reader import Words
from tests.crash.reckoning import Rows

STORY = "st0ry"
DEEDS = Counter([Deed("maryam", "c1", "approve"), Deed("omar", "c2", "reject"), Deed("omar", "c2", "undo")])


def words(number: int) -> Words:
    receipt = receipts.new_receipt(bytes([number]) * receipts.RANDOM_BYTES)
    return Words(STORY, "Lina", f"sealark-1-{number}-", "", {"receipt": receipt}, is_kept=True)


KEPT = [words(1), words(2)]


@pytest.fixture
def rows() -> Rows:
    """One comment that stands, and one whose rejection was undone."""
    states: list[dict[str, Any]] = [
        {"public_id": "c1", "state": "approved", "position": 1},
        {"public_id": "c2", "state": "waiting", "position": None},
    ]
    comments = [
        {**state, "thread_id": 7, "nonce": receipts.nonce_of(sent.receipt), "text": sent.text}
        for state, sent in zip(states, KEPT, strict=True)
    ]
    thread = {"id": 7, "public_id": STORY, "comment_count": 1, "last_position": 1, "yes_count": 1}
    entries = [
        {"comment_public_id": deed.public_id, "action": deed.action, "moderator": deed.moderator}
        for deed in DEEDS
    ]
    votes = [{"thread_id": 7, "voter_key": "k", "choice": "yes"}]
    return copy.deepcopy(Rows([{**thread, "no_count": 0}], comments, votes, entries))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The story's page, with the comment that stands."""
    page = tmp_path / "en" / "ferry" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text(f'<a>1 comment</a><li id="c-c1">{KEPT[0].word}</li>')
    return tmp_path


def faults(rows: Rows, site: Path) -> list[str]:
    return [
        *reckoning.lost_or_doubled(rows, KEPT),
        *reckoning.wrong_counts(rows),
        *reckoning.decided_twice(rows, DEEDS, DEEDS),
        *reckoning.wrong_pages(rows, {STORY: "/en/ferry/"}, site),
    ]


def test_it_finds_nothing_where_all_is_well(rows: Rows, site: Path) -> None:
    assert faults(rows, site) == []


@pytest.mark.parametrize(
    ("table", "at", "changes", "said"),
    [
        ("comments", 1, {"nonce": "another"}, "has 0 rows"),
        ("comments", 1, {"nonce": receipts.nonce_of(KEPT[0].receipt)}, "has 2 rows"),
        ("comments", 1, {"text": KEPT[0].text}, "2 rows have the words"),
        ("comments", 1, {"text": "sealark-9-9- and nothing else"}, "has other words"),
        ("comments", 1, {"state": "rejected"}, "its log says waiting"),
        ("comments", 1, {"position": 1}, "counts 1 comments and has 2"),
        ("threads", 0, {"comment_count": 2}, "counts 2 comments and has 1"),
        ("threads", 0, {"last_position": 0}, "gave its last place as 0"),
        ("threads", 0, {"yes_count": 2}, "counts 2 yes"),
        ("entries", 2, {"comment_public_id": "c1"}, "its log says rejected"),
        ("entries", 2, {"action": "approve"}, "was rejected, and then omar did approve"),
        ("entries", 0, {"moderator": "omar"}, "promised and not logged"),
    ],
)
def test_it_finds_a_row_that_is_wrong(
    rows: Rows, site: Path, table: str, at: int, changes: dict[str, Any], said: str
) -> None:
    getattr(rows, table)[at].update(changes)
    assert said in "\n".join(faults(rows, site))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<a>1 comment</a>", "shows []"),
        (f'<a>2 comments</a><li id="c-c1">{KEPT[0].word}</li>', "says ['2']"),
        (f'<a>1 comment</a><li id="c-c1">{KEPT[0].word}{KEPT[1].word}</li>', "on a page, though"),
        ('<a>1 comment</a><li id="c-c1">nothing</li>', "approved, and on no page"),
        (f'<a>1 comment</a><li id="c-c1">{KEPT[0].word}</li><li id="c-c1"></li>', "shows ['c1', 'c1']"),
    ],
)
def test_it_finds_a_page_that_is_wrong(rows: Rows, site: Path, content: str, said: str) -> None:
    (site / "en" / "ferry" / "index.html").write_text(content)
    assert said in "\n".join(faults(rows, site))


def test_it_finds_a_page_too_many(rows: Rows, site: Path) -> None:
    left = site / "en" / "ferry" / "comments" / "1" / "index.html"
    left.parent.mkdir(parents=True)
    left.write_text("")
    assert "has the pages" in "\n".join(faults(rows, site))
