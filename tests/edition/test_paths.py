"""Addresses and the files behind them: nothing that anyone can type leaves the site's folder."""

from __future__ import annotations

import posixpath
import unicodedata
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nashra.edition.paths import (
    MAX_ADDRESS_BYTES,
    BadAddress,
    address_of_request,
    check_address,
    gone_path,
    is_reserved_slug,
    moved_path,
    page_path,
    slug_fits,
)

slugs = st.text(
    st.characters(categories=("L", "M", "N"), include_characters="-_.~"), min_size=1, max_size=30
).filter(lambda slug: slug not in {".", ".."} and unicodedata.is_normalized("NFC", slug))
addresses = st.lists(slugs, max_size=5).map(lambda parts: "".join(f"/{part}" for part in parts) + "/")
anything = st.one_of(
    st.text(), st.lists(st.sampled_from(["..", ".", "", "a", "%2e", "\x00", "\\"])).map("/".join)
)


@given(anything)
@example("/../etc/passwd")
@example("//etc/passwd")
@example("/a/../../b/")
@example("/a/..")
def test_no_address_leads_out_of_the_folder(text: str) -> None:
    for path_of in (page_path, gone_path, moved_path):
        try:
            path = path_of(text)
        except BadAddress:
            continue
        landed = posixpath.normpath(posixpath.join("/site", path))
        assert landed == "/site" or landed.startswith("/site/")
        assert "\x00" not in path
        assert not path.startswith("/")


@given(addresses)
def test_every_address_comes_back_from_its_percent_encoded_form(address: str) -> None:
    try:
        check_address(address)
    except BadAddress:
        assert len(address.encode()) > MAX_ADDRESS_BYTES or not unicodedata.is_normalized("NFC", address)
        return
    assert address_of_request(quote(address).encode("ascii")) == address


@given(st.binary(max_size=60))
def test_a_request_gives_an_address_of_ours_or_is_refused(raw_path: bytes) -> None:
    try:
        address = address_of_request(b"/" + raw_path)
    except BadAddress:
        return
    assert check_address(address) == address


@pytest.mark.parametrize(
    "raw_path",
    [
        b"/a%2Fb/",
        b"/a%5cb/",
        b"/%00/",
        b"/%2e%2e/",
        b"/%",
        b"/%4",
        b"/%zz",
        b"/\xff/",
        b"/%ff/",
        b"relative/",
        b"",
    ],
)
def test_it_refuses_requests_that_change_shape_when_decoded(raw_path: bytes) -> None:
    with pytest.raises(BadAddress):
        address_of_request(raw_path)


def test_a_decomposed_request_finds_the_composed_address() -> None:
    assert address_of_request("/cafe\u0301/".encode()) == "/caf\u00e9/"


@given(addresses)
def test_page_gone_and_moved_files_lie_side_by_side(address: str) -> None:
    try:
        page, gone, moved = page_path(address), gone_path(address), moved_path(address)
    except BadAddress:
        return
    assert posixpath.dirname(page) == posixpath.dirname(gone) == posixpath.dirname(moved)
    assert len({page, gone, moved}) == 3


@pytest.mark.parametrize("slug", ["readers", "Verify", "PHOTOS", "2026", "٢٠٢٦", "index"])
def test_it_keeps_some_slugs_for_the_site_itself(slug: str) -> None:
    assert is_reserved_slug(slug)


@pytest.mark.parametrize("slug", ["security", "readers-write", "2026-in-words", "أمن"])
def test_it_leaves_every_other_slug_to_the_newsroom(slug: str) -> None:
    assert not is_reserved_slug(slug)


def test_a_slug_is_measured_in_bytes_not_letters() -> None:
    assert slug_fits("a" * 150)
    assert slug_fits("ع" * 75)
    assert not slug_fits("ع" * 76)
    assert not slug_fits("")
