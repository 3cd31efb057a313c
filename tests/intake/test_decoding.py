"""Bytes that are no page are refused with one sentence; HTML may declare a charset of its own."""

from __future__ import annotations

import pytest

from nashra.intake.decoding import MAX_PAGE_BYTES, decode, is_html
from nashra.intake.page import UnreadablePage, read_page
from tests.intake import articles


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "is empty"),
        (b" \r\n\t\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\x00\x00\x00", "is empty"),
        (b"a" * (MAX_PAGE_BYTES + 1), "is bigger than a page of text can be"),
        (b"%PDF-1.7 ...", "is a PDF document"),
        (b"PK\x03\x04....", "is a ZIP archive or an office document"),
        (b"\x89PNG\r\n\x1a\n...", "is a picture"),
        (b"From: <Saved by Blink>\r\n", "MHTML"),
        (b"{\\rtf1 words}", "is an RTF document"),
        (b"words\x00more words", "is binary"),
        (b"words\x01more words", "is binary"),
        (b"\x8f\x07\xfa\x10\xc3\x28", "is binary"),
        (b"words \x1b[1m in colour", "is binary"),
        ("سلام".encode("utf-16"), "is UTF-16"),
        ("line one\nسلام".encode("cp1256"), r"is not UTF-8 \(line 2\): save it as UTF-8"),
        (b"line one\nline two \xff", r"is not UTF-8 \(line 2\)"),
        (b"<meta charset='utf-8'><p>caf\xe9</p>", "is not UTF-8"),
        (b"<meta charset='base64'><p>caf\xe9</p>", "declares base64, which is not known here"),
        (b"<meta charset='klingon'><p>caf\xe9</p>", "declares klingon, which is not known here"),
        (b"<meta charset='big5'><p>caf\xe9</p>", "neither that nor UTF-8"),
    ],
)
def test_it_refuses_what_is_no_page_with_one_sentence(raw: bytes, words: str) -> None:
    with pytest.raises(UnreadablePage, match=words) as error:
        read_page(raw)
    assert str(error.value).endswith(".")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("label", "codec"),
    [("windows-1256", "cp1256"), ("ISO-8859-1", "cp1252"), ("iso-8859-6", "iso8859-6"), ("gb2312", "gbk")],
)
def test_a_declared_charset_is_honoured(label: str, codec: str) -> None:
    words = {"cp1256": "مرفأ سلام", "cp1252": "“café”", "iso8859-6": "مرفأ", "gbk": "港口"}[codec]
    raw = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={label}">{words}'.encode(
        codec
    )
    text, findings = decode(raw)
    assert text.endswith(words)
    assert findings == ()


def test_utf8_bytes_under_another_declaration_are_read_as_utf8_and_a_finding_says_so() -> None:
    raw = '<html><meta charset="windows-1256"><p>مرفأ سلام</p>'.encode()
    text, findings = decode(raw)
    assert "مرفأ سلام" in text
    assert findings == ("The page declares windows-1256, but its bytes are UTF-8 and were read so.",)


def test_it_tells_html_from_text() -> None:
    assert is_html(articles.page_of_html())
    assert is_html("\n<!-- saved from url=(0014)about:internet -->\n<html>")
    assert is_html("<?xml version='1.0'?>\n<!DOCTYPE html>")
    assert not is_html(articles.page_of_text().decode())
    assert not is_html("They wrote <b>peace</b> on the wall, and </p> below it.")
