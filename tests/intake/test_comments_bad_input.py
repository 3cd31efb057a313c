"""Files that are broken, hostile or something else: one clear sentence, and nothing is changed."""

from __future__ import annotations

import io
import tracemalloc

import pytest

from nashra.intake.comments.command import CannotImport, Wishes, import_comments
from nashra.readers.models import Comment
from tests.intake.comments_examples import disqus, post, thread, wp_comment, wp_item, wxr
from tests.readers.conftest import NOON, make_thread

pytestmark = pytest.mark.django_db(databases=["default", "readers"])

GOOD = wxr(wp_item(wp_comment(1), wp_comment(2)))
BOMB = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "sea sea sea sea sea sea sea sea">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;">
<!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;"><!ENTITY g "&f;&f;&f;&f;&f;&f;&f;&f;">]><rss>&g;</rss>"""
FILE_THIEF = (
    b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>"""
)


@pytest.fixture(autouse=True)
def story(db: None) -> None:
    make_thread()


def refusal(content: bytes, source: str = "wordpress") -> str:
    """What an import of bad bytes says; it may change nothing."""
    said: list[str] = []
    with pytest.raises(CannotImport) as error:
        take(content, source, said)
    assert not Comment.objects.exists()
    sentence = str(error.value)
    assert sentence.startswith("old.xml ")
    assert sentence.endswith(" Nothing was imported.")
    assert "\n" not in sentence
    return sentence


def take(content: bytes, source: str = "wordpress", said: list[str] | None = None):
    return import_comments(
        io.BytesIO(content),
        file_name="old.xml",
        wishes=Wishes(source=source),
        now=NOON,
        say=(said if said is not None else []).append,
    )


@pytest.mark.parametrize("source", ["wordpress", "disqus"])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty."),
        (b"just words", "is no XML, and so not a"),
        (b'{"format": "nashra-comments"}', "is no XML"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is no XML"),
        (b"<html><body>Log in</body></html>", "is XML, but not a"),
        (BOMB, "declares a document type of its own"),
        (FILE_THIEF, "declares a document type of its own"),
        (b'<?xml version="1.0" encoding="klingon"?><rss/>', "in an encoding that nobody here knows (line 1)"),
    ],
)
def test_another_file_is_named_for_what_it_is(source, content, words):
    assert words in refusal(content, source)


def test_an_export_of_the_one_is_none_of_the_other():
    assert "is XML, but not a Disqus export" in refusal(GOOD, "disqus")
    assert "is XML, but not a WordPress export (WXR)" in refusal(disqus(thread(), post(1)), "wordpress")
    assert "is JSON, but not an export of Nashra" in refusal(b'{"format": "other"}', "nashra")
    assert "is not an export of Nashra" in refusal(GOOD, "nashra")


def test_a_feed_is_no_export_and_a_future_version_is_not_guessed():
    assert "it names no version" in refusal(b'<rss version="2.0"><channel><item/></channel></rss>')
    assert "says that it is WXR 2.0" in refusal(GOOD.replace(b"wxr_version>1.2", b"wxr_version>2.0"))


@pytest.mark.parametrize("part", [0.3, 0.7, 0.99])
def test_a_file_that_was_cut_off_changes_nothing(part):
    sentence = refusal(GOOD[: int(len(GOOD) * part)])
    assert "is broken XML at line" in sentence
    assert "export it again" in sentence


def test_bytes_in_another_encoding_than_the_file_says_are_named_by_their_line():
    wrong = GOOD.replace(b"I saw it come in, 2.", "عادت".encode("cp1256"))
    assert "holds bytes at line 4" in refusal(wrong)


def test_a_declared_encoding_is_read():
    text = GOOD.decode().replace("I saw it come in, 2.", "عادت")
    take(text.replace("UTF-8", "windows-1256").encode("cp1256"))
    assert Comment.objects.filter(text="عادت").exists()


def test_utf_16_is_read():
    take(GOOD.decode().replace("UTF-8", "UTF-16").encode("utf-16"))
    assert Comment.objects.count() == 2


def test_control_characters_that_were_pasted_spoil_nothing():
    take(GOOD.replace(b"come in, 2", b"come\x08 in\x0b, \x00\x1f2"))
    assert Comment.objects.filter(text="I saw it come in, 2.").exists()


@pytest.mark.parametrize(
    ("comment", "sentence"),
    [
        (wp_comment(9, "x" * 6001), "Comment 9 has 6,001 characters; 6,000 are kept."),
        (wp_comment(9, "x" * 61_000), "Comment 9 is longer, with its markup, than any comment"),
        (wp_comment(9, "<p> </p>"), "Comment 9 has no words."),
        (wp_comment(9, name="n" * 400), "Comment 9 has a name of 400 characters"),
        (wp_comment(9, date_gmt="soon"), "Comment 9 has no date that can be read."),
        (wp_comment(9, date_gmt="2999-01-01 00:00:00"), "Comment 9 is dated in the year 2999."),
        (wp_comment("9'--"), "Comment 9'-- has no number"),
        (wp_comment(""), "Comment without a number has no number"),
    ],
)
def test_a_comment_that_cannot_be_kept_whole_is_named_and_harms_no_other(comment, sentence):
    said: list[str] = []
    report = take(wxr(wp_item(wp_comment(1), comment, wp_comment(2))), said=said)
    assert dict(+report.counts) == {"refused": 1, "approved": 2}
    assert not report.is_good
    [line] = said
    assert line.startswith(sentence)


def test_words_longer_than_a_reader_may_send_are_kept_whole():
    take(wxr(wp_item(wp_comment(1, "س" * 4000), wp_comment(2, "س" * 4000, approved="0"))))
    assert [len(text) for text in Comment.objects.values_list("text", flat=True)] == [4000, 4000]


def test_deep_markup_in_one_comment_ends():
    report = take(wxr(wp_item(wp_comment(1, "<div>" * 11_000 + "deep"), wp_comment(2))))
    assert report.counts["approved"] == 2


def test_an_element_that_pretends_to_be_a_comments_part_elsewhere_is_not_read():
    strange = wp_comment(1).replace(
        "<wp:commentmeta>", "<wp:commentmeta><wp:comment_author>Eve</wp:comment_author>"
    )
    take(wxr(wp_item(strange)))
    assert Comment.objects.get().name == "Lina"


def test_a_large_file_is_read_without_being_held():
    comments = "\n".join(
        wp_comment(number, f"Nr {number} " + "x" * 3000, type="pingback") for number in range(3000)
    )
    content = wxr(wp_item(comments, title="x" * 200_000))
    tracemalloc.start()
    try:
        take(content)
        _now, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(content) > 10_000_000
    assert peak_bytes < 3_000_000


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty."),
        (b"[]", "is empty."),
        (b"[1]", "is not an export of Nashra's comments"),
        (b'[{"format": "nashra-comments", "version": 2}]', "is of version 2 of the format"),
        (b'[{"format": "nashra-comments", "version": 1}, {"kind": "vote"}]', "neither a story nor a comment"),
        (b'[{"format": "nashra-comments", "version": 1}, {"kind": "comm', "or was cut off"),
        (b'[{"format": "nashra-comments", "version": 1}', "has no end: it was cut off."),
    ],
)
def test_a_broken_export_of_our_own_is_named_for_what_it_is(content, words):
    assert words in refusal(content, "nashra")
