"""Pages on their way: as small as the reader's program can unpack."""

from __future__ import annotations

import gzip

import brotli
import pytest

from nashra.serve.negotiation import choose_coding
from tests.serve.asking import Reader
from tests.serve.conftest import STORY


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


def test_it_compresses_pages_with_brotli_or_gzip(reader: Reader) -> None:
    plain = reader.get("/en/security/ferry/")
    small = reader.get("/en/security/ferry/", accept_encoding="gzip, deflate, br")
    other = reader.get("/en/security/ferry/", accept_encoding="gzip")
    assert "content-encoding" not in plain.headers
    assert (small["content-encoding"], brotli.decompress(small.body).decode()) == ("br", STORY)
    assert (other["content-encoding"], gzip.decompress(other.body).decode()) == ("gzip", STORY)
    for answer in (plain, small, other):
        assert answer["vary"] == "Accept-Encoding"
        assert answer["content-length"] == str(len(answer.body))
    assert len(small.body) < len(plain.body) / 5


def test_withdrawn_and_missing_pages_are_compressed_too(reader: Reader) -> None:
    for target in ("/en/none/", "/en/security/withdrawn/"):
        assert reader.get(target, accept_encoding="br")["content-encoding"] == "br"


def test_it_says_so_to_a_program_that_refuses_every_coding(reader: Reader) -> None:
    assert reader.get("/en/", accept_encoding="identity;q=0, deflate").status == 406
