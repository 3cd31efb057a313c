"""What items name → what the desk has: publications, sections, people, places, topics.

Remembers what it found for as long as one import runs. People, places and topics that the desk does not
know are made; sections only where that was asked for. Must run inside the caller's transaction.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from nashra.desk import publishing
from nashra.desk.models import Change, Person, Place, Publication, Section, Topic
from nashra.desk.slugs import make_slug
from nashra.intake.ninjs.fields import time_zone
from nashra.intake.ninjs.report import BadItem


class Newsroom:
    """The desk's own names, as items may call them."""

    def __init__(self, *, create_sections: bool, section: str = "", now: datetime.datetime) -> None:
        self.publications = {paper.language: paper for paper in Publication.objects.select_related("locale")}
        self._create_sections = create_sections
        self._default_section = section
        self._now = now
        self._known: dict[tuple[Any, ...], int] = {}

    @property
    def zones(self) -> Mapping[str, datetime.tzinfo]:
        """The publications' time zones by language."""
        return {language: time_zone(paper.time_zone) for language, paper in self.publications.items()}

    def forget(self) -> None:
        """Forget all keys: what was made in a transaction that failed is not there."""
        self._known.clear()

    def section_id(self, names: Sequence[str], language: str) -> int:
        """The section that an item goes to: the first one that it names and the publication has.

        Raises:
            BadItem: the publication has none of them.
        """
        wanted = [*names, *([self._default_section] if self._default_section else [])]
        if not wanted:
            raise BadItem("names no section; give one with --section.")
        for name in wanted:
            if found := self._section(name, language):
                return found
        if not self._create_sections:
            paper = f"{self.publications[language].title} ({language})"
            raise BadItem(
                f"is for the section {wanted[0]!r}, which {paper} does not have: make it at the desk, "
                "or import with --create-sections."
            )
        return self._new_section(wanted[0], language)

    def _section(self, name: str, language: str) -> int | None:
        key = ("section", name.casefold(), language)
        if key not in self._known and (section := self._find_section(name, language)):
            self._known[key] = section.pk
        return self._known.get(key)

    def _find_section(self, name: str, language: str) -> Section | None:
        """By address or name; or the translation of what another publication calls so."""
        own = Section.objects.child_of(self.publications[language]).order_by("path")
        slug = make_slug(name, fallback=Section.slug_fallback)
        found = own.filter(slug=slug).first() or own.filter(title__iexact=name).first()
        if found is not None:
            return found
        namesakes = Section.objects.filter(slug=slug).values("translation_key")
        return own.filter(translation_key__in=namesakes).first()

    def _new_section(self, name: str, language: str) -> int:
        slug = make_slug(name, fallback=Section.slug_fallback)
        try:
            section = publishing.create_section(
                publication=self.publications[language],
                title=name,
                slug=slug,
                translation_of=Section.objects.filter(slug=slug).order_by("path").first(),
                now=self._now,
            )
        except ValidationError as error:
            raise BadItem(f"is for a section that cannot be made: {' '.join(error.messages)}") from error
        _as_of_many(Change.Kind.SECTION, section.pk)
        self._known[("section", name.casefold(), language)] = section.pk
        return section.pk

    def person_ids(self, names: Sequence[str], language: str) -> list[int]:
        """The people of these names, in their order."""
        return list(dict.fromkeys(self._named(Person, name, language) for name in names))

    def place_id(self, name: str, language: str) -> int | None:
        """The place of this name, if any."""
        return self._named(Place, name, language) if name else None

    def topic_ids(self, names: Sequence[str], language: str) -> list[int]:
        """The topics of these names, in their order."""
        return list(dict.fromkeys(self._named(Topic, name, language) for name in names))

    def _named(self, model: type[Person | Place | Topic], name: str, language: str) -> int:
        key = (model, name, language)
        if key not in self._known:
            self._known[key] = self._find(model, name, language) or _make(model, name)
        return self._known[key]

    def _find(self, model: type[Person | Place | Topic], name: str, language: str) -> int | None:
        """The oldest entry of this name, or that which is called so in this language."""
        rows = model.objects.order_by("pk").values_list("pk", flat=True)
        found = rows.filter(name=name).first()
        return found or rows.filter(translations__language=language, translations__name=name).first()


def _make(model: type[Person | Place | Topic], name: str) -> int:
    made = model.objects.create(name=name)
    _as_of_many(model.change_kind, made.pk)
    return made.pk


def _as_of_many(kind: str, pk: int) -> None:
    """What nobody names yet is no news: the press need not hurry."""
    Change.objects.filter(kind=kind, object_key=str(pk)).update(is_bulk=True)
