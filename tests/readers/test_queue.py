"""The moderators' queue in the desk: what they see, and what its buttons do with scripts off."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from nashra.readers import receive
from nashra.readers.models import Comment, Thread
from nashra.readers.moderation import approve
from tests.readers.conftest import NOON, make_thread

pytestmark = pytest.mark.django_db(databases=["default", "readers"])


@pytest.fixture
def desk(moderator: User) -> Client:
    """The moderator's browser, logged in at the desk."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(moderator)
    return client


def waiting(thread: Thread, text: str, name: str = "Lina") -> Comment:
    """A comment that waits."""
    typed = receive.Typed(name=name, text=text)
    nonce = f"{thread.pk} {text}"
    token = receive.preview_comment(thread=thread, typed=typed, now=NOON, nonce=nonce).token
    receive.accept_comment(thread=thread, typed=typed, token=token, now=NOON, nonce="unused")
    return Comment.objects.get(nonce=nonce)


def page(answer: Any) -> str:
    """The list alone, without the menu around it."""
    assert answer.status_code == 200
    return html.unescape(answer.content.decode()).split("<main", 1)[1].split("</main>", 1)[0]


def press(desk: Client, comment: Comment, verb: str, **more: str) -> Any:
    """Press a button of the comment's form, with the fields that the page put there."""
    listing = desk.get("/comments/", {"state": comment.state}).content.decode()
    form = listing.split(f'action="/comments/{comment.public_id}/"', 1)[1].split("</form>", 1)[0]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
    assert f'name="verb" value="{verb}"' in form
    return desk.post(f"/comments/{comment.public_id}/", fields | {"verb": verb} | more)


def test_it_shows_what_waits_over_all_stories_with_story_language_and_reasons(
    desk: Client, thread: Thread
) -> None:
    arabic = make_thread("arab1c", language="ar", headline="العبّارة تعود")
    waiting(thread, "Look at www.lumen.example now")
    waiting(arabic, "خبر جميل")
    shown = page(desk.get("/comments/"))
    for expected in (
        "The ferry returns to Lumen Bay",
        "العبّارة تعود",
        "Look at www.lumen.example now",
        "خبر جميل",
        "Holds what looks like a link.",
        "Waiting (2)",
        '/en/harbour/the-ferry-returns/"',
    ):
        assert expected in shown
    # What raised no question comes first.
    assert shown.index("خبر جميل") < shown.index("www.lumen.example")


def test_hidden_characters_are_named_and_markup_is_text(desk: Client, thread: Thread) -> None:
    comment = waiting(thread, "flag \U000e0067 v\ufe01 <b>bold</b> می\u200cروم")
    # A row from before the rules, or from another hand, shows its controls as well.
    Comment.objects.filter(pk=comment.pk).update(name="Li\u202ena")
    answer = desk.get("/comments/")
    shown = page(answer)
    assert 'title="TAG LATIN SMALL LETTER G">U+E0067<' in shown
    assert ">U+FE01<" in shown
    assert ">U+202E<" in shown
    assert "\u202e" not in shown
    assert "می\u200cروم" in shown
    assert "&lt;b&gt;bold" in answer.content.decode()


def test_the_buttons_decide(desk: Client, thread: Thread) -> None:
    first, second, third = (waiting(thread, f"Words of reader {n}.") for n in range(3))
    assert press(desk, first, "approve")["Location"] == "/comments/?state=waiting&page=1"
    press(desk, second, "reject")
    press(desk, third, "erase")
    states = dict(Comment.objects.values_list("pk", "state"))
    assert states == {first.pk: "approved", second.pk: "rejected"}
    assert Comment.objects.get(pk=first.pk).decided_by == "maryam"

    second.refresh_from_db()
    press(desk, second, "reopen")
    assert Comment.objects.get(pk=second.pk).state == "waiting"


def test_the_filters_show_one_state_and_one_language(desk: Client, thread: Thread, moderator: User) -> None:
    approve(public_id=waiting(thread, "Approved words.").public_id, version=1, moderator=moderator, now=NOON)
    waiting(thread, "Waiting words.")
    waiting(make_thread("arab1c", language="ar"), "خبر جميل")
    approved = page(desk.get("/comments/", {"state": "approved"}))
    assert "Approved words." in approved
    assert "Waiting words." not in approved
    assert "decided by maryam" in approved
    arabic = page(desk.get("/comments/", {"language": "ar"}))
    assert "خبر جميل" in arabic
    assert "Waiting words." not in arabic
    assert "Waiting words." in page(desk.get("/comments/", {"state": "nonsense", "page": "nonsense"}))


def test_the_second_of_two_moderators_is_told(desk: Client, thread: Thread, moderator: User) -> None:
    comment = waiting(thread, "Words of one reader.")
    listing = desk.get("/comments/")
    approve(public_id=comment.public_id, version=1, moderator=moderator, now=NOON)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', listing.content.decode())
    assert token
    fields = {"verb": "reject", "csrfmiddlewaretoken": token[1]}
    answer = desk.post(f"/comments/{comment.public_id}/", fields, follow=True)
    assert "maryam was first, and the comment is approved" in page(answer)
    assert Comment.objects.get().state == "approved"


def test_a_long_queue_has_pages(desk: Client, thread: Thread) -> None:
    for number in range(53):
        waiting(thread, f"Words of reader {number}.")
    first = page(desk.get("/comments/"))
    assert "Page 1 of 2" in first
    assert 'href="/comments/?state=waiting&page=2"' in first
    assert "Words of reader 52." in page(desk.get("/comments/", {"page": "2"}))


def test_the_menu_shows_how_many_wait(desk: Client, thread: Thread) -> None:
    assert "Comments (" not in desk.get("/comments/").content.decode()
    waiting(thread, "Words of one reader.")
    assert "Comments (1)" in desk.get("/comments/").content.decode()


def test_frozen_totals_can_be_released(desk: Client, thread: Thread) -> None:
    Thread.objects.update(frozen=True, yes_count=900, no_count=3)
    shown = desk.get("/comments/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', shown)
    assert token
    assert "900 yes, 3 no" in shown
    desk.post(f"/comments/totals/{thread.public_id}/release/", {"csrfmiddlewaretoken": token[1]})
    thread.refresh_from_db()
    assert (thread.frozen, thread.published_yes) == (False, 900)


def test_those_who_do_not_moderate_see_neither_list_nor_menu(thread: Thread) -> None:
    comment = waiting(thread, "Words for moderators only.")
    reporter = User.objects.create_user(username="reporter")
    reporter.user_permissions.add(Permission.objects.get(codename="access_admin"))
    desk = Client()
    desk.force_login(reporter)
    for answer in (
        desk.get("/comments/", follow=True),
        desk.post(f"/comments/{comment.public_id}/", {"verb": "approve"}, follow=True),
    ):
        content = answer.content.decode()
        assert "you do not have permission" in content
        assert "Words for moderators only." not in content
        assert "readers-comments" not in content
    assert Client().get("/comments/")["Location"].startswith("/login/")
    assert Comment.objects.get().state == "waiting"


def test_a_post_without_its_token_or_with_no_known_button_does_nothing(desk: Client, thread: Thread) -> None:
    comment = waiting(thread, "Words of one reader.")
    assert desk.post(f"/comments/{comment.public_id}/", {"verb": "approve"}).status_code == 403
    shown = desk.get("/comments/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', shown)
    assert token
    fields = {"verb": "publish", "csrfmiddlewaretoken": token[1]}
    assert desk.post(f"/comments/{comment.public_id}/", fields).status_code == 400
    assert desk.get(f"/comments/{comment.public_id}/").status_code == 405
    assert Comment.objects.get().state == "waiting"
