"""A thread to write to, moderators who decide, and a browser at the readers' origin."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from nashra.edition.content import Link, Publication
from nashra.readers import limits
from nashra.readers.models import Thread
from nashra.readers.threads import keep_thread

NOON = datetime.datetime(2026, 11, 3, 12, 20, tzinfo=datetime.UTC)


def publication(language: str = "en") -> Publication:
    """A paper that no real one is like."""
    return Publication(
        language=language,
        name={"en": "The Lantern", "ar": "المصباح", "fa": "فانوس"}[language],
        strapline="",
        address=f"/{language}/",
        time_zone="Asia/Tehran" if language == "fa" else "Africa/Cairo",
        site_url="http://testserver",
        sections=(Link(text="Harbour", address=f"/{language}/harbour/"),),
        policy_address=f"/{language}/comment-policy/",
    )


def make_thread(public_id: str = "st0ry", language: str = "en", **facts: Any) -> Thread:
    """A thread as the press makes it."""
    values = {
        "public_id": public_id,
        "language": language,
        "headline": "The ferry returns to Lumen Bay",
        "address": f"/{language}/harbour/the-ferry-returns/",
        "is_open": True,
        "publication": publication(language),
    }
    keep_thread(**(values | facts))
    return Thread.objects.get(public_id=public_id)


@pytest.fixture
def thread(db: None) -> Thread:
    """An English story that readers may write to."""
    return make_thread()


class Reader:
    """A browser at the readers' origin, which sends forms as browsers do."""

    def __init__(self, **headers: str) -> None:
        self.client = Client(raise_request_exception=False, headers=headers)

    def post(self, path: str, fields: dict[str, str], **extra: Any) -> Any:
        """Send a form's fields, urlencoded."""
        return self.send(path, urlencode(fields).encode(), **extra)

    def send(
        self, path: str, body: bytes, content_type: str = "application/x-www-form-urlencoded", **extra: Any
    ) -> Any:
        """Send bytes as they are."""
        return self.client.generic("POST", path, body, content_type, **extra)


@pytest.fixture
def readers_origin(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses, middleware and limits as they are in the readers' role; nothing was counted before.

    Tests are faster than anybody reads.
    """
    monkeypatch.setattr(limits, "HERE", limits.Limits(fast_s=0))
    settings.ROOT_URLCONF = "nashra.readers.urls"
    settings.MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 20
    settings.NASHRA_SITE_URL = "http://testserver"


@pytest.fixture
def reader(readers_origin: None) -> Reader:
    """Somebody whose browser says that a form is our own."""
    return Reader(**{"sec-fetch-site": "same-origin", "origin": "null"})


@pytest.fixture
def moderator(db: None) -> User:
    """Somebody who holds the permission, and no other."""
    return make_moderator("maryam")


@pytest.fixture
def desk(moderator: User) -> Client:
    """The moderator's browser, logged in at the desk; it refuses what no form of ours sent."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(moderator)
    return client


def make_moderator(name: str) -> User:
    """A moderator who may enter the desk and decide about comments."""
    user = User.objects.create_user(username=name, password="a long enough pass phrase")
    user.user_permissions.add(
        Permission.objects.get(codename="moderate_comments"),
        Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"),
    )
    return user
