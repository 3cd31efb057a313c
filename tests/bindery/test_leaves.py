"""An edition of a real newsroom: what it carries, in which volumes, and that it holds together by itself."""

from __future__ import annotations

import datetime
import re
import subprocess
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.utils import timezone
from playwright.sync_api import sync_playwright

from nashra.bindery.leaves import all_paths, leaves_of
from nashra.binding.cutting import Leaf, finish, prepare, sign_prepared
from nashra.binding.folders import EditionFolder
from nashra.desk import publishing
from nashra.desk.models import Story
from nashra.edition.index import Edition
from nashra.edition.manifest import digest_folder, parse_manifest
from nashra.press.models import Standing
from nashra.press.run import press_due, press_full
from nashra.seal.signature_files import sign_manifest
from nashra.seal.signing import SigningKey
from tests.binding.test_cutting import NOTICES
from tests.press.desk_work import Clock, DeskWork
from tests.press.stock import START, found_stock

pytestmark = pytest.mark.django_db(databases=["default", "readers", "snapshot"])

KEY = SigningKey.from_seed(bytes(range(32)))
MORNING = datetime.datetime(2026, 12, 26, 8, 0, tzinfo=datetime.UTC)


class Newsroom:
    """A newsroom whose editions are cut from everything that stands pressed."""

    def __init__(self, site: Path, folder: Path, clock: Clock) -> None:
        self.site = site
        self.clock = clock
        self.edition = EditionFolder(folder, folder.with_name(f"{folder.name}.next"))
        self.story = Story.objects.get(title="Stock 1")

    def leaves(self) -> dict[str, Leaf]:
        return {leaf.path: leaf for leaf in leaves_of(all_paths(), self.site)}

    def cut(self, *paths: str) -> Edition | None:
        edition = prepare(
            self.edition,
            leaves_of(paths or all_paths(), self.site),
            name="The Lantern",
            cut_at=MORNING,
            public=KEY.public,
            notices=NOTICES,
        )
        if edition is None:
            return None
        signatures = sign_prepared(self.edition, partial(sign_manifest, KEY, trusted_comment="edition"))
        return finish(self.edition, signatures, public=KEY.public)

    def volumes(self) -> dict[str, set[str]]:
        return {
            volume.name: set(parse_manifest(self.edition.manifest(volume)))
            for volume in self.edition.edition().volumes
        }

    def press(self) -> None:
        self.clock.pass_by(minutes=1)
        press_due(now=self.clock())


@pytest.fixture
def newsroom(db: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    clock = Clock(START)
    monkeypatch.setattr(timezone, "now", clock)
    found_stock(clock)
    press_full(now=clock())
    return Newsroom(settings.NASHRA_SITE_FOLDER, tmp_path / "edition", clock)


def page_of(story: Story) -> str:
    return f"{story.address[1:]}index.html"


def test_each_story_lies_in_the_volume_of_its_month_with_its_months_lists(newsroom):
    newsroom.cut()
    volumes = newsroom.volumes()
    assert set(volumes) == {"front", "2026-11", "2026-12"}
    for key, address in Standing.objects.filter(key__startswith="story:").values_list("key", "address"):
        story = Story.objects.get(public_id=key.removeprefix("story:"))
        month = f"{story.first_published_at:%Y-%m}"
        assert f"{address[1:]}index.html" in volumes[month]
    assert "en/security/2026/12/index.html" in volumes["2026-12"]
    assert {"index.html", "en/index.html", "en/security/index.html", "verify/index.html"} <= volumes["front"]


def test_a_photo_lies_in_every_volume_whose_pages_show_it(newsroom):
    newsroom.cut()
    for name, paths in newsroom.volumes().items():
        if name == "front":
            continue
        for path in paths:
            if path.endswith(".html") and newsroom.story.address[1:] in path:
                text = (newsroom.edition.folder / path).read_text(encoding="utf-8")
                shown = set(re.findall(r'photos/[^\s",]+', text))
                assert shown
                assert shown <= paths


def test_feeds_sitemaps_receipts_and_notices_of_absence_stay_at_home(newsroom):
    newsroom.cut()
    carried = set().union(*newsroom.volumes().values())
    assert not [
        path for path in carried if path.endswith((".xml", ".txt", ".gz", "404.html")) or "receipt" in path
    ]


def test_every_link_in_an_edition_leads_to_a_file_in_it(newsroom):
    newsroom.cut()
    root = newsroom.edition.folder
    pages = [root / path for path in digest_folder(root) if path.endswith(".html")]
    assert len(pages) > 20
    for page in pages:
        text = page.read_text(encoding="utf-8")
        links = re.findall(r'(?:href|src)="([^"#]+)', text)
        for sizes in re.findall(r'srcset="([^"]+)"', text):
            links += [size.split()[0] for size in sizes.split(", ")]
        for link in links:
            if not link.startswith(("http", "data:", "mailto:")):
                assert (page.parent / unquote(link)).resolve().is_file(), f"{page}: {link}"


def test_a_comment_makes_no_new_edition(newsroom):
    newsroom.cut()
    before = digest_folder(newsroom.site)
    work = DeskWork(newsroom.clock)
    work.receive_very_many(0, 3)
    newsroom.press()
    after = digest_folder(newsroom.site)
    assert any("/comments/1/" in path for path in after.keys() - before.keys())
    assert any(path.endswith("index.html") and before[path] != after[path] for path in before)
    assert newsroom.cut() is None


def test_a_correction_revises_its_month_and_leaves_the_others(newsroom):
    before = {volume.name: volume.revision for volume in newsroom.cut().volumes}
    story = newsroom.story
    story.title = "Stock 1, corrected"
    story.save_revision().publish()
    newsroom.press()
    after = {volume.name: volume.revision for volume in newsroom.cut().volumes}
    month = f"{story.first_published_at:%Y-%m}"
    assert after[month] == before[month] + 1
    assert [name for name in after if name != "front" and after[name] != before[name]] == [month]


def test_only_what_changed_need_be_named_to_cut_the_same_edition(newsroom, tmp_path):
    newsroom.cut()
    before = digest_folder(newsroom.site)
    publishing.withdraw_story(story=newsroom.story)
    newsroom.press()
    after = digest_folder(newsroom.site)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    newsroom.cut(*changed)
    stepwise = newsroom.volumes()
    anew = Newsroom(newsroom.site, tmp_path / "anew", newsroom.clock)
    anew.cut()
    assert stepwise == anew.volumes()


def test_a_withdrawn_story_says_so_and_its_words_are_gone(newsroom):
    newsroom.cut()
    publishing.withdraw_story(story=newsroom.story)
    newsroom.press()
    gone = page_of(newsroom.story)
    newsroom.cut(*all_paths(), gone)
    volumes = newsroom.volumes()
    assert gone in volumes["front"]
    assert gone not in volumes[f"{newsroom.story.first_published_at:%Y-%m}"]
    assert "has taken it back" in (newsroom.edition.folder / gone).read_text(encoding="utf-8")
    for path in digest_folder(newsroom.edition.folder):
        if path.endswith(".html"):
            text = (newsroom.edition.folder / path).read_text(encoding="utf-8")
            assert "The ferry came in 1 times." not in text


def test_an_old_address_leads_on_from_file_to_file(newsroom):
    newsroom.cut()
    old = page_of(newsroom.story)
    newsroom.story.slug = "a-new-name"
    newsroom.story.save_revision().publish()
    newsroom.press()
    newsroom.cut(*all_paths(), old)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        page.goto((newsroom.edition.folder / old).as_uri())
        page.wait_for_url("**/a-new-name/index.html")
        assert page.locator("h1").inner_text() == "Stock 1"
        browser.close()


def test_stock_programs_accept_every_volume(newsroom, tmp_path):
    edition = newsroom.cut()
    key = tmp_path / "edition.pub"
    key.write_bytes(KEY.public.file_bytes())
    for path in ("edition/SHA256", *(volume.manifest_path for volume in edition.volumes)):
        for command in (
            ["signify-openbsd", "-C", "-p", key, "-x", f"{path}.sig"],
            ["sha256sum", "--check", "--strict", "--quiet", path],
        ):
            done = subprocess.run(command, cwd=newsroom.edition.folder, capture_output=True, check=False)
            assert done.returncode == 0, done.stderr
