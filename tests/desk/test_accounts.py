"""Who manages accounts gives nobody more power than they hold, by real requests to the desk."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

pytestmark = pytest.mark.django_db(databases=["default", "readers", "snapshot"])

ADD = "wagtailusers_users:add"
EDIT = "wagtailusers_users:edit"
PASSWORD = "a long enough pass phrase"
OTHER = "another long enough phrase"
SWITCH_OFF = "/bulk/auth/user/set_active_state/?next=/users/&id="


def account(username: str, **changes: object) -> dict[str, object]:
    names = {
        "username": username,
        "email": f"{username}@desk.example",
        "first_name": "Ilo",
        "last_name": "Marsh",
    }
    return {**names, "password1": PASSWORD, "password2": PASSWORD, "is_active": "on", **changes}


@pytest.fixture
def chief(db: None) -> User:
    return User.objects.create_superuser(username="chief", password=PASSWORD)


def test_an_administrator_adds_a_colleague_but_no_superuser(desk):
    administrator = desk("administrator")
    assert b'name="is_superuser"' not in administrator.get(reverse(ADD)).content
    editors = Group.objects.get(name="editor")
    administrator.post(reverse(ADD), account("noor", is_superuser="on", groups=[editors.pk]))
    noor = User.objects.get(username="noor")
    assert not noor.is_superuser
    assert list(noor.groups.all()) == [editors]


def test_an_administrator_makes_no_superuser_of_anybody_nor_of_themselves(desk, staff):
    administrator = desk("administrator")
    for user in (staff["reporter"], staff["administrator"]):
        address = reverse(EDIT, args=(user.pk,))
        assert b'name="is_superuser"' not in administrator.get(address).content
        administrator.post(address, account(user.username, is_superuser="on"))
        user.refresh_from_db()
        assert user.first_name == "Ilo"
        assert not user.is_superuser


def test_an_administrator_cannot_take_over_or_switch_off_a_superuser(desk, chief):
    administrator = desk("administrator")
    address = reverse(EDIT, args=(chief.pk,))
    assert administrator.get(address).status_code == 302
    administrator.post(address, account("chief", password1=OTHER, password2=OTHER))
    administrator.post(f"{SWITCH_OFF}{chief.pk}", {"mark_as_active": "False"})
    chief.refresh_from_db()
    assert chief.check_password(PASSWORD)
    assert chief.is_active


def test_an_administrator_still_switches_off_a_colleague(desk, staff):
    desk("administrator").post(
        f"{SWITCH_OFF}{staff['reporter'].pk}",
        {"mark_as_active": "False"},
    )
    staff["reporter"].refresh_from_db()
    assert not staff["reporter"].is_active


def test_a_superuser_makes_another(client, newsroom, chief):
    client.force_login(chief)
    assert b'name="is_superuser"' in client.get(reverse(ADD)).content
    client.post(reverse(ADD), account("second", is_superuser="on"))
    assert User.objects.get(username="second").is_superuser
