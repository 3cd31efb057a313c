"""What a reader is told of an edition that came by any road: four states, and never more than was checked."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from nashra.binding.cutting import Leaf
from nashra.edition.manifest import walk_files
from nashra.seal.metadata import root_bytes
from nashra.verifier.memory import Memory, read_memory, write_memory
from nashra.verifier.verdict import State, Trust, Verdict
from nashra.verifier.verifying import Trusted, verify_edition
from nashra.verifier.words import LANGUAGES, lines
from tests.verifier.editions import (
    CUT,
    DAY,
    EDITION,
    HOLDERS,
    LEAVES,
    NEW_EDITION,
    NEW_TARGETS,
    ONE,
    ROOT,
    THIEF,
    THREE,
    TWO,
    copy,
    corrected,
    cut,
    forge_number,
)

FINGERPRINT = hashlib.sha256(ROOT).hexdigest()
BY_ROOT, BY_KEY, BY_NOTHING = Trusted(root_fingerprint=FINGERPRINT), Trusted(key=EDITION.public), Trusted()


@pytest.fixture
def edition(tmp_path) -> Path:
    return cut(tmp_path / "edition")


def look(folder: Path, trusted: Trusted = BY_ROOT, *, now=CUT + DAY, memory: Memory | None = None) -> Verdict:
    return verify_edition(folder, trusted, now=now, memory=memory or Memory())


def named(verdict: Verdict) -> set[str]:
    return {problem.path for problem in verdict.problems}


def test_an_edition_that_root_vouches_for_is_current(edition):
    verdict = look(edition)
    assert verdict.state is State.CURRENT
    assert verdict.exit_code == 0
    assert verdict.trust is Trust.ROOT
    assert verdict.whole == ["2026-10", "2026-11", "front"]
    assert verdict.number == 1


def test_a_key_alone_does_not_tell_that_nothing_newer_exists(edition):
    verdict = look(edition, BY_KEY)
    assert (verdict.state, verdict.reason) == (State.OLD, "no-root")
    assert verdict.exit_code == 0


def test_of_a_key_that_nothing_vouches_for_nothing_can_be_told(edition):
    verdict = look(edition, BY_NOTHING)
    assert verdict.state is State.CANNOT_TELL
    assert verdict.exit_code == 2
    text = "\n".join(lines(verdict, "en"))
    assert EDITION.public.text in text
    assert FINGERPRINT[:4] + " " + FINGERPRINT[4:8] in text
    assert "AUTHENTIC" not in text


def test_five_weeks_off_line_still_read_the_news_and_are_told_its_age(edition):
    verdict = look(edition, now=CUT + 35 * DAY)
    assert (verdict.state, verdict.reason) == (State.OLD, "expired")
    assert verdict.exit_code == 0
    assert "35 days ago" in "\n".join(lines(verdict, "en"))


@pytest.mark.parametrize(
    ("days", "state"),
    [(-365, State.AGE_UNKNOWN), (365, State.OLD), (-30_000, State.AGE_UNKNOWN), (30_000, State.AGE_UNKNOWN)],
)
def test_a_clock_that_is_off_never_makes_an_edition_current(edition, days, state):
    verdict = look(edition, now=CUT + days * DAY)
    assert verdict.state is state
    assert verdict.exit_code == 0


def test_a_clock_set_back_before_the_newest_date_seen_tells_no_age(edition):
    memory = Memory()
    memory.learn(EDITION.public.text, 1, CUT + 5 * DAY)
    assert look(edition, now=CUT + DAY, memory=memory).state is State.AGE_UNKNOWN


def test_another_key_or_root_than_the_readers_is_not_authentic(edition):
    assert named(look(edition, Trusted(key=THIEF.public))) == {"edition/edition.pub"}
    assert look(edition, Trusted(root_fingerprint="0" * 64)).exit_code == 1


def test_a_flipped_byte_in_any_file_is_named(edition, tmp_path):
    chance = random.Random(5)  # noqa: S311 -- places, not secrets
    paths = [path for path, _entry in walk_files(edition)]
    assert len(paths) > 25
    for number, path in enumerate(paths):
        carried = copy(edition, tmp_path / f"carried-{number}")
        data = bytearray((carried / path).read_bytes())
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        (carried / path).write_bytes(data)
        verdict = look(carried)
        assert verdict.exit_code == 1, path
        assert path in named(verdict), (path, verdict.problems)


def test_every_byte_of_every_signature_and_list_counts(edition):
    chance = random.Random(6)  # noqa: S311 -- places, not secrets
    for path in (
        *(f"edition/SHA256{suffix}" for suffix in ("", ".sig", ".minisig", ".raw")),
        "edition/edition.pub",
        "metadata/1.root.json",
        "metadata/timestamp.json",
    ):
        good = (edition / path).read_bytes()
        for place in chance.sample(range(len(good)), min(len(good), 60)):
            data = bytearray(good)
            data[place] ^= 1 << chance.randrange(8)
            (edition / path).write_bytes(data)
            verdict = look(edition)
            assert verdict.exit_code == 1, (path, place)
        (edition / path).write_bytes(good)
    assert look(edition).state is State.CURRENT


def test_what_was_removed_truncated_renamed_or_swapped_is_named(edition, tmp_path):
    ferry, home = LEAVES[1].path, LEAVES[0].path
    for number, change in enumerate(("remove", "truncate", "rename", "swap", "empty")):
        carried = copy(edition, tmp_path / f"carried-{number}")
        if change == "remove":
            (carried / ferry).unlink()
        elif change == "truncate":
            (carried / ferry).write_bytes((carried / ferry).read_bytes()[:-1])
        elif change == "empty":
            (carried / ferry).write_bytes(b"")
        elif change == "rename":
            (carried / ferry).rename((carried / ferry).with_name("other.html"))
        else:
            one, other = (carried / ferry).read_bytes(), (carried / home).read_bytes()
            (carried / ferry).write_bytes(other)
            (carried / home).write_bytes(one)
        verdict = look(carried)
        assert verdict.exit_code == 1, change
        assert ferry in named(verdict), change


@pytest.mark.parametrize(
    "path",
    [
        "en/note.html",
        "edition/note.txt",
        "metadata/evil.json",
        "metadata/9.targets.json",
        "volumes/2026-10/r1/SHA256.txt",
        "bundles/free.zip",
        f"edition/{'0' * 64}.SHA256",
        "..hidden",
    ],
)
def test_what_was_added_is_named(edition, path):
    (edition / path).parent.mkdir(parents=True, exist_ok=True)
    (edition / path).write_bytes(b"hello")
    verdict = look(edition)
    assert verdict.exit_code == 1
    assert path in named(verdict) or path == "metadata/9.targets.json"


def test_links_and_devices_are_not_followed(edition, tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes((edition / LEAVES[1].path).read_bytes())
    (edition / LEAVES[1].path).unlink()
    (edition / LEAVES[1].path).symlink_to(secret)
    os.mkfifo(edition / "en" / "pipe")
    verdict = look(edition)
    assert {LEAVES[1].path, "en/pipe"} <= named(verdict)


def test_a_volume_alone_can_be_told_and_what_is_not_there_is_said(edition):
    for path in ("ar", "volumes/2026-11"):
        for file in sorted((edition / path).rglob("*"), reverse=True):
            file.unlink() if file.is_file() else file.rmdir()
    verdict = look(edition)
    assert verdict.state is State.CURRENT
    assert verdict.absent == ["2026-11"]
    text = "\n".join(lines(verdict, "en"))
    assert "Only a part of it is here: 2026-10, front." in text
    assert "Whoever carried it left out: 2026-11." in text
    assert "All of it" not in text


def test_of_lists_without_any_file_nothing_can_be_told(edition):
    for folder in ("ar", "en", "photos", "volumes"):
        shutil.rmtree(edition / folder)
    verdict = look(edition)
    assert (verdict.exit_code, verdict.reason) == (2, "nothing-here")
    assert "AUTHENTIC" not in "\n".join(lines(verdict, "en"))


def test_an_older_edition_offered_as_new_is_told_to_be_old(tmp_path):
    folder = cut(tmp_path / "edition")
    older = copy(folder, tmp_path / "older")
    cut(folder, [corrected(b"<p>corrected</p>")], at=CUT + DAY)
    memory = Memory()
    assert look(folder, now=CUT + 2 * DAY, memory=memory).state is State.CURRENT
    verdict = look(older, now=CUT + 2 * DAY, memory=memory)
    assert (verdict.state, verdict.reason, verdict.highest_seen) == (State.OLD, "newer-seen", 2)
    assert look(older, now=CUT + 2 * DAY).state is State.CURRENT


def test_a_thiefs_edition_is_forgotten_once_root_retires_the_key(tmp_path):
    """The edition key and those below root are stolen; root is not."""
    folder = cut(tmp_path / "edition")
    stolen = forge_number(copy(folder, tmp_path / "stolen"), 999_999, at=CUT + DAY)
    memory = Memory()
    assert look(stolen, now=CUT + 2 * DAY, memory=memory).number == 999_999
    assert look(folder, now=CUT + 2 * DAY, memory=memory).reason == "newer-seen"
    holders = replace(HOLDERS, targets=NEW_TARGETS)
    second = root_bytes(holders, version=2, now=CUT + 2 * DAY, previous=[ONE, TWO])
    cut(
        folder,
        [corrected(b"<p>true again</p>")],
        at=CUT + 2 * DAY,
        key=NEW_EDITION,
        roots=(ROOT, second),
        holders=holders,
    )
    verdict = look(folder, now=CUT + 3 * DAY, memory=memory)
    assert verdict.state is State.CURRENT
    assert verdict.number == 2
    assert EDITION.public.text not in memory.seen
    again = look(stolen, now=CUT + 3 * DAY, memory=memory)
    assert again.exit_code == 1
    assert "newer root" in "\n".join(lines(again, "en"))


def test_a_root_three_rotations_behind_leads_to_the_newest(tmp_path):
    holders, roots = HOLDERS, [ROOT]
    for version, root_keys in ((2, [ONE, TWO, THIEF]), (3, [ONE, THREE, THIEF]), (4, [ONE, TWO, THREE])):
        before = holders.root[:2]
        holders = replace(holders, root=root_keys)
        roots.append(root_bytes(holders, version=version, now=CUT, previous=before))
    folder = cut(tmp_path / "edition", roots=roots, holders=holders)
    assert look(folder).state is State.CURRENT


def test_metadata_that_vouches_for_another_edition_is_not_authentic(tmp_path):
    folder = cut(tmp_path / "edition")
    newer = cut(copy(folder, tmp_path / "newer"), [corrected(b"<p>corrected</p>")], at=CUT + DAY)
    for path, _entry in list(walk_files(newer)):
        if path.startswith("metadata/"):
            (folder / path).write_bytes((newer / path).read_bytes())
    for name in ("1.targets.json", "1.snapshot.json"):
        (folder / "metadata" / name).unlink()
    assert look(folder, now=CUT + 2 * DAY).exit_code == 1
    assert look(folder, BY_KEY, now=CUT + 2 * DAY).exit_code == 1


def test_without_metadata_a_key_still_tells_authentic_and_a_root_does_not(edition):
    for file in (edition / "metadata").iterdir():
        file.unlink()
    assert look(edition, BY_KEY).exit_code == 0
    assert look(edition, BY_ROOT).exit_code == 1


def test_what_was_trusted_once_need_not_be_named_again(edition):
    memory = Memory()
    assert look(edition, BY_NOTHING, memory=memory).exit_code == 2
    assert memory == Memory()
    assert look(edition, BY_ROOT, memory=memory).exit_code == 0
    assert look(edition, BY_NOTHING, memory=memory).state is State.CURRENT
    by_key = Memory()
    look(edition, BY_KEY, memory=by_key)
    assert look(edition, BY_NOTHING, memory=by_key).trust is Trust.KEY


def test_nothing_is_learned_of_what_is_not_authentic(edition):
    (edition / LEAVES[0].path).write_bytes(b"other")
    memory = Memory()
    assert look(edition, memory=memory).exit_code == 1
    assert memory == Memory()


def test_memory_is_kept_whole_and_private_and_read_again(tmp_path):
    memory = Memory()
    memory.learn(EDITION.public.text, 3, CUT)
    memory.learn_root(FINGERPRINT, 2, EDITION.public.text)
    file = tmp_path / "state" / "nashra" / "seen.json"
    assert write_memory(file, memory)
    assert read_memory(file) == memory
    assert file.stat().st_mode & 0o077 == 0
    file.write_text("{")
    assert read_memory(file) == Memory()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_its_words_in_each_language(edition, tmp_path, language):
    texts = []
    verdicts = [
        look(edition),
        look(edition, BY_KEY),
        look(edition, BY_NOTHING),
        look(edition, now=CUT + 40 * DAY),
        look(edition, now=CUT - 400 * DAY),
    ]
    (edition / LEAVES[0].path).unlink()
    (edition / "edition" / "SHA256.raw").write_bytes(b"x")
    verdicts.append(look(edition))
    for verdict in verdicts:
        text = "\n".join(lines(verdict, language))
        assert "{" not in text
        texts.append(text)
    assert len(set(texts)) == len(texts)


def test_the_same_volume_of_many_files_is_checked_by_all_cores(tmp_path):
    leaves = [Leaf(f"en/story-{number}/index.html", OCTOBER_ONLY, b"%d" % number) for number in range(2000)]
    folder = cut(tmp_path / "edition", leaves)
    assert look(folder).files == 2000
    (folder / leaves[1777].path).write_bytes(b"other")
    (folder / leaves[3].path).unlink()
    assert named(look(folder)) == {leaves[1777].path, leaves[3].path}


OCTOBER_ONLY = frozenset(["2026-10"])
