"""A small newsroom for the press's tests: two publications, two sections each, no story yet."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nashra.desk import publishing
from nashra.desk.models import Person, Place, Publication, Section, Story, Topic
from nashra.press.models import PressRun
from nashra.press.run import press_due, press_full

NOW = datetime.datetime(2026, 11, 22, 12, 0, tzinfo=datetime.UTC)


class Pressroom:
    """Presses and reads the site as a reader would, by address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def full(self) -> PressRun:
        return press_full(now=NOW)

    def due(self) -> PressRun | None:
        return press_due(now=NOW + datetime.timedelta(days=1))

    def file(self, path: str) -> str | None:
        file = self.folder / path
        return file.read_text(encoding="utf-8") if file.is_file() else None

    def page(self, address: str) -> str | None:
        return self.file(address.lstrip("/") + "index.html")

    def everything(self) -> dict[str, bytes]:
        """All files but brotli's: those are made for what was published just now, and not for an archive."""
        return {
            file.relative_to(self.folder).as_posix(): file.read_bytes()
            for file in self.folder.rglob("*")
            if file.is_file() and file.suffix != ".br"
        }

    def pages(self) -> dict[str, bytes]:
        """All files but compressed siblings."""
        return {path: content for path, content in self.everything().items() if not path.endswith(".gz")}


@pytest.fixture
def newsroom(db: Any) -> dict[str, Publication]:
    publishing.create_newsroom(languages=["en", "ar"], name="The Lantern", now=NOW)
    return {publication.language: publication for publication in Publication.objects.all()}


@pytest.fixture
def pressroom(newsroom: Any, settings: Any) -> Pressroom:
    return Pressroom(settings.NASHRA_SITE_FOLDER)


@pytest.fixture
def security(newsroom: dict[str, Publication]) -> Section:
    return publishing.create_section(publication=newsroom["en"], title="Security", slug="security")


@pytest.fixture
def society(newsroom: dict[str, Publication]) -> Section:
    return publishing.create_section(publication=newsroom["en"], title="Society", slug="society")


@pytest.fixture
def arabic_section(newsroom: dict[str, Publication]) -> Section:
    return publishing.create_section(publication=newsroom["ar"], title="أمن", slug="أمن")


@pytest.fixture
def person(newsroom: Any) -> Person:
    return Person.objects.create(name="Mira Tal", slug="mira-tal")


@pytest.fixture
def place(newsroom: Any) -> Place:
    return Place.objects.create(name="Ostrava Ford", slug="ostrava-ford")


@pytest.fixture
def topic(newsroom: Any) -> Topic:
    return Topic.objects.create(name="Ferries", slug="ferries")


@pytest.fixture
def write(security: Section, person: Person, place: Place, topic: Topic) -> Callable[..., Story]:
    """Write and publish a story; keywords take the place of what it has by itself."""
    numbers = itertools.count(1)

    def write_one(**values: Any) -> Story:
        facts: dict[str, Any] = {
            "section": security,
            "headline": f"The ferry comes in {next(numbers)}",
            "standfirst": "It carries papers.",
            "authors": [person],
            "dateline_place": place,
            "topics": [topic],
            "body": [("paragraph", "<p>The ferry came in at dawn.</p>")],
            **values,
        }
        story = publishing.write_story(**facts)
        publishing.publish_story(story=story)
        return Story.objects.get(pk=story.pk)

    return write_one
