"""The moderators' pages speak Arabic and Persian: every word of them, and none that is left over."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.test import Client
from django.utils.translation.template import templatize
from wagtail.users.models import UserProfile

import nashra
from nashra.readers.checks import REASONS
from nashra.readers.models import Thread
from tests.readers.conftest import make_moderator
from tests.readers.queue_desk import page, waiting

READERS = Path(nashra.__file__).parent / "readers"
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2)}

both = pytest.mark.parametrize("language", ["ar", "fa"])


def messages() -> Iterator[str | tuple[str, str]]:
    """Every message of the moderators' pages: modules, templates, sentences of reasons."""
    for file in sorted(READERS.glob("*.py")):
        source = file.read_bytes()
        if b"django.utils.translation" in source:
            yield from (each[1] for each in extract("python", io.BytesIO(source), keywords=KEYWORDS))
    for file in sorted((READERS / "templates").rglob("*.html")):
        # What is no message becomes a row of X, whose indentation Python would not like.
        code = re.sub(r"^\s+", "", templatize(file.read_text(encoding="utf-8")), flags=re.MULTILINE)
        yield from (each[1] for each in extract("python", io.BytesIO(code.encode()), keywords=KEYWORDS))
    yield from REASONS.values()


def catalogue(language: str) -> Catalog:
    with (READERS / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)[sd]", text))


def test_it_finds_messages_everywhere_it_looks() -> None:
    found = set(messages())
    assert {
        "Decided just now",
        "Please search for something shorter.",
        "Holds what looks like a link.",
    } <= found
    assert ("%(number)d comment is approved.", "%(number)d comments are approved.") in found


@both
def test_every_message_is_translated_and_none_is_left_over(language: str) -> None:
    kept = {message.id: message.string for message in catalogue(language) if message.id}
    wanted = {tuple(each[:2]) if isinstance(each, tuple) else each for each in messages()}
    assert {str(each) for each in wanted - set(kept)} == set()
    assert {str(each) for each in set(kept) - wanted} == set()
    for english, words in kept.items():
        several = words if isinstance(words, tuple) else (words,)
        assert all(several), english
        named = set(placeholders(english[-1] if isinstance(english, tuple) else english))
        # Forms for exactly one, two or none may say the number in a word.
        assert all(set(placeholders(each)) <= named for each in several), english
        assert set(placeholders(several[-1])) == named, english


@both
@pytest.mark.django_db(databases=["default", "readers"])
def test_a_moderator_reads_them_in_their_own_language(language: str, thread: Thread) -> None:
    waiting(thread, "Look at www.lumen.example now")
    maryam = make_moderator("maryam")
    UserProfile.objects.create(user=maryam, preferred_language=language)
    desk = Client()
    desk.force_login(maryam)
    shown = page(desk.get("/comments/"))
    for english in ("To decide", "Approve", "and tell its writer:", "Holds what looks like a link."):
        assert english not in shown
        assert catalogue(language).get(english).string in shown
