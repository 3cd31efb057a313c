"""Moderators decide once, counts follow, the log keeps who and never what was written."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from nashra.readers import moderation, receive
from nashra.readers.models import AppendOnlyRow, Change, Comment, ModerationEntry, Thread
from nashra.readers.moderation import AlreadyDecided, approve, erase, reject, reopen
from nashra.readers.printed import comments_on_stories
from tests.readers.conftest import NOON, make_moderator, make_thread

pytestmark = pytest.mark.django_db(databases=["default", "readers"])


def waiting(thread: Thread, nonce: str, text: str = "I saw it come in.") -> str:
    """The public id of a comment that waits."""
    typed = receive.Typed(name="Lina", text=text)
    token = receive.preview_comment(thread=thread, typed=typed, now=NOON, nonce=nonce).token
    receive.accept_comment(thread=thread, typed=typed, token=token, now=NOON, nonce="unused")
    return Comment.objects.get(nonce=nonce).public_id


def assert_count_equals_rows(thread: Thread) -> int:
    thread.refresh_from_db()
    assert thread.comment_count == Comment.objects.filter(thread=thread, state="approved").count()
    return thread.comment_count


def test_the_second_moderator_is_told_who_was_first(thread: Thread, moderator: User) -> None:
    public_id = waiting(thread, "one")
    approve(public_id=public_id, version=1, moderator=moderator, now=NOON)
    with pytest.raises(AlreadyDecided) as first:
        reject(public_id=public_id, version=1, moderator=make_moderator("omar"), now=NOON)
    assert (first.value.state, first.value.decided_by) == ("approved", "maryam")
    with pytest.raises(AlreadyDecided):
        approve(public_id=public_id, version=1, moderator=moderator, now=NOON)
    assert assert_count_equals_rows(thread) == 1
    assert Change.objects.count() == ModerationEntry.objects.count() == 1


@pytest.mark.parametrize("verb", ["approve", "reject", "reopen", "erase", "release_totals"])
def test_nobody_but_a_moderator_decides(verb: str, thread: Thread) -> None:
    public_id = waiting(thread, "one")
    reporter = User.objects.create_user(username="reporter")
    facts: dict[str, Any] = {
        "reopen": {"public_id": public_id, "from_state": "waiting"},
        "release_totals": {"story_public_id": thread.public_id},
    }.get(verb, {"public_id": public_id, "version": 1})
    for somebody in (reporter, AnonymousUser()):
        with pytest.raises(PermissionDenied):
            getattr(moderation, verb)(**facts, moderator=somebody, now=NOON)
    assert Comment.objects.get().state == "waiting"
    assert not ModerationEntry.objects.exists()


def test_comments_stand_in_the_order_of_their_approval(thread: Thread, moderator: User) -> None:
    ids = [waiting(thread, str(n), f"Words of reader {n}.") for n in range(3)]
    for public_id in (ids[0], ids[2], ids[1]):
        approve(public_id=public_id, version=1, moderator=moderator, now=NOON)
    erase(public_id=ids[2], version=1, moderator=moderator, now=NOON)
    late = waiting(thread, "late", "Words that came late.")
    approve(public_id=late, version=1, moderator=moderator, now=NOON)
    shown = comments_on_stories([thread.public_id])[thread.public_id].comments
    assert [comment.public_id for comment in shown] == [ids[0], ids[1], late]
    positions = Comment.objects.order_by("position").values_list("position", flat=True)
    assert list(positions) == [1, 3, 4]


def test_a_rejected_comment_never_reaches_the_press(thread: Thread, moderator: User) -> None:
    reject(public_id=waiting(thread, "one"), version=1, moderator=moderator, now=NOON)
    assert comments_on_stories([thread.public_id]) == {}
    assert not Change.objects.exists()


def test_reopening_takes_it_off_the_page_and_lets_it_wait(thread: Thread, moderator: User) -> None:
    public_id = waiting(thread, "one")
    approve(public_id=public_id, version=1, moderator=moderator, now=NOON)
    reopen(public_id=public_id, from_state="approved", moderator=moderator, now=NOON)
    comment = Comment.objects.get()
    assert (comment.state, comment.position, comment.decided_by) == ("waiting", None, "")
    assert assert_count_equals_rows(thread) == 0
    assert Change.objects.count() == 2
    with pytest.raises(AlreadyDecided):
        reopen(public_id=public_id, from_state="approved", moderator=moderator, now=NOON)
    assert assert_count_equals_rows(thread) == 0


def test_erasing_deletes_the_row_for_good(thread: Thread, moderator: User) -> None:
    public_id = waiting(thread, "one")
    approve(public_id=public_id, version=1, moderator=moderator, now=NOON)
    erase(public_id=public_id, version=1, moderator=moderator, now=NOON)
    assert not Comment.objects.exists()
    assert assert_count_equals_rows(thread) == 0
    assert Change.objects.count() == 2
    with pytest.raises(AlreadyDecided):
        erase(public_id=public_id, version=1, moderator=moderator, now=NOON)


def test_the_log_keeps_no_words_and_cannot_be_changed(thread: Thread, moderator: User) -> None:
    public_id = waiting(thread, "one", "Words that must not be in the log.")
    reject(public_id=public_id, version=1, moderator=moderator, now=NOON)
    entry = ModerationEntry.objects.get()
    assert (entry.action, entry.moderator, entry.comment_public_id) == ("reject", "maryam", public_id)
    assert "must not" not in str(ModerationEntry.objects.values().get())
    with pytest.raises(AppendOnlyRow):
        entry.save()
    with pytest.raises(AppendOnlyRow):
        entry.delete()
    with pytest.raises(AppendOnlyRow):
        ModerationEntry.objects.update(moderator="somebody else")
    with pytest.raises(AppendOnlyRow):
        ModerationEntry.objects.all().delete()


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from(["approve", "reject", "reopen", "erase"])), max_size=12
    )
)
@hypothesis_settings(
    deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_count_equals_the_rows_whatever_moderators_do(
    thread: Thread, moderator: User, steps: list[tuple[int, str]]
) -> None:
    before = Comment.objects.count()
    ids = [waiting(thread, f"{before}-{n}-{len(steps)}-{hash(tuple(steps))}") for n in range(3)]
    for number, verb in steps:
        comment = Comment.objects.filter(public_id=ids[number]).first()
        facts = {
            "reopen": {"from_state": comment.state if comment else "approved"},
        }.get(verb, {"version": 1})
        try:
            getattr(moderation, verb)(public_id=ids[number], moderator=moderator, now=NOON, **facts)
        except AlreadyDecided:
            continue
    assert_count_equals_rows(thread)


def test_many_stories_are_read_in_three_queries(
    thread: Thread, moderator: User, django_assert_num_queries: Any
) -> None:
    other = make_thread("0ther", language="ar")
    for story, nonce in ((thread, "one"), (other, "two"), (thread, "three")):
        approve(public_id=waiting(story, nonce, nonce), version=1, moderator=moderator, now=NOON)
    with django_assert_num_queries(3, using="readers"):
        found = comments_on_stories(["st0ry", "0ther", "unkn0wn"])
    assert {story: each.count for story, each in found.items()} == {"st0ry": 2, "0ther": 1}
