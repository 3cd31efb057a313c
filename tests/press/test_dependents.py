"""Pages that name something press anew when it changes."""

from __future__ import annotations

import pytest
from wagtail.models import Locale

from nashra.desk import publishing
from nashra.desk.models import Story

pytestmark = pytest.mark.django_db(databases=["default", "readers", "snapshot"])


def republish(story: Story, **values: object) -> Story:
    story = Story.objects.get(pk=story.pk)
    for name, value in values.items():
        setattr(story, name, value)
    story.save_revision().publish()
    return Story.objects.get(pk=story.pk)


def translate(story: Story, section, headline: str) -> Story:
    translation = story.copy_for_translation(Locale.objects.get(language_code="ar"), copy_parents=True)
    translation.title = headline
    translation.move(section, pos="last-child")
    translation = Story.objects.get(pk=translation.pk)
    translation.title = headline
    translation.save_revision().publish()
    return Story.objects.get(pk=translation.pk)


def test_a_renamed_person_is_named_anew_wherever_they_wrote(pressroom, write, person):
    story = write()
    pressroom.full()
    person.name = "Mira Tal-Aven"
    person.save()
    pressroom.due()
    for address in (story.address, "/en/", "/en/people/mira-tal/"):
        assert "Mira Tal-Aven" in pressroom.page(address), address


def test_a_withheld_name_leaves_every_file_at_once(pressroom, write, person):
    story = write()
    pressroom.full()
    assert pressroom.page("/en/people/mira-tal/")
    person.slug = "mira-t"
    person.save()
    pressroom.due()
    assert pressroom.file("en/people/mira-tal/301.txt")
    person.name_withheld = True
    person.save()
    pressroom.due()
    assert pressroom.page(story.address)
    named = [
        path
        for path, content in pressroom.everything().items()
        if b"Mira" in content or b"mira-t" in content or "mira-t" in path
    ]
    assert named == []


def test_a_new_translation_is_linked_from_its_original(pressroom, write, arabic_section):
    story = write()
    pressroom.full()
    translation = translate(story, arabic_section, "العبارة تصل")
    pressroom.due()
    assert "العبارة تصل" in pressroom.page(story.address)
    assert story.title in pressroom.page(translation.address)


def test_a_withdrawn_translation_is_linked_no_longer(pressroom, write, arabic_section):
    story = write()
    translation = translate(story, arabic_section, "العبارة تصل")
    pressroom.full()
    publishing.withdraw_story(story=translation)
    pressroom.due()
    assert "العبارة تصل" not in pressroom.page(story.address)


def test_readers_are_told_when_a_translation_is_older_than_its_original(pressroom, write, arabic_section):
    story = write()
    translation = translate(story, arabic_section, "العبارة تصل")
    pressroom.full()
    before = pressroom.page(translation.address)
    republish(story, standfirst="It carries papers and bread.")
    pressroom.due()
    assert pressroom.page(translation.address) != before


def test_a_link_to_a_renamed_story_follows_it(pressroom, write):
    target = write(headline="The bridge is open")
    body = [("related", target)]
    story = write(body=body)
    pressroom.full()
    assert target.address in pressroom.page(story.address)
    moved = republish(target, slug="the-bridge")
    pressroom.due()
    assert moved.address in pressroom.page(story.address)
    assert target.address not in pressroom.page(story.address)


def test_a_link_to_a_deleted_story_loses_its_link(pressroom, write):
    target = write(headline="The bridge is open")
    story = write(body=[("paragraph", f'<p>As <a linktype="page" id="{target.pk}">we reported</a>.</p>')])
    pressroom.full()
    assert target.address in pressroom.page(story.address)
    target.delete()
    pressroom.due()
    page = pressroom.page(story.address)
    assert "we reported" in page
    assert target.address not in page
