"""The big list of naughty strings at the moderators' desk: as searches, as headlines, as reasons."""

from __future__ import annotations

import html
from pathlib import Path

import pytest
from django.test import Client

from nashra.readers import canned
from nashra.readers.checks import fold
from nashra.readers.queue_place import MAX_SEARCH_CODE_POINTS
from nashra.readers.text import BIDI_CONTROLS, has_visible_character, normalise_name
from tests.outside.test_naughty_strings import read_strings
from tests.readers.conftest import make_moderator, make_thread
from tests.readers.queue_desk import hidden, page, send, waiting

pytestmark = pytest.mark.django_db(databases=["default", "readers"])


@pytest.fixture
def naughty_desk() -> Client:
    """A moderator's browser at the desk."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_moderator("maryam"))
    return client


def test_each_is_a_harmless_search_that_finds_itself(outside: Path, naughty_desk: Client) -> None:
    thread = make_thread()
    waiting(thread, "Words that no naughty string holds.")
    plain = naughty_desk.get("/comments/").content.decode()
    for text in read_strings(outside):
        answer = naughty_desk.get("/comments/", {"words": text, "headline": text})
        shown = answer.content.decode()
        assert answer.status_code == 200, text
        assert shown.count("<script") == plain.count("<script"), text
        assert not BIDI_CONTROLS & set(shown), text
        assert f'name="words" value="{html.escape(normalise_name(text))}"' in shown, text


def test_each_is_found_by_itself(outside: Path, naughty_desk: Client) -> None:
    thread = make_thread()
    searched = 0
    for number, text in enumerate(read_strings(outside)):
        words = normalise_name(text)
        if not (has_visible_character(words) and fold(words)) or len(words) > MAX_SEARCH_CODE_POINTS:
            continue
        # Each page of the desk takes its time: every fourth is searched for with all of its surroundings.
        if number % 4:
            continue
        comment = waiting(thread, text)
        assert f"comment-{comment.public_id}" in page(naughty_desk.get("/comments/", {"words": text})), text
        searched += 1
    assert searched > 100


def test_each_is_kept_as_a_reason_as_it_is(outside: Path, naughty_desk: Client) -> None:
    make_thread()
    maryam = make_moderator("omar")
    kept = 0
    for text in read_strings(outside):
        wanted = canned.keep(language="en", typed=text, moderator=maryam)
        if wanted.faults:
            continue
        assert canned.sentences_in(["en"])["en"] == wanted.sentences
        assert canned.read("\n".join(wanted.sentences)) == wanted, "the same comes out of a second run"
        for sentence in wanted.sentences:
            canned.require_listed(sentence, language="en")
        kept += 1
    assert kept > 450


def test_a_page_full_of_them_offers_each_as_a_reason(outside: Path, naughty_desk: Client) -> None:
    thread = make_thread()
    comment = waiting(thread, "Words of a reader.")
    sentences = [s for text in read_strings(outside) for s in canned.read(text).sentences]
    fit = list(dict.fromkeys(each for each in sentences if not canned.read(each).faults))
    for start in range(0, len(fit), canned.MOST_SENTENCES):
        some = fit[start : start + canned.MOST_SENTENCES]
        seen = naughty_desk.get("/comments/reasons/")
        answer = send(naughty_desk, seen, "/comments/reasons/en/", sentences="\r\n".join(some), verb="keep")
        assert answer.status_code == 302
        shown = page(naughty_desk.get("/comments/"))
        for sentence in some:
            assert f">{sentence}</option>" in shown
    action = f"/comments/{comment.public_id}/"
    fields = hidden(naughty_desk.get("/comments/"), action)
    naughty_desk.post(action, fields | {"verb": "reject", "told": some[-1]})
    comment.refresh_from_db()
    assert comment.told == some[-1]
