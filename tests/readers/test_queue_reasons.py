"""The reasons that commenters may be given: ours until a newsroom writes its own, and no others."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.test import Client

from nashra.readers import canned
from nashra.readers.models import CannedReasons, Thread
from nashra.readers.suggested_reasons import SUGGESTED_REASONS, suggested_for
from nashra.readers.text import normalise_name
from tests.readers.conftest import make_thread
from tests.readers.queue_desk import hidden, page, send

pytestmark = pytest.mark.django_db(databases=["default", "readers"])


@pytest.mark.parametrize("language", SUGGESTED_REASONS)
def test_our_own_sentences_would_be_kept_as_they_are(language: str) -> None:
    sentences = SUGGESTED_REASONS[language]
    assert canned.read("\n".join(sentences)) == canned.Typed(sentences=sentences)
    assert [normalise_name(sentence) for sentence in sentences] == list(sentences)
    assert len(sentences) == len(SUGGESTED_REASONS["en"])


def test_a_language_without_sentences_of_its_own_gets_english_ones() -> None:
    assert suggested_for("ckb") == SUGGESTED_REASONS["en"]
    assert suggested_for("ar-EG") == SUGGESTED_REASONS["ar"]


def test_a_newsroom_writes_its_own_and_goes_back_to_ours(desk: Client, thread: Thread) -> None:
    make_thread("arab1c", language="ar")
    shown = desk.get("/comments/reasons/")
    assert SUGGESTED_REASONS["ar"][0] in page(shown)
    assert 'lang="ar" dir="rtl"' in page(shown)
    typed = "One reason.\r\n\r\n  Another,   with\u202e spaces. \r\nOne reason.\r\n"
    kept = send(desk, shown, "/comments/reasons/en/", sentences=typed, verb="keep")
    assert kept["Location"] == "/comments/reasons/#reasons-en"
    assert canned.sentences_in(["en", "ar"]) == {
        "en": ("One reason.", "Another, with spaces."),
        "ar": SUGGESTED_REASONS["ar"],
    }
    shown = desk.get("/comments/reasons/")
    assert "The sentences are kept." in page(shown)
    send(desk, shown, "/comments/reasons/en/", verb="suggested")
    assert canned.sentences_in(["en"])["en"] == SUGGESTED_REASONS["en"]


def test_an_empty_list_gives_no_reasons(desk: Client, thread: Thread) -> None:
    send(desk, desk.get("/comments/reasons/"), "/comments/reasons/en/", sentences=" \n ", verb="keep")
    assert canned.sentences_in(["en"])["en"] == ()
    canned.require_listed("", language="en")
    with pytest.raises(canned.NotListed):
        canned.require_listed(SUGGESTED_REASONS["en"][0], language="en")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Good.\n\u200d", "Line 2 has nothing that can be seen."),
        ("x" * 301, "Line 1 is too long. Please shorten it to 300 characters."),
        ("\n".join(f"Reason {n}." for n in range(31)), "Please keep no more than 30 sentences."),
    ],
)
def test_what_is_wrong_is_said_and_the_words_stay(
    desk: Client, thread: Thread, typed: str, said: str
) -> None:
    refused = send(
        desk, desk.get("/comments/reasons/"), "/comments/reasons/en/", sentences=typed, verb="keep"
    )
    shown = page(refused, status=422)
    assert said in shown
    assert f">\n{typed}</textarea>" in shown
    assert not CannedReasons.objects.exists()


def test_nobody_overwrites_what_another_wrote_meanwhile(
    desk: Client, thread: Thread, moderator: User
) -> None:
    shown = desk.get("/comments/reasons/")
    canned.keep(language="en", typed="What the other wrote.", moderator=moderator)
    refused = send(desk, shown, "/comments/reasons/en/", sentences="What I wrote.", verb="keep")
    assert "Somebody else has changed this list" in page(refused, status=422)
    assert "What I wrote.</textarea>" in page(refused, status=422)
    assert "<li>What the other wrote.</li>" in page(refused, status=422)
    send(desk, refused, "/comments/reasons/en/", sentences="What both want.", verb="keep")
    assert canned.sentences_in(["en"])["en"] == ("What both want.",)


def test_there_is_no_list_in_a_language_that_nobody_publishes_in(desk: Client, thread: Thread) -> None:
    fields = hidden(desk.get("/comments/reasons/"), "/comments/reasons/en/")
    typed = {"sentences": "One.", "verb": "keep"}
    assert desk.post("/comments/reasons/tr/", fields | typed).status_code == 404
    assert not CannedReasons.objects.exists()


def test_only_a_moderator_writes_them(thread: Thread) -> None:
    reporter = User.objects.create_user(username="reporter")
    with pytest.raises(PermissionDenied):
        canned.keep(language="en", typed="One.", moderator=reporter)
    with pytest.raises(PermissionDenied):
        canned.take_suggested(language="en", moderator=reporter)
