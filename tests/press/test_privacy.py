"""What the desk makes private leaves the readers' site at once, and comes back when it is public again."""

from __future__ import annotations

import pytest
from wagtail.models import Page, PageViewRestriction

from nashra.desk import publishing
from nashra.desk.models import Change
from tests.press.crawler import crawl

pytestmark = pytest.mark.django_db(databases=["default", "readers", "snapshot"])


def make_private(page: Page) -> PageViewRestriction:
    return PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


def test_a_story_that_is_made_private_is_withdrawn_and_comes_back(pressroom, write):
    story = write(headline="A light on the river")
    other = write(headline="The ferry came in")
    pressroom.full()
    restriction = make_private(Page.objects.get(pk=story.pk))
    pressroom.due()
    assert pressroom.page(story.address) is None
    assert not [
        path for path, content in pressroom.everything().items() if b"A light on the river" in content
    ]
    assert pressroom.page(other.address)
    assert crawl(pressroom.folder) == []

    restriction.delete()
    pressroom.due()
    assert "A light on the river" in pressroom.page(story.address)
    assert story.address in pressroom.page("/en/")


def test_a_section_that_is_made_private_takes_its_stories_along(pressroom, write, security, society):
    hidden = write(headline="A light on the river", section=security)
    shown = write(headline="The market opens", section=society)
    pressroom.full()
    restriction = make_private(Page.objects.get(pk=security.pk))
    pressroom.due()
    assert pressroom.page(hidden.address) is None
    assert pressroom.page("/en/security/") is None
    assert pressroom.page(shown.address)
    assert crawl(pressroom.folder) == []

    restriction.delete()
    pressroom.due()
    assert pressroom.page(hidden.address)
    assert pressroom.page("/en/security/")


def test_a_private_draft_is_no_change_for_readers(pressroom, security):
    draft = publishing.write_story(section=security, headline="Not yet")
    pressroom.full()
    make_private(Page.objects.get(pk=draft.pk))
    assert not Change.objects.exists()


def test_deleting_a_private_page_is_no_fault(pressroom, write):
    story = write(headline="A light on the river")
    pressroom.full()
    make_private(Page.objects.get(pk=story.pk))
    Page.objects.get(pk=story.pk).delete()
    pressroom.due()
    assert pressroom.page(story.address) is None
