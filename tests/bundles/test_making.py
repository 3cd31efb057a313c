"""Bundles: each opens with what a reader has, is checked by stock programs, and is made the same twice."""

from __future__ import annotations

import io
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from nashra.bundles.making import FORMATS, make, sizes
from nashra.bundles.stories import NoStory, story_of_page
from nashra.bundles.unpacking import unpack
from tests.bundles.samples import KEY, PHOTO, bundle, page, story

EPUBCHECK = Path("/usr/bin/epubcheck")
LANGUAGES = ("en", "ar", "fa")


def write(folder: Path, name: str, made) -> Path:
    file = folder / name
    file.write_bytes(made.content)
    (folder / f"{name}.minisig").write_bytes(made.minisig)
    (folder / "edition.pub").write_bytes(KEY.public.file_bytes())
    return file


def done(*command: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(each) for each in command], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_a_storys_words_are_read_and_what_leads_elsewhere_is_left_out():
    found = story("en", 3, photo=True, links_to=9)
    assert found.headline == "The ferry comes in 3 & goes"
    assert (found.publication, found.section) == ("The River Lantern", "Society")
    assert found.published == "27 November 2026, 08:00 (UTC)"
    assert found.photos == (PHOTO,)
    text = found.resolved(lambda _address: None, lambda _path: None)
    assert "elsewhere ‹https://example.org/a?b=1&amp;c=2›" in text
    assert "See the other." in text
    for word in ("href", "Topic", "after", "العربية", "script", "img", "\x01", "\x03"):
        assert word not in text
    assert 'alt="A ferry &lt;at dawn&gt;"' in found.resolved(lambda _address: None, lambda _path: "p.jpg")


def test_a_link_leads_on_only_to_a_story_in_the_same_bundle():
    found = story("en", 1, links_to=2)
    text = found.resolved({"/en/society/story-2/": "2.html"}.get, lambda _path: None)
    assert '<a href="2.html">the other</a>' in text


def test_a_page_that_is_no_story_is_refused():
    for content in (b"", b"<p>hello</p>", page("en", 1).replace(b'class="story"', b'class="card"')):
        with pytest.raises(NoStory):
            story_of_page("/en/", content)


@pytest.mark.parametrize("format_", FORMATS)
def test_two_makings_are_the_same_bytes(format_):
    assert make(bundle("en", "ar", photos=True), format_, KEY) == make(
        bundle("en", "ar", photos=True), format_, KEY
    )


def test_no_user_host_or_time_of_making_is_in_an_archive():
    with tarfile.open(fileobj=io.BytesIO(_tar(bundle("en")))) as tar:
        for entry in tar:
            assert (entry.uid, entry.gid, entry.uname, entry.gname, entry.mtime) == (0, 0, "", "", 0)
    with zipfile.ZipFile(io.BytesIO(make(bundle("en"), "zip", KEY).content)) as packed:
        for info in packed.infolist():
            assert info.date_time == (2026, 11, 27, 8, 0, 0)
            assert not info.extra


def _tar(held) -> bytes:
    from backports import zstd

    return zstd.decompress(make(held, "tar.zst", KEY).content)


def test_file_names_tell_nobody_what_is_read():
    with zipfile.ZipFile(io.BytesIO(make(bundle("en", photos=True), "zip", KEY).content)) as packed:
        names = set(packed.namelist())
    assert names == {
        *("index.html", "style.css", "1.html", "2.html", "3.html", "4.html", "p1.jpg", "bundle.json"),
        *("SHA256", "SHA256.sig", "SHA256.minisig", "edition.pub"),
    }


@pytest.mark.parametrize("format_", ["tar.zst", "zip"])
def test_stock_programs_unpack_and_check_it(tmp_path, format_):
    file = write(tmp_path, f"news.{format_}", make(bundle("en", "ar", photos=True), format_, KEY))
    inside = tmp_path / "inside"
    inside.mkdir()
    if format_ == "zip":
        assert done("unzip", "-q", file, "-d", inside, cwd=tmp_path).returncode == 0
    else:
        assert done("tar", "--zstd", "-xf", file, "-C", inside, cwd=tmp_path).returncode == 0
    key = tmp_path / "edition.pub"
    for command in (
        ["sha256sum", "--check", "--strict", "--quiet", "SHA256"],
        ["signify-openbsd", "-C", "-p", key, "-x", "SHA256.sig"],
        ["minisign", "-V", "-p", key, "-m", "SHA256"],
    ):
        checked = done(*command, cwd=inside)
        assert checked.returncode == 0, checked.stderr
    ours = tmp_path / "ours"
    unpack(file, ours)
    assert {each.name: each.read_bytes() for each in ours.iterdir()} == {
        each.name: each.read_bytes() for each in inside.iterdir()
    }


@pytest.mark.parametrize("format_", FORMATS)
def test_minisign_accepts_each_file_and_refuses_a_flipped_byte(tmp_path, format_):
    file = write(tmp_path, f"news.{format_}", make(bundle("ar"), format_, KEY))
    command = ("minisign", "-V", "-p", "edition.pub", "-m", file.name)
    assert "bundle of edition 7" in done(*command, cwd=tmp_path).stdout
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    assert done(*command, cwd=tmp_path).returncode != 0


@pytest.mark.parametrize("languages", [("en",), ("ar",), ("fa",), LANGUAGES])
@pytest.mark.parametrize("photos", [False, True])
def test_epubcheck_finds_nothing_to_complain_of(tmp_path, languages, photos):
    file = write(tmp_path, "news.epub", make(bundle(*languages, photos=photos), "epub", KEY))
    checked = done("java", "-jar", EPUBCHECK.resolve(), "--failonwarnings", file, cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "0 errors / 0 warnings" in checked.stdout + checked.stderr


def test_an_e_book_names_itself_by_what_it_holds():
    def name(held) -> str:
        with zipfile.ZipFile(io.BytesIO(make(held, "epub", KEY).content)) as packed:
            return packed.read("OEBPS/content.opf").decode().partition("urn:uuid:")[2][:36]

    assert name(bundle("en")) == name(bundle("en"))
    assert len({name(bundle("en")), name(bundle("ar")), name(bundle("en", count=3))}) == 3


def test_sizes_are_told_before_anything_is_cut():
    found = sizes(bundle("en"), KEY)
    assert found == {format_: len(make(bundle("en"), format_, KEY).content) for format_ in FORMATS}


def pages_of(tmp_path: Path, format_: str) -> tuple[str, list[str]]:
    """Where a browser begins, and the stories' places."""
    file = write(tmp_path, f"news.{format_}", make(bundle(*LANGUAGES, photos=True), format_, KEY))
    if format_ == "html":
        return file.as_uri(), [f"{file.as_uri()}#{number}" for number in range(1, 13)]
    inside = tmp_path / "inside"
    unpack(file, inside)
    return (inside / "index.html").as_uri(), [(inside / f"{number}.html").as_uri() for number in range(1, 13)]


@pytest.mark.parametrize("format_", ["html", "zip", "tar.zst"])
def test_a_browser_without_network_and_scripts_reads_it_through(tmp_path, format_):
    begin, stories = pages_of(tmp_path, format_)
    asked: list[str] = []
    said: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-background-networking"]
        )
        context = browser.new_context(offline=True, java_script_enabled=False)
        tab = context.new_page()
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("console", lambda message: said.append(message.text))
        tab.goto(begin)
        assert tab.locator("ol.i a").count() == 12
        for number in range(12):
            tab.goto(begin)
            tab.locator("ol.i a").nth(number).click()
            assert tab.url == stories[number]
        texts = []
        for place in stories:
            tab.goto(place)
            texts.append(tab.locator("body").inner_text())
        tab.goto(stories[0])
        widths = tab.locator("img").evaluate_all("found => found.map(each => each.naturalWidth)")
        browser.close()
    everything = "\n".join(texts)
    for language in LANGUAGES:
        for number in range(1, 5):
            assert story(language, number).headline in everything
    assert all(url.startswith(("file:", "data:")) for url in asked)
    assert said == []
    assert set(widths) <= {480}
