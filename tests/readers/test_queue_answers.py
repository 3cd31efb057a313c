"""Answering a reader from the queue: what stands in the form, what is wrong in it, what is never lost."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from nashra.readers.models import Comment, Thread
from nashra.readers.moderation import reopen
from tests.readers.conftest import NOON
from tests.readers.queue_desk import form, hidden, page, send, standing, waiting

pytestmark = pytest.mark.django_db(databases=["default", "readers"])

APPROVED = {"state": "approved"}
WORDS = "Thank you: the timetable is on our page."


@pytest.fixture
def answered(thread: Thread, moderator: User) -> Comment:
    """A comment that stands, and asks something."""
    return standing(thread, "When does it leave?", moderator)


def address(comment: Comment) -> str:
    return f"/comments/{comment.public_id}/answer/"


def test_the_form_stands_beside_the_comment_with_the_publications_name(
    desk: Client, answered: Comment
) -> None:
    for path in ("/comments/?state=approved", address(answered)):
        assert 'value="The Lantern"' in form(desk.get(path), address(answered))


def test_an_answer_is_held_like_an_approval(desk: Client, answered: Comment) -> None:
    listing = desk.get("/comments/", APPROVED)
    sent = send(desk, listing, address(answered), name="The Lantern", answer=WORDS)
    assert sent["Location"] == f"/comments/?state=approved#comment-{answered.public_id}"
    answer = Comment.objects.get(is_staff=True)
    assert (answer.text, answer.name, answer.answers) == (WORDS, "The Lantern", answered.public_id)
    assert answer.held_until is not None
    assert '<span class="queue-state">Answered</span>' in page(desk.get("/comments/"))


def test_a_form_that_is_sent_twice_answers_once(desk: Client, answered: Comment) -> None:
    listing = desk.get("/comments/", APPROVED)
    for _click in range(2):
        send(desk, listing, address(answered), name="The Lantern", answer=WORDS)
    assert Comment.objects.filter(is_staff=True).count() == 1
    assert "This answer was sent before" in page(desk.get("/comments/"))


def test_one_page_answers_two_comments(
    desk: Client, answered: Comment, thread: Thread, moderator: User
) -> None:
    other = standing(thread, "And when does it return?", moderator)
    listing = desk.get("/comments/", APPROVED)
    for comment in (answered, other):
        send(desk, listing, address(comment), name="The Lantern", answer=WORDS)
    assert set(Comment.objects.filter(is_staff=True).values_list("answers", flat=True)) == {
        answered.public_id,
        other.public_id,
    }


@pytest.mark.parametrize(
    ("name", "words", "said"),
    [
        ("", WORDS, "Please give a name or a pseudonym that can be seen."),
        ("The Lantern", "", "Please write something."),
        ("The Lantern", "word " * 400, "This comment is too long."),
    ],
)
def test_a_fault_is_said_and_the_words_stay(
    desk: Client, answered: Comment, name: str, words: str, said: str
) -> None:
    refused = send(desk, desk.get(address(answered)), address(answered), name=name, answer=words)
    shown = page(refused, status=422)
    assert said in shown
    assert f'value="{name}"' in shown
    assert f">\n{words.strip()}</textarea>" in shown
    assert "When does it leave?" in shown
    assert not Comment.objects.filter(is_staff=True).exists()


def test_the_words_stay_when_the_comment_left_its_page_or_is_erased(
    desk: Client, answered: Comment, moderator: User
) -> None:
    seen = desk.get(address(answered))
    reopen(public_id=answered.public_id, from_state="approved", moderator=moderator, now=NOON)
    refused = page(send(desk, seen, address(answered), name="The Lantern", answer=WORDS), status=422)
    assert "it no longer stands under its story" in refused
    assert f"{WORDS}</textarea>" in refused
    answered.delete()
    refused = page(send(desk, seen, address(answered), name="The Lantern", answer=WORDS), status=422)
    assert "it has been erased" in refused
    assert f"{WORDS}</textarea>" in refused


def test_what_waits_or_answers_itself_offers_no_form(desk: Client, answered: Comment, thread: Thread) -> None:
    new = waiting(thread, "Words of a reader.")
    assert address(new) not in page(desk.get("/comments/"))
    assert "cannot be answered" in page(desk.get(address(new)))
    send(desk, desk.get(address(answered)), address(answered), name="The Lantern", answer=WORDS)
    own = Comment.objects.get(is_staff=True)
    assert address(own) not in page(desk.get("/comments/", APPROVED))


def test_an_answer_that_is_undone_stands_in_the_form_again(desk: Client, answered: Comment) -> None:
    send(desk, desk.get(address(answered)), address(answered), name="The Lantern", answer=WORDS)
    listing = desk.get("/comments/", APPROVED)
    own = Comment.objects.get(is_staff=True)
    back = send(desk, listing, "/comments/undo/", one=own.public_id)
    assert "Your answer is taken back" in page(back)
    assert f"{WORDS}</textarea>" in page(back)
    assert not Comment.objects.filter(is_staff=True).exists()
    send(desk, back, address(answered), name="The Lantern", answer=WORDS + " Safe travels.")
    assert Comment.objects.get(is_staff=True).text.endswith("Safe travels.")


@pytest.mark.parametrize("seed", ["", "zz", "00", "0" * 64])
def test_a_seed_that_was_tampered_with_answers_all_the_same(
    desk: Client, answered: Comment, seed: str
) -> None:
    fields = hidden(desk.get(address(answered)), address(answered)) | {"seed": seed}
    desk.post(address(answered), fields | {"name": "The Lantern", "answer": WORDS})
    assert Comment.objects.filter(is_staff=True).count() == 1
