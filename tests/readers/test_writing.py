"""Writes in groups: an answer means that it is kept, and what cannot be written harms no other."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import pytest
from django.db import OperationalError, connections

from nashra.readers import writing
from nashra.readers.models import Comment, Erasure
from nashra.readers.router import ALIAS
from nashra.readers.storing import NewComment, Stored, store_together
from nashra.readers.writing import MOST_TOGETHER, GroupWriter
from tests.readers.conftest import NOON, make_thread

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "readers"])
PATIENCE_S = 30


def comment(thread_pk: int, nonce: str) -> NewComment:
    return NewComment(
        public_id=nonce,
        thread_pk=thread_pk,
        name="Lina",
        text=f"I saw it come in, said {nonce}.",
        day=NOON.date(),
        reasons=["links"],
        nonce=nonce,
        fingerprint=nonce,
        answers="",
    )


class Gate:
    """Stores like ``store_together``, but holds the first group back, and tells what each group held."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []
        self.is_held = threading.Event()
        self.may_go = threading.Event()

    def __call__(self, comments: Sequence[NewComment]) -> list[Stored]:
        self.groups.append([each.nonce for each in comments])
        stored = store_together(comments)
        if any(each.nonce == "broken" for each in comments):
            raise ValueError("This one cannot be written.")
        self.is_held.set()
        assert self.may_go.wait(PATIENCE_S)
        return stored


class Writers:
    """Threads that write, each with its own connection."""

    def __init__(self) -> None:
        self.writer = GroupWriter()
        self._pool = ThreadPoolExecutor(max_workers=MOST_TOGETHER + 10)

    def send(self, together: Callable[[Sequence[Any]], Sequence[Any]], item: Any) -> Future[Any]:
        def write() -> Any:
            try:
                return self.writer.write(together, item)
            finally:
                connections.close_all()

        return self._pool.submit(write)

    def wait_for_waiting(self, count: int) -> None:
        """Wait until so many stand in line behind the group that is being written."""
        for _ in range(PATIENCE_S * 100):
            if len(self.writer._waiting) == count:
                return
            threading.Event().wait(0.01)
        raise AssertionError(f"{len(self.writer._waiting)} wait, not {count}")

    def close(self) -> None:
        self._pool.shutdown()


@pytest.fixture
def writers() -> Any:
    made = Writers()
    yield made
    made.close()


def nonces() -> set[str]:
    return set(Comment.objects.values_list("nonce", flat=True))


def test_it_writes_what_came_meanwhile_together(writers: Writers) -> None:
    thread, gate = make_thread(), Gate()
    first = writers.send(gate, comment(thread.pk, "first"))
    assert gate.is_held.wait(PATIENCE_S)
    others = [writers.send(gate, comment(thread.pk, f"other-{number}")) for number in range(5)]
    writers.wait_for_waiting(5)
    gate.may_go.set()
    assert {each.result(PATIENCE_S) for each in (first, *others)} == {Stored.NEW}
    assert [len(group) for group in gate.groups] == [1, 5]
    assert nonces() == {"first", *(f"other-{number}" for number in range(5))}


def test_it_answers_only_after_the_commit(writers: Writers) -> None:
    thread, gate = make_thread(), Gate()
    first = writers.send(gate, comment(thread.pk, "first"))
    assert gate.is_held.wait(PATIENCE_S)
    # Inserted, and not committed: nobody has an answer, and no other connection sees the row.
    assert not first.done()
    assert nonces() == set()
    gate.may_go.set()
    assert first.result(PATIENCE_S) is Stored.NEW
    assert nonces() == {"first"}


def test_one_that_cannot_be_written_harms_no_other(writers: Writers) -> None:
    thread, gate = make_thread(), Gate()
    first = writers.send(gate, comment(thread.pk, "first"))
    assert gate.is_held.wait(PATIENCE_S)
    sent = {name: writers.send(gate, comment(thread.pk, name)) for name in ("one", "broken", "two")}
    writers.wait_for_waiting(3)
    gate.may_go.set()
    assert {each.result(PATIENCE_S) for each in (first, sent["one"], sent["two"])} == {Stored.NEW}
    with pytest.raises(ValueError, match="cannot be written"):
        sent["broken"].result(PATIENCE_S)
    assert nonces() == {"first", "one", "two"}
    assert writers.send(gate, comment(thread.pk, "later")).result(PATIENCE_S) is Stored.NEW


def test_no_group_is_larger_than_it_may_be(writers: Writers) -> None:
    thread, gate = make_thread(), Gate()
    sent = [writers.send(gate, comment(thread.pk, "first"))]
    assert gate.is_held.wait(PATIENCE_S)
    sent += [writers.send(gate, comment(thread.pk, f"n{number}")) for number in range(MOST_TOGETHER + 3)]
    writers.wait_for_waiting(MOST_TOGETHER + 3)
    gate.may_go.set()
    assert {each.result(PATIENCE_S) for each in sent} == {Stored.NEW}
    assert [len(group) for group in gate.groups] == [1, MOST_TOGETHER, 3]


def test_a_database_that_is_away_is_told_to_all_who_wait_and_the_next_are_written(writers: Writers) -> None:
    thread, gate = make_thread(), Gate()
    first = writers.send(gate, comment(thread.pk, "first"))
    assert gate.is_held.wait(PATIENCE_S)

    def away(_items: Sequence[NewComment]) -> list[Stored]:
        raise OperationalError("The database is away.")

    lost = [writers.send(away, comment(thread.pk, name)) for name in ("one", "two")]
    writers.wait_for_waiting(2)
    gate.may_go.set()
    assert first.result(PATIENCE_S) is Stored.NEW
    for each in lost:
        with pytest.raises(OperationalError):
            each.result(PATIENCE_S)
    assert writers.send(gate, comment(thread.pk, "later")).result(PATIENCE_S) is Stored.NEW
    assert nonces() == {"first", "later"}


def test_processes_stand_in_line_for_sqlite_alone(writers: Writers) -> None:
    """Another process's turn is held here by another open file, as the system tells them apart."""
    thread, gate = make_thread(), Gate()
    gate.may_go.set()
    is_sqlite = connections[ALIAS].vendor == "sqlite"
    name = f"{connections[ALIAS].settings_dict['NAME']}-turn" if is_sqlite else os.devnull
    handle = os.open(name, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        sent = writers.send(gate, comment(thread.pk, "first"))
        if is_sqlite:
            threading.Event().wait(0.5)
            assert not sent.done()
            assert gate.groups == []
            fcntl.flock(handle, fcntl.LOCK_UN)
        assert sent.result(PATIENCE_S) is Stored.NEW
    finally:
        os.close(handle)


def test_two_with_one_nonce_in_a_group_are_one_comment() -> None:
    thread = make_thread()
    twins = [comment(thread.pk, "twin"), comment(thread.pk, "other"), comment(thread.pk, "twin")]
    assert store_together(twins) == [Stored.NEW, Stored.NEW, Stored.KNOWN]
    assert store_together(twins[:1]) == [Stored.KNOWN]
    assert Comment.objects.count() == 2


def test_what_was_erased_does_not_come_back_in_a_group() -> None:
    thread = make_thread()
    Erasure.objects.create(nonce="erased", day=NOON.date())
    stored = store_together([comment(thread.pk, "erased"), comment(thread.pk, "new")])
    assert stored == [Stored.ERASED, Stored.NEW]
    assert nonces() == {"new"}


def test_a_stored_comment_is_as_one_that_the_model_makes() -> None:
    thread = make_thread()
    store_together([comment(thread.pk, "ours")])
    made = Comment.objects.create(
        public_id="theirs",
        thread=thread,
        name="Lina",
        text="I saw it come in, said theirs.",
        day=NOON.date(),
        reasons=["links"],
        nonce="theirs",
        fingerprint="theirs",
    )
    ours = Comment.objects.get(nonce="ours")
    own = {"id", "public_id", "text", "nonce", "fingerprint"}
    for field in Comment._meta.concrete_fields:
        if field.name not in own:
            assert getattr(ours, field.attname) == getattr(made, field.attname), field.name


# Writes one comment and says so, then is killed in the midst of a group: inserted, and not committed.
KILLED = """
import datetime, os, signal, sys, threading
import django
django.setup()
from nashra.readers import writing
from nashra.readers.storing import NewComment, store_together

def comment(nonce):
    day = datetime.date(2026, 11, 3)
    return NewComment(public_id=nonce, thread_pk=int(sys.argv[1]), name="Lina", text=nonce, day=day,
                      reasons=[], nonce=nonce, fingerprint=nonce, answers="")

def killed(comments):
    store_together(comments)
    os.kill(os.getpid(), signal.SIGKILL)

print(writing.write(store_together, comment("answered")).value, flush=True)
writing.write(killed, comment("unanswered"))
print("never", flush=True)
"""


def test_a_kill_before_the_commit_loses_only_what_was_not_answered() -> None:
    thread = make_thread()
    environment = {**os.environ, "NASHRA_ROLE": "readers", "DJANGO_SETTINGS_MODULE": "nashra.settings"}
    environment["READERS_DATABASE_URL"] = address_of_test_database()
    run = subprocess.run(
        [sys.executable, "-c", KILLED, str(thread.pk)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == -signal.SIGKILL, run.stderr
    assert run.stdout.split() == ["new"]
    assert nonces() == {"answered"}
    assert writing.write(store_together, comment(thread.pk, "unanswered")) is Stored.NEW


def address_of_test_database() -> str:
    values = connections[ALIAS].settings_dict
    if connections[ALIAS].vendor == "sqlite":
        return f"sqlite://{values['NAME']}"
    return f"postgresql://{quote(values['USER'])}@/{values['NAME']}?host={quote(values['HOST'], safe='')}"
