"""What a publication brings onto the readers' site, and what it leaves alone."""

from __future__ import annotations

import datetime
import re

import pytest
from django.utils import timezone

from nashra.desk import publishing
from nashra.desk.models import Change, Story
from nashra.press.models import PressedFile, PressRun

pytestmark = pytest.mark.django_db(databases=["default", "readers", "snapshot"])


def test_it_presses_a_published_story_and_every_list_it_stands_in(pressroom, write):
    pressroom.full()
    story = write(headline="A light on the river")
    pressroom.due()
    page = pressroom.page(story.address)
    assert "A light on the river" in page
    assert "The ferry came in at dawn." in page
    month = timezone.localtime(story.first_published_at, datetime.UTC).strftime("%Y/%m")
    for address in (
        "/en/",
        "/en/security/",
        f"/en/security/{month}/",
        "/en/topics/ferries/",
        "/en/people/mira-tal/",
    ):
        assert story.address in pressroom.page(address), address


def test_it_presses_the_pages_that_every_newsroom_has(pressroom, newsroom):
    pressroom.full()
    for address in (
        "/",
        "/en/",
        "/ar/",
        "/en/about/",
        "/ar/comment-policy/",
        "/en/corrections/",
        "/verify/",
        "/mirrors/",
    ):
        assert pressroom.page(address), address
    for path in ("404.html", "en/404.html", "ar/404.html"):
        assert pressroom.file(path), path


def test_it_keeps_a_draft_out_of_every_file(pressroom, security):
    publishing.write_story(section=security, headline="Nobody may know this yet")
    pressroom.full()
    assert not [path for path, content in pressroom.everything().items() if b"Nobody may know" in content]


def test_it_keeps_a_new_draft_of_a_live_story_out_of_its_page(pressroom, write):
    story = write(headline="As it was")
    pressroom.full()
    story.title = "As it may be"
    story.save_revision()
    pressroom.due()
    assert "As it was" in pressroom.page(story.address)
    assert "As it may be" not in pressroom.page(story.address)


def test_it_touches_the_same_number_of_files_in_a_small_and_a_larger_archive(pressroom, write):
    write()
    pressroom.full()
    write()
    first = pressroom.due()
    for _ in range(12):
        write()
    pressroom.due()
    write()
    later = pressroom.due()
    assert later.files_written == first.files_written


def test_it_does_nothing_when_nothing_is_due(pressroom, write):
    write()
    pressroom.full()
    assert pressroom.due() is None


def test_it_writes_no_file_whose_bytes_did_not_change(pressroom, write):
    story = write()
    pressroom.full()
    Change.note(Change.Kind.STORY, story.public_id)
    run = pressroom.due()
    assert run.files_written == 0
    assert run.files_unchanged > 0


def test_it_records_what_a_run_did_and_how_long_it_took(pressroom, write):
    write()
    run = pressroom.full()
    row = PressRun.objects.get(pk=run.pk)
    assert row.kind == PressRun.Kind.FULL
    assert row.finished_at >= row.started_at
    assert row.duration_ms >= 0
    assert row.stories == 1
    assert row.files_written == len(pressroom.pages()) == PressedFile.objects.count()
    assert row.bytes_written == sum(map(len, pressroom.pages().values()))


def test_any_two_presses_of_the_same_database_are_the_same_bytes(pressroom, write, settings, tmp_path):
    write(), write()
    pressroom.full()
    first = pressroom.everything()
    settings.NASHRA_SITE_FOLDER = pressroom.folder = tmp_path / "second"
    pressroom.full()
    assert pressroom.everything() == first


def test_a_full_press_removes_what_belongs_to_no_page(pressroom, write):
    story = write()
    pressroom.full()
    stray = pressroom.folder / "en/security/stray/index.html"
    stray.parent.mkdir()
    stray.write_text("half a page")
    pressroom.full()
    assert not stray.exists()
    assert pressroom.page(story.address)


def test_a_story_in_an_unpublished_section_is_not_for_readers(pressroom, write, security):
    story = write()
    pressroom.full()
    security.unpublish()
    pressroom.due()
    assert pressroom.page(story.address) is None
    assert pressroom.page("/en/security/") is None
    assert "Security" not in pressroom.page("/en/")


def test_a_story_seen_by_some_only_is_for_no_reader(pressroom, write, security):
    from wagtail.models import PageViewRestriction

    story = write()
    PageViewRestriction.objects.create(page=security, restriction_type=PageViewRestriction.LOGIN)
    pressroom.full()
    assert pressroom.page(story.address) is None


def test_months_follow_the_publications_own_time_zone(pressroom, newsroom, write):
    paper = newsroom["en"]
    paper.time_zone = "Asia/Tokyo"
    paper.save()
    story = write()
    evening = datetime.datetime(2026, 10, 31, 20, 0, tzinfo=datetime.UTC)
    Story.objects.filter(pk=story.pk).update(first_published_at=evening)
    pressroom.full()
    assert story.address in pressroom.page("/en/security/2026/11/")
    assert pressroom.page("/en/security/2026/10/") is None


def test_a_moment_on_a_page_has_no_fraction_of_a_second(pressroom, write):
    """HTML's ``datetime`` knows three digits of it, and a database six."""
    story = write()
    pressroom.full()
    assert story.first_published_at.microsecond
    moments = re.findall(r'<time datetime="([^"]+)"', pressroom.page(story.address))
    assert moments
    assert not [moment for moment in moments if "." in moment]
