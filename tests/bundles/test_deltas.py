"""Deltas: what came between two editions, small, applied by our own and by the real zstd."""

from __future__ import annotations

import subprocess

import pytest

from nashra.bundles.deltas import BadDelta, apply_delta, make_delta, text_tar
from tests.bundles.samples import page

PAGES = {f"en/society/story-{number}/index.html": page("en", number) * 3 for number in range(1, 30)}
BEFORE = text_tar({**PAGES, "photos/a.jpg": b"\xff\xd8" * 5000})
AFTER = text_tar({**PAGES, "en/society/story-1/index.html": page("en", 1) * 2 + b"corrected"})


def test_a_delta_leads_from_one_edition_to_the_next_and_photos_are_not_in_it():
    delta = make_delta(BEFORE, AFTER)
    assert apply_delta(BEFORE, delta) == AFTER
    assert len(delta) < 400
    assert b"photos" not in BEFORE


def test_the_same_two_editions_make_the_same_delta():
    assert make_delta(BEFORE, AFTER) == make_delta(BEFORE, AFTER)


def test_the_real_zstd_applies_it(tmp_path):
    (tmp_path / "before.tar").write_bytes(BEFORE)
    (tmp_path / "delta").write_bytes(make_delta(BEFORE, AFTER))
    command = ["zstd", "-q", "-d", "--patch-from=before.tar", "delta", "-o", "after.tar"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "after.tar").read_bytes() == AFTER


def test_ours_applies_what_the_real_zstd_made(tmp_path):
    (tmp_path / "before.tar").write_bytes(BEFORE)
    (tmp_path / "after.tar").write_bytes(AFTER)
    command = ["zstd", "-q", "-19", "--patch-from=before.tar", "after.tar", "-o", "delta"]
    subprocess.run(command, cwd=tmp_path, check=True)
    assert apply_delta(BEFORE, (tmp_path / "delta").read_bytes()) == AFTER


def test_a_delta_from_another_edition_is_refused():
    other = text_tar({"en/index.html": b"other" * 9000})
    with pytest.raises(BadDelta):
        apply_delta(other, make_delta(BEFORE, AFTER))


def test_a_damaged_delta_is_refused_at_any_byte():
    delta = make_delta(BEFORE, AFTER)
    for place in range(len(delta)):
        damaged = delta[:place] + bytes([delta[place] ^ 0x41]) + delta[place + 1 :]
        try:
            after = apply_delta(BEFORE, damaged, max_size_bytes=1 << 24)
        except BadDelta:
            continue
        assert after == AFTER, f"byte {place} counts and nobody noticed"
    for rest in (delta[:-1], delta + b"x", b""):
        with pytest.raises(BadDelta):
            apply_delta(BEFORE, rest)


def test_a_delta_that_swells_is_refused_before_it_fills_memory():
    bomb = make_delta(b"", b"\0" * (64 * 1024 * 1024))
    assert len(bomb) < 20_000
    with pytest.raises(BadDelta, match="comes to more than"):
        apply_delta(b"", bomb, max_size_bytes=1024 * 1024)
