"""Deltas: what came between two editions, small, applied by our own and by the real zstd."""

from __future__ import annotations

import hashlib
import subprocess

import pytest

from nashra.bundles.archives import tar_bytes
from nashra.bundles.deltas import BadDelta, apply_delta, apply_signed, delta_comment, make_delta
from tests.bundles.samples import page

PAGES = {f"en/society/story-{number}/index.html": page("en", number) * 3 for number in range(1, 30)}
BEFORE = tar_bytes(PAGES)
AFTER = tar_bytes({**PAGES, "en/society/story-1/index.html": page("en", 1) * 2 + b"corrected"})


def test_a_delta_leads_from_one_edition_to_the_next_in_few_bytes():
    delta = make_delta(BEFORE, AFTER)
    assert apply_delta(BEFORE, delta) == AFTER
    assert len(delta) < 400


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
    other = tar_bytes({"en/index.html": b"other" * 9000})
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


def test_a_signed_delta_vouches_for_both_texts():
    comment = delta_comment(*(hashlib.sha256(each).hexdigest() for each in (BEFORE, AFTER)))
    delta = make_delta(BEFORE, AFTER)
    assert apply_signed(BEFORE, delta, comment) == AFTER
    with pytest.raises(BadDelta, match="yours was changed"):
        apply_signed(BEFORE.replace(b"ferry", b"fairy", 1), delta, comment)
    with pytest.raises(BadDelta, match="another text than was signed"):
        apply_signed(BEFORE, make_delta(BEFORE, BEFORE), comment)
    with pytest.raises(BadDelta, match="something else"):
        apply_signed(BEFORE, delta, "bundle of edition 7")
