"""A newsroom for intake's tests: two publications with sections and no story, and pages on disk."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.intake import articles

NOW = datetime.datetime(2026, 11, 22, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture
def newsroom(db: Any) -> dict[str, Any]:
    """The publications by language: English with two sections, Arabic with one, Persian with none."""
    from nashra.desk import publishing
    from nashra.desk.models import Publication

    publishing.create_newsroom(languages=["en", "ar", "fa"], name="The Gull", now=NOW)
    publications = {publication.language: publication for publication in Publication.objects.all()}
    for language, title, slug in (("en", "Security", "security"), ("en", "Sea", "sea"), ("ar", "بحر", "بحر")):
        publishing.create_section(publication=publications[language], title=title, slug=slug)
    return publications


@pytest.fixture
def page_file(tmp_path: Path) -> Path:
    """The English article as a browser shows it in text."""
    return saved(tmp_path / "page.txt", articles.page_of_text())


@pytest.fixture
def picture_file(tmp_path: Path) -> Path:
    """A small picture of our own, with a name as cameras give them."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((640, 400)).convert("RGB").save(out, "JPEG")
    return saved(tmp_path / "IMG_0042.JPG", out.getvalue())


@pytest.fixture
def import_file(newsroom: Any) -> Callable[..., tuple[str, list[str]]]:
    """Import a file; gives what the command prints last, and all that it said before."""
    from nashra.intake.command import import_page

    def run(file: Path, **options: Any) -> tuple[str, list[str]]:
        said: list[str] = []
        return import_page(file=file, now=NOW, say=said.append, **options), said

    return run


def saved(path: Path, content: bytes) -> Path:
    """The path, with the content in it."""
    path.write_bytes(content)
    return path
