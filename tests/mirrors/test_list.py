"""The list of mirrors that an edition signs: one way to write it, and nobody in it who is not listed."""

from __future__ import annotations

import pytest

from nashra.edition.mirrors import BadMirrors, check_mirror_url, mirrors_bytes, parse_mirrors
from nashra.mirrors.records import BadMirror, add_mirror, listed_mirrors
from tests.verifier.editions import CUT

ONION = f"http://{'a' * 55}d.onion/"


def test_the_list_is_sorted_and_read_back():
    data = mirrors_bytes(["https://b.example/news/", ONION, "https://a.example/"])
    assert parse_mirrors(data) == (ONION, "https://a.example/", "https://b.example/news/")
    assert data.endswith(b"\n")
    assert mirrors_bytes([]) == b'{"mirrors":[],"schema":"nashra-mirrors-1"}\n'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[" * 100_000,
        b'{"mirrors":[],"schema":"nashra-mirrors-1"}',
        b'{"mirrors": [],"schema":"nashra-mirrors-1"}\n',
        b'{"mirrors":["https://b.example/","https://a.example/"],"schema":"nashra-mirrors-1"}\n',
        b'{"mirrors":["http://a.example/"],"schema":"nashra-mirrors-1"}\n',
        b'{"mirrors":[1],"schema":"nashra-mirrors-1"}\n',
        b'{"mirrors":[],"more":1,"schema":"nashra-mirrors-1"}\n',
        b'{"mirrors":[],"schema":"nashra-mirrors-2"}\n',
    ],
)
def test_any_other_writing_is_refused(data):
    with pytest.raises(BadMirrors):
        parse_mirrors(data)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example",
        "https://a.example/news",
        "https://me:pw@a.example/",
        "https://A.example/",
        "https://a.example/?q",
        "https://a.example/../x/",
        "https://a.example:99999/",
        "ftp://a.example/",
        "http://short.onion/",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_is_no_plain_folder_is_refused(url):
    with pytest.raises(BadMirrors):
        check_mirror_url(url)


@pytest.mark.django_db
def test_unlisted_mirrors_stand_in_no_list():
    add_mirror("open", "/srv/open", public_url="https://open.example", is_listed=True, now=CUT)
    add_mirror("hidden", "h.example:/srv/n", public_url="https://hidden.example/", is_listed=False, now=CUT)
    assert parse_mirrors(listed_mirrors()) == ("https://open.example/",)
    assert b"hidden" not in listed_mirrors()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "url", "listed"),
    [
        ("Big Name", "", False),
        ("a", "", True),
        ("a", "http://plain.example/", True),
        ("a", "nonsense", False),
    ],
)
def test_a_mirror_that_cannot_be_is_refused(name, url, listed):
    with pytest.raises(BadMirror):
        add_mirror(name, "/srv/news", public_url=url, is_listed=listed, now=CUT)
