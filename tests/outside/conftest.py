"""Where the material lies that nobody here wrote; it comes beside the project, never inside it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parents[3] / "shared"


@pytest.fixture(scope="session")
def outside() -> Path:
    """The folder of outside material: ``NASHRA_SHARED``, or ``../shared`` beside the project."""
    folder = Path(os.environ.get("NASHRA_SHARED") or _BESIDE)
    if folder.is_dir():
        return folder
    reason = f"there is no outside material at {folder}; NASHRA_SHARED names another folder"
    if os.environ.get("NASHRA_REQUIRE_OUTSIDE") == "1":
        pytest.fail(f"NASHRA_REQUIRE_OUTSIDE is set, but {reason}")
    pytest.skip(reason)
