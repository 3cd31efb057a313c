"""A newsroom with some of everything to begin an example with, and what compares two pressed folders."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from django.db import transaction

from nashra.desk import publishing
from nashra.desk.models import Person, Place, Section, Topic
from tests.press.desk_work import Clock, small_photo

START = datetime.datetime(2026, 11, 22, 12, 0, tzinfo=datetime.UTC)
# More than a home page shows, so that the end of a list is in play.
STORIES = 11

_SECTIONS = (("en", "Security", "security"), ("en", "Society", "society"), ("ar", "أمن", "أمن"))


def found_stock(clock: Clock, stories: int = STORIES) -> None:
    """Make the newsroom: two languages, three sections, most stories in the first of them."""
    papers = publishing.create_newsroom(languages=["en", "ar"], name="The Lantern", now=clock())
    sections = [
        publishing.create_section(publication=papers[language], title=title, slug=slug, now=clock())
        for language, title, slug in _SECTIONS
    ]
    people = [Person.objects.create(name=f"Person {number}") for number in range(2)]
    topics = [Topic.objects.create(name=f"Topic {number}") for number in range(2)]
    place = Place.objects.create(name="Ostrava Ford")
    photos = [small_photo(number) for number in range(2)]
    for number in range(stories):
        clock.pass_by(days=3)
        story = publishing.write_story(
            section=_section_of(number, sections),
            headline=f"Stock {number}",
            authors=[people[number % 2]],
            topics=[topics[number % 2]],
            dateline_place=place,
            lead_photo=photos[number] if number < 2 else None,
            body=[("paragraph", f"<p>The ferry came in {number} times.</p>")],
        )
        publishing.publish_story(story=story)


def _section_of(number: int, sections: list[Section]) -> Section:
    return sections[0] if number % 5 else sections[number % 3]


@contextmanager
def rolled_back() -> Iterator[None]:
    """Whatever happens inside has never been, in both databases."""
    with transaction.atomic("default"), transaction.atomic("readers"):
        yield
        transaction.set_rollback(True, "default")
        transaction.set_rollback(True, "readers")


def files_of(folder: Path) -> dict[str, bytes]:
    """All files but the extras of small runs: brotli siblings, which the crawler decodes."""
    found = (file for file in folder.rglob("*") if file.is_file() and file.suffix != ".br")
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in found}


def differences(first: dict[str, bytes], second: dict[str, bytes], names: tuple[str, str]) -> str:
    """What differs, by path, with the first lines that do; nothing where all is the same."""
    said = [f"only {names[0]}: {path}" for path in sorted(first.keys() - second.keys())]
    said += [f"only {names[1]}: {path}" for path in sorted(second.keys() - first.keys())]
    for path in sorted(first.keys() & second.keys()):
        if first[path] != second[path]:
            texts = [each[path].decode(errors="replace").splitlines() for each in (first, second)]
            lines = difflib.unified_diff(*texts, *names, lineterm="", n=0)
            said.append("\n  ".join([f"differs: {path}", *(line[:300] for line in islice(lines, 12))]))
    return "\n".join(said)
