"""Whatever readers can see leaves a note for the press, in the same transaction."""

from __future__ import annotations

import datetime

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, PageLogEntry

from nashra.desk import publishing
from nashra.desk.models import Change, Person, Place, Section, Story, Topic
from tests.desk.conftest import outbox, picture


def test_it_notes_a_story_when_it_is_published(write):
    story = write()
    Change.objects.all().delete()
    publishing.publish_story(story=story)
    assert ("story", story.public_id) in outbox()


def test_it_notes_nothing_of_a_draft(security, write):
    Change.objects.all().delete()
    story = write()
    story.standfirst = "Nobody may know this."
    story.save_revision()
    assert outbox() == []


def test_it_notes_nothing_when_a_published_story_gets_a_new_draft(published):
    story = published()
    story.standfirst = "Not yet."
    story.save_revision()
    assert outbox() == []


def test_it_notes_a_withdrawn_story(published):
    story = published()
    publishing.withdraw_story(story=story)
    assert outbox() == [("story", story.public_id)]


def test_it_notes_a_story_withdrawn_as_a_plain_page_as_wagtail_does_when_time_is_up(published):
    story = published()
    Page.objects.get(pk=story.pk).unpublish()
    assert outbox() == [("story", story.public_id)]


def test_it_notes_a_deleted_story(published):
    story = published()
    Page.objects.get(pk=story.pk).delete()
    assert ("story-removed", story.public_id) in outbox()


def test_it_notes_each_story_of_a_deleted_section(published, security):
    public_ids = {published(headline=headline).public_id for headline in ("One", "Two")}
    key = str(security.pk)
    Change.objects.all().delete()
    Section.objects.get(pk=security.pk).delete()
    assert {key for kind, key in outbox() if kind == "story-removed"} == public_ids
    assert ("section", key) in outbox()


def test_it_notes_a_moved_story(published, newsroom):
    story = published()
    culture = publishing.create_section(publication=newsroom["en"], title="Culture")
    Change.objects.all().delete()
    story.move(culture, pos="last-child")
    assert outbox() == [("story", story.public_id)]
    assert Story.objects.get(pk=story.pk).address == "/en/culture/the-ovens-burn-again/"


def test_it_notes_a_renamed_section(published, security):
    published()
    section = Section.objects.get(pk=security.pk)
    section.slug = "safety"
    section.save()
    assert ("section", str(section.pk)) in outbox()


@pytest.mark.parametrize("model", [Person, Place, Topic])
def test_it_notes_a_name_that_changed(newsroom, model):
    thing = model.objects.create(name="Nahr")
    Change.objects.all().delete()
    thing.name = "Nahr al-Asal"
    thing.save()
    assert outbox() == [(model.change_kind, str(thing.pk))]


def test_it_notes_the_stories_whose_place_and_topics_are_deleted(published):
    place, topic = Place.objects.create(name="Nahr"), Topic.objects.create(name="Bread")
    story = published(dateline_place=place, topics=[topic])
    place.delete()
    assert ("story", story.public_id) in outbox()
    Change.objects.all().delete()
    topic.delete()
    assert ("story", story.public_id) in outbox()


def test_it_notes_the_stories_whose_photo_is_deleted(published, photo):
    lead = published(headline="Lead", lead_photo=photo)
    inside = published(headline="Inside", body=[("photo", {"photo": photo, "caption": ""})])
    other = published(headline="Other")
    photo.delete()
    noted = {key for kind, key in outbox() if kind == "story"}
    assert noted == {lead.public_id, inside.public_id}
    assert other.public_id not in noted


def test_it_notes_the_person_whose_portrait_is_deleted(photo):
    person = Person.objects.create(name="Mara Quill", portrait=photo)
    Change.objects.all().delete()
    key = str(photo.pk)
    photo.delete()
    assert ("person", str(person.pk)) in outbox()
    assert ("photo", key) in outbox()


def test_it_notes_a_replaced_picture(photo):
    Change.objects.all().delete()
    photo.file = ContentFile(picture(500, 300), name="another.jpg")
    photo.save()
    assert outbox() == [("photo", str(photo.pk))]


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_leaves_no_note(published):
    story = published()

    class Mishap(Exception):
        pass

    def withdraw_and_fail() -> None:
        with transaction.atomic():
            publishing.withdraw_story(story=story)
            raise Mishap

    with pytest.raises(Mishap):
        withdraw_and_fail()
    assert outbox() == []
    assert Story.objects.get(pk=story.pk).live


def test_it_publishes_what_is_due_and_withdraws_what_has_expired(write, published, django_assert_num_queries):
    now = timezone.now()
    expiring = published(headline="Expiring")
    Story.objects.filter(pk=expiring.pk).update(expire_at=now - datetime.timedelta(seconds=1))
    due = write(headline="Due")
    due.save_revision(approved_go_live_at=now - datetime.timedelta(seconds=1))
    waiting = publishing.schedule_story(
        story=write(headline="Waiting"), go_live_at=now + datetime.timedelta(hours=1)
    )
    Change.objects.all().delete()
    assert publishing.run_due(now=now) == 2
    assert Story.objects.get(pk=due.pk).live
    assert not Story.objects.get(pk=expiring.pk).live
    assert not Story.objects.get(pk=waiting.pk).live
    assert {key for _kind, key in outbox()} == {due.public_id, expiring.public_id}
    with django_assert_num_queries(2):
        publishing.run_due(now=now)


def test_a_story_that_cannot_be_published_holds_up_no_other(write, published):
    now = timezone.now()
    bad, good = write(headline="Bad"), write(headline="Good")
    for story in (bad, good):
        story.save_revision(approved_go_live_at=now)
    published(headline="First there", slug="taken")
    content = bad.latest_revision.content
    bad.latest_revision.content = {**content, "slug": "taken"}
    bad.latest_revision.save()
    publishing.run_due(now=now)
    assert Story.objects.get(pk=good.pk).live
    assert not Story.objects.get(pk=bad.pk).live
    assert publishing.run_due(now=now) == 0
    entry = PageLogEntry.objects.get(page_id=bad.pk, action="nashra.schedule.failed")
    assert "taken" in str(entry.message)
