"""Pages on their way: as small as the reader's program can unpack."""

from __future__ import annotations

import gzip
from pathlib import Path

import brotli
import pytest

from nashra.serve.negotiation import choose_coding
from nashra.serve.pressed import SETTLED_S
from nashra.serve.stand import Stand
from tests.serve.asking import Reader
from tests.serve.conftest import POLICY, STORY, Clock, press, reader_of


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        (None, "identity"),
        ("", "identity"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("deflate", "identity"),
        ("*", "br"),
        ("*;q=0", None),
        ("br;q=0, *", "gzip"),
        ("identity;q=0", None),
        ("identity;q=0, gzip;q=0.001", "gzip"),
        ("gzip;q=0, *;q=0.5", "br"),
        ("br;q=0.1, gzip;q=0.9", "gzip"),
        ("br;q=0.1, gzip;q=0.9, identity", "identity"),
        ("gzip;q=0.5, identity;q=0.5", "gzip"),
        ("br ; q = 1.000 , gzip;q=0", "br"),
        ("br;q=nonsense, gzip", "gzip"),
        ("br;q=2", "identity"),
        ("identity, *;q=0", "identity"),
        (",,, ,br", "br"),
        ("gzip;q=0" + " " * 500, "identity"),
    ],
)
def test_it_chooses_the_coding_that_the_reader_likes_best(header: str | None, coding: str | None) -> None:
    assert choose_coding(header) == coding


def pack(site: Path, relative: str, content: str) -> None:
    """Put a page's siblings beside it, as the press does."""
    press(site, f"{relative}.gz", gzip.compress(content.encode(), 9, mtime=0))
    press(site, f"{relative}.br", brotli.compress(content.encode()))


def test_it_sends_pages_as_the_press_packed_them(site: Path, reader: Reader) -> None:
    pack(site, "en/security/ferry/index.html", STORY)
    for coding, ending in (("br", ".br"), ("gzip", ".gz")):
        answer = reader.get("/en/security/ferry/", accept_encoding=coding)
        assert answer["content-encoding"] == coding
        assert answer.body == (site / f"en/security/ferry/index.html{ending}").read_bytes()


def test_it_packs_a_page_with_gzip_where_the_press_did_not(reader: Reader) -> None:
    plain = reader.get("/en/security/ferry/")
    packed = reader.get("/en/security/ferry/", accept_encoding="gzip, deflate, br")
    assert "content-encoding" not in plain.headers
    assert (packed["content-encoding"], gzip.decompress(packed.body).decode()) == ("gzip", STORY)
    assert reader.get("/en/security/ferry/", accept_encoding="br").body == plain.body
    for answer in (plain, packed):
        assert answer["vary"] == "Accept-Encoding"
        assert answer["content-length"] == str(len(answer.body))
    assert len(packed.body) < len(plain.body) / 5


@pytest.mark.parametrize("ending", [".gz", ".br"])
@pytest.mark.parametrize("what", ["another page's", "cut off", "nonsense", "empty"])
def test_it_never_sends_a_sibling_that_is_not_the_page_s(
    site: Path, reader: Reader, ending: str, what: str
) -> None:
    pack(site, "en/security/ferry/index.html", STORY.replace("dusk", "dawn"))
    sibling = site / f"en/security/ferry/index.html{ending}"
    whole = sibling.read_bytes()
    wrong = {"another page's": whole, "cut off": whole[:-9], "nonsense": b"nonsense" * 9, "empty": b""}
    press(site, f"en/security/ferry/index.html{ending}", wrong[what])
    coding = {".gz": "gzip", ".br": "br"}[ending]
    for _ in range(2):
        answer = reader.get("/en/security/ferry/", accept_encoding=coding)
        unpack = {"gzip": gzip.decompress, "identity": bytes}[
            answer.headers.get("content-encoding", "identity")
        ]
        assert unpack(answer.body).decode() == STORY


def test_it_finds_the_siblings_that_come_after_their_page(site: Path) -> None:
    clock = Clock()
    reader = reader_of(Stand(site, content_security_policy=POLICY, clock=clock))
    assert "content-encoding" not in reader.get("/en/security/ferry/", accept_encoding="br").headers
    pack(site, "en/security/ferry/index.html", STORY)
    clock.seconds += SETTLED_S + 1
    assert reader.get("/en/security/ferry/", accept_encoding="br")["content-encoding"] == "br"


@pytest.mark.parametrize("name", ["index.html", "404.html"])
@pytest.mark.parametrize("ending", [".gz", ".br"])
def test_siblings_have_no_address_of_their_own(site: Path, reader: Reader, name: str, ending: str) -> None:
    pack(site, f"en/{name}", "home")
    assert reader.get(f"/en/{name}{ending}").status == 404


def test_feeds_and_site_maps_are_packed_and_named_by_their_type(site: Path, reader: Reader) -> None:
    for name, media_type in {
        "feed.xml": "application/rss+xml; charset=utf-8",
        "sitemap.xml": "application/xml",
        "robots.txt": "text/plain; charset=utf-8",
    }.items():
        press(site, f"en/{name}", name * 100)
        pack(site, f"en/{name}", name * 100)
        answer = reader.get(f"/en/{name}", accept_encoding="br")
        assert (answer.status, answer["content-type"], answer["content-encoding"]) == (200, media_type, "br")
        assert reader.get(f"/en/{name}.br").status == 404


def test_what_is_tiny_is_not_packed(reader: Reader) -> None:
    assert "content-encoding" not in reader.get("/en/", accept_encoding="gzip").headers


def test_withdrawn_and_missing_pages_are_packed_too(site: Path, reader: Reader) -> None:
    for relative in ("en/404.html", "en/security/withdrawn/410.html"):
        press(site, relative, "<p>There is nothing here.</p>" * 20)
    for target in ("/en/none/", "/en/security/withdrawn/"):
        assert reader.get(target, accept_encoding="gzip")["content-encoding"] == "gzip"


def test_it_says_so_to_a_program_that_refuses_every_coding(reader: Reader) -> None:
    assert reader.get("/en/", accept_encoding="identity;q=0, deflate").status == 406
