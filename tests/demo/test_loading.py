"""Loading the demo: once or twice is the same, and what people did since stays as they left it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from nashra.demo import newsroom
from nashra.demo.load import load_demo
from nashra.desk import photographs
from nashra.desk.models import Person, Photo, Place, Publication, Section, Story, Topic
from nashra.readers.models import Comment, ModerationEntry, Thread

pytestmark = pytest.mark.django_db(databases=["default", "readers"])


NOW = timezone.now()
# Stories are dated to the minute.
MINUTE = NOW.replace(second=0, microsecond=0)
PROGRESS: list[tuple[int, int]] = []


@pytest.fixture(scope="module", autouse=True)
def _loaded(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The demo, loaded once for all tests here; each test's own changes are rolled back."""
    var = tmp_path_factory.mktemp("demo")
    folders = {"NASHRA_VAR": var, "NASHRA_PHOTO_FOLDER": var / "photos", "MEDIA_ROOT": str(var / "media")}
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        for alias in ("default", "readers"):
            stack.enter_context(transaction.atomic(using=alias))
            stack.callback(transaction.set_rollback, True, using=alias)
        with override_settings(**folders), pytest.MonkeyPatch.context() as patch:
            # One width is enough here: the desk's own tests look at them all.
            patch.setattr(photographs, "WIDTHS_PX", (160,))
            PROGRESS.clear()
            load_demo(now=NOW, progress=lambda done, total: PROGRESS.append((done, total)))
        yield


def everything() -> dict[str, list[Any]]:
    """All rows of the demo's kinds, as values."""
    models = (Publication, Section, Story, Person, Place, Topic, Photo, Thread, Comment, ModerationEntry)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def story(key: str, language: str = "en") -> Story:
    slugs = {found.name: found.slug for found in newsroom.load_stories()}
    return Story.objects.get(slug=slugs[key, language])


def test_it_loads_every_story_in_its_place():
    files = newsroom.load_stories()
    assert Story.objects.count() == len(files)
    for file in files:
        page = Story.objects.get(slug=file.slug)
        assert page.address == f"/{file.language}/{file.section}/{file.slug}/"
        assert [byline.person.slug for byline in page.authors.all()] == list(file.authors)
        assert page.live is (file.published_before is not None)
        assert not page.live or page.word_count > 300
        assert not page.live or page.first_published_at == MINUTE - file.published_before


def test_translations_share_a_key_and_other_stories_do_not():
    assert story("ferries").translation_key == story("ferries", "ar").translation_key
    assert story("school").translation_key == story("school", "fa").translation_key
    files = newsroom.load_stories()
    assert Story.objects.values("translation_key").distinct().count() == len({file.key for file in files})


def test_one_story_was_updated_later_one_waits_for_its_hour_and_one_is_a_draft():
    assert story("hospital").updated_at == MINUTE - datetime.timedelta(days=2, hours=6)
    assert [page.title for page in Story.objects.live() if page.updated_at] == [story("hospital").title]
    scheduled, draft = story("winter-timetable"), story("letters", "ar")
    assert scheduled.get_latest_revision().approved_go_live_at == MINUTE + datetime.timedelta(days=2)
    assert draft.get_latest_revision().approved_go_live_at is None
    assert "letters" not in {thread.address for thread in Thread.objects.all()}


def test_stories_lie_on_both_sides_of_a_months_end():
    months = {(page.first_published_at.year, page.first_published_at.month) for page in Story.objects.live()}
    assert len(months) >= 2


def test_comments_stand_as_their_file_says_on_days_that_fit():
    files = newsroom.load_comments()
    assert Comment.objects.count() == len(files)
    for file in files:
        comment = Comment.objects.get(text=file.text)
        assert comment.state == file.state
        published = story(file.story, file.language).first_published_at
        assert published.date() <= comment.day <= NOW.date()
        assert (comment.is_staff, comment.is_pick) == (file.is_staff, file.is_pick)
        if file.answers:
            assert Comment.objects.get(public_id=comment.answers).name == file.answers
    counts = {thread.public_id: thread.comment_count for thread in Thread.objects.all()}
    assert counts[story("ferries").public_id] == 6
    assert counts[story("water", "ar").public_id] == 3


def test_waiting_comments_carry_the_checks_reasons():
    waiting = Comment.objects.filter(state="waiting")
    assert {tuple(comment.reasons) for comment in waiting} >= {
        (),
        ("links",),
        ("suspect-words",),
        ("mixed-scripts",),
        ("repetition",),
    }


def test_loading_twice_is_the_same_as_once():
    once = everything()
    load_demo(now=NOW + datetime.timedelta(days=3))
    assert everything() == once


def test_what_people_changed_or_deleted_stays_so():
    paper = Publication.objects.get(slug="en")
    paper.strapline = "Ours now"
    paper.save_revision().publish()
    story("mast").delete()
    moved = story("cable")
    moved.slug = "another-address"
    moved.save_revision().publish()
    Topic.objects.get(slug="radio").delete()
    Comment.objects.filter(state="waiting").delete()
    Photo.objects.filter(title="The mast above Qorrin").delete()
    left = everything()
    load_demo(now=NOW)
    assert everything() == left


def test_it_says_how_far_it_is():
    done = [done for done, _total in PROGRESS]
    assert done == sorted(done)
    assert PROGRESS[-1][0] == PROGRESS[-1][1] == PROGRESS[0][1]
