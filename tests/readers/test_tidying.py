"""What the readers' desk does by itself: purge, recount, and leave no erased word in the database's files."""

from __future__ import annotations

import datetime
import random
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connections
from django.utils import timezone

from nashra.readers import commenter, receipts, receive, tidying
from nashra.readers.models import Change, Comment, Erasure, Thread
from nashra.readers.moderation import approve, reject
from tests.readers.conftest import NOON, make_moderator, make_thread

BOTH = ["default", "readers"]
DAY = datetime.timedelta(days=1)


def stored(thread: Thread, words: str, receipt: str = "") -> Comment:
    nonce = receipts.nonce_of(receipt or words)
    typed = receive.Typed(name="Lina", text=words)
    token = receive.preview_comment(thread=thread, typed=typed, now=NOON, nonce=nonce).token
    receive.accept_comment(thread=thread, typed=typed, token=token, now=NOON, nonce="unused")
    return Comment.objects.get(nonce=nonce)


@pytest.mark.django_db(databases=BOTH)
def test_it_purges_what_was_rejected_a_month_ago_and_nothing_else(thread: Thread, moderator: User) -> None:
    old, young, approved, waiting = (stored(thread, words) for words in ("One.", "Two.", "Three.", "Four."))
    reject(public_id=old.public_id, version=1, moderator=moderator, now=NOON)
    reject(public_id=young.public_id, version=1, moderator=moderator, now=NOON + DAY)
    approve(public_id=approved.public_id, version=1, moderator=moderator, now=NOON)
    assert tidying.purge(NOON + 29 * DAY) == 0
    assert tidying.purge(NOON + 30 * DAY) == 1
    assert set(Comment.objects.values_list("pk", flat=True)) == {young.pk, approved.pk, waiting.pk}


@pytest.mark.django_db(databases=BOTH)
def test_what_was_decided_before_days_were_kept_is_purged_a_month_after_the_upgrade(
    thread: Thread, moderator: User
) -> None:
    comment = stored(thread, "One.")
    reject(public_id=comment.public_id, version=1, moderator=moderator, now=NOON)
    waiting = stored(thread, "Two.")
    Comment.objects.update(decided_on=None)
    upgrade = import_module("nashra.readers.migrations.0006_begin_to_count_the_days")
    upgrade.fill(apps, SimpleNamespace(connection=connections["readers"]))
    comment.refresh_from_db()
    assert comment.decided_on == timezone.now().date()
    assert Comment.objects.get(pk=waiting.pk).decided_on is None
    assert tidying.purge(timezone.now() + 30 * DAY) == 1


@pytest.mark.django_db(databases=BOTH)
def test_it_remembers_an_erasure_for_as_long_as_its_preview_can_be_sent(thread: Thread) -> None:
    receipt = receipts.new_receipt(bytes(receipts.RANDOM_BYTES))
    stored(thread, "One.", receipt)
    commenter.erase(receipt=receipt, now=NOON)
    tidying.purge(NOON + 4 * DAY)
    assert Erasure.objects.count() == 1
    tidying.purge(NOON + 5 * DAY)
    assert not Erasure.objects.exists()


@pytest.mark.django_db(databases=BOTH)
def test_it_mends_a_count_that_drifted_and_leaves_the_others(thread: Thread, moderator: User) -> None:
    other = make_thread(public_id="0ther")
    for story in (thread, other):
        comment = stored(story, f"To {story.public_id}.")
        approve(public_id=comment.public_id, version=1, moderator=moderator, now=NOON)
    Change.objects.all().delete()
    assert tidying.recount(NOON) == 0
    Thread.objects.filter(pk=thread.pk).update(comment_count=7)
    assert tidying.recount(NOON) == 1
    assert Thread.objects.get(pk=thread.pk).comment_count == 1
    assert [change.thread for change in Change.objects.all()] == [thread.public_id]


@pytest.mark.django_db(databases=BOTH, transaction=True)
def test_after_an_erasure_no_file_of_the_database_holds_the_words() -> None:
    if connections["readers"].vendor != "sqlite":
        assert tidying.empty_write_ahead_log()
        return
    thread, moderator = make_thread(), make_moderator("maryam")
    receipt = receipts.new_receipt(bytes(range(receipts.RANDOM_BYTES)))
    words = "Qasr Marun remembers the zinnias of Wadi Sahl."
    comment = stored(thread, words, receipt)
    approve(public_id=comment.public_id, version=1, moderator=moderator, now=NOON)
    database = Path(connections["readers"].settings_dict["NAME"])
    assert any(words.encode() in content for content in _files(database))
    commenter.erase(receipt=receipt, now=NOON)
    tidying.tidy(NOON)
    assert not any(words.encode() in content for content in _files(database))


RUNS = 8


@pytest.mark.django_db(databases=BOTH, transaction=True)
def test_words_leave_no_trace_in_pages_from_which_they_were_moved_before() -> None:
    """In one run of eight or so, the overwriting that SQLite does by itself leaves some."""
    if connections["readers"].vendor != "sqlite":
        return
    database = Path(connections["readers"].settings_dict["NAME"])
    for seed in range(RUNS):
        with connections["readers"].cursor() as cursor:
            cursor.execute("CREATE TABLE scratch (id INTEGER PRIMARY KEY, words TEXT, digest TEXT UNIQUE)")
            try:
                held, gone = _come_and_go(cursor, random.Random(seed))  # noqa: S311 -- chances, not secrets
                assert tidying.empty_write_ahead_log()
                content = b"".join(_files(database))
            finally:
                cursor.execute("DROP TABLE scratch")
        assert any(word.encode() in content for word in held)
        assert [word for word in gone if word.encode() in content] == [], seed


def _come_and_go(cursor: Any, chance: random.Random) -> tuple[list[str], list[str]]:
    """Four hundred rows written, changed and deleted; gives the words that stand, and those that are gone."""
    held: dict[int, str] = {}
    gone: list[str] = []
    for number in range(400):
        word = f"w{number}-{chance.randrange(10**6):06d}-"
        words = word * chance.randrange(1, 60)
        what = chance.random()
        if what < 0.6 or not held:
            digest = f"{chance.getrandbits(128):032x}"
            cursor.execute("INSERT INTO scratch (words, digest) VALUES (%s, %s)", [words, digest])
            held[cursor.lastrowid] = word
            continue
        key = chance.choice(list(held))
        gone.append(held.pop(key))
        if what < 0.8:
            cursor.execute("UPDATE scratch SET words = %s WHERE id = %s", [words, key])
            held[key] = word
        else:
            cursor.execute("DELETE FROM scratch WHERE id = %s", [key])
    return list(held.values()), gone


def _files(database: Path) -> list[bytes]:
    return [file.read_bytes() for file in database.parent.glob(f"{database.name}*")]
