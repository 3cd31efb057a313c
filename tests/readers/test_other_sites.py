"""A form on another site neither posts nor votes, whatever its browser says or leaves out."""

from __future__ import annotations

import re
from typing import Any

import pytest

from nashra.readers.models import Comment, Thread, Vote
from tests.readers.conftest import Reader
from tests.readers.forms import hidden_fields, page_text

pytestmark = pytest.mark.django_db(databases=["default", "readers"])

WORDS = "I saw it come in."
# Of an old browser, or any browser on plain http: our own form and another site's look alike.
SILENT = ({}, {"origin": "null"}, {"sec-fetch-site": ""})
FOREIGN = (
    {"sec-fetch-site": "cross-site", "origin": "null"},
    {"sec-fetch-site": "same-site", "origin": "null"},
    {"sec-fetch-site": "same-site", "origin": "http://neighbour.testserver"},
    {"origin": "https://elsewhere.example"},
)
OURS = ({"sec-fetch-site": "same-origin", "origin": "null"}, {"origin": "http://testserver"})

silent = pytest.mark.parametrize("headers", SILENT)


def attackers_form(thread: Thread) -> dict[str, str]:
    """A whole form with a token, which the attacker's own server asked for."""
    typed = {"story": thread.public_id, "name": "Lina", "text": WORDS}
    return hidden_fields(Reader().post("/readers/comment", typed))


def answers(thread: Thread) -> dict[str, str]:
    return {"story": thread.public_id, "value": "yes"}


def own_field(answer: Any) -> dict[str, str]:
    return {name: value for name, value in hidden_fields(answer).items() if name == "own"}


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.usefixtures("readers_origin")
def test_a_form_that_a_browser_calls_another_sites_is_refused(
    headers: dict[str, str], thread: Thread
) -> None:
    victim = Reader(**OURS[0])
    victim.post("/readers/reaction", answers(thread))
    forms = {"/readers/comment": attackers_form(thread), "/readers/reaction": answers(thread)}
    for path, fields in forms.items():
        answer = victim.post(path, fields, headers=headers)
        assert answer.status_code == 403, path
        assert "Another site sent this form" in page_text(answer)
    assert not Comment.objects.exists()
    assert not Vote.objects.exists()


@silent
@pytest.mark.usefixtures("readers_origin")
def test_a_token_that_somebody_else_fetched_gets_the_preview(headers: dict[str, str], thread: Thread) -> None:
    victim = Reader(**headers)
    fields = attackers_form(thread)
    for _attempt in range(3):
        answer = victim.post("/readers/comment", fields)
        assert answer.status_code == 200
        assert "Your browser does not tell us" in page_text(answer)
        assert hidden_fields(answer)["text"] == WORDS
        assert hidden_fields(answer)["receipt"] != fields["receipt"]
    assert not Comment.objects.exists()


@silent
@pytest.mark.usefixtures("readers_origin")
def test_an_old_browser_sends_what_it_previewed(headers: dict[str, str], thread: Thread) -> None:
    reader = Reader(**headers)
    typed = {"story": thread.public_id, "name": "Lina", "text": WORDS}
    preview = reader.post("/readers/comment", typed)
    for _repeat in range(2):
        received = reader.post("/readers/comment", hidden_fields(preview))
        assert "Thank you: your comment is with us" in page_text(received)
    assert Comment.objects.count() == 1


@silent
@pytest.mark.usefixtures("readers_origin")
def test_an_old_browser_without_cookies_keeps_its_words(headers: dict[str, str], thread: Thread) -> None:
    preview = Reader(**headers).post("/readers/comment", {"story": "st0ry", "name": "Lina", "text": WORDS})
    again = Reader(**headers).post("/readers/comment", hidden_fields(preview))
    assert "please allow cookies" in page_text(again)
    assert hidden_fields(again)["text"] == WORDS
    assert not Comment.objects.exists()


@silent
@pytest.mark.usefixtures("readers_origin")
def test_the_cookie_alone_does_not_vote_from_an_old_browser(headers: dict[str, str], thread: Thread) -> None:
    victim = Reader(**headers)
    own = own_field(victim.post("/readers/reaction", answers(thread)))
    attackers = own_field(Reader(**headers).post("/readers/reaction", answers(thread)))
    assert own["own"]
    assert own != attackers
    for forged in ({}, {"own": ""}, {"own": "é"}, attackers):
        asked = victim.post("/readers/reaction", answers(thread) | forged)
        assert "One more click, please" in page_text(asked)
        assert own_field(asked) == own
        assert "nashra_reaction" not in asked.cookies
    assert not Vote.objects.exists()

    counted = victim.post("/readers/reaction", answers(thread) | own)
    assert "Thank you: your answer is counted" in page_text(counted)
    changed = victim.post("/readers/reaction", answers(thread) | {"value": "no"} | own_field(counted))
    assert changed.status_code == 200
    assert Vote.objects.get().choice == "no"


@pytest.mark.parametrize("headers", OURS)
@pytest.mark.usefixtures("readers_origin")
def test_a_browser_that_says_whose_form_it_is_needs_no_cookie_to_comment(
    headers: dict[str, str], thread: Thread
) -> None:
    typed = {"story": thread.public_id, "name": "Lina", "text": WORDS}
    preview = Reader(**headers).post("/readers/comment", typed)
    assert not preview.cookies
    assert not re.search('name="own"', preview.content.decode())
    received = Reader(**headers).post("/readers/comment", hidden_fields(preview))
    assert not received.cookies
    assert Comment.objects.count() == 1
