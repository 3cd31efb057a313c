"""A story that moves leaves a redirect, one that is withdrawn says so, one that returns stands again."""

from __future__ import annotations

import pytest

from nashra.desk import publishing
from nashra.desk.models import Story
from nashra.press.models import OldAddress

pytestmark = pytest.mark.django_db(databases=["default", "readers", "snapshot"])


def rename(story: Story, slug: str) -> Story:
    story = Story.objects.get(pk=story.pk)
    story.slug = slug
    story.save_revision().publish()
    return Story.objects.get(pk=story.pk)


def step_by_step_equals_one_full_press(pressroom, settings, tmp_path) -> bool:
    stepwise = pressroom.everything()
    settings.NASHRA_SITE_FOLDER = pressroom.folder = tmp_path / "anew"
    pressroom.full()
    return pressroom.everything() == stepwise


def test_a_renamed_story_leaves_a_redirect(pressroom, write):
    story = write()
    pressroom.full()
    old = story.address
    story = rename(story, "a-new-name")
    pressroom.due()
    assert pressroom.page("/en/security/a-new-name/")
    assert pressroom.page(old) is None
    assert pressroom.file(f"{old[1:]}301.txt") == "/en/security/a-new-name/\n"
    assert old not in pressroom.page("/en/")


def test_a_redirect_to_an_arabic_address_is_percent_encoded(pressroom, write, arabic_section):
    story = write(section=arabic_section, headline="العبارة تصل")
    pressroom.full()
    old = story.address
    rename(story, "جسر")
    pressroom.due()
    assert pressroom.file(f"{old[1:]}301.txt") == "/ar/%D8%A3%D9%85%D9%86/%D8%AC%D8%B3%D8%B1/\n"


def test_every_old_address_leads_straight_to_the_newest(pressroom, write):
    story = write()
    pressroom.full()
    first = story.address
    story = rename(story, "second")
    pressroom.due()
    rename(story, "third")
    pressroom.due()
    assert pressroom.file(f"{first[1:]}301.txt") == "/en/security/third/\n"
    assert pressroom.file("en/security/second/301.txt") == "/en/security/third/\n"


def test_a_story_that_gets_its_old_name_back_stands_there_again(pressroom, write, settings, tmp_path):
    story = write(slug="first")
    pressroom.full()
    story = rename(story, "second")
    pressroom.due()
    rename(story, "first")
    pressroom.due()
    assert pressroom.page("/en/security/first/")
    assert pressroom.file("en/security/first/301.txt") is None
    assert pressroom.file("en/security/second/301.txt") == "/en/security/first/\n"
    assert step_by_step_equals_one_full_press(pressroom, settings, tmp_path)


def test_a_moved_story_leaves_a_redirect_and_changes_its_lists(pressroom, write, society):
    story = write()
    pressroom.full()
    old = story.address
    story.move(society, pos="last-child")
    pressroom.due()
    moved = Story.objects.get(pk=story.pk)
    assert pressroom.page(moved.address)
    assert pressroom.file(f"{old[1:]}301.txt")
    assert moved.address in pressroom.page("/en/society/")
    assert moved.address not in pressroom.page("/en/security/")


def test_a_withdrawn_story_leaves_a_page_that_says_so(pressroom, write):
    story = write()
    pressroom.full()
    publishing.withdraw_story(story=story)
    pressroom.due()
    assert pressroom.page(story.address) is None
    gone = pressroom.file(f"{story.address[1:]}410.html")
    assert gone is not None
    assert story.title not in gone
    assert not [path for path, content in pressroom.everything().items() if story.title.encode() in content]


def test_the_old_addresses_of_a_withdrawn_story_are_gone_too(pressroom, write, settings, tmp_path):
    story = write(slug="first")
    pressroom.full()
    story = rename(story, "second")
    pressroom.due()
    publishing.withdraw_story(story=story)
    pressroom.due()
    assert pressroom.file("en/security/first/410.html")
    assert pressroom.file("en/security/first/301.txt") is None
    assert step_by_step_equals_one_full_press(pressroom, settings, tmp_path)


def test_a_deleted_story_is_gone(pressroom, write):
    story = write()
    pressroom.full()
    address = story.address
    story.delete()
    pressroom.due()
    assert pressroom.page(address) is None
    assert pressroom.file(f"{address[1:]}410.html")


def test_a_story_that_returns_stands_where_it_said_it_was_gone(pressroom, write, settings, tmp_path):
    story = write()
    pressroom.full()
    publishing.withdraw_story(story=story)
    pressroom.due()
    publishing.publish_story(story=Story.objects.get(pk=story.pk))
    pressroom.due()
    assert pressroom.page(story.address)
    assert pressroom.file(f"{story.address[1:]}410.html") is None
    assert step_by_step_equals_one_full_press(pressroom, settings, tmp_path)


def test_another_story_may_take_a_free_address(pressroom, write):
    story = write(slug="the-slug")
    pressroom.full()
    rename(story, "elsewhere")
    pressroom.due()
    other = write(slug="the-slug", headline="Quite another")
    pressroom.due()
    assert "Quite another" in pressroom.page(other.address)
    assert pressroom.file(f"{other.address[1:]}301.txt") is None
    assert not OldAddress.objects.filter(address=other.address).exists()


def test_a_renamed_section_takes_its_stories_along(pressroom, write, security, settings, tmp_path):
    story = write()
    pressroom.full()
    security.refresh_from_db()
    security.slug = "conflict"
    security.save_revision().publish()
    pressroom.due()
    new = story.address.replace("/security/", "/conflict/")
    assert pressroom.page(new)
    assert pressroom.file(f"{story.address[1:]}301.txt") == f"{new}\n"
    assert pressroom.file("en/security/301.txt") == "/en/conflict/\n"
    assert step_by_step_equals_one_full_press(pressroom, settings, tmp_path)


def test_the_last_story_of_a_topic_takes_the_topics_page_along(pressroom, write):
    story = write()
    pressroom.full()
    publishing.withdraw_story(story=story)
    pressroom.due()
    assert pressroom.page("/en/topics/ferries/") is None
    assert pressroom.page("/en/people/mira-tal/") is None
    assert pressroom.page("/en/security/")
