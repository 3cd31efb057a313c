"""The verifier that is one page: in a real browser, from a file, without network, by its own WebCrypto."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from nashra.bundles.making import make
from tests.bundles.samples import KEY, bundle
from tests.verifier.editions import EDITION, LEAVES, THIEF, cut

PAGE = Path(str(files("nashra.verifier").joinpath("page", "verifier.html")))


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-background-networking"]
        )
        context = browser.new_context(offline=True, locale="en-GB")
        opened = context.new_page()
        faults: list[str] = []
        asked: list[str] = []
        opened.on("pageerror", lambda error: faults.append(str(error)))
        opened.on("console", lambda message: faults.append(message.text))
        opened.on("request", lambda request: asked.append(request.url))
        opened.goto(PAGE.as_uri())
        yield opened
        assert faults == []
        assert asked == [PAGE.as_uri()]
        assert opened.evaluate("Object.keys(localStorage).length + document.cookie.length") == 0
        browser.close()


def told(tab: Page, key: str, *given: Path) -> str:
    tab.locator("#key").fill(key)
    tab.locator("#files").set_input_files([str(file) for file in given])
    tab.locator("#outcome").evaluate("each => { each.hidden = true }")
    tab.locator("#check").click()
    tab.locator("#outcome").wait_for(state="visible")
    return tab.locator("#outcome").inner_text()


def test_its_script_is_the_one_that_its_policy_names():
    text = PAGE.read_text(encoding="utf-8")
    script = re.search(r"<script>(.*?)</script>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in text
    assert text.count("<script") == 1
    assert "http" not in re.sub(r'http-equiv="', "", text)


@pytest.mark.parametrize("length", [0, 1, 3, 127, 128, 129, 255, 256, 257, 5000])
def test_its_blake2b_is_that_of_the_standard(tab, length):
    data = bytes(number * 7 % 256 for number in range(length))
    found = tab.evaluate("data => [...blake2b(Uint8Array.from(data))]", list(data))
    assert bytes(found) == hashlib.blake2b(data).digest()


@pytest.mark.parametrize("format_", ["html", "epub", "zip", "tar.zst"])
def test_it_accepts_a_bundle_and_refuses_any_change(tab, tmp_path, format_):
    made = make(bundle("en", "ar"), format_, KEY)
    file, signature = tmp_path / f"news.{format_}", tmp_path / f"news.{format_}.minisig"
    file.write_bytes(made.content)
    signature.write_bytes(made.minisig)
    key = KEY.public.text
    assert told(tab, key, file, signature).startswith("AUTHENTIC: news.")
    assert "bundle of edition 7" in told(tab, key, file, signature)
    assert told(tab, f" {key[:20]} {key[20:]}\n", file, signature).startswith("AUTHENTIC")
    assert told(tab, THIEF.public.text, file, signature).startswith("NOT AUTHENTIC")
    data = bytearray(made.content)
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    assert told(tab, key, file, signature).startswith("NOT AUTHENTIC")
    file.write_bytes(made.content)
    for place in range(0, len(made.minisig), 11):
        changed = bytearray(made.minisig)
        changed[place] ^= 1
        signature.write_bytes(changed)
        assert "NOT AUTHENTIC" in told(tab, key, file, signature), place


def test_it_accepts_an_editions_list_with_its_files_and_refuses_any_change(tab, tmp_path):
    edition = cut(tmp_path / "edition")
    sig = edition / "volumes" / "2026-10" / "r1" / "SHA256.sig"
    key = EDITION.public.text
    page, photo = edition / LEAVES[1].path, edition / LEAVES[3].path
    assert "Of its 2 files 2 were given" in told(tab, key, sig, page, photo)
    assert told(tab, THIEF.public.text, sig, page).startswith("NOT AUTHENTIC")
    page.write_bytes(page.read_bytes().replace(b"ferry", b"fairy", 1))
    assert told(tab, key, sig, page).startswith("NOT AUTHENTIC: index.html")
    sig.write_bytes(sig.read_bytes().replace(b"the-ferry", b"the-fairy"))
    assert told(tab, key, sig).startswith("NOT AUTHENTIC")


def test_it_says_what_it_lacks(tab, tmp_path):
    (tmp_path / "news.zip").write_bytes(b"x")
    key = KEY.public.text
    assert "56 characters" in told(tab, key[:-1], tmp_path / "news.zip")
    assert "56 characters" in told(
        tab, key[:-2] + ("AA" if key[-2:] != "AA" else "BB"), tmp_path / "news.zip"
    )
    assert "choose a file and its .minisig" in told(tab, key, tmp_path / "news.zip")


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("fa", "rtl"), ("en", "ltr")])
def test_it_speaks_three_languages(tab, language, direction):
    tab.locator(f"[data-language={language}]").click()
    assert tab.locator("html").get_attribute("dir") == direction
    words = tab.locator("[data-words]").all_inner_texts()
    assert all(words)
    assert ("Check" in words) == (language == "en")
    tab.locator("[data-language=en]").click()
