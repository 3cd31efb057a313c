"""People, places, topics and photos as pages name them, kept for as long as nothing of theirs changes.

A batch of stories names few things many times. Whoever keeps these across batches must drop them when
the press hears that one of them changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from nashra.desk import models as desk
from nashra.edition.content import Author, Link, Photo, Publication
from nashra.press.gather.photos import photo_content

# An archive has as many pictures, and nearly as many sets of topics, as stories: these are not kept for ever.
_MAX_PHOTOS = 500
_MAX_SETS_OF_TOPICS = 5000


@dataclass(slots=True)
class Names:
    """What stories name, by primary key."""

    people: dict[int, desk.Person] = field(default_factory=dict)
    places: dict[int, desk.Place] = field(default_factory=dict)
    topics: dict[int, desk.Topic] = field(default_factory=dict)
    photos: dict[int, desk.Photo] = field(default_factory=dict)
    _authors: dict[tuple[int, str], Author] = field(default_factory=dict)
    _links: dict[tuple[tuple[int, ...], str], tuple[Link, ...]] = field(default_factory=dict)
    _place_names: dict[tuple[int, str], str] = field(default_factory=dict)

    def learn(
        self,
        alias: str,
        *,
        people: Iterable[int] = (),
        places: Iterable[int] = (),
        topics: Iterable[int] = (),
        photos: Iterable[int] = (),
    ) -> None:
        """Read whichever of these are not known yet, in a query or two for each kind.

        All of them are known then; photos that were learnt before may be forgotten.
        """
        if len(self.photos) > _MAX_PHOTOS:
            self.photos.clear()
        rows = desk.Person.objects.using(alias).select_related("portrait")
        _learn(self.people, people, rows.prefetch_related("translations", "portrait__files"))
        _learn(self.places, places, desk.Place.objects.using(alias).prefetch_related("translations"))
        _learn(self.topics, topics, desk.Topic.objects.using(alias).prefetch_related("translations"))
        _learn(self.photos, photos, desk.Photo.objects.using(alias).prefetch_related("files"))

    def author(self, pk: int, publication: Publication) -> Author:
        """A name of a byline; a person whose name is withheld leaves nothing that could tell who it is."""
        known = self._authors.get((pk, publication.address))
        if known is None:
            person = self.people[pk]
            known = self._authors[pk, publication.address] = (
                Author(name="")
                if person.name_withheld
                else Author(
                    name=person.name_in(publication.language),
                    address=f"{publication.address}people/{person.slug}/",
                )
            )
        return known

    def topic_links(self, pks: Sequence[int], publication: Publication) -> tuple[Link, ...]:
        """Topics as links, in the order of their names."""
        key = tuple(pks), publication.address
        known = self._links.get(key)
        if known is None:
            if len(self._links) > _MAX_SETS_OF_TOPICS:
                self._links.clear()
            topics = sorted((self.topics[pk] for pk in pks), key=lambda topic: (topic.name, topic.pk))
            known = self._links[key] = tuple(
                Link(
                    text=topic.name_in(publication.language),
                    address=f"{publication.address}topics/{topic.slug}/",
                )
                for topic in topics
            )
        return known

    def place_name(self, pk: int | None, language: str) -> str:
        """A place's name in a language; nothing for no place."""
        if pk is None:
            return ""
        known = self._place_names.get((pk, language))
        if known is None:
            known = self._place_names[pk, language] = str(self.places[pk].name_in(language))
        return known

    def is_withheld(self, pk: int) -> bool:
        """Whether no page may name this person."""
        return bool(self.people[pk].name_withheld)

    def lead_photo(self, pk: int | None, caption: str, credit: str) -> Photo | None:
        """A lead photo; without a picture, its caption and credit still make a figure."""
        if pk is not None:
            return photo_content(self.photos[pk], caption=caption)
        if caption or credit:
            return Photo(public_id="", caption=caption, credit=credit)
        return None


def _learn(known: dict[int, Any], wanted: Iterable[int], rows: Any) -> None:
    missing = set(wanted) - known.keys()
    if missing:
        known.update({row.pk: row for row in rows.filter(pk__in=missing)})
