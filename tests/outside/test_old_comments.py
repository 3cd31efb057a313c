"""The big list of naughty strings comes in with old comments as it would come in with new ones."""

from __future__ import annotations

import io
from html import escape
from pathlib import Path

import pytest

from nashra.intake.comments.command import Wishes, import_comments
from nashra.readers.models import Comment
from nashra.readers.text import has_visible_character, normalise, normalise_name
from tests.intake.comments_examples import disqus, post, thread, wp_comment, wp_item, wxr
from tests.outside.test_naughty_strings import read_strings
from tests.readers.conftest import NOON, make_thread

pytestmark = pytest.mark.django_db(databases=["default", "readers"])


def readable(text: str) -> str:
    """A string as an export can hold it: marked up, in a CDATA section, without what no XML has."""
    kept = "".join(c for c in text if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff"))
    return escape(kept.replace("\r", "\n"), quote=False).replace("]]>", "]]]]><![CDATA[>")


@pytest.mark.parametrize("source", ["wordpress", "disqus"])
def test_they_come_in_whole_and_as_text(outside: Path, source: str) -> None:
    make_thread()
    strings = [text for text in read_strings(outside) if has_visible_character(normalise(text))]
    assert len(strings) > 450
    if source == "wordpress":
        comments = [
            wp_comment(n, readable(text), name=readable(text[:40] + " x")) for n, text in enumerate(strings)
        ]
        content = wxr(wp_item(*comments))
    else:
        posts = [post(n + 1, readable(text), name="Lina") for n, text in enumerate(strings)]
        content = disqus(thread(), *posts)
    report = import_comments(
        io.BytesIO(content), file_name="old.xml", wishes=Wishes(source=source), now=NOON, say=print
    )
    assert dict(+report.counts) == {"approved": len(strings)}
    assert set(Comment.objects.values_list("text", flat=True)) == {normalise(text) for text in strings}
    if source == "wordpress":
        expected = {normalise_name(text[:40] + " x") for text in strings}
        assert set(Comment.objects.values_list("name", flat=True)) - expected <= {"Anonymous"}
