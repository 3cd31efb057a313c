"""Which address gives which page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.serve.asking import Reader
from tests.serve.conftest import PHOTO, POLICY, STORY, press


def test_it_hands_out_a_page_at_its_address(reader: Reader) -> None:
    answer = reader.get("/en/security/ferry/")
    assert (answer.status, answer.body.decode()) == (200, STORY)
    assert answer["content-type"] == "text/html; charset=utf-8"
    assert answer["content-length"] == str(len(STORY))


def test_it_finds_arabic_addresses_in_every_normal_form(reader: Reader) -> None:
    composed = "/ar/security/%D8%A7%D9%84%D8%B9%D8%A8%D9%91%D8%A7%D8%B1%D8%A9/"
    assert reader.get(composed).body.decode() == "العبّارة عادت"


def test_it_finds_a_page_whose_address_came_decomposed(site: Path, reader: Reader) -> None:
    press(site, "en/café/index.html", "coffee")
    assert reader.get("/en/cafe%CC%81/").body == b"coffee"
    assert reader.get("/en/caf%C3%A9/").body == b"coffee"


def test_it_ignores_query_strings(reader: Reader) -> None:
    assert reader.get("/en/?utm_source=somewhere").body == b"home"


def test_it_says_that_a_withdrawn_story_is_gone(reader: Reader) -> None:
    answer = reader.get("/en/security/withdrawn/")
    assert (answer.status, answer.body) == (410, b"this story was withdrawn")
    assert "etag" not in answer.headers


def test_it_shows_a_story_again_that_was_withdrawn_before(site: Path, reader: Reader) -> None:
    assert reader.get("/en/security/withdrawn/").status == 410
    press(site, "en/security/withdrawn/index.html", "back again")
    assert reader.get("/en/security/withdrawn/").body == b"back again"


def test_it_leads_from_an_old_address_to_the_new_one(reader: Reader) -> None:
    answer = reader.get("/en/security/renamed/")
    assert answer.status == 301
    assert answer["location"] == "/en/security/%D8%A7%D9%84%D8%B9%D8%A8%D9%91%D8%A7%D8%B1%D8%A9/"
    assert answer["location"] in answer.body.decode()


@pytest.mark.parametrize(
    "line",
    [
        "//evil.example/\n",
        "https://evil.example/\n",
        "/a\nSet-Cookie: b\n",
        "/ع/\n",
        "",
        "/a b\n",
        "/\\evil\n/",
    ],
)
def test_it_follows_no_redirect_that_leads_elsewhere(site: Path, reader: Reader, line: str) -> None:
    press(site, "en/odd/301.txt", line)
    assert reader.get("/en/odd/").status == 404


def test_it_leads_to_the_slash_where_only_that_is_missing(reader: Reader) -> None:
    answer = reader.get("/ar/security/%D8%A7%D9%84%D8%B9%D8%A8%D9%91%D8%A7%D8%B1%D8%A9")
    assert answer.status == 301
    assert answer["location"] == "/ar/security/%D8%A7%D9%84%D8%B9%D8%A8%D9%91%D8%A7%D8%B1%D8%A9/"


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("/en/security/never-written/", "nothing in English"),
        ("/ar/security/never-written/", "لا شيء هنا"),
        ("/xx/", "nothing here"),
        ("/nothing", "nothing here"),
        ("/index.html/x/", "nothing here"),
    ],
)
def test_it_says_in_the_page_s_language_that_there_is_nothing(reader: Reader, target: str, said: str) -> None:
    answer = reader.get(target)
    assert (answer.status, answer.body.decode()) == (404, said)


@pytest.mark.parametrize("name", ["404.html", "410.html", "301.txt", "index.html"])
@pytest.mark.parametrize("folder", ["/", "/en/", "/en/security/withdrawn/", "/en/security/renamed/"])
def test_it_never_hands_out_the_files_behind_an_address(reader: Reader, folder: str, name: str) -> None:
    assert reader.get(folder + name).status == 404


@pytest.mark.parametrize("relative", [".env", "en/.git/config", ".well/index.html", "en/page.html#1"])
def test_it_never_hands_out_hidden_or_unfinished_files(site: Path, reader: Reader, relative: str) -> None:
    press(site, relative, "secret")
    for target in (f"/{relative.replace('#', '%23')}", f"/{relative.removesuffix('index.html')}"):
        answer = reader.get(target)
        assert answer.status in {400, 404}
        assert b"secret" not in answer.body


@pytest.mark.parametrize(
    "target",
    [
        "/..",
        "/../secret",
        "/%2e%2e/secret",
        "/en/..%2f..%2fsecret",
        "/en/%2e%2e%5csecret",
        "//secret",
        "/en//security/",
        "/en/./security/",
        "/%00",
        "/en/secu%00rity/",
        "/%ff%fe/",
        "/a%zz",
        "/%",
        "/%252e%252e/secret",
        "/en/%0d%0aSet-Cookie:x/",
        "/%ed%a0%80/",
        "/" + "a" * 1100 + "/",
        "/" + "a" * 250 + "/",
    ],
)
def test_it_refuses_addresses_that_no_page_can_have(tmp_path: Path, reader: Reader, target: str) -> None:
    press(tmp_path, "secret", "secret")
    answer = reader.get(target)
    assert answer.status == 400
    assert b"This address is broken" in answer.body
    assert "عنوان" in answer.body.decode()


def test_it_has_words_of_its_own_before_anything_was_pressed(
    tmp_path: Path, site: Path, reader: Reader
) -> None:
    site.rename(tmp_path / "elsewhere")
    answer = reader.get("/en/")
    assert answer.status == 404
    assert b"There is no page here" in answer.body
    assert answer["content-security-policy"] == POLICY


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_it_lets_nobody_write_to_a_page(reader: Reader, method: str) -> None:
    answer = reader.ask(method, "/en/security/ferry/")
    assert (answer.status, answer["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "target", ["/en/", "/en/none/", "/en/security/renamed/", "/%00", "/photos/0123456789abcdef0123-960.avif"]
)
def test_it_sends_the_same_head_with_and_without_the_body(reader: Reader, target: str) -> None:
    get, head = reader.get(target), reader.head(target)
    assert head.body == b""
    assert (head.status, head.headers) == (get.status, get.headers)


@pytest.mark.parametrize(
    "target", ["/en/", "/en/none/", "/en/security/renamed/", "/en/security/withdrawn/", "/%00"]
)
def test_every_answer_protects_the_reader_and_sets_no_cookie(reader: Reader, target: str) -> None:
    answer = reader.get(target)
    assert answer["content-security-policy"] == POLICY
    assert answer["referrer-policy"] == "no-referrer"
    assert answer["x-content-type-options"] == "nosniff"
    assert answer["cross-origin-opener-policy"] == "same-origin"
    assert answer["cross-origin-resource-policy"] == "same-origin"
    assert "geolocation=()" in answer["permissions-policy"]
    assert "set-cookie" not in answer.headers


def test_it_passes_on_only_what_lies_beneath_the_readers_desk(site: Path, reader: Reader) -> None:
    press(site, "readers/comment", "a file that nobody may see")
    assert reader.ask("POST", "/readers/comment").body == b"POST /readers/comment"
    assert reader.get("/readers/").body == b"GET /readers/"
    assert reader.get("/readers").status in {301, 404}
    assert reader.get("/readersx/").status == 404
    assert reader.get("/en/readers/").status == 404


def test_photos_keep_for_ever_and_pages_are_asked_after(reader: Reader) -> None:
    photo = reader.get("/photos/0123456789abcdef0123-960.avif", accept_encoding="gzip, br")
    assert photo.body == PHOTO
    assert photo["content-type"] == "image/avif"
    assert photo["cache-control"] == "public, max-age=31536000, immutable"
    assert "content-encoding" not in photo.headers
    assert "vary" not in photo.headers
    assert reader.get("/en/")["cache-control"] == "no-cache"


def test_it_says_so_when_the_disk_fails_and_names_no_page(
    site: Path, reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    loop = site / "en/security/loop/index.html"
    loop.parent.mkdir()
    loop.symlink_to(loop)
    for _ in range(3):
        answer = reader.get("/en/security/loop/")
        assert (answer.status, answer["retry-after"]) == (503, "60")
    assert [record.message for record in caplog.records] == ["A pressed file cannot be read"]
    assert "security" not in caplog.text
