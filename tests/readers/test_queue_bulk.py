"""Many comments at once: chosen, looked at once more, decided one by one; with scripts off."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from nashra.readers.canned import sentences_in
from nashra.readers.models import Comment, ModerationEntry, Thread
from nashra.readers.moderation import approve
from tests.readers.conftest import NOON, make_moderator, make_thread
from tests.readers.queue_desk import hidden, page, standing, waiting

pytestmark = pytest.mark.django_db(databases=["default", "readers"])


def choose(desk: Client, verb: str, *comments: Comment) -> Any:
    """Tick the boxes of some comments in the queue, and press a button below it."""
    listing = desk.get("/comments/")
    boxes = re.findall(r'name="chosen" form="queue-chosen" value="([^"]+)"', listing.content.decode())
    wanted = {comment.public_id for comment in comments}
    chosen = [box for box in boxes if box.split(":")[0] in wanted]
    assert len(chosen) == len(wanted)
    return desk.post(
        "/comments/chosen/", hidden(listing, "/comments/chosen/") | {"verb": verb, "chosen": chosen}
    )


def confirm(desk: Client, looked_at: Any, verb: str, **more: str) -> Any:
    """Press the button of the second look, with all that it shows still ticked."""
    chosen = re.findall(r'name="chosen" value="([^"]+)" checked', looked_at.content.decode())
    fields = hidden(looked_at, "/comments/chosen/decide/") | {"verb": verb, "chosen": chosen} | more
    return desk.post("/comments/chosen/decide/", fields, follow=True)


def test_the_second_look_shows_the_chosen_ones_in_full_and_does_nothing(desk: Client, thread: Thread) -> None:
    chosen = [waiting(thread, f"Words of reader {n}." + " And more of them." * 40) for n in range(2)]
    waiting(thread, "Words that nobody chose.")
    looked_at = choose(desk, "approve", *chosen)
    shown = page(looked_at)
    for comment in chosen:
        assert comment.text in shown
    assert "Words that nobody chose." not in shown
    assert "You are about to approve 2 comments." in shown
    assert not ModerationEntry.objects.exists()


def test_what_is_confirmed_is_decided_and_can_be_undone(desk: Client, thread: Thread) -> None:
    comments = [waiting(thread, f"Words of reader {n}.") for n in range(3)]
    done = confirm(desk, choose(desk, "approve", *comments[:2]), "approve")
    assert "2 comments are approved." in page(done)
    states = list(Comment.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["approved", "approved", "waiting"]
    assert Comment.objects.filter(held_until__isnull=False).count() == 2
    assert "Undo all 2" in page(done)


def test_a_rejection_gives_each_language_its_own_reason(desk: Client, thread: Thread) -> None:
    comments = [waiting(thread, "Words."), waiting(make_thread("arab1c", language="ar"), "خبر جميل")]
    looked_at = choose(desk, "reject", *comments)
    assert "Tell those who wrote under stories in Arabic:" in page(looked_at)
    arabic = sentences_in(["ar"])["ar"][1]
    done = confirm(desk, looked_at, "reject", **{"told-ar": arabic, "told-en": ""})
    assert "2 comments are rejected." in page(done)
    assert list(Comment.objects.order_by("pk").values_list("told", flat=True)) == ["", arabic]


def test_a_reason_that_is_on_no_list_rejects_nobody(desk: Client, thread: Thread) -> None:
    comment = waiting(thread, "Words.")
    looked_at = choose(desk, "reject", comment)
    refused = confirm(desk, looked_at, "reject", **{"told-en": "Because I say so."})
    assert "this reason is not on the list" in page(refused, status=422)
    assert comment.text in page(refused, status=422)
    assert Comment.objects.get().state == "waiting"


def test_what_others_decided_or_changed_meanwhile_is_left_and_counted(desk: Client, thread: Thread) -> None:
    first, changed, decided, erased = (waiting(thread, f"Words of reader {n}.") for n in range(4))
    looked_at = choose(desk, "reject", first, changed, decided, erased)
    approve(public_id=decided.public_id, version=1, moderator=make_moderator("omar"), now=NOON)
    Comment.objects.filter(pk=changed.pk).update(version=2)
    erased.delete()
    shown = page(confirm(desk, looked_at, "reject"))
    assert "1 comment is rejected." in shown
    assert "3 were left as they are" in shown
    states = dict(Comment.objects.values_list("pk", "state"))
    assert states == {first.pk: "rejected", changed.pk: "waiting", decided.pk: "approved"}


def test_the_second_look_says_what_changed_since_the_first(
    desk: Client, thread: Thread, moderator: User
) -> None:
    changed, decided, erased = (waiting(thread, f"Words of reader {n}.") for n in range(3))
    listing = desk.get("/comments/")
    boxes = re.findall(r'name="chosen" form="queue-chosen" value="([^"]+)"', listing.content.decode())
    Comment.objects.filter(pk=changed.pk).update(version=2, text="Quite other words.")
    approve(public_id=decided.public_id, version=1, moderator=make_moderator("omar"), now=NOON)
    erased.delete()
    fields = hidden(listing, "/comments/chosen/") | {"verb": "approve", "chosen": boxes}
    looked_at = desk.post("/comments/chosen/", fields)
    shown = page(looked_at)
    assert "The writer of 1 of them changed the words since you chose." in shown
    assert "Quite other words." in shown
    assert "Approved (<bdi>omar</bdi>)" in shown
    assert "1 that is erased" in shown
    confirm(desk, looked_at, "approve")
    assert set(Comment.objects.values_list("state", flat=True)) == {"approved"}


def test_choosing_nothing_says_how_to_choose(desk: Client, thread: Thread, moderator: User) -> None:
    waiting(thread, "Words.")
    fields = hidden(desk.get("/comments/"), "/comments/chosen/") | {"verb": "approve"}
    assert "Tick the box beside each that you mean" in page(
        desk.post("/comments/chosen/", fields, follow=True)
    )
    odd = fields | {"chosen": ["", ":", "\x00:1", "nonsense", f"{'x' * 99}:1"]}
    assert "there is nothing to decide" in page(desk.post("/comments/chosen/", odd, follow=True))
    stands = standing(thread, "Words that stand.", moderator)
    sent = fields | {"chosen": f"{stands.public_id}:1"}
    assert "there is nothing to decide" in page(desk.post("/comments/chosen/", sent))
