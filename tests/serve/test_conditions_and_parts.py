"""Asking only for what changed, or only for a part."""

from __future__ import annotations

import os
from pathlib import Path

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nashra.serve.negotiation import UnsatisfiableRange, byte_range
from nashra.serve.stand import Stand
from tests.serve.asking import Reader
from tests.serve.conftest import PHOTO, POLICY, STORY, press, reader_of

PHOTO_ADDRESS = "/photos/0123456789abcdef0123-960.avif"
FEBRUARY = 1769947200


def grow_old(path: Path) -> None:
    """Have a file written long ago."""
    os.utime(path, (FEBRUARY, FEBRUARY))


def test_it_sends_nothing_again_that_the_reader_already_has(reader: Reader) -> None:
    etag = reader.get("/en/")["etag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = reader.get("/en/", if_none_match=known)
        assert (answer.status, answer.body, answer["etag"]) == (304, b"", etag)
        assert answer["vary"] == "Accept-Encoding"
        assert answer["cache-control"] == "no-cache"
        assert "content-length" not in answer.headers
    assert reader.head("/en/", if_none_match=etag).status == 304


@pytest.mark.parametrize("known", ['"other"', "", "garbage", 'W/"', "\xff"])
def test_it_sends_the_page_to_who_has_another_version(reader: Reader, known: str) -> None:
    assert reader.get("/en/", if_none_match=known).status == 200


def test_it_sends_nothing_again_since_the_date_that_it_gave(site: Path, reader: Reader) -> None:
    grow_old(site / "en/index.html")
    answer = reader.get("/en/")
    date = answer["last-modified"]
    assert date == "Sun, 01 Feb 2026 12:00:00 GMT"
    assert reader.get("/en/", if_modified_since=date).status == 304
    assert reader.get("/en/", if_modified_since="Sun, 01 Feb 2026 12:00:01 GMT").status == 200
    # The tag says it more exactly: where both are sent, the date says nothing.
    assert reader.get("/en/", if_modified_since=date, if_none_match='"other"').status == 200
    assert "last-modified" not in reader.get("/en/none/").headers


def test_a_page_that_was_just_pressed_bears_no_date(reader: Reader) -> None:
    # A second version within the same second would bear the same one.
    assert "last-modified" not in reader.get("/en/").headers
    assert "etag" in reader.get("/en/").headers


def test_each_coding_has_an_etag_of_its_own(site: Path, reader: Reader) -> None:
    press(site, "en/index.html", STORY)
    press(site, "en/index.html.br", brotli.compress((site / "en/index.html").read_bytes()))
    etags = {
        coding: reader.get("/en/", accept_encoding=coding)["etag"] for coding in ("br", "gzip", "identity")
    }
    assert len(set(etags.values())) == 3
    assert reader.get("/en/", accept_encoding="br", if_none_match=etags["gzip"]).status == 200
    assert reader.get("/en/", accept_encoding="br", if_none_match=etags["br"]).status == 304


def test_two_stands_give_the_same_bytes_the_same_etag(site: Path, tmp_path: Path, reader: Reader) -> None:
    press(tmp_path / "other", "en/index.html", (site / "en/index.html").read_bytes())
    other = reader_of(Stand(tmp_path / "other", content_security_policy=POLICY))
    for coding in ("br", "gzip", "identity"):
        assert (
            other.get("/en/", accept_encoding=coding)["etag"]
            == reader.get("/en/", accept_encoding=coding)["etag"]
        )


def test_a_missing_page_is_never_answered_with_unchanged(reader: Reader) -> None:
    assert reader.get("/en/none/", if_none_match="*").status == 404
    assert reader.get("/en/security/withdrawn/", if_none_match="*").status == 410


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, len(PHOTO)),
        ("bytes=-10", len(PHOTO) - 10, len(PHOTO)),
        ("bytes=5-999999999", 5, len(PHOTO)),
        ("bytes=-999999999", 0, len(PHOTO)),
        ("BYTES=3-3", 3, 4),
    ],
)
@pytest.mark.parametrize("shelf_bytes", [64 * 1024 * 1024, 8 * 1024], ids=["from memory", "from disk"])
def test_it_sends_the_part_of_a_photo_that_is_asked_for(
    site: Path, asked: str, start: int, stop: int, shelf_bytes: int
) -> None:
    stand = Stand(site, content_security_policy=POLICY, shelf_bytes=shelf_bytes)
    answer = reader_of(stand).get(PHOTO_ADDRESS, range=asked)
    assert (answer.status, answer.body) == (206, PHOTO[start:stop])
    assert answer["content-range"] == f"bytes {start}-{stop - 1}/{len(PHOTO)}"
    assert answer["content-length"] == str(stop - start)


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,4-5", "lines=1-2", "bytes=9-3", "bytes=-", "bytes", "bytes=a-b"]
)
def test_it_sends_the_whole_photo_where_it_cannot_tell_the_part(reader: Reader, asked: str) -> None:
    assert (reader.get(PHOTO_ADDRESS, range=asked).status, reader.get(PHOTO_ADDRESS, range=asked).body) == (
        200,
        PHOTO,
    )


@pytest.mark.parametrize("asked", [f"bytes={len(PHOTO)}-", "bytes=-0"])
def test_it_says_when_a_photo_has_no_such_part(reader: Reader, asked: str) -> None:
    answer = reader.get(PHOTO_ADDRESS, range=asked)
    assert (answer.status, answer["content-range"]) == (416, f"bytes */{len(PHOTO)}")


def test_a_part_is_sent_only_of_the_version_that_the_reader_holds(reader: Reader) -> None:
    etag = reader.get(PHOTO_ADDRESS)["etag"]
    assert reader.get(PHOTO_ADDRESS, range="bytes=0-1", if_range=etag).status == 206
    assert reader.get(PHOTO_ADDRESS, range="bytes=0-1", if_range='"old"').status == 200
    assert reader.get(PHOTO_ADDRESS, range="bytes=0-1", if_none_match=etag).status == 304
    assert reader.head(PHOTO_ADDRESS, range="bytes=0-1").status == 200


def test_a_part_is_sent_by_the_date_as_well(site: Path, reader: Reader) -> None:
    grow_old(site / PHOTO_ADDRESS[1:])
    date = reader.get(PHOTO_ADDRESS)["last-modified"]
    assert reader.get(PHOTO_ADDRESS, range="bytes=0-1", if_range=date).status == 206
    assert (
        reader.get(PHOTO_ADDRESS, range="bytes=0-1", if_range="Sun, 01 Feb 2026 11:00:00 GMT").status == 200
    )


def test_pages_are_sent_whole_whatever_part_is_asked_for(reader: Reader) -> None:
    assert reader.get("/en/", range="bytes=0-1").body == b"home"


@given(st.integers(0, 10**6), st.integers(0, 10**7), st.integers(1, 10**6))
def test_a_range_never_leaves_the_file(first: int, last: int, size_bytes: int) -> None:
    try:
        part = byte_range(f"bytes={first}-{last}", size_bytes)
    except UnsatisfiableRange:
        assert first >= size_bytes
        return
    if part is not None:
        assert 0 <= part[0] < part[1] <= size_bytes
