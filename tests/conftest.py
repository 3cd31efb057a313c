"""What every room's tests may ask for. A room's own fixtures stand in its own conftest.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections

from tests.databases import Ground, ground


@pytest.fixture(scope="session")
def test_ground(pytestconfig: pytest.Config) -> Ground:
    """This run's folder and database server, for tests that start processes of their own."""
    return pytestconfig.stash[ground]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, test_ground: Ground) -> Path:
    """A fresh newsroom's folder, with two empty databases of its own, named by the environment.

    Processes that the test starts see it; this process's Django keeps the run's own databases.
    """
    folder = tmp_path / "newsroom"
    folder.mkdir()
    monkeypatch.setenv("NASHRA_HOME", str(folder))
    for name, address in test_ground.new_database_addresses(folder).items():
        monkeypatch.setenv(name, address)
    return folder


@pytest.fixture(autouse=True)
def _own_folders(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Each test has a ``var/`` of its own: no picture or pressed page is left to the next one."""
    settings = request.getfixturevalue("settings")
    var = tmp_path / "var"
    var.mkdir()
    settings.NASHRA_VAR = var
    settings.NASHRA_SITE_FOLDER = var / "site"
    settings.NASHRA_PHOTO_FOLDER = var / "photos"
    settings.NASHRA_EDITION_FOLDER = var / "edition"
    settings.MEDIA_ROOT = str(var / "media")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """As pytest-django's; PostgreSQL drops no database to which the press still holds a connection."""
    yield
    for connection in connections.all(initialized_only=True):
        connection.close()
