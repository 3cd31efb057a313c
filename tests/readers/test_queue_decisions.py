"""The buttons of the moderators' queue: deciding, undoing, keeping, picking, erasing; with scripts off."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from nashra.readers import holding, reports
from nashra.readers.canned import sentences_in
from nashra.readers.models import Comment, ModerationEntry, Report, Thread
from nashra.readers.moderation import approve, reject
from tests.readers.conftest import NOON, make_moderator, make_thread
from tests.readers.queue_desk import article, form, hidden, page, press, send, standing, waiting

pytestmark = pytest.mark.django_db(databases=["default", "readers"])


def test_a_decision_is_held_and_leads_to_the_next_comment(desk: Client, thread: Thread) -> None:
    first, second, third = (waiting(thread, f"Words of reader {n}.") for n in range(3))
    before = timezone.now()
    assert press(desk, first, "approve")["Location"] == f"/comments/#comment-{second.public_id}"
    assert press(desk, third, "reject")["Location"] == f"/comments/#comment-{second.public_id}"
    for comment, state in ((first, "approved"), (third, "rejected")):
        comment.refresh_from_db()
        assert (comment.state, comment.decided_by, comment.position) == (state, "maryam", None)
        left = comment.held_until - before
        assert datetime.timedelta(seconds=30) <= left <= datetime.timedelta(seconds=95)


def test_a_rejection_tells_its_reason_where_it_is_on_the_list(desk: Client, thread: Thread) -> None:
    arabic = make_thread("arab1c", language="ar")
    comment, other = waiting(arabic, "خبر جميل"), waiting(thread, "Words of a reader.")
    sentence = sentences_in(["ar"])["ar"][0]
    assert f">{sentence}</option>" in article(desk.get("/comments/"), comment)
    refused = press(desk, comment, "reject", told="Because I say so.")
    assert refused["Location"] == "/comments/"
    assert "this reason is not on the list" in page(desk.get("/comments/"))
    press(desk, other, "reject", told=sentence)
    assert set(Comment.objects.values_list("state", flat=True)) == {"waiting"}, "a reason of another language"
    press(desk, comment, "reject", told=sentence)
    comment.refresh_from_db()
    assert (comment.state, comment.told) == ("rejected", sentence)


def test_a_decision_is_undone_from_the_list_of_what_was_decided_just_now(
    desk: Client, thread: Thread
) -> None:
    comment, other = waiting(thread, "Words of a reader."), waiting(thread, "Other words.")
    press(desk, comment, "approve")
    press(desk, other, "reject")
    listing = desk.get("/comments/")
    shown = page(listing)
    assert shown.index("Decided just now") < shown.index("Other words.") < shown.index("Words of a reader.")
    assert re.search(r"until \d\d:\d\d:\d\d", shown)
    undone = send(desk, listing, "/comments/undo/", one=comment.public_id)
    assert undone["Location"] == f"/comments/#comment-{comment.public_id}"
    comment.refresh_from_db()
    assert (comment.state, comment.held_until, comment.decided_by) == ("waiting", None, "")
    assert "the comment waits again" in page(desk.get("/comments/"))
    assert list(ModerationEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "approve",
        "reject",
        "undo",
    ]


def test_all_that_was_decided_just_now_is_undone_at_once(desk: Client, thread: Thread) -> None:
    comments = [waiting(thread, f"Words of reader {n}.") for n in range(3)]
    for comment in comments:
        press(desk, comment, "approve")
    listing = desk.get("/comments/")
    whole = next(
        each
        for each in listing.content.decode().split('action="/comments/undo/"')
        if 'name="every"' in each.split("</form>")[0]
    )
    every = re.findall(r'name="every" value="([^"]+)"', whole)
    fields = hidden(listing, "/comments/undo/")
    desk.post("/comments/undo/", {"csrfmiddlewaretoken": fields["csrfmiddlewaretoken"], "every": every})
    assert set(Comment.objects.values_list("state", flat=True)) == {"waiting"}
    assert "3 decisions are taken back." in page(desk.get("/comments/"))


def test_whoever_undoes_too_late_is_told_so(desk: Client, thread: Thread) -> None:
    comment = waiting(thread, "Words of a reader.")
    press(desk, comment, "approve")
    listing = desk.get("/comments/")
    holding.carry_out(timezone.now() + datetime.timedelta(minutes=2))
    answer = send(desk, listing, "/comments/undo/", one=comment.public_id)
    assert answer["Location"] == "/comments/"
    assert "It is too late to undo this" in page(desk.get("/comments/"))
    comment.refresh_from_db()
    assert (comment.state, comment.position) == ("approved", 1)
    assert "Decided just now" not in page(desk.get("/comments/"))


def test_what_another_decided_is_not_on_ones_own_list_but_can_be_undone_in_its_own(
    desk: Client, thread: Thread
) -> None:
    comment = waiting(thread, "Words of a reader.")
    now = timezone.now()
    approve(
        public_id=comment.public_id,
        version=1,
        moderator=make_moderator("omar"),
        now=now,
        held_until=holding.held_until(now),
    )
    assert "Decided just now" not in page(desk.get("/comments/"))
    approved = desk.get("/comments/", {"state": "approved"})
    assert "decided by omar" in article(approved, comment)
    assert "can be undone until" in article(approved, comment)
    send(desk, approved, "/comments/undo/", one=comment.public_id)
    comment.refresh_from_db()
    assert comment.state == "waiting"


def test_the_second_of_two_moderators_is_told_who_was_first(
    desk: Client, thread: Thread, moderator: User
) -> None:
    comment = waiting(thread, "Words of one reader.")
    fields = hidden(desk.get("/comments/"), f"/comments/{comment.public_id}/")
    approve(public_id=comment.public_id, version=1, moderator=make_moderator("omar"), now=NOON)
    address = f"/comments/{comment.public_id}/"
    answer = desk.post(address, fields | {"verb": "reject"}, follow=True)
    assert "Nothing was done: omar was first. How the comment stands: Approved." in page(answer)
    Comment.objects.update(decided_by="maryam")
    answer = desk.post(address, fields | {"verb": "reject"}, follow=True)
    assert "you had decided already" in page(answer)
    assert Comment.objects.get().state == "approved"


def test_nobody_decides_about_words_that_they_have_not_seen(desk: Client, thread: Thread) -> None:
    comment = waiting(thread, "Words of one reader.")
    fields = hidden(desk.get("/comments/"), f"/comments/{comment.public_id}/")
    Comment.objects.update(version=2, text="Other words.")
    answer = desk.post(f"/comments/{comment.public_id}/", fields | {"verb": "approve"}, follow=True)
    assert "its writer changed the words meanwhile" in page(answer)
    assert "wording 2" in article(desk.get("/comments/"), comment)
    assert Comment.objects.get().state == "waiting"


def test_a_reported_comment_is_kept_or_taken_off_with_a_reason(
    desk: Client, thread: Thread, moderator: User
) -> None:
    kept, taken = (standing(thread, f"Words that stand, {n}.", moderator) for n in range(2))
    for comment in (kept, taken):
        reports.report(public_id=comment.public_id, kind="hate")
        comment.refresh_from_db()
    assert press(desk, kept, "keep")["Location"] == f"/comments/#comment-{taken.public_id}"
    kept.refresh_from_db()
    assert (kept.state, kept.is_reported, Report.objects.filter(comment=kept).exists()) == (
        "approved",
        False,
        False,
    )
    sentence = sentences_in(["en"])["en"][0]
    press(desk, taken, "reject", told=sentence)
    taken.refresh_from_db()
    assert (taken.state, taken.position, taken.told) == ("rejected", None, sentence)
    thread.refresh_from_db()
    assert thread.comment_count == 1


def test_a_comment_waits_again_from_either_list(desk: Client, thread: Thread, moderator: User) -> None:
    approved = standing(thread, "Words that stand.", moderator)
    rejected = waiting(thread, "Words that do not.")
    reject(public_id=rejected.public_id, version=1, moderator=moderator, now=NOON)
    rejected.refresh_from_db()
    for comment in (approved, rejected):
        press(desk, comment, "reopen")
        comment.refresh_from_db()
        assert comment.state == "waiting"


def test_a_comment_is_picked_and_picked_no_longer(desk: Client, thread: Thread, moderator: User) -> None:
    comment = standing(thread, "Words that stand.", moderator)
    answer = press(desk, comment, "pick")
    assert answer["Location"] == f"/comments/?state=approved#comment-{comment.public_id}"
    assert "editor’s pick" in article(desk.get("/comments/", {"state": "approved"}), comment)
    press(desk, comment, "unpick")
    comment.refresh_from_db()
    assert not comment.is_pick


def test_erasing_asks_once_more_and_shows_what_will_be_gone(desk: Client, thread: Thread) -> None:
    comment, other = waiting(thread, "Words of one reader."), waiting(thread, "Other words.")
    listing = page(desk.get("/comments/"))
    address = f"/comments/{comment.public_id}/erase/"
    link = re.search(rf'href="({re.escape(address)}[^"]*)"', listing)
    assert link
    second_look = desk.get(link[1])
    assert "Words of one reader." in page(second_look)
    assert "nobody can bring it back" in page(second_look)
    assert Comment.objects.count() == 2
    erased = send(desk, second_look, address)
    assert erased["Location"] == f"/comments/#comment-{other.public_id}"
    assert list(Comment.objects.all()) == [other]
    assert "This comment is erased already." in page(desk.get(address, follow=True))


def test_words_that_changed_after_the_second_look_are_not_erased(desk: Client, thread: Thread) -> None:
    comment = waiting(thread, "Words of one reader.")
    address = f"/comments/{comment.public_id}/erase/"
    second_look = desk.get(address)
    Comment.objects.update(version=2)
    send(desk, second_look, address)
    assert "Nothing was erased" in page(desk.get("/comments/"))
    Comment.objects.all().delete()
    send(desk, second_look, address)
    assert "this comment has been erased" in page(desk.get("/comments/"))


def test_one_comes_back_to_where_one_was(desk: Client, thread: Thread) -> None:
    comment, other = (waiting(thread, f"Words of reader {n}.") for n in range(2))
    place = {"language": "en", "story": thread.public_id, "words": "reader & co"}
    Comment.objects.update(text="A word of reader & co.")
    action = f"/comments/{comment.public_id}/"
    answer = send(desk, desk.get("/comments/", place), action, verb="approve")
    expected = "/comments/?language=en&story=st0ry&words=reader+%26+co#comment-"
    assert answer["Location"] == expected + other.public_id
    assert 'value="reader &amp; co"' in form(desk.get("/comments/", place), "/comments/")


def test_frozen_totals_can_be_released(desk: Client, thread: Thread) -> None:
    Thread.objects.update(frozen=True, yes_count=900, no_count=3)
    listing = desk.get("/comments/")
    assert "900 yes, 3 no" in page(listing)
    send(desk, listing, f"/comments/totals/{thread.public_id}/release/")
    thread.refresh_from_db()
    assert (thread.frozen, thread.published_yes) == (False, 900)


def test_a_post_without_its_token_or_with_no_known_button_does_nothing(desk: Client, thread: Thread) -> None:
    comment = waiting(thread, "Words of one reader.")
    address = f"/comments/{comment.public_id}/"
    assert desk.post(address, {"verb": "approve"}).status_code == 403
    fields: dict[str, Any] = hidden(desk.get("/comments/"), address)
    assert desk.post(address, fields | {"verb": "publish"}).status_code == 400
    assert desk.post("/comments/chosen/", fields | {"verb": "publish"}).status_code == 400
    assert Comment.objects.get().state == "waiting"
