"""Searching the queue: by names and words however they were typed, and by a story's headline."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from nashra.readers import queue_search
from nashra.readers.checks import fold
from nashra.readers.models import Comment, Thread
from tests.readers.conftest import make_thread
from tests.readers.queue_desk import article, page, press, standing, waiting

pytestmark = pytest.mark.django_db(databases=["default", "readers"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The FERRY was late.", "ferry"),
        ("A café by the water.", "CAFE"),
        ("أهلًا بكم في المدينة", "اهلا"),
        ("كتبتُ إلى المحرّر", "كتبت الى المحرر"),
        ("این کتاب را می\u200cخوانم", "كتاب را ميخوانم"),
        ("مدرسهٔ ما", "مدرسه"),
        ("Straße am Fluss", "STRASSE"),
        ("100 % of it, or 50_50", "% of"),
        ("a\\b", "\\"),
    ],
)
def test_words_are_found_however_they_were_typed(desk: Client, thread: Thread, text: str, words: str) -> None:
    comment = waiting(thread, text)
    other = waiting(thread, "Something else altogether.")
    shown = desk.get("/comments/", {"words": words})
    assert article(shown, comment)
    assert f"comment-{other.public_id}" not in page(shown)


def test_names_are_searched_too_and_other_lists_say_how_many_they_have(
    desk: Client, thread: Thread, moderator: User
) -> None:
    comment = waiting(thread, "Words of one reader.", name="نسرین")
    standing(thread, "Words that stand.", moderator, name="Nasrin")
    assert article(desk.get("/comments/", {"words": "نسرين"}), comment)
    shown = page(desk.get("/comments/", {"words": "nasrin"}))
    assert "No comment here fits what you look for." in shown
    assert (
        'href="/comments/?state=approved&words=nasrin">Approved <span class="queue-count">1</span>' in shown
    )


def test_an_erased_comment_is_found_no_more(desk: Client, thread: Thread) -> None:
    comment = waiting(thread, "Words about a heron.")
    assert article(desk.get("/comments/", {"words": "heron"}), comment)
    Comment.objects.all().delete()
    assert "No comment here fits" in page(desk.get("/comments/", {"words": "heron"}))


def test_a_search_that_cannot_look_at_everything_says_so(
    desk: Client, thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_search, "MOST_SEARCHED", 2)
    old, *_newer = [waiting(thread, f"Words about heron number {n}.") for n in range(3)]
    shown = page(desk.get("/comments/", {"words": "heron"}))
    assert "Choose a story to look further back" in shown
    assert f"comment-{old.public_id}" not in shown
    monkeypatch.setattr(queue_search, "MOST_FOUND", 1)
    assert "Choose a story to look further back" in page(desk.get("/comments/", {"words": "heron"}))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("x" * 201, "Please search for something shorter."),
        ("\u200d\u0651", "Please type letters or digits to search for."),
    ],
)
def test_a_search_that_can_find_nothing_says_what_to_do(
    desk: Client, thread: Thread, words: str, said: str
) -> None:
    waiting(thread, "Words of one reader.")
    assert said in page(desk.get("/comments/", {"words": words}))


def test_a_headline_leads_to_its_stories(desk: Client, thread: Thread) -> None:
    mill = make_thread("m1ll", headline="The mill of Qasr Marun", language="ar")
    silent = make_thread("s1lent", headline="The mill that nobody wrote about")
    comment = waiting(mill, "خبر جميل")
    waiting(thread, "Words about the ferry.")
    shown = page(desk.get("/comments/", {"headline": "MILL"}))
    assert f"comment-{comment.public_id}" in shown
    assert "Words about the ferry." not in shown
    assert silent.headline not in shown
    assert "No story with comments" in page(desk.get("/comments/", {"headline": "mill", "language": "en"}))
    one = page(desk.get("/comments/", {"story": "m1ll"}))
    assert "Only this story:" in one
    assert "one that is not known here" in page(desk.get("/comments/", {"story": "n0ne"}))


def test_the_search_stays_while_one_decides(desk: Client, thread: Thread) -> None:
    comment = waiting(thread, "Words about a heron.")
    press(desk, comment, "approve")
    comment.refresh_from_db()
    shown = desk.get("/comments/", {"words": "heron", "state": "approved"})
    assert article(shown, comment)


@pytest.mark.parametrize(
    "text", ["", "Plain  words,\nand\tMORE; 100 % `of` them.", "".join(map(chr, range(128)))]
)
def test_the_short_way_of_folding_gives_what_the_long_one_gives(text: str) -> None:
    assert queue_search._folded(text) == fold(text)
