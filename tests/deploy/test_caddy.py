"""Debian's Caddy with our configuration gives readers what our own server gives them."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.deploy.asking import Server, differences
from tests.deploy.conftest import Site

ARABIC = quote("/ar/الميناء/العبارة/")
# Caddy gives parts of pages as well, and sends packed ones without saying how long they are.
MAY_DIFFER = ("accept-ranges:", "content-length:", "transfer-encoding:")


def unlike(own: Server, other: Server, target: str, *headers: str, method: str = "GET") -> list[str]:
    """What the two do not agree on, of what is promised."""
    found = differences(*(server.ask(target, *headers, method=method) for server in (own, other)))
    return [line for line in found if not line.startswith(MAY_DIFFER)]


@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
@pytest.mark.parametrize(
    "target", ["/", "/en/", "/en/harbour/ferry/", ARABIC, "/en/feed.xml", "/sitemap.xml", "/robots.txt"]
)
def test_pages_are_the_same(own_server: Server, caddy: Server, target: str, coding: str) -> None:
    assert unlike(own_server, caddy, target, f"Accept-Encoding: {coding}") == []
    head = caddy.ask(target, f"Accept-Encoding: {coding}", method="HEAD")
    assert (head.status, head.body) == (200, b"")


@pytest.mark.parametrize("target", ["/en/", ARABIC, "/en/feed.xml"])
def test_nothing_is_sent_again(caddy: Server, target: str) -> None:
    answer = caddy.ask(target, "Accept-Encoding: gzip")
    for condition in (
        f"If-None-Match: {answer.headers['etag']}",
        f"If-Modified-Since: {answer.headers['last-modified']}",
    ):
        assert caddy.ask(target, "Accept-Encoding: gzip", condition).status == 304


@pytest.mark.parametrize("old", ["/en/harbour/old-name/", quote("/ar/الميناء/اسم-قديم/")])
def test_old_addresses_lead_to_the_new_ones(own_server: Server, caddy: Server, old: str) -> None:
    ours, theirs = own_server.ask(old), caddy.ask(old)
    assert (theirs.status, theirs.headers["location"]) == (301, ours.headers["location"])
    assert theirs.headers["content-security-policy"] == ours.headers["content-security-policy"]
    assert theirs.headers["location"] in theirs.body.decode()


@pytest.mark.parametrize("target", ["/en", "/en/harbour/ferry", ARABIC.removesuffix("/")])
def test_a_missing_slash_is_added(caddy: Server, target: str) -> None:
    answer = caddy.ask(target)
    assert (answer.status, answer.headers["location"]) == (301, f"{target}/")


@pytest.mark.parametrize("target", ["/en/harbour/withdrawn/", quote("/ar/الميناء/سحب/")])
def test_withdrawn_stories_say_so(own_server: Server, caddy: Server, target: str) -> None:
    assert unlike(own_server, caddy, target, "Accept-Encoding: gzip") == []
    assert caddy.ask(target).status == 410


@pytest.mark.parametrize(
    "target",
    [
        *("/en/none/", "/ar/none/", "/xx/none/", "/none", "/en/none/feed.xml", "/index.html", "/en/404.html"),
        *(
            "/en/harbour/withdrawn/410.html",
            "/en/harbour/old-name/301.txt",
            "/en/index.html.gz",
            "/.git/config",
        ),
        *("/en/feed.xml.br", "/photos/none.avif", "/.notices/404.html", quote("/ar/لا-شيء/")),
    ],
)
def test_what_is_not_there_is_said_in_the_page_s_language(
    own_server: Server, caddy: Server, target: str
) -> None:
    assert unlike(own_server, caddy, target, "Accept-Encoding: gzip") == []
    assert caddy.ask(target).status == 404


def test_photos_come_whole_and_in_parts(own_server: Server, caddy: Server, site: Site) -> None:
    assert unlike(own_server, caddy, site.photo) == []
    part = caddy.ask(site.photo, "Range: bytes=0-99")
    assert (part.status, part.body) == (206, own_server.ask(site.photo, "Range: bytes=0-99").body)
    assert caddy.ask(site.photo, "Range: bytes=999999999-").status == 416


@pytest.mark.parametrize(
    "target", ["//en/", "/en/./harbour/", "/a%20b", "/%ff%fe/", "/a%25b", "/" + "a" * 201]
)
def test_addresses_that_no_page_can_have_are_refused(own_server: Server, caddy: Server, target: str) -> None:
    assert unlike(own_server, caddy, target) == []
    assert caddy.ask(target).status == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_can_be_sent_to_a_page(own_server: Server, caddy: Server, method: str) -> None:
    assert unlike(own_server, caddy, "/en/", method=method) == []
    assert caddy.ask("/en/", method=method).status == 405


def test_posts_reach_the_readers_desk(own_server: Server, caddy: Server) -> None:
    ours, theirs = (
        server.ask("/readers/comment", "Content-Type: text/plain", method="POST", body=b"hello")
        for server in (own_server, caddy)
    )
    assert (theirs.status, theirs.body) == (ours.status, ours.body)
