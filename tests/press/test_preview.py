"""The desk's preview is the very page that readers would get."""

from __future__ import annotations

import pytest

from nashra.desk import publishing
from nashra.desk.models import Story
from nashra.press.preview import preview_story

pytestmark = pytest.mark.django_db(databases=["default", "readers", "snapshot"])


def test_a_preview_of_a_live_story_is_its_page(pressroom, write):
    story = write()
    pressroom.full()
    assert preview_story(Story.objects.get(pk=story.pk)).decode() == pressroom.page(story.address)


def test_a_preview_shows_a_draft_that_no_reader_sees(pressroom, security):
    story = publishing.write_story(
        section=security, headline="Not yet", body=[("paragraph", "<p>Wait for it.</p>")]
    )
    page = preview_story(story).decode()
    assert "Not yet" in page
    assert "Wait for it." in page


def test_a_preview_works_in_a_section_that_is_not_live_yet(pressroom, security):
    story = publishing.write_story(section=security, headline="Not yet")
    security.unpublish()
    assert "Not yet" in preview_story(Story.objects.get(pk=story.pk)).decode()
