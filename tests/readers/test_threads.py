"""What the press tells of stories, and where the tables lie."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connections
from django.test.utils import CaptureQueriesContext

from nashra.readers.models import Comment, Thread
from nashra.readers.router import ForeignTable, ReadersRouter
from nashra.readers.threads import (
    ThreadFacts,
    close_thread,
    keep_threads,
    thread_link,
    thread_publication,
)
from tests.readers.conftest import make_thread, publication

pytestmark = pytest.mark.django_db(databases=["default", "readers"])


def test_a_thread_gives_back_the_publication_that_the_press_told() -> None:
    thread = make_thread(language="fa")
    assert thread_publication(thread) == publication("fa")
    assert thread_link(thread).address == "/fa/harbour/the-ferry-returns/"


def test_keeping_a_thread_again_changes_its_facts_and_keeps_its_counts() -> None:
    thread = make_thread()
    Thread.objects.update(comment_count=4, yes_count=2, last_position=9)
    again = make_thread(headline="The ferry is late", address="/en/harbour/late/", is_open=False)
    assert again.pk == thread.pk
    assert (again.headline, again.address, again.is_open) == ("The ferry is late", "/en/harbour/late/", False)
    assert (again.comment_count, again.yes_count, again.last_position) == (4, 2, 9)
    assert bytes(again.vote_key) == bytes(thread.vote_key)


def test_a_thousand_threads_are_kept_in_few_queries(django_assert_max_num_queries: Any) -> None:
    facts = [
        ThreadFacts(f"s{number}", "en", f"Story {number}", f"/en/harbour/{number}/", is_open=True)
        for number in range(1000)
    ]
    with django_assert_max_num_queries(5, using="readers"):
        keep_threads(facts)
    assert Thread.objects.count() == 1000
    assert len({bytes(key) for key in Thread.objects.values_list("vote_key", flat=True)}) == 1000


def test_threads_that_stand_as_told_are_not_written_again(django_assert_num_queries: Any) -> None:
    facts = [ThreadFacts(f"s{number}", "en", "Story", f"/en/{number}/", is_open=True) for number in range(9)]
    keep_threads(facts)
    with django_assert_num_queries(1, using="readers"):
        keep_threads(facts)


def test_closing_an_unknown_thread_is_nothing() -> None:
    close_thread(public_id="unkn0wn")
    assert not Thread.objects.exists()


def test_the_tables_lie_in_a_database_of_their_own() -> None:
    readers = set(connections["readers"].introspection.table_names())
    desk = set(connections["default"].introspection.table_names())
    assert {"readers_thread", "readers_comment", "readers_vote"} <= readers
    assert readers & desk == {"django_migrations"}
    assert not [table for table in desk if table.startswith("readers_")]


def test_the_router_sends_each_table_home() -> None:
    router = ReadersRouter()
    assert router.db_for_read(Comment) == router.db_for_write(Comment) == "readers"
    assert router.db_for_read(User) is router.db_for_write(User) is None
    assert router.allow_migrate("readers", "readers")
    assert router.allow_migrate("default", "readers") is False
    assert router.allow_migrate("snapshot", "readers") is False
    assert router.allow_migrate("readers", "auth") is False
    assert router.allow_migrate("default", "auth") is None
    assert router.allow_relation(Comment(), User()) is False


def test_in_the_readers_role_every_other_table_is_refused(settings: Any) -> None:
    settings.NASHRA_ROLE = "readers"
    router = ReadersRouter()
    assert router.db_for_read(Comment) == "readers"
    with pytest.raises(ForeignTable):
        router.db_for_read(User)
    with pytest.raises(ForeignTable):
        router.db_for_write(User)
    assert router.allow_migrate("default", "auth") is False


def test_the_press_and_votes_lock_stories_in_one_order(db: None) -> None:
    """Where both lock many stories at once, neither may wait for a story that the other holds."""
    facts = [ThreadFacts(f"s{number}", "en", "Story", f"/en/{number}/", is_open=True) for number in range(4)]
    keep_threads(facts)
    changed = [each._replace(headline="Another") for each in reversed(facts)]
    with CaptureQueriesContext(connections["readers"]) as asked:
        keep_threads(changed)
    statements = [each["sql"] for each in asked.captured_queries]
    locks = [number for number, sql in enumerate(statements) if "FOR NO KEY UPDATE" in sql]
    writes = [number for number, sql in enumerate(statements) if "INSERT INTO" in sql]
    assert writes
    if not connections["readers"].features.has_select_for_update:
        # SQLite has one writer, who need not ask for anything.
        assert not locks
        return
    assert locks[0] < writes[0]
    # The one column that is asked for is the id.
    assert statements[locks[0]].startswith('SELECT "readers_thread"."id" AS "pk" FROM')
    assert statements[locks[0]].endswith("ORDER BY 1 ASC FOR NO KEY UPDATE")
