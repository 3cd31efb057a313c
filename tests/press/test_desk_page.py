"""Who sees at the desk what the press did, and what they see."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model

from nashra.desk import publishing
from nashra.press.models import Overdue
from tests.press.conftest import NOW

pytestmark = pytest.mark.django_db(databases=["default", "readers", "snapshot"])


@pytest.mark.parametrize(
    ("group", "sees"), [("reporter", False), ("moderator", False), ("editor", True), ("administrator", True)]
)
def test_editors_and_administrators_see_what_the_press_did(pressroom, write, client, group, sees):
    write()
    pressroom.full()
    publishing.create_user(username="somebody", password="a long enough one", group=group)
    client.force_login(get_user_model().objects.get(username="somebody"))
    answer = client.get("/press/")
    assert (answer.status_code == 200) is sees
    home = client.get("/").content.decode()
    assert ('href="/press/"' in home or '"/press/"' in home) is sees


def test_the_page_names_the_stories_that_could_not_be_pressed(pressroom, write, admin_client):
    pressroom.full()
    Overdue.objects.create(public_id="abc", reason="FileNotFoundError: the picture", try_again_at=NOW)
    assert "FileNotFoundError: the picture" in admin_client.get("/press/").content.decode()
