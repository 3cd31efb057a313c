"""Each group may do what its name says, by real requests to the desk."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from nashra.desk import groups, publishing
from nashra.desk.models import Person, Publication, Section, Story
from tests.desk.conftest import form_values

pytestmark = pytest.mark.django_db(databases=["default", "readers", "snapshot"])

EDIT = "wagtailadmin_pages:edit"


@pytest.mark.parametrize("group", groups.GROUPS)
def test_everybody_can_log_in(newsroom, client, group):
    publishing.create_user(username="sam", password="a long enough phrase", group=group)
    client.post(reverse("wagtailadmin_login"), {"username": "sam", "password": "a long enough phrase"})
    assert client.get(reverse("wagtailadmin_home")).status_code == 200


def test_nobody_else_sees_the_desk(newsroom, client):
    assert client.get("/").status_code == 302
    assert client.get("/pages/").status_code == 302


def test_a_reporter_writes_a_draft_and_cannot_publish_it(desk, staff, security):
    reporter = desk("reporter")
    add = reverse("wagtailadmin_pages:add", args=("desk", "story", security.pk))
    reporter.post(add, form_values(None, title="My story", slug="my-story", **{"action-publish": "1"}))
    story = Story.objects.get(title="My story")
    assert story.owner == staff["reporter"]
    assert not story.live
    assert reporter.get(reverse(EDIT, args=(story.pk,))).status_code == 200
    reporter.post(reverse(EDIT, args=(story.pk,)), form_values(story, **{"action-publish": "1"}))
    assert not Story.objects.get(pk=story.pk).live


def test_a_reporter_does_not_touch_what_others_wrote(desk, staff, published):
    story = published(user=staff["editor"])
    reporter = desk("reporter")
    for name in (
        EDIT,
        "wagtailadmin_pages:unpublish",
        "wagtailadmin_pages:delete",
        "wagtailadmin_pages:move",
    ):
        assert reporter.get(reverse(name, args=(story.pk,))).status_code == 302, name
        reporter.post(reverse(name, args=(story.pk,)))
    assert Story.objects.get(pk=story.pk).live


def test_a_reporters_verbs_are_bound_by_the_same_rights(staff, write):
    story = write(user=staff["reporter"])
    with pytest.raises(PermissionDenied, match="reporter may not publish"):
        publishing.publish_story(story=story, user=staff["reporter"])
    live = publishing.publish_story(story=story, user=staff["editor"])
    with pytest.raises(PermissionDenied, match="may not withdraw"):
        publishing.withdraw_story(story=live, user=staff["reporter"])


def test_an_editor_publishes_withdraws_and_deletes(desk, write):
    story = write()
    editor = desk("editor")
    editor.post(reverse(EDIT, args=(story.pk,)), form_values(story, **{"action-publish": "1"}))
    assert Story.objects.get(pk=story.pk).live
    editor.post(reverse("wagtailadmin_pages:unpublish", args=(story.pk,)))
    assert not Story.objects.get(pk=story.pk).live
    editor.post(reverse("wagtailadmin_pages:delete", args=(story.pk,)))
    assert not Story.objects.filter(pk=story.pk).exists()


def test_an_editor_does_not_change_sections_or_publications(desk, security, newsroom):
    editor = desk("editor")
    for page in (security, newsroom["en"]):
        for name in (EDIT, "wagtailadmin_pages:unpublish", "wagtailadmin_pages:delete"):
            assert editor.get(reverse(name, args=(page.pk,))).status_code == 302, (page, name)
    add = reverse("wagtailadmin_pages:add", args=("desk", "section", newsroom["en"].pk))
    assert editor.get(add).status_code == 302


def test_an_administrator_opens_and_renames_sections(desk, newsroom):
    administrator = desk("administrator")
    add = reverse("wagtailadmin_pages:add", args=("desk", "section", newsroom["en"].pk))
    comments = {key: value for key, value in form_values(None).items() if key.startswith("comments-")}
    values = {"title": "Culture", "slug": "culture", "description": "", "action-publish": "1", **comments}
    administrator.post(add, values)
    section = Section.objects.get(slug="culture")
    assert section.live
    assert administrator.get(reverse(EDIT, args=(newsroom["en"].pk,))).status_code == 200
    for name in ("wagtailusers_users:index", "wagtaillocales:index"):
        assert administrator.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("group", ["reporter", "editor", "moderator"])
def test_nobody_else_manages_users(desk, group):
    assert desk(group).get(reverse("wagtailusers_users:index")).status_code == 302


def test_a_moderator_sees_no_story_editing(desk, write):
    story = write()
    moderator = desk("moderator")
    seen_by_moderator = moderator.get("/").content.decode()
    seen_by_editor = desk("editor").get("/").content.decode()
    for entry in ("Newsroom", "Photos", "PageExplorerMenuItem"):
        assert entry in seen_by_editor, entry
        assert entry not in seen_by_moderator, entry
    for address in (
        reverse(EDIT, args=(story.pk,)),
        "/images/",
        "/snippets/desk/person/",
        f"/pages/{story.pk}/",
    ):
        assert moderator.get(address).status_code == 302, address


def test_moderators_editors_and_administrators_moderate(staff):
    may = {name for name, user in staff.items() if user.has_perm("desk.moderate_comments")}
    assert may == {"moderator", "editor", "administrator"}


def test_what_a_reporter_hands_in_waits_for_an_editor(desk, staff, write):
    story = write(user=staff["reporter"])
    submit = form_values(story, **{"action-submit": "1"})
    desk("reporter").post(reverse(EDIT, args=(story.pk,)), submit)
    task = Story.objects.get(pk=story.pk).current_workflow_task
    assert {group.name for group in task.specific.groups.all()} == {"editor", "administrator"}


def test_a_person_with_a_published_byline_is_not_deleted(desk, published):
    person = Person.objects.create(name="Mara Quill")
    published(authors=[person])
    editor = desk("editor")
    address = reverse("wagtailsnippets_desk_person:delete", args=(person.pk,))
    answer = editor.post(address, follow=True)
    assert "Withhold the name" in answer.content.decode()
    assert Person.objects.filter(pk=person.pk).exists()


def test_a_new_story_whose_address_is_taken_gets_the_next(desk, security, published):
    published(slug="taken")
    add = reverse("wagtailadmin_pages:add", args=("desk", "story", security.pk))
    desk("editor").post(add, form_values(None, title="Again", slug="taken"))
    assert Story.objects.get(title="Again").slug == "taken-2"


def test_a_reserved_address_is_refused_at_the_form(desk, security):
    add = reverse("wagtailadmin_pages:add", args=("desk", "story", security.pk))
    answer = desk("editor").post(add, form_values(None, title="Again", slug="2026"))
    assert "kept for the site" in answer.content.decode()
    assert not Story.objects.exists()


def test_no_alias_is_made(desk, published, security):
    story = published()
    address = reverse("wagtailadmin_pages:copy", args=(story.pk,))
    values = {"new_title": "x", "new_slug": "x", "new_parent_page": security.pk, "alias": "on"}
    desk("editor").post(address, values)
    assert Story.objects.count() == 1


def test_the_groups_can_be_made_again(newsroom):
    before = {group.name: group.permissions.count() for group in Group.objects.all()}
    groups.ensure_groups()
    assert {group.name: group.permissions.count() for group in Group.objects.all()} == before
    assert set(before) == set(groups.GROUPS)


def test_a_new_publication_is_open_to_reporters(newsroom, staff):
    publishing.create_newsroom(languages=["fa"], name="Fanus")
    fanus = Publication.objects.get(locale__language_code="fa")
    section = publishing.create_section(publication=fanus, title="امنیت")
    assert publishing.write_story(section=section, headline="نان", user=staff["reporter"]).slug == "نان"
