"""The moderators' queue in the desk: what they see there, in which order, and who may see it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nashra.readers import reports
from nashra.readers.models import Comment, Thread
from nashra.readers.moderation import approve, reject
from nashra.readers.wagtail_hooks import addresses
from tests.readers.conftest import NOON, make_thread
from tests.readers.queue_desk import article, page, standing, waiting

pytestmark = pytest.mark.django_db(databases=["default", "readers"])


def shown_texts(answer: Any) -> list[str]:
    """The first line of each comment in the list, in its order."""
    found = re.findall(r"<article.*?</article>", page(answer), re.DOTALL)
    return [re.findall(r'class="queue-text"[^>]*>([^<\n]*)', each)[-1] for each in found]


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
        'To decide <span class="queue-count">2</span>',
        '/en/harbour/the-ferry-returns/"',
        "<span>Arabic</span>",
        'dir="auto" lang="ar"',
    ):
        assert expected in shown


def test_reported_ones_come_first_then_those_without_reasons_the_oldest_first(
    desk: Client, thread: Thread, moderator: User
) -> None:
    reported = standing(thread, "Stands in public, and readers object.", moderator)
    standing(thread, "Stands in public, and nobody objects.", moderator)
    waiting(thread, "Look at www.lumen.example now")
    waiting(thread, "The first without reasons.")
    waiting(make_thread("0ther", language="ar"), "The second without reasons.")
    for kind in ("threat", "threat", "false"):
        reports.report(public_id=reported.public_id, kind=kind)
    listing = desk.get("/comments/")
    assert shown_texts(listing) == [
        "Stands in public, and readers object.",
        "The first without reasons.",
        "The second without reasons.",
        "Look at www.lumen.example now",
    ]
    beside = article(listing, reported)
    assert 'It threatens somebody <span class="queue-count">× 2</span>' in beside
    assert 'It is false in a way that can hurt <span class="queue-count">× 1</span>' in beside


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


def test_a_reply_stands_beside_what_it_answers_or_is_said_to_have_lost_it(
    desk: Client, thread: Thread, moderator: User
) -> None:
    answered = standing(thread, "My mother took this ferry.", moderator, name="Rana")
    reply = waiting(thread, "Mine did, too.", answers=answered.public_id)
    beside = article(desk.get("/comments/"), reply)
    assert "My mother took this ferry." in beside
    assert "Rana" in beside
    assert '<span class="queue-state">Approved</span>' in beside
    Comment.objects.filter(pk=answered.pk).delete()
    assert "Answers a comment that is erased." in article(desk.get("/comments/"), reply)


def test_the_filters_show_one_list_one_language_and_one_story(
    desk: Client, thread: Thread, moderator: User
) -> None:
    approve(public_id=waiting(thread, "Approved words.").public_id, version=1, moderator=moderator, now=NOON)
    turned = waiting(thread, "Rejected words.")
    reject(public_id=turned.public_id, version=1, moderator=moderator, now=NOON, told="It advertises.")
    waiting(thread, "Waiting words.")
    waiting(make_thread("arab1c", language="ar"), "خبر جميل")
    waiting(make_thread("m1ll", headline="The mill of Qasr Marun"), "A word about the mill.")
    approved = desk.get("/comments/", {"state": "approved"})
    assert shown_texts(approved) == ["Approved words."]
    assert "decided by maryam" in page(approved)
    rejected = desk.get("/comments/", {"state": "rejected"})
    assert shown_texts(rejected) == ["Rejected words."]
    assert "It advertises." in page(rejected)
    assert shown_texts(desk.get("/comments/", {"language": "ar"})) == ["خبر جميل"]
    one_story = desk.get("/comments/", {"story": "m1ll"})
    assert shown_texts(one_story) == ["A word about the mill."]
    assert 'To decide <span class="queue-count">1</span>' in page(one_story)
    assert shown_texts(desk.get("/comments/", {"headline": "MARUN"})) == ["A word about the mill."]
    assert 'href="/comments/?story=m1ll"' in page(desk.get("/comments/", {"headline": "marun"}))
    assert 'href="/comments/?story=m1ll"' in page(desk.get("/comments/")), "“only this story” at each comment"


@pytest.mark.parametrize("name", ["state", "language", "story", "headline", "words", "page"])
@pytest.mark.parametrize("sent", ["nonsense", "\x00", "'; DROP TABLE", "-1", "9" * 40, "\u202e", "٣"])
def test_an_address_that_makes_no_sense_still_shows_a_list(
    desk: Client, thread: Thread, name: str, sent: str
) -> None:
    waiting(thread, "Waiting words.")
    assert 'class="queue-lists"' in page(desk.get("/comments/", {name: sent}))


def test_a_long_queue_has_pages(desk: Client, thread: Thread) -> None:
    for number in range(53):
        waiting(thread, f"Words of reader {number}.")
    first = page(desk.get("/comments/", {"language": "en"}))
    assert "Page 1 of 2" in first
    assert 'href="/comments/?language=en&page=2"' in first
    assert "Words of reader 52." in page(desk.get("/comments/", {"page": "2"}))


def test_a_page_of_the_queue_asks_the_readers_database_as_often_for_50_comments_as_for_2(
    desk: Client, thread: Thread, moderator: User
) -> None:
    answered = standing(thread, "Stands.", moderator)
    for number in range(2):
        waiting(thread, f"Words {number}.", answers=answered.public_id)
    with CaptureQueriesContext(connections["readers"]) as few:
        desk.get("/comments/")
    for number in range(2, 50):
        waiting(thread, f"Words {number}.", answers=answered.public_id)
    with CaptureQueriesContext(connections["readers"]) as many:
        desk.get("/comments/")
    assert len(many) == len(few)


def test_the_menu_shows_how_many_are_to_be_decided_reported_ones_too(
    desk: Client, thread: Thread, moderator: User
) -> None:
    assert "Comments (" not in desk.get("/comments/").content.decode()
    waiting(thread, "Words of one reader.")
    assert "Comments (1)" in desk.get("/comments/").content.decode()
    reported = standing(thread, "Words that stand.", moderator)
    assert "Comments (1)" in desk.get("/comments/").content.decode()
    reports.report(public_id=reported.public_id, kind="hate")
    assert "Comments (2)" in desk.get("/comments/").content.decode()


def test_the_desks_home_leads_moderators_to_the_queue_without_any_script(
    desk: Client, thread: Thread, client: Client, django_user_model: Any
) -> None:
    waiting(thread, "Words of one reader.")
    assert '<a href="/comments/">Comments (1)</a>' in desk.get("/").content.decode()
    reporter = django_user_model.objects.create_user("reporter", password="a-long-password")
    reporter.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(reporter)
    assert 'href="/comments/"' not in client.get("/").content.decode()


PAGES = ("/comments/", "/comments/reasons/", "/comments/log/")
PAGES_OF_ONE = ("answer/", "erase/", "history/")
BUTTONS = (
    "/comments/undo/",
    "/comments/chosen/",
    "/comments/chosen/decide/",
    "/comments/reasons/en/",
    "/comments/totals/st0ry/release/",
)
BUTTONS_OF_ONE = ("", "answer/", "erase/")


def test_those_who_do_not_moderate_come_to_no_page_and_no_button(thread: Thread) -> None:
    comment = waiting(thread, "Words for moderators only.")
    reporter = User.objects.create_user(username="reporter")
    reporter.user_permissions.add(Permission.objects.get(codename="access_admin"))
    desk, stranger = Client(), Client()
    desk.force_login(reporter)
    own = f"/comments/{comment.public_id}/"
    fields = {"verb": "approve", "version": "1", "chosen": f"{comment.public_id}:1", "one": comment.public_id}
    pages = [*PAGES, *(own + each for each in PAGES_OF_ONE)]
    buttons = [*BUTTONS, *(own + each for each in BUTTONS_OF_ONE)]
    for path, answer in [
        *((path, desk.get(path, follow=True)) for path in pages),
        *((path, desk.post(path, fields, follow=True)) for path in buttons),
    ]:
        content = answer.content.decode()
        assert "you do not have permission" in content, path
        assert "Words for moderators only." not in content, path
        assert "readers-comments" not in content, path
    for path in pages:
        assert stranger.get(path)["Location"].startswith("/login/"), path
    for path in buttons:
        assert stranger.post(path, fields)["Location"].startswith("/login/"), path
    assert Comment.objects.get().state == "waiting"


def test_buttons_are_no_pages_and_the_last_address_is_tested_too(desk: Client) -> None:
    for path in (*BUTTONS, "/comments/unkn0wn/"):
        assert desk.get(path).status_code == 405, path
    tested = {*PAGES, *BUTTONS, *(f"/comments/x/{each}" for each in (*PAGES_OF_ONE, *BUTTONS_OF_ONE))}
    assert len(addresses()) == len(tested)
