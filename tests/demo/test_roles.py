"""The demo's people at the desk: a user for each role, and a file of passwords for nobody else's eyes."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate, get_user_model

from nashra.demo.roles import create_roles
from nashra.desk import publishing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _newsroom(db: None) -> None:
    publishing.create_newsroom(languages=["en"], name="The Weir")


def passwords_in(file: Path) -> dict[str, str]:
    lines = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines() if "\t" in line]
    return dict(lines)


def test_each_role_can_log_in_with_its_password_and_is_in_its_group(settings: Any):
    passwords = passwords_in(create_roles(var=settings.NASHRA_VAR))
    assert set(passwords) == {"reporter", "editor", "moderator", "administrator"}
    for name, password in passwords.items():
        user = authenticate(username=name, password=password)
        assert [group.name for group in user.groups.all()] == [name]
        assert not user.is_superuser


def test_only_their_owner_may_read_the_passwords(settings: Any):
    file = create_roles(var=settings.NASHRA_VAR)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_second_start_keeps_users_and_passwords(settings: Any):
    before = create_roles(var=settings.NASHRA_VAR).read_bytes()
    users = list(get_user_model().objects.order_by("pk").values("username", "password"))
    assert create_roles(var=settings.NASHRA_VAR).read_bytes() == before
    assert list(get_user_model().objects.order_by("pk").values("username", "password")) == users


def test_a_role_whose_user_was_deleted_comes_back_with_a_new_password(settings: Any):
    first = passwords_in(create_roles(var=settings.NASHRA_VAR))
    get_user_model().objects.get(username="reporter").delete()
    second = passwords_in(create_roles(var=settings.NASHRA_VAR))
    assert second["reporter"] != first["reporter"]
    assert second["editor"] == first["editor"]
