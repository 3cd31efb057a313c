"""Debian's nginx with our configuration answers as our own server does, to every kind of request."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.deploy.asking import Answer, Server, differences
from tests.deploy.conftest import Site

ARABIC = quote("/ar/الميناء/العبارة/")
PAGES = [
    "/",
    "/en/",
    "/en/harbour/",
    "/en/harbour/ferry/",
    ARABIC,
    "/en/feed.xml",
    "/robots.txt",
    "/sitemap.xml",
]
CODINGS = ["", "gzip", "br", "gzip, deflate, br, zstd", "identity", "br;q=0", "gzip;q=0, br;q=0"]


def same(own: Server, other: Server, target: bytes | str, *headers: str, method: str = "GET") -> Answer:
    """Ask both, and give our own server's answer."""
    ours, theirs = (server.ask(target, *headers, method=method) for server in (own, other))
    assert differences(ours, theirs) == []
    return ours


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("target", PAGES)
def test_pages_come_in_the_same_coding(own_server: Server, nginx: Server, target: str, coding: str) -> None:
    headers = [f"Accept-Encoding: {coding}"] if coding else []
    assert same(own_server, nginx, target, *headers).status == 200


@pytest.mark.parametrize(
    "coding", ["br;q=0.1, gzip;q=0.9", "gzip;q=0.2, identity", "br;q=nonsense, gzip", "*;q=0.5"]
)
def test_a_coding_that_was_refused_is_never_sent(own_server: Server, nginx: Server, coding: str) -> None:
    # nginx looks only at what is refused, we at what is liked best: both send what can be read.
    ours, theirs = (
        server.ask("/en/harbour/ferry/", f"Accept-Encoding: {coding}") for server in (own_server, nginx)
    )
    assert ours.text == theirs.text


@pytest.mark.parametrize(
    "target", [*PAGES, "/en/none/", "/en/harbour/withdrawn/", "/en/harbour/old-name/", "/%00"]
)
def test_the_head_is_the_same_without_the_body(own_server: Server, nginx: Server, target: str) -> None:
    assert same(own_server, nginx, target, "Accept-Encoding: gzip", method="HEAD").body == b""


@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
@pytest.mark.parametrize("target", ["/en/", "/en/harbour/ferry/", ARABIC, "/en/feed.xml"])
def test_nothing_is_sent_again_by_either_validator(
    own_server: Server, nginx: Server, target: str, coding: str
) -> None:
    accepted = f"Accept-Encoding: {coding}"
    for server in (own_server, nginx):
        etag = server.ask(target, accepted).headers["etag"]
        for known in (etag, f'"other", {etag}', f"W/{etag}", "*"):
            assert server.ask(target, accepted, f"If-None-Match: {known}").status == 304
        assert server.ask(target, accepted, 'If-None-Match: "other"').status == 200
    date = own_server.ask(target).headers["last-modified"]
    assert same(own_server, nginx, target, accepted, f"If-Modified-Since: {date}").status == 304
    late = "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT"
    assert same(own_server, nginx, target, accepted, late).status == 200
    both = (f"If-Modified-Since: {date}", 'If-None-Match: "other"')
    assert same(own_server, nginx, target, accepted, *both).status == 200


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/en/harbour/old-name/", "/en/harbour/new-name/"),
        (quote("/ar/الميناء/اسم-قديم/"), quote("/ar/الميناء/اسم-جديد/")),
    ],
)
def test_old_addresses_lead_to_the_new_ones(own_server: Server, nginx: Server, old: str, new: str) -> None:
    for target in (old, f"{old}?utm_source=somewhere"):
        answer = same(own_server, nginx, target)
        assert (answer.status, answer.headers["location"]) == (301, new)


@pytest.mark.parametrize(
    "target", ["/en", "/en/harbour", ARABIC.removesuffix("/"), "/photos", "/en/harbour/ferry"]
)
def test_a_missing_slash_is_added(own_server: Server, nginx: Server, target: str) -> None:
    answer = same(own_server, nginx, target)
    assert (answer.status, answer.headers["location"]) == (301, f"{target}/")


@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
@pytest.mark.parametrize("target", ["/en/harbour/withdrawn/", quote("/ar/الميناء/سحب/")])
def test_withdrawn_stories_say_so(own_server: Server, nginx: Server, target: str, coding: str) -> None:
    assert same(own_server, nginx, target, f"Accept-Encoding: {coding}").status == 410
    assert same(own_server, nginx, target, "If-None-Match: *").status == 410


@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize(
    "target",
    [
        *(
            "/en/none/",
            "/ar/none/",
            "/xx/none/",
            "/none",
            "/none/",
            "/en/harbour/none/",
            "/en/feed.xml/",
            "/photos/",
        ),
        *(
            "/photos/none.avif",
            "/en/none/feed.xml",
            quote("/ar/لا-شيء/"),
            "/en/none?a=b",
            "/readersx/",
            "/en/readers/",
        ),
        *("/index.html", "/404.html", "/en/404.html", "/en/index.html", "/en/harbour/withdrawn/410.html"),
        *("/en/harbour/old-name/301.txt", "/410.html", "/301.txt", "/en/index.html.gz", "/en/index.html.br"),
        *("/en/feed.xml.gz", "/robots.txt.br", "/.git/config", "/.env", "/en/.hidden/", "/.notices/404.html"),
        *("/.left", "/.well-known/", "/photos/.hidden", "/%2egit/config", "/en%2F.git/"),
    ],
)
def test_what_is_not_there_is_said_in_the_page_s_language(
    own_server: Server, nginx: Server, target: str, coding: str
) -> None:
    assert same(own_server, nginx, target, f"Accept-Encoding: {coding}").status == 404


@pytest.mark.parametrize("headers", [(), ("Accept-Encoding: gzip, br",)])
def test_photos_come_whole(own_server: Server, nginx: Server, site: Site, headers: tuple[str, ...]) -> None:
    answer = same(own_server, nginx, site.photo, *headers)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert same(own_server, nginx, site.photo, *headers, method="HEAD").status == 200


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("bytes=0-99", 206),
        ("bytes=100-", 206),
        ("bytes=-10", 206),
        ("bytes=5-999999999", 206),
        ("bytes=0-1,4-5", 200),
        ("lines=1-2", 200),
    ],
)
def test_photos_come_in_parts(own_server: Server, nginx: Server, site: Site, asked: str, status: int) -> None:
    assert same(own_server, nginx, site.photo, f"Range: {asked}").status == status


def test_a_photo_has_no_part_beyond_its_end(own_server: Server, nginx: Server, site: Site) -> None:
    ours, theirs = (server.ask(site.photo, "Range: bytes=999999999-") for server in (own_server, nginx))
    assert (ours.status, theirs.status) == (416, 416)
    # The words are nginx's own: no browser ever shows them.
    for name in ("content-range", "content-security-policy", "referrer-policy"):
        assert theirs.headers[name] == ours.headers[name]


def test_a_part_is_sent_only_of_the_version_that_the_reader_holds(
    own_server: Server, nginx: Server, site: Site
) -> None:
    for server in (own_server, nginx):
        etag = server.ask(site.photo).headers["etag"]
        assert server.ask(site.photo, "Range: bytes=0-1", f"If-Range: {etag}").status == 206
        assert server.ask(site.photo, "Range: bytes=0-1", f"If-None-Match: {etag}").status == 304
    assert same(own_server, nginx, site.photo, "Range: bytes=0-1", 'If-Range: "old"').status == 200
    date = own_server.ask(site.photo).headers["last-modified"]
    assert same(own_server, nginx, site.photo, "Range: bytes=0-1", f"If-Range: {date}").status == 206


def test_pages_come_whole_whatever_part_is_asked_for(own_server: Server, nginx: Server) -> None:
    assert same(own_server, nginx, "/en/", "Range: bytes=0-1").status == 200


@pytest.mark.parametrize(
    "target",
    [
        *("//en/", "/en//", "/en/%2fharbour/", "/en/./harbour/", "/en/../en/", "/%2e%2e/", "/..", "/en/.."),
        *("/en/..%2f..%2fsecret", "/en/%2e%2e%5csecret", "/a%5cb", "/%00", "/a%20b", "/%zz", "/%", "/a%25b"),
        *("/%252e%252e/", "/%ff%fe/", "/%ed%a0%80/", "/%c2%85/", "/%e2%80%a8/", "/en/%0d%0aSet-Cookie:x/"),
        *("/a%3fb", "/a%23b", "/a%7cb", "/a%7f", '/a"b', "/a<b", "/a|b", "/a\\b", "/a[b", "/a^b", "/a`b"),
        *(
            "/" + "a" * 201 + "/",
            "/" + "/".join(["a" * 100] * 11),
            "/" + "%D8%A7" * 101 + "/",
            "/" + "a" * 20_000,
        ),
        *(b"/\xff\xfe", b"/en/index.html#1", "/photos//x", "/readers//x"),
    ],
)
def test_addresses_that_no_page_can_have_are_refused(own_server: Server, nginx: Server, target: str) -> None:
    assert same(own_server, nginx, target).status == 400


@pytest.mark.parametrize("target", ["/en/", "/en/none/", "/en/harbour/old-name/", "/.git/", "/photos/x"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_nothing_can_be_sent_to_a_page(own_server: Server, nginx: Server, target: str, method: str) -> None:
    answer = same(own_server, nginx, target, method=method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("target", [ARABIC, "/ar/الميناء/العبارة/", ARABIC.lower(), "/en%2Fharbour%2fferry/"])
def test_every_spelling_of_an_address_is_the_same_page(
    own_server: Server, nginx: Server, target: str
) -> None:
    assert same(own_server, nginx, target).status == 200


def test_an_address_that_just_moved_leads_on_before_the_reload(
    own_server: Server, nginx: Server, site: Site
) -> None:
    folder = site.folder / "en/harbour/just-moved"
    folder.mkdir()
    (folder / "301.txt").write_text("/en/harbour/ferry/\n")
    try:
        assert own_server.ask("/en/harbour/just-moved/").status == 301
        answer = nginx.ask("/en/harbour/just-moved/")
        assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert b'content="0; url=/en/harbour/ferry/' in answer.body
        assert b"noindex" in answer.body
        assert answer.headers["content-security-policy"]
    finally:
        (folder / "301.txt").unlink()
        folder.rmdir()


def test_posts_reach_the_readers_desk(own_server: Server, nginx: Server) -> None:
    for target in ("/readers/comment", "/readers/none"):
        ours, theirs = (
            server.ask(target, "Content-Type: text/plain", method="POST", body=b"hello")
            for server in (own_server, nginx)
        )
        assert (theirs.status, theirs.body) == (ours.status, ours.body)
        assert theirs.headers["content-security-policy"] == ours.headers["content-security-policy"]
        assert theirs.headers["cache-control"] == ours.headers["cache-control"]
        assert ours.status in {400, 403, 404, 415}
