"""A small newsroom for the desk's tests: two publications, a section each, and somebody of each group."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from PIL import Image

from nashra.desk import groups, publishing
from nashra.desk.models import Change, Photo, Publication, Section, Story


@pytest.fixture
def newsroom(db: None) -> dict[str, Publication]:
    return publishing.create_newsroom(languages=["en", "ar"], name="The Lantern")


@pytest.fixture
def security(newsroom: dict[str, Publication]) -> Section:
    return publishing.create_section(publication=newsroom["en"], title="Security", slug="security")


@pytest.fixture
def arabic_section(newsroom: dict[str, Publication]) -> Section:
    return publishing.create_section(publication=newsroom["ar"], title="أمن")


@pytest.fixture
def staff(newsroom: dict[str, Publication]) -> dict[str, User]:
    """One of each group, by the group's name. None has a password: tests log them in by force."""
    people = {}
    for name in groups.GROUPS:
        people[name] = User.objects.create(username=name)
        people[name].groups.add(Group.objects.get(name=name))
    return people


@pytest.fixture
def desk(staff: dict[str, User]) -> Callable[[str], Client]:
    """A browser in which somebody of the named group is logged in."""

    def log_in(group: str) -> Client:
        client = Client()
        client.force_login(staff[group])
        return client

    return log_in


@pytest.fixture
def write(security: Section) -> Callable[..., Story]:
    """Write a draft; keywords take the place of what it has by itself."""

    def write_one(**facts: Any) -> Story:
        facts = {"section": security, "headline": "The ovens burn again", **facts}
        return publishing.write_story(**facts)

    return write_one


@pytest.fixture
def published(write: Callable[..., Story]) -> Callable[..., Story]:
    """Write and publish a story, and empty the outbox after it."""

    def publish_one(**facts: Any) -> Story:
        story = publishing.publish_story(story=write(**facts))
        Change.objects.all().delete()
        return story

    return publish_one


def picture(width_px: int = 700, height_px: int = 400, *, encoder: str = "JPEG", **options: Any) -> bytes:
    """A picture's bytes: a slope from dark to light, which keeps its direction when it is turned."""
    out = io.BytesIO()
    slope = Image.linear_gradient("L").resize((width_px, height_px)).convert("RGB")
    slope.save(out, encoder, **options)
    return out.getvalue()


@pytest.fixture
def photo(newsroom: dict[str, Publication]) -> Photo:
    return publishing.add_photo(
        content=picture(),
        file_name="IMG_2041.jpg",
        alt_text="A baker lifts a loaf from the oven",
        caption="The first loaf.",
        credit_person="Ilo Marsh",
        credit_agency="Delta Pictures",
    )


def outbox() -> list[tuple[str, str]]:
    """What the press would hear of, in order."""
    return list(Change.objects.values_list("kind", "object_key"))


def form_values(page: Any, **changes: Any) -> dict[str, Any]:
    """What a browser would post from a story's form, with these changes."""
    return {
        "title": page.title if page else "A headline",
        "slug": page.slug if page else "",
        "standfirst": "",
        "dateline_place": "",
        "lead_photo": "",
        "lead_caption": "",
        "lead_credit": "",
        "notes": "",
        "comments_enabled": "on",
        "body-count": "0",
        "authors-TOTAL_FORMS": "0",
        "authors-INITIAL_FORMS": "0",
        "authors-MIN_NUM_FORMS": "0",
        "authors-MAX_NUM_FORMS": "1000",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
        **changes,
    }
