"""Pages lead the Tor Browser to the same page on the onion service, where there is one; nothing else does."""

from __future__ import annotations

import pytest

from nashra import environment
from nashra.serve.stand import Stand

ONION = f"http://{'a' * 56}.onion"


@pytest.fixture
def site(tmp_path):
    for path in (
        "index.html",
        "en/index.html",
        "ar/سوق/index.html",
        "404.html",
        "photos/a.jpg",
        "en/feed.xml",
    ):
        file = tmp_path / "site" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"<p>hello</p>")
    return tmp_path / "site"


def header(stand: Stand, target: str) -> str | None:
    return dict(stand.answer(b"GET", target.encode(), {}).headers).get("Onion-Location")


def test_each_page_names_itself_on_the_onion_service(site):
    stand = Stand(site, content_security_policy="x", onion_url=ONION)
    assert header(stand, "/") == f"{ONION}/"
    assert header(stand, "/en/") == f"{ONION}/en/"
    assert header(stand, "/ar/%D8%B3%D9%88%D9%82/") == f"{ONION}/ar/%D8%B3%D9%88%D9%82/"
    # From memory, too.
    assert header(stand, "/en/") == f"{ONION}/en/"


@pytest.mark.parametrize("target", ["/nothing/", "/photos/a.jpg", "/en/feed.xml", "/en"])
def test_what_is_no_page_names_nothing(site, target):
    assert header(Stand(site, content_security_policy="x", onion_url=ONION), target) is None


def test_without_an_onion_service_no_answer_names_one(site):
    assert header(Stand(site, content_security_policy="x"), "/en/") is None


def test_only_an_onion_service_can_be_named(monkeypatch):
    assert environment.onion("NASHRA_ONION_URL") == ""
    monkeypatch.setenv("NASHRA_ONION_URL", f"{ONION}/")
    assert environment.onion("NASHRA_ONION_URL") == ONION
    for wrong in ("https://news.example", "abc.onion", f"{ONION}/path"):
        monkeypatch.setenv("NASHRA_ONION_URL", wrong)
        with pytest.raises(environment.BadSetting):
            environment.onion("NASHRA_ONION_URL")
