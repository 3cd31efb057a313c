"""Many posts at the same moment: each browser counts once, and counters stay equal to rows."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connections

from nashra.readers import receive, tokens
from nashra.readers.models import Comment, ModerationEntry, Thread, Vote
from nashra.readers.moderation import AlreadyDecided, approve, reject
from tests.readers.conftest import NOON, Reader, make_moderator, make_thread

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "readers"])


def at_once(jobs: list[Callable[[], Any]]) -> list[Any]:
    """Run the jobs in threads with connections of their own, and give what each returned."""

    def run(job: Callable[[], Any]) -> Any:
        try:
            return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=10) as pool:
        return list(pool.map(run, jobs))


def test_50_votes_with_one_cookie_count_as_one(readers_origin: None) -> None:
    thread = make_thread()
    cookie = tokens.sign_voter(now=datetime.datetime.now(datetime.UTC), voter="one-browser")

    def send() -> int:
        reader = Reader(**{"sec-fetch-site": "same-origin"})
        reader.client.cookies["nashra_reaction"] = cookie
        return reader.post("/readers/reaction", {"story": thread.public_id, "value": "yes"}).status_code

    assert set(at_once([send] * 50)) == {200}
    thread.refresh_from_db()
    assert (thread.yes_count, thread.no_count, Vote.objects.count()) == (1, 0, 1)


def test_50_browsers_at_once_are_all_counted(readers_origin: None) -> None:
    thread = make_thread()
    now = datetime.datetime.now(datetime.UTC)

    def sender(number: int) -> Callable[[], int]:
        def send() -> int:
            reader = Reader(**{"sec-fetch-site": "same-origin"})
            reader.client.cookies["nashra_reaction"] = tokens.sign_voter(now=now, voter=str(number))
            value = "yes" if number % 2 else "no"
            return reader.post("/readers/reaction", {"story": thread.public_id, "value": value}).status_code

        return send

    assert set(at_once([sender(n) for n in range(50)])) == {200}
    thread.refresh_from_db()
    assert (thread.yes_count, thread.no_count, Vote.objects.count()) == (25, 25, 50)


def test_one_form_sent_20_times_at_once_is_one_comment() -> None:
    thread = make_thread()
    typed = receive.Typed(name="Lina", text="I saw it come in.")
    token = receive.preview_comment(thread=thread, typed=typed, now=NOON, nonce="one").token

    def send() -> receive.Step:
        return receive.accept_comment(thread=thread, typed=typed, token=token, now=NOON, nonce="two").step

    assert set(at_once([send] * 20)) == {receive.Step.RECEIVED}
    assert Comment.objects.count() == 1


def test_of_ten_moderators_at_once_one_decides() -> None:
    thread: Thread = make_thread()
    moderators: list[User] = [make_moderator(f"moderator-{n}") for n in range(10)]
    typed = receive.Typed(name="Lina", text="I saw it come in.")
    token = receive.preview_comment(thread=thread, typed=typed, now=NOON, nonce="one").token
    receive.accept_comment(thread=thread, typed=typed, token=token, now=NOON, nonce="two")
    public_id = Comment.objects.get().public_id

    def decider(number: int) -> Callable[[], bool]:
        def decide() -> bool:
            verb = approve if number % 2 else reject
            try:
                verb(public_id=public_id, version=1, moderator=moderators[number], now=NOON)
            except AlreadyDecided:
                return False
            return True

        return decide

    assert at_once([decider(n) for n in range(10)]).count(True) == 1
    comment = Comment.objects.select_related("thread").get()
    assert comment.thread.comment_count == (comment.state == "approved")
    entry = ModerationEntry.objects.get()
    assert entry.moderator == comment.decided_by
