"""A saved page → a draft at the desk, with the people and place that it names.

Runs inside the caller's transaction and prints nothing. What it decided on its own comes back as
findings, and stands in the draft's notes.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from nashra.desk import publishing
from nashra.desk.models import Person, Photo, Place, Publication, Section, Story
from nashra.intake.page import SavedPage
from nashra.intake.wording import quoted

_DIGEST_WORDS = "SHA-256 of the file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The file that a page came in, and when it was brought in."""

    file_name: str
    raw: bytes
    imported_at: datetime.datetime

    @property
    def digest_line(self) -> str:
        """The line of a story's notes by which the same file is known again."""
        return f"{_DIGEST_WORDS}: {hashlib.sha256(self.raw).hexdigest()}"


def story_of_source(source: Source, *, publication: Publication) -> Story | None:
    """The story that the very same file already made in this publication, draft or not."""
    known = Story.objects.descendant_of(publication).filter(notes__contains=source.digest_line)
    return known.order_by("pk").first()


def write_draft(
    page: SavedPage, *, source: Source, section: Section, photo: Photo | None, findings: Sequence[str]
) -> tuple[Story, list[str]]:
    """Write the draft, and give it with all that the copy desk should look at.

    Raises:
        ValidationError: a field is wrong; its sentences say how.
    """
    said = [*page.findings, *findings]
    people = [_person(name, section.language, said) for name in page.authors]
    place = _place(page.place, section.language, said) if page.place else None
    namesakes = Story.objects.descendant_of(section.get_parent()).filter(title=page.headline)
    said += [f"A story with the same headline stands at {story.address} already." for story in namesakes]
    if page.left_out:
        said.append(f"The page's own lines were left out: {', '.join(map(quoted, page.left_out))}.")
    story = publishing.write_story(
        section=section,
        headline=page.headline,
        standfirst=page.standfirst,
        authors=people,
        dateline_place=place,
        lead_photo=photo,
        # A photo brings its own words; without one they would be lost.
        lead_caption="" if photo else page.caption,
        lead_credit="" if photo else page.credit,
        body=[(block.kind, _value(block.kind, block.text)) for block in page.blocks],
        notes=_notes(source, said),
    )
    return story, said


def _value(kind: str, text: str) -> str:
    """A block's value: the desk keeps paragraphs as HTML, sub-headings as plain text."""
    return f"<p>{escape(text, quote=False)}</p>" if kind == "paragraph" else text


def _person(name: str, language: str, said: list[str]) -> Person:
    """The person of this name, made where the desk knows none."""
    known = list(Person.objects.filter(name=name).order_by("pk"))
    known = known or list(
        Person.objects.filter(translations__language=language, translations__name=name).order_by("pk")
    )
    if not known:
        said.append(f"{name} was not known at the desk: a person was made.")
        return Person.objects.create(name=name)
    if len(known) > 1:
        said.append(f"The desk knows {len(known)} people called {name}: the oldest entry was taken.")
    if known[0].name_withheld:
        said.append(f"The name of {name} is withheld: readers do not see it in the byline.")
    return known[0]


def _place(name: str, language: str, said: list[str]) -> Place:
    """The place of this name, made where the desk knows none."""
    place = Place.objects.filter(name=name).order_by("pk").first()
    place = place or (
        Place.objects.filter(translations__language=language, translations__name=name).order_by("pk").first()
    )
    if place is None:
        said.append(f"{name} was not known at the desk: a place was made.")
        place = Place.objects.create(name=name)
    return place


def _notes(source: Source, findings: Sequence[str]) -> str:
    head = f"Imported from {source.file_name} on {source.imported_at:%Y-%m-%d}. {source.digest_line}"
    if not findings:
        return head
    return "\n".join([head, "", "To look at:", *(f"- {finding}" for finding in findings)])
