"""What readers and moderators were promised, beside the rows and pages of a newsroom; says what differs.

Pure but for the reading of rows and files. Each function gives a list of faults, which is empty where all is
well.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from nashra.readers import blocks, receipts
from tests.crash.desk_pair import Deed
from tests.crash.reader import Ballot, Words

WORD = re.compile(rb"sealark-\d+-\d+-")
_ON_PAGE = re.compile(r'<li id="c-([0-9a-z]+)"')
_COUNT = re.compile(r"\b(\d+) comments?\b")
# What a decision makes of a comment, where it stands as the first word says.
_STEPS = {
    ("waiting", "approve"): "approved",
    ("waiting", "reject"): "rejected",
    ("approved", "undo"): "waiting",
    ("rejected", "undo"): "waiting",
    ("approved", "reopen"): "waiting",
    ("rejected", "reopen"): "waiting",
}


@dataclass(frozen=True, slots=True)
class Rows:
    """What the readers' database holds of some stories; ``entries`` is the whole log."""

    threads: list[dict[str, Any]]
    comments: list[dict[str, Any]]
    votes: list[dict[str, Any]]
    entries: list[dict[str, Any]]


def ask(address: str, query: str) -> list[dict[str, Any]]:
    """Rows of a database, by its address."""
    if address.startswith("sqlite:"):
        with closing(sqlite3.connect(address.removeprefix("sqlite://"), timeout=20)) as file:
            found = file.execute(query)
            names = [each[0] for each in found.description]
            return [dict(zip(names, row, strict=True)) for row in found]
    with psycopg.connect(address) as server:
        asked = server.execute(query.encode())
        names = [each.name for each in asked.description or ()]
        return [dict(zip(names, row, strict=True)) for row in asked]


def read_rows(address: str, stories: Iterable[str]) -> Rows:
    """All that is kept of these stories."""
    names = set(stories)
    threads = [row for row in ask(address, "SELECT * FROM readers_thread") if row["public_id"] in names]
    ids = {row["id"] for row in threads}
    comments, votes, entries = (
        ask(address, f"SELECT * FROM {table} ORDER BY id")  # noqa: S608 -- the names are ours.
        for table in ("readers_comment", "readers_vote", "readers_moderationentry")
    )
    return Rows(
        threads=threads,
        comments=[row for row in comments if row["thread_id"] in ids],
        votes=[row for row in votes if row["thread_id"] in ids],
        entries=entries,
    )


def lost_or_doubled(rows: Rows, kept: Sequence[Words]) -> list[str]:
    """Each promised comment has one row, with its words; and no row is there that nobody was promised."""
    by_nonce: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.comments:
        by_nonce[row["nonce"]].append(row)
    faults = []
    for words in kept:
        found = by_nonce.pop(receipts.nonce_of(words.receipt), [])
        if len(found) != 1:
            faults.append(f"{words.word} has {len(found)} rows")
        faults += [f"{words.word} has other words" for row in found if row["text"] != words.text]
    seen = Counter(row["text"] for row in rows.comments)
    faults += [f"{times} rows have the words {text!r}" for text, times in seen.items() if times > 1]
    return faults + [f"nobody was promised {rest}" for rest in by_nonce.values()]


def missing_receipts(opened: Mapping[str, str], kept: Sequence[Words]) -> list[str]:
    """Each receipt opens the page of its own comment."""
    return [
        f"the receipt of {words.word} opens {opened.get(words.word, 'nothing')[-2000:]}"
        for words in kept
        if words.word not in opened.get(words.word, "")
    ]


def wrong_counts(rows: Rows) -> list[str]:
    """Each story's numbers equal its rows."""
    faults = []
    for thread in rows.threads:
        name = thread["public_id"]
        own = [row for row in rows.comments if row["thread_id"] == thread["id"]]
        positions = [row["position"] for row in own if row["position"] is not None]
        if thread["comment_count"] != len(positions):
            faults.append(f"{name} counts {thread['comment_count']} comments and has {len(positions)}")
        if thread["last_position"] < max(positions, default=0) or len(positions) != len(set(positions)):
            faults.append(f"{name} gave its last place as {thread['last_position']}, of {sorted(positions)}")
        votes = Counter(row["choice"] for row in rows.votes if row["thread_id"] == thread["id"])
        if (thread["yes_count"], thread["no_count"]) != (votes["yes"], votes["no"]):
            faults.append(f"{name} counts {thread['yes_count']} yes, {thread['no_count']} no, not {votes}")
    return faults


def wrong_votes(rows: Rows, ballots: Sequence[Ballot]) -> list[str]:
    """Each counted vote is one row with its last choice; no other row is there."""
    ids = {thread["public_id"]: thread for thread in rows.threads}
    standing = {(row["thread_id"], row["voter_key"]): row["choice"] for row in rows.votes}
    faults = []
    for ballot in ballots:
        thread = ids[ballot.story]
        # The cookie is a signed list of the hour and the random part.
        packed = ballot.cookie.split("=", 1)[1].split(":")[0]
        voter = json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))[1]
        key = hmac.new(bytes(thread["vote_key"]), voter.encode(), hashlib.sha256).hexdigest()
        choice = standing.pop((thread["id"], key), "nothing")
        if ballot.is_counted and choice != ballot.choice:
            faults.append(f"a counted {ballot.choice} on {ballot.story} is kept as {choice}")
    return faults + [f"nobody voted {rest}" for rest in standing]


def decided_twice(rows: Rows, tried: Counter[Deed], done: Counter[Deed]) -> list[str]:
    """The log tells of each comment what can follow on what, ends where the comment stands, and agrees with
    what the desk said to the moderators."""
    states = dict.fromkeys((row["public_id"] for row in rows.comments), "waiting")
    faults = []
    logged: Counter[Deed] = Counter()
    for entry in rows.entries:
        name, action = entry["comment_public_id"], entry["action"]
        logged[Deed(entry["moderator"], name, action)] += 1
        before = states.get(name)
        if before is None:
            # A comment on another story, about which others decided before.
            continue
        if (before, action) not in _STEPS:
            faults.append(f"{name} was {before}, and then {entry['moderator']} did {action}")
        states[name] = _STEPS.get((before, action), before)
    faults += [
        f"{row['public_id']} is {row['state']}, and its log says {states[row['public_id']]}"
        for row in rows.comments
        if states[row["public_id"]] != row["state"]
    ]
    faults += [f"promised and not logged: {deed}" for deed in done if done[deed] > logged[deed]]
    staff = {deed.moderator for deed in tried}
    return faults + [
        f"logged and not asked for: {deed}"
        for deed in logged
        if deed.moderator in staff and logged[deed] > tried[deed]
    ]


def wrong_pages(rows: Rows, stories: Mapping[str, str], site: Path) -> list[str]:
    """Each story's pages hold what stands under it, in its order, once a page; the site has no more."""
    faults = []
    for thread in rows.threads:
        positions = {
            row["position"]: row["public_id"]
            for row in rows.comments
            if row["thread_id"] == thread["id"] and row["position"] is not None
        }
        last = thread["last_position"]
        folder = site / stories[thread["public_id"]].strip("/")
        expected = {"index.html": [at for at in positions if blocks.is_on_story(at, last)]}
        for number in range(1, blocks.blocks_standing(last) + 1):
            own = [at for at in positions if blocks.block_of(at) == number]
            expected[f"comments/{number}/index.html"] = own
        found = {str(file.relative_to(folder)) for file in folder.rglob("index.html")}
        if found != expected.keys():
            faults.append(f"{folder} has the pages {sorted(found)}, not {sorted(expected)}")
        for name in found & expected.keys():
            shown = _ON_PAGE.findall((folder / name).read_text())
            if shown != [positions[at] for at in sorted(expected[name])]:
                faults.append(f"{folder / name} shows {shown}, and not those at {sorted(expected[name])}")
        faults += _wrong_number(folder / "index.html", thread["comment_count"])
    return faults + _words_out_of_place(rows, site)


def _wrong_number(page: Path, count: int) -> list[str]:
    said = _COUNT.findall(page.read_text()) or ["0"]
    return [] if str(count) in said else [f"{page} says {said}, and there are {count} comments"]


def _words_out_of_place(rows: Rows, site: Path) -> list[str]:
    words = {WORD.search(row["text"].encode())[0]: row for row in rows.comments}  # type: ignore[index]
    printed = {word for file in site.rglob("*") if file.is_file() for word in WORD.findall(file.read_bytes())}
    due = {word for word, row in words.items() if row["position"] is not None}
    faults = [f"approved, and on no page: {word!r}" for word in due - printed]
    return faults + [f"on a page, though {words.get(word)}" for word in printed - due]
