"""A withdrawn story that readers' devices are to forget: two people, a withdrawn story, and nothing else."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry

from nashra.desk import publishing, tombstones
from nashra.desk.models import Story, Tombstone
from nashra.desk.tombstones import CARRIED_FOR, CannotBury
from nashra.edition.tombstones import parse_tombstones, story_hash

pytestmark = pytest.mark.django_db(databases=["default", "readers"])

DAY = datetime.timedelta(days=1)
PAGE = "/withdrawals/"


@pytest.fixture
def withdrawn(published) -> Story:
    return publishing.withdraw_story(story=published())


@pytest.fixture
def second(django_user_model, staff):
    """Another editor."""
    person = django_user_model.objects.create(username="second")
    person.groups.set(staff["editor"].groups.all())
    return person


def told(now: datetime.datetime | None = None) -> tuple[str, ...]:
    return parse_tombstones(tombstones.tombstones_at(now or timezone.now()))


def bury(story: Story, first, second) -> Tombstone:
    asked = tombstones.ask(story, user=first, now=timezone.now())
    return tombstones.confirm(asked, user=second, now=timezone.now())


def test_an_edition_tells_of_a_story_once_two_people_said_so(withdrawn, staff, second):
    asked = tombstones.ask(withdrawn, user=staff["editor"], now=timezone.now())
    assert told() == ()
    tombstones.confirm(asked, user=second, now=timezone.now())
    assert told() == (story_hash(withdrawn.public_id),)
    told_of = PageLogEntry.objects.filter(page=withdrawn, action__startswith="nashra.tombstone")
    assert {entry.action: entry.user_id for entry in told_of} == {
        "nashra.tombstone.asked": staff["editor"].pk,
        "nashra.tombstone.confirmed": second.pk,
    }


def test_nobody_confirms_what_they_asked_for_themselves(withdrawn, staff):
    asked = tombstones.ask(withdrawn, user=staff["editor"], now=timezone.now())
    with pytest.raises(CannotBury, match="second person"):
        tombstones.confirm(asked, user=staff["editor"], now=timezone.now())
    assert told() == ()


def test_the_database_itself_refuses_a_tombstone_of_one_person(withdrawn, staff):
    with pytest.raises(IntegrityError):
        Tombstone.objects.create(
            story=withdrawn,
            story_hash=story_hash(withdrawn.public_id),
            asked_by=staff["editor"],
            asked_at=timezone.now(),
            confirmed_by=staff["editor"],
            confirmed_at=timezone.now(),
        )


@pytest.mark.parametrize("group", ["reporter", "moderator"])
def test_who_may_not_publish_may_neither_ask_nor_confirm(withdrawn, staff, group):
    with pytest.raises(PermissionDenied):
        tombstones.ask(withdrawn, user=staff[group], now=timezone.now())
    asked = tombstones.ask(withdrawn, user=staff["editor"], now=timezone.now())
    for verb in (tombstones.confirm, lambda each, *, user, now: tombstones.take_back(each, user=user)):
        with pytest.raises(PermissionDenied):
            verb(asked, user=staff[group], now=timezone.now())
    assert Tombstone.objects.get().confirmed_at is None


def test_a_story_that_readers_have_or_never_had_cannot_be_forgotten(published, write, staff):
    for story in (published(), write(headline="A draft")):
        with pytest.raises(CannotBury, match="withdrawn"):
            tombstones.ask(story, user=staff["editor"], now=timezone.now())


def test_it_is_asked_for_once(withdrawn, staff, second):
    asked = tombstones.ask(withdrawn, user=staff["editor"], now=timezone.now())
    with pytest.raises(CannotBury, match="already"):
        tombstones.ask(withdrawn, user=second, now=timezone.now())
    tombstones.confirm(asked, user=second, now=timezone.now())
    with pytest.raises(CannotBury, match="already"):
        tombstones.ask(withdrawn, user=second, now=timezone.now())
    with pytest.raises(CannotBury, match="in the meantime"):
        tombstones.confirm(asked, user=staff["administrator"], now=timezone.now())
    with pytest.raises(CannotBury, match="in the meantime"):
        tombstones.take_back(asked, user=second)


def test_what_was_taken_back_is_told_to_nobody(withdrawn, staff, second):
    asked = tombstones.ask(withdrawn, user=staff["editor"], now=timezone.now())
    tombstones.take_back(asked, user=second)
    with pytest.raises(CannotBury, match="in the meantime"):
        tombstones.confirm(asked, user=second, now=timezone.now())
    assert told() == ()


def test_a_story_that_is_published_again_is_no_longer_to_be_forgotten(withdrawn, staff, second):
    bury(withdrawn, staff["editor"], second)
    again = publishing.publish_story(story=withdrawn)
    assert told() == ()
    # Nor when it is withdrawn once more: two people said it of another time.
    publishing.withdraw_story(story=again)
    assert told() == ()
    bury(again, second, staff["editor"])
    assert told() == (story_hash(withdrawn.public_id),)


def test_what_was_asked_for_before_a_story_came_back_cannot_be_confirmed(withdrawn, staff, second):
    asked = tombstones.ask(withdrawn, user=staff["editor"], now=timezone.now())
    again = publishing.publish_story(story=withdrawn)
    with pytest.raises(CannotBury, match="published again"):
        tombstones.confirm(asked, user=second, now=timezone.now())
    publishing.withdraw_story(story=again)
    bury(again, second, staff["editor"])
    assert len(told()) == 1


def test_it_is_told_for_more_than_a_year_and_outlives_its_story_and_its_people(withdrawn, staff, second):
    buried = bury(withdrawn, staff["editor"], second)
    name = story_hash(withdrawn.public_id)
    withdrawn.delete()
    second.delete()
    staff["editor"].delete()
    assert told() == (name,)
    assert told(buried.confirmed_at + 366 * DAY) == (name,)
    assert told(buried.confirmed_at + CARRIED_FOR) == ()


def test_nobody_confirms_for_an_account_that_is_gone(withdrawn, staff, second):
    asked = tombstones.ask(withdrawn, user=staff["editor"], now=timezone.now())
    staff["editor"].delete()
    with pytest.raises(CannotBury, match="no longer here"):
        tombstones.confirm(asked, user=second, now=timezone.now())


def test_two_editors_have_a_story_forgotten_at_the_desk(withdrawn, desk, second):
    first = desk("editor")
    assert "The ovens burn again" in first.get(PAGE).content.decode()
    asked = first.post(PAGE, {"ask": withdrawn.pk}, follow=True).content.decode()
    assert "Somebody else must confirm it." in asked
    assert 'name="confirm"' not in asked
    number = Tombstone.objects.get().pk
    refused = first.post(PAGE, {"confirm": number}, follow=True).content.decode()
    assert "You asked for this yourself" in refused
    other = Client()
    other.force_login(second)
    assert 'name="confirm"' in other.get(PAGE).content.decode()
    done = other.post(PAGE, {"confirm": number}, follow=True).content.decode()
    assert "told to forget it until" in done
    assert told() == (story_hash(withdrawn.public_id),)


def test_what_a_form_should_not_say_changes_nothing(withdrawn, desk):
    editor = desk("editor")
    for key in ("0", "-1", "x", "9" * 40, ""):
        assert editor.post(PAGE, {"ask": key}).status_code == 404
    assert editor.post(PAGE, {}).status_code == 302
    assert not Tombstone.objects.exists()


@pytest.mark.parametrize("group", ["reporter", "moderator"])
def test_the_page_is_for_editors_alone(withdrawn, desk, group):
    client = desk(group)
    assert client.get(PAGE).status_code in {302, 403}
    client.post(PAGE, {"ask": withdrawn.pk})
    assert not Tombstone.objects.exists()
    assert "withdrawals" not in client.get("/").content.decode()


def test_whoever_withdraws_a_story_is_told_what_that_does_not_reach(published, desk):
    story = published()
    address = reverse("wagtailadmin_pages:unpublish", args=(story.pk,))
    answer = desk("editor").post(address, follow=True).content.decode()
    assert "What readers carry already stays with them" in answer
    assert PAGE in answer


def test_the_page_asks_about_many_stories_at_the_cost_of_a_few(
    published, desk, django_assert_max_num_queries
):
    for number in range(4):
        publishing.withdraw_story(story=published(headline=f"Bread {number}"))
    editor = desk("editor")
    editor.get(PAGE)
    with django_assert_max_num_queries(40) as few:
        editor.get(PAGE)
    for number in range(4, 20):
        publishing.withdraw_story(story=published(headline=f"Bread {number}"))
    with django_assert_max_num_queries(len(few.captured_queries)):
        editor.get(PAGE)


def test_an_older_newsroom_gives_the_rights_in_the_form_for_groups(admin_client, staff):
    form = admin_client.get(f"/groups/edit/{staff['editor'].groups.get().pk}/").content.decode()
    for right in ("have readers&#x27; devices forget a withdrawn story", "see how the mirrors are"):
        assert right in form
