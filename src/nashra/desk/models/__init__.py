"""The newsroom's tables: what a paper is made of, and the outbox that tells the press of changes."""

from __future__ import annotations

from nashra.desk.models.change import Change
from nashra.desk.models.people import (
    Person,
    PersonTranslation,
    Place,
    PlaceTranslation,
    Topic,
    TopicTranslation,
)
from nashra.desk.models.photo import Photo, PhotoFile, PhotoRendition
from nashra.desk.models.provenance import Provenance
from nashra.desk.models.publication import Publication
from nashra.desk.models.section import Section
from nashra.desk.models.story import Story, StoryAuthor
from nashra.desk.models.tombstone import Tombstone

__all__ = [
    "Change",
    "Person",
    "PersonTranslation",
    "Photo",
    "PhotoFile",
    "PhotoRendition",
    "Place",
    "PlaceTranslation",
    "Provenance",
    "Publication",
    "Section",
    "Story",
    "StoryAuthor",
    "Tombstone",
    "Topic",
    "TopicTranslation",
]
