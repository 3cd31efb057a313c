"""What pushes and looks found is written down, and can be read again."""

from __future__ import annotations

import datetime
import random
from pathlib import Path

import pytest

from nashra.mirrors.health import Looking, look_at_all, own_roots
from nashra.mirrors.push import Pace, push_all
from nashra.mirrors.records import add_mirror, note_look, note_push
from nashra.seal.metadata import root_bytes
from tests.loopback import served
from tests.verifier.editions import HOLDERS, LEAVES, cut

NOW = datetime.datetime.now(tz=datetime.UTC).replace(microsecond=0)
ROOTS = [root_bytes(HOLDERS, version=1, now=NOW)]
PACE = Pace(lambda: NOW, sleep=lambda _seconds: None, limit_s=60)


@pytest.fixture
def edition(tmp_path) -> Path:
    return cut(tmp_path / "edition", at=NOW, roots=ROOTS)


def push(edition: Path, **targets: str) -> dict[str, str]:
    return {outcome.name: outcome.error for outcome in push_all(edition, targets, pace=PACE)}


@pytest.mark.django_db
def test_what_a_mirror_was_found_to_carry_is_kept(edition, tmp_path):
    target = tmp_path / "mirror"
    push(edition, one=f"{target}/")
    looking = Looking(own_roots(edition), lambda: NOW, random.SystemRandom())
    mirror = add_mirror("one", f"{target}", public_url="", is_listed=False, now=NOW)
    with served(target) as address:
        (look,) = look_at_all([("one", f"{address}/")], looking)
        assert look.is_intact, look.problem
        health = note_look(mirror, look, our_number=1)
        assert (health.edition_number, health.lag) == (1, 0)
        (target / LEAVES[1].path).write_bytes(b"<p>forged</p>")
        (target / LEAVES[0].path).write_bytes(b"<p>forged</p>")
        (target / LEAVES[2].path).write_bytes(b"<p>forged</p>")
        (target / LEAVES[3].path).write_bytes(b"forged")
        (look,) = look_at_all([("one", f"{address}/")], looking)
        assert not look.is_intact
        assert look.problem
    (look,) = look_at_all([("one", f"{address}/")], looking)
    assert not look.is_reachable


@pytest.mark.django_db
def test_pushes_are_written_down(edition, tmp_path):
    mirror = add_mirror("one", f"{tmp_path / 'mirror'}", public_url="", is_listed=False, now=NOW)
    for outcome in push_all(edition, {"one": mirror.target}, pace=PACE):
        note_push(mirror, outcome)
    assert [(each.edition_number, each.error) for each in mirror.pushes.all()] == [(1, "")]
