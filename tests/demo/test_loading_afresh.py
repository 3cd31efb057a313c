"""Loading the demo into a newsroom that is not empty, and a load that was cut off."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from nashra.demo import load, newsroom
from nashra.demo.load import load_demo
from nashra.desk import photographs, publishing
from nashra.desk.models import Photo, Publication, Section, Story
from nashra.readers.models import Comment

pytestmark = pytest.mark.django_db(databases=["default", "readers"])


@pytest.fixture(autouse=True)
def _small_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """One width is enough here: the desk's own tests look at them all."""
    monkeypatch.setattr(photographs, "WIDTHS_PX", (160,))


@pytest.fixture
def now() -> datetime.datetime:
    return timezone.now()


def test_a_load_that_was_cut_off_is_taken_up_again(now: datetime.datetime, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as cut:
        cut.setattr(load, "file_stories", _power_cut)
        with pytest.raises(KeyboardInterrupt):
            load_demo(now=now)
    photos = set(Photo.objects.values_list("pk", flat=True))
    assert photos
    assert not Section.objects.exists()
    with monkeypatch.context() as cut:
        cut.setattr(load.letters, "DemoModerator", _power_cut)
        with pytest.raises(KeyboardInterrupt):
            load_demo(now=now)
    load_demo(now=now)
    assert set(Photo.objects.values_list("pk", flat=True)) == photos
    assert Story.objects.count() == len(newsroom.load_stories())
    assert Comment.objects.count() == len(newsroom.load_comments())


def _power_cut(*_args: Any, **_kwargs: Any) -> None:
    raise KeyboardInterrupt


def test_a_newsroom_with_sections_keeps_its_own_masthead(now: datetime.datetime):
    papers = publishing.create_newsroom(languages=["en"], name="The Weir")
    publishing.create_section(publication=papers["en"], title="Harbour", slug="harbour")
    load_demo(now=now)
    assert Publication.objects.get(slug="en").title == "The Weir"
    assert Publication.objects.get(slug="ar").title == "قنديل النهر"
