"""How operations choose among what is there, and what the desk refuses."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction

from nashra.desk.models import Person, Section, Story, Topic

Row = TypeVar("Row", bound=models.Model)
Thing = TypeVar("Thing")

SLUGS = ("ferry", "bridge", "عبارة", "mill")
NAMES = ("Mira Tal", "Ilo Marsh", "Sana Wadi", "أمل")


@contextlib.contextmanager
def refused() -> Iterator[None]:
    """What the desk refuses, such as a second story under one slug, is undone."""
    with contextlib.suppress(ValidationError), transaction.atomic():
        yield


def choose(rows: Sequence[Thing], number: int) -> Thing | None:
    return rows[number % len(rows)] if rows else None


def every(model: type[Row]) -> list[Row]:
    return list(model.objects.order_by("pk"))  # type: ignore[attr-defined]


def story_at(which: int) -> Story | None:
    """The newest first, so that number 0 is the one that a sequence wrote itself."""
    return choose(list(Story.objects.order_by("-pk")), which)


def sections() -> list[Section]:
    return every(Section)


def change_named_slug(model: type[Person] | type[Topic], which: int, other: int) -> None:
    row, slug = choose(every(model), which), SLUGS[other % len(SLUGS)]
    if row and not model.objects.filter(slug=slug).exists():
        row.slug = slug
        row.save()
