"""What the tests of crashes stand on: how many there are of each, and their seed."""

from __future__ import annotations

import os
import random

import pytest

# `make test` tries a few; `make test-crash` sets these higher.
KILLS = int(os.environ.get("NASHRA_TEST_KILLS", "8"))
FULL_DISKS = int(os.environ.get("NASHRA_TEST_FULL_DISKS", "3"))


@pytest.fixture(scope="session")
def seed() -> int:
    """``NASHRA_TEST_SEED``, or a new one; each test says it, so that a failure can be tried again."""
    return int(os.environ.get("NASHRA_TEST_SEED") or random.SystemRandom().randrange(10**6))


@pytest.fixture
def chance(seed: int) -> random.Random:
    """Where a test's choices come from."""
    print(f"NASHRA_TEST_SEED={seed}")
    return random.Random(seed)
