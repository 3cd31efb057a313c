"""One real newsroom for all tests of the command that need one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.newsrooms import Newsroom, new_newsroom
from tests.databases import Ground


@pytest.fixture(scope="session")
def empty_folder(tmp_path_factory: pytest.TempPathFactory, test_ground: Ground) -> Callable[[], Newsroom]:
    """Makes folders where there is no newsroom yet, each with two empty databases."""

    def make() -> Newsroom:
        folder = tmp_path_factory.mktemp("newsroom")
        # An SQLite file lies in var/ by itself; only a server's databases must be named.
        addresses = test_ground.new_database_addresses(folder) if test_ground.kind == "postgresql" else {}
        newsroom = new_newsroom(folder, addresses)
        for name in ("DATABASE_URL", "READERS_DATABASE_URL"):
            if name not in addresses:
                newsroom.environment.pop(name, None)
        return newsroom

    return make


@pytest.fixture(scope="session")
def newsroom(empty_folder: Callable[[], Newsroom]) -> Newsroom:
    """A newsroom that ``nashra init`` made, with a section and a published story."""
    newsroom = empty_folder()
    done = newsroom.run("init", "--name", "The Harbour Post", "--admin", "chief")
    assert done.returncode == 0, done.stderr
    newsroom.first_words = done.stdout + done.stderr  # type: ignore[attr-defined]
    newsroom.shell(
        "from nashra.desk.models import Publication\n"
        "from nashra.desk.publishing import create_section\n"
        "paper = Publication.objects.get(locale__language_code='en')\n"
        "create_section(publication=paper, title='Harbour', slug='harbour')\n"
    )
    return newsroom


@pytest.fixture
def folder(tmp_path: Path) -> Newsroom:
    """A folder without a newsroom, for refusals: SQLite files in ``var/`` if anything were made."""
    place = tmp_path / "folder"
    place.mkdir()
    newsroom = new_newsroom(place, {})
    for name in ("DATABASE_URL", "READERS_DATABASE_URL"):
        newsroom.environment.pop(name, None)
    return newsroom
