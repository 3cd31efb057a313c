"""Counts for pages made elsewhere: what stands alone, the same for everybody, a hundred stories at most."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError

from nashra.readers import threads
from nashra.readers.models import Thread
from nashra.readers.moderation import approve
from tests.readers.conftest import NOON, Reader, make_thread
from tests.readers.test_reports import a_comment

pytestmark = pytest.mark.django_db(databases=["default", "readers"])


def ask(reader: Reader, *public_ids: str) -> Any:
    return reader.client.get(f"/readers/counts?{urlencode({'stories': ','.join(public_ids)})}")


def test_it_counts_what_stands_and_nothing_that_waits(
    reader: Reader, thread: Thread, moderator: User
) -> None:
    make_thread("0ther")
    for name in ("c1", "c2", "c3"):
        a_comment(thread, name)
    for name in ("c1", "c2"):
        approve(public_id=name, version=1, moderator=moderator, now=NOON)
    answer = ask(reader, "0ther", "st0ry", "unkn0wn")
    assert answer.status_code == 200
    assert answer.json() == {"0ther": 0, "st0ry": 2}
    assert answer["Cache-Control"] == "public, max-age=60"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not answer.cookies


def test_a_withdrawn_story_has_no_count(reader: Reader, thread: Thread) -> None:
    threads.close_thread(public_id=thread.public_id)
    assert ask(reader, "st0ry").json() == {}


def test_a_hundred_stories_are_asked_for_at_once_and_no_more(reader: Reader, db: None) -> None:
    names = [f"s{number}" for number in range(101)]
    assert ask(reader, *names[:100]).status_code == 200
    assert ask(reader, *names, *names).status_code == 400
    assert ask(reader, *names[:100], *names[:100]).status_code == 200


@pytest.mark.parametrize("public_id", ["", "'", "a" * 41, "../x", "\x00", "٣"])
def test_what_can_be_no_public_id_is_refused_with_a_sentence(
    reader: Reader, db: None, public_id: str
) -> None:
    answer = ask(reader, public_id)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")


def test_it_is_only_read(reader: Reader, thread: Thread) -> None:
    answer = reader.post("/readers/counts?story=st0ry", {})
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


def test_a_busy_database_is_said_plainly(
    reader: Reader, thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(_public_ids: Any) -> Any:
        raise OperationalError("database is locked")

    monkeypatch.setattr(threads, "comment_counts", locked)
    assert ask(reader, "st0ry").status_code == 503
