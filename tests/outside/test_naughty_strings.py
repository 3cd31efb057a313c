"""The big list of naughty strings passes the readers' forms: escaped, whole, and into the database."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest

from nashra.readers.models import Comment, Thread
from nashra.readers.text import BIDI_CONTROLS, has_visible_character, normalise, normalise_name
from tests.readers.conftest import Reader, make_thread, readers_origin
from tests.readers.forms import hidden_fields

pytestmark = pytest.mark.django_db(databases=["default", "readers"])

__all__ = ["readers_origin"]

_HIDDEN_FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


def read_strings(outside: Path) -> list[str]:
    """The list, as UTF-8 can carry it."""
    strings = json.loads((outside / "outside" / "naughty" / "blns.json").read_text(encoding="utf-8"))
    return [text.encode(errors="replace").decode() for text in strings]


def test_they_survive_preview_and_acceptance(outside: Path, readers_origin: None) -> None:
    thread: Thread = make_thread()
    reader = Reader(**{"sec-fetch-site": "same-origin"})
    strings = [text for text in read_strings(outside) if has_visible_character(normalise(text))]
    assert len(strings) > 450
    for text in strings:
        preview = reader.post(
            "/readers/comment", {"story": thread.public_id, "name": text[:40] + " x", "text": text}
        )
        page = preview.content.decode()
        assert preview.status_code == 200, text
        fields = {name: html.unescape(value) for name, value in _HIDDEN_FIELD.findall(page)}
        assert fields["text"] == normalise(text)
        assert not BIDI_CONTROLS & set(page)
        # Nothing of it became markup: the page has the script and handlers that the theme has, none more.
        assert "<script" not in page.lower().split("<main", 1)[1].split("</main>", 1)[0]
        received = reader.post("/readers/comment", fields)
        assert received.status_code == 200
    kept = set(Comment.objects.values_list("text", flat=True))
    assert kept == {normalise(text) for text in strings}


def test_those_that_show_nothing_are_refused(outside: Path, readers_origin: None) -> None:
    thread = make_thread()
    reader = Reader()
    unseen = [text for text in read_strings(outside) if not has_visible_character(normalise(text))]
    assert unseen
    for text in unseen:
        answer = reader.post("/readers/comment", {"story": thread.public_id, "name": "Lina", "text": text})
        assert answer.status_code == 422
    assert not Comment.objects.exists()


def test_they_survive_as_changed_words(outside: Path, readers_origin: None) -> None:
    thread = make_thread()
    reader = Reader(**{"sec-fetch-site": "same-origin"})
    preview = reader.post("/readers/comment", {"story": thread.public_id, "name": "Lina", "text": "First."})
    fields = hidden_fields(preview)
    reader.post("/readers/comment", fields)
    for text in read_strings(outside):
        if not has_visible_character(normalise(text)):
            continue
        changed = {"receipt": fields["receipt"], "step": "save", "name": text[:40] + " x", "text": text}
        answer = reader.post("/readers/receipt", changed)
        assert answer.status_code == 200, text
        comment = Comment.objects.get()
        assert (comment.name, comment.text) == (normalise_name(changed["name"]), normalise(text))
        page = answer.content.decode()
        assert not BIDI_CONTROLS & set(page)
        assert "<script" not in page.lower().split("<main", 1)[1].split("</main>", 1)[0]


def test_none_of_them_opens_anything_as_a_receipt(outside: Path, readers_origin: None) -> None:
    make_thread()
    reader = Reader(**{"sec-fetch-site": "same-origin"})
    for text in read_strings(outside):
        fields = {"receipt": text, "language": text[:20], "step": "erase-now"}
        answer = reader.post("/readers/receipt", fields)
        assert answer.status_code == 404, text
        page = answer.content.decode()
        assert not BIDI_CONTROLS & set(page)
        assert "<script" not in page.lower().split("<main", 1)[1].split("</main>", 1)[0]
