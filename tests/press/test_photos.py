"""Pictures reach readers by their content's name, and leave when nothing shows them any more."""

from __future__ import annotations

import io

import pytest
from django.core.files.images import ImageFile
from PIL import Image

from nashra.desk import publishing
from nashra.desk.models import Person, Photo, Story

pytestmark = pytest.mark.django_db(databases=["default", "readers", "snapshot"])


def a_photo(colour: str = "navy", **values) -> Photo:
    buffer = io.BytesIO()
    Image.new("RGB", (600, 400), colour).save(buffer, "JPEG")
    facts = {
        "title": f"{colour} river",
        "alt_text": f"A {colour} river under a grey sky.",
        "caption": "The river at dusk.",
        "credit_person": "Ilo Marsh",
        "credit_agency": "Delta Pictures",
        **values,
    }
    return Photo.objects.create(file=ImageFile(io.BytesIO(buffer.getvalue()), name=f"{colour}.jpg"), **facts)


def pressed_photos(pressroom) -> set[str]:
    return {path for path in pressroom.everything() if path.startswith("photos/")}


def test_a_lead_photo_is_pressed_with_caption_and_credit(pressroom, write):
    story = write(lead_photo=a_photo())
    pressroom.full()
    page = pressroom.page(story.address)
    assert "[Ilo Marsh/Delta Pictures]" in page
    for path in pressed_photos(pressroom):
        assert f"/{path}" in page
    assert {path.rsplit(".")[-1] for path in pressed_photos(pressroom)} == {"avif", "webp", "jpg"}


def test_a_stories_own_caption_takes_the_place_of_the_photos(pressroom, write):
    story = write(lead_photo=a_photo(), lead_caption="The same river, a day later.")
    pressroom.full()
    assert "The same river, a day later." in pressroom.page(story.address)
    assert "The river at dusk." not in pressroom.page(story.address)


def test_a_credit_mended_at_the_desk_is_mended_on_every_page(pressroom, write):
    photo = a_photo()
    story = write(lead_photo=photo)
    pressroom.full()
    photo.credit_person = "Ila Marsh"
    photo.save()
    pressroom.due()
    for address in (story.address, "/en/", "/en/security/"):
        assert "[Ila Marsh/Delta Pictures]" in pressroom.page(address), address


def test_a_photo_in_the_body_follows_its_picture(pressroom, write):
    photo = a_photo()
    story = write(body=[("photo", {"photo": photo, "caption": ""})])
    pressroom.full()
    photo.caption = "The river at dawn."
    photo.save()
    pressroom.due()
    assert "The river at dawn." in pressroom.page(story.address)


def test_the_photos_of_a_withdrawn_story_are_taken_away(pressroom, write):
    story = write(lead_photo=a_photo())
    pressroom.full()
    assert pressed_photos(pressroom)
    publishing.withdraw_story(story=story)
    pressroom.due()
    assert pressed_photos(pressroom) == set()


def test_a_photo_that_another_story_shows_stays(pressroom, write):
    photo = a_photo()
    story, other = write(lead_photo=photo), write(lead_photo=photo)
    pressroom.full()
    publishing.withdraw_story(story=story)
    pressroom.due()
    assert pressed_photos(pressroom)
    assert all(f"/{path}" in pressroom.page(other.address) for path in pressed_photos(pressroom))


def test_a_replaced_picture_leaves_no_old_file(pressroom, write):
    story = write(lead_photo=a_photo())
    pressroom.full()
    before = pressed_photos(pressroom)
    story = Story.objects.get(pk=story.pk)
    story.lead_photo = a_photo("maroon")
    story.save_revision().publish()
    pressroom.due()
    assert pressed_photos(pressroom).isdisjoint(before)
    assert pressed_photos(pressroom)


def test_a_portrait_comes_and_goes_with_its_person(pressroom, write, person):
    write()
    pressroom.full()
    person.portrait = a_photo(alt_text="Mira Tal smiles.")
    person.save()
    pressroom.due()
    assert "Mira Tal smiles." in pressroom.page("/en/people/mira-tal/")
    assert pressed_photos(pressroom)
    person = Person.objects.get(pk=person.pk)
    person.portrait = None
    person.save()
    pressroom.due()
    assert pressed_photos(pressroom) == set()
