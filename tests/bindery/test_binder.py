"""Editions of a real newsroom, cut from what the press noted since the last."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import os
import random
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from nashra.bindery.binder import Binder
from nashra.bindery.schedule import Schedule
from nashra.binding.requests import answer_bytes, lists_prepared, read_answer, read_request, request_bytes
from nashra.binding.vouching import read_chain, versions_in
from nashra.desk import publishing
from nashra.desk.models import Person, Section, Story
from nashra.edition.manifest import digest_folder, parse_manifest
from nashra.edition.mirrors import mirrors_bytes
from nashra.edition.notices import Notices
from nashra.edition.tombstones import story_hash, tombstones_bytes
from nashra.press.models import FreshFile
from nashra.press.run import press_due, press_full
from nashra.seal.chain import check_chain
from nashra.seal.keyring import Keyring
from nashra.seal.metadata import Holders, root_bytes
from nashra.seal.signature_files import sign_manifest
from nashra.seal.signing import SigningKey
from nashra.verifier.memory import Memory
from nashra.verifier.verifying import Trusted, verify_edition
from tests.press.desk_work import OPERATIONS, Clock, DeskWork
from tests.press.stock import START, found_stock

pytestmark = pytest.mark.django_db(databases=["default", "readers", "snapshot"])

NOTICES = Notices(mirrors_bytes(()), tombstones_bytes(()))
ONE, TWO, THREE, TARGETS, SNAPSHOT, EDITION = (SigningKey.from_seed(bytes([n]) * 32) for n in range(20, 26))
HOLDERS = Holders([ONE, TWO, THREE], TARGETS, SNAPSHOT, SNAPSHOT)


def keyring(now: datetime.datetime, edition: SigningKey = EDITION) -> Keyring:
    return Keyring(
        edition=edition,
        targets=TARGETS,
        snapshot=SNAPSHOT,
        timestamp=SNAPSHOT,
        roots=(root_bytes(HOLDERS, version=1, now=now),),
        is_throw_away=False,
    )


class Newsroom:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.binder = Binder()
        self.keys = keyring(clock())
        self.story = Story.objects.get(title="Stock 1")

    def cut(self, *, everything: bool = False) -> Any:
        self.clock.pass_by(minutes=1)
        return self.binder.cut(self.keys, now=self.clock(), notices=NOTICES, everything=everything)

    def press(self) -> None:
        self.clock.pass_by(minutes=1)
        press_due(now=self.clock())

    @property
    def root(self) -> Path:
        return self.binder.places.edition

    def volumes(self) -> dict[str, dict[str, str]]:
        edition = self.binder.folder.edition()
        return {
            volume.name: parse_manifest(self.binder.folder.manifest(volume)) for volume in edition.volumes
        }

    def volumes_cut_anew(self, folder: Path) -> dict[str, dict[str, str]]:
        anew = Binder(folder / "edition")
        anew.cut(self.keys, now=self.clock(), notices=NOTICES, everything=True)
        edition = anew.folder.edition()
        return {volume.name: parse_manifest(anew.folder.manifest(volume)) for volume in edition.volumes}


@pytest.fixture
def newsroom(db: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    clock = Clock(START)
    monkeypatch.setattr(timezone, "now", clock)
    found_stock(clock)
    press_full(now=clock())
    return Newsroom(clock)


def page_of(story: Story) -> str:
    return f"{story.address[1:]}index.html"


def correct(story: Story, headline: str) -> None:
    story = Story.objects.get(pk=story.pk)
    story.title = headline
    story.save_revision().publish()


def test_a_newsroom_that_cuts_no_editions_takes_no_notes_for_them(newsroom):
    correct(newsroom.story, "Corrected")
    newsroom.press()
    assert not FreshFile.objects.exists()


def test_a_first_edition_holds_everything_and_vouches_for_it(newsroom):
    edition = newsroom.cut()
    assert edition.number == 1
    chain = check_chain(read_chain(newsroom.root))
    assert {volume.manifest_path for volume in edition.volumes} <= set(chain.targets)
    assert newsroom.story.address[1:] + "index.html" in newsroom.volumes()["2026-11"]


def test_the_next_edition_holds_what_was_pressed_since(newsroom, tmp_path):
    newsroom.cut()
    correct(newsroom.story, "Corrected")
    newsroom.press()
    assert FreshFile.objects.exists()
    assert newsroom.cut().number == 2
    assert not FreshFile.objects.exists()
    assert not newsroom.binder.places.waiting_file.exists()
    page = newsroom.root / newsroom.story.address[1:] / "index.html"
    assert "Corrected" in page.read_text(encoding="utf-8")
    assert newsroom.volumes() == newsroom.volumes_cut_anew(tmp_path)


def test_nothing_pressed_makes_no_edition(newsroom):
    newsroom.cut()
    before = digest_folder(newsroom.root)
    assert newsroom.cut() is None
    assert newsroom.cut(everything=True) is None
    assert digest_folder(newsroom.root) == before


@pytest.mark.parametrize("number", range(3))
def test_whatever_the_desk_did_the_notes_alone_end_in_the_same_volumes(newsroom, tmp_path, number):
    """Of all that moves pages, takes them away and changes which photos they show."""
    seed = random.randrange(10**6) + number  # noqa: S311 -- chances, not secrets
    print(f"seed {seed}")
    chance = random.Random(seed)  # noqa: S311 -- chances, not secrets
    newsroom.cut()
    desk = DeskWork(newsroom.clock)
    names = sorted(OPERATIONS)
    for _round in range(4):
        for _number in range(4):
            name = chance.choice(names)
            OPERATIONS[name](desk, chance.randrange(12), chance.randrange(8))
        newsroom.press()
        newsroom.cut()
    assert newsroom.volumes() == newsroom.volumes_cut_anew(tmp_path)


def test_a_cut_that_met_a_full_disk_at_any_file_is_made_good_by_the_next(newsroom, tmp_path, monkeypatch):
    """Whatever was moved by then, the next cut ends in a whole edition with nothing left over."""
    newsroom.cut()
    rename = os.replace
    for room in range(0, 60, 3):
        correct(newsroom.story, f"Corrected {room}")
        newsroom.press()
        moved = []

        def refuse(source: Any, target: Any, *rest: Any, moved: list[Any] = moved, room: int = room) -> None:
            if len(moved) == room:
                raise OSError(28, "No space left on device")
            moved.append(target)
            rename(source, target, *rest)

        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", refuse)
            with contextlib.suppress(OSError):
                newsroom.cut()
        newsroom.cut()
        verdict = verify_edition(
            newsroom.root, Trusted(key=EDITION.public), now=newsroom.clock(), memory=Memory()
        )
        assert verdict.exit_code == 0, (room, verdict.problems)
        assert not newsroom.binder.places.next_folder.exists()
        assert f"Corrected {room}" in (newsroom.root / page_of(newsroom.story)).read_text(encoding="utf-8")
    assert newsroom.volumes() == newsroom.volumes_cut_anew(tmp_path)


def test_what_was_prepared_and_never_signed_is_in_the_next_edition(newsroom, tmp_path):
    newsroom.cut()
    correct(newsroom.story, "Corrected")
    newsroom.press()
    assert newsroom.binder.prepare(EDITION.public, now=newsroom.clock(), notices=NOTICES)
    assert newsroom.cut().number == 2
    assert newsroom.volumes() == newsroom.volumes_cut_anew(tmp_path)


def test_an_edition_signed_on_another_machine_is_put_in_place(newsroom):
    newsroom.cut()
    correct(newsroom.story, "Corrected")
    newsroom.press()
    now = newsroom.clock()
    assert newsroom.binder.prepare(EDITION.public, now=now, notices=NOTICES)
    version = versions_in(newsroom.root).targets + 1
    request = read_request(request_bytes(newsroom.binder.folder, targets_version=version))

    def sign(manifest: bytes) -> Any:
        return sign_manifest(EDITION, manifest, trusted_comment="edition")

    answer = read_answer(
        answer_bytes(request, sign, TARGETS, now=now),
        public=EDITION.public,
        lists=lists_prepared(newsroom.binder.folder),
    )
    done = newsroom.binder.finish(
        answer, EDITION.public, roots=newsroom.keys.roots, snapshot_key=SNAPSHOT, now=now
    )
    assert done.number == 2
    assert not newsroom.binder.places.waiting_file.exists()
    assert newsroom.cut() is None


def test_after_a_withdrawal_no_earlier_edition_bundle_or_delta_is_kept(newsroom):
    newsroom.cut()
    correct(newsroom.story, "Corrected")
    newsroom.press()
    newsroom.cut()
    assert [each.number for each in newsroom.binder.earlier.editions()] == [2, 1]
    for name in ("bundles", "deltas"):
        (newsroom.root / name).mkdir()
        (newsroom.root / name / "1.zip").write_bytes(b"The ferry came in 1 times.")
    publishing.withdraw_story(story=Story.objects.get(pk=newsroom.story.pk))
    newsroom.press()
    newsroom.cut()
    assert [each.number for each in newsroom.binder.earlier.editions()] == [3]
    for folder in (newsroom.root, newsroom.binder.places.earlier_folder):
        for file in folder.rglob("*"):
            assert not file.is_file() or b"The ferry came in 1 times." not in file.read_bytes(), file


def test_a_name_that_is_withheld_leaves_everything_that_we_keep(newsroom):
    person = Person.objects.get(name="Person 0")
    newsroom.cut()
    correct(newsroom.story, "Corrected")
    newsroom.press()
    newsroom.cut()
    for name in ("bundles", "deltas"):
        (newsroom.root / name).mkdir()
        (newsroom.root / name / "1.zip").write_bytes(person.name.encode())
    person.name_withheld = True
    person.save()
    newsroom.press()
    newsroom.cut()
    assert [each.number for each in newsroom.binder.earlier.editions()] == [3]
    for folder in (newsroom.root, newsroom.binder.places.earlier_folder):
        for file in folder.rglob("*"):
            assert not file.is_file() or person.name.encode() not in file.read_bytes(), file


def test_a_photo_that_nothing_shows_any_more_leaves_earlier_editions_and_bundles(newsroom):
    newsroom.cut()
    (newsroom.root / "bundles").mkdir()
    (newsroom.root / "bundles" / "1.zip").write_bytes(b"photo")
    story = next(each for each in Story.objects.live().order_by("pk") if each.lead_photo_id)
    photos = set(re.findall(r"photos/[0-9a-f]+-\d+\.jpg", (newsroom.root / page_of(story)).read_text()))
    story.lead_photo = None
    story.save_revision().publish()
    newsroom.press()
    newsroom.cut()
    left = [path for path in photos if not (newsroom.root / path).exists()]
    assert left
    assert not (newsroom.root / "bundles").exists()
    assert [each.number for each in newsroom.binder.earlier.editions()] == [2, 1]
    for path in left:
        assert not (newsroom.binder.places.earlier_folder / "1" / path).exists()


def test_a_newer_root_is_told_of_though_no_page_changed(newsroom):
    newsroom.cut()
    newer = dataclasses.replace(HOLDERS, targets=EDITION)
    now = newsroom.clock()
    second = root_bytes(newer, version=2, now=now, previous=[ONE, TWO])
    newsroom.keys = dataclasses.replace(newsroom.keys, targets=EDITION, roots=(*newsroom.keys.roots, second))
    assert newsroom.cut() is None
    assert check_chain(read_chain(newsroom.root)).root_version == 2
    assert newsroom.binder.folder.edition().number == 1


def test_metadata_is_renewed_before_nobody_would_believe_it(newsroom):
    newsroom.cut()
    assert newsroom.binder.renew_if_due(newsroom.keys, now=newsroom.clock()) is None
    newsroom.clock.pass_by(days=8)
    chain = newsroom.binder.renew_if_due(newsroom.keys, now=newsroom.clock())
    assert chain.expires_at > newsroom.clock() + datetime.timedelta(days=13)
    assert newsroom.binder.folder.edition().number == 1


@pytest.mark.parametrize(("kind", "hours"), [("after-press", 0), ("hourly", 1), ("daily", 24)])
def test_editions_are_cut_by_themselves_when_they_are_due(newsroom, kind, hours):
    schedule = Schedule(newsroom.binder, newsroom.keys, kind, notices=lambda _now: NOTICES)
    schedule.turn(newsroom.clock())
    assert newsroom.binder.folder.edition().number == 1
    correct(newsroom.story, "Corrected")
    newsroom.press()
    if hours:
        schedule.turn(newsroom.clock())
        assert newsroom.binder.folder.edition().number == 1
        newsroom.clock.pass_by(hours=hours)
    schedule.turn(newsroom.clock())
    assert newsroom.binder.folder.edition().number == 2
    newsroom.clock.pass_by(hours=hours)
    schedule.turn(newsroom.clock())
    assert newsroom.binder.folder.edition().number == 2


def test_an_edition_is_cut_soon_after_a_story_is_to_be_forgotten_though_no_page_changed(newsroom):
    told = [NOTICES]
    schedule = Schedule(newsroom.binder, newsroom.keys, "after-press", notices=lambda _now: told[-1])
    schedule.turn(newsroom.clock())
    newsroom.clock.pass_by(minutes=1)
    schedule.turn(newsroom.clock())
    assert newsroom.binder.folder.edition().number == 1
    told.append(Notices(NOTICES.mirrors, tombstones_bytes([story_hash(newsroom.story.public_id)])))
    newsroom.clock.pass_by(minutes=1)
    schedule.turn(newsroom.clock())
    assert newsroom.binder.folder.edition().number == 2
    assert (newsroom.root / "edition" / "tombstones.json").read_bytes() == told[-1].tombstones
    assert "edition/tombstones.json" in check_chain(read_chain(newsroom.root)).targets


def test_every_copy_of_a_story_says_the_id_by_which_it_may_have_to_be_forgotten(newsroom):
    newsroom.cut()
    for story in Story.objects.live():
        copy = (newsroom.root / page_of(story)).read_text(encoding="utf-8")
        assert copy.count(f'<article class="story" id="{story.public_id}"') == 1


def test_pages_that_no_edition_carries_take_nothing_with_them_when_they_are_pressed(newsroom, settings):
    """A receipt's form, or a story's older comments, were in no edition, and so have not left it."""
    site = settings.NASHRA_SITE_FOLDER
    newsroom.cut()
    correct(newsroom.story, "Corrected")
    newsroom.press()
    newsroom.cut()
    (newsroom.root / "deltas").mkdir()
    forms = list(site.glob("*/receipt/index.html"))
    assert forms
    FreshFile.objects.bulk_create(FreshFile(path=str(form.relative_to(site))) for form in forms)
    correct(newsroom.story, "Corrected again")
    newsroom.press()
    newsroom.cut()
    assert [edition.number for edition in newsroom.binder.earlier.editions()] == [3, 2, 1]
    assert (newsroom.root / "deltas").is_dir()


def test_a_schedule_outlives_a_cut_that_fails(newsroom, monkeypatch, caplog):
    schedule = Schedule(newsroom.binder, newsroom.keys, "after-press", notices=lambda _now: NOTICES)
    (newsroom.root / "edition").mkdir(parents=True)
    (newsroom.root / "edition" / "edition.json").write_bytes(b"{}")
    correct(newsroom.story, "Corrected")
    newsroom.press()
    schedule.turn(newsroom.clock())
    assert "No edition could be cut" in caplog.text
    shutil.rmtree(newsroom.root)
    schedule.turn(newsroom.clock())
    assert newsroom.binder.folder.edition() is None
    newsroom.clock.pass_by(minutes=2)
    schedule.turn(newsroom.clock())
    assert newsroom.binder.folder.edition().number == 1


def test_a_section_that_moves_leads_on_from_its_old_addresses(newsroom, tmp_path):
    newsroom.cut()
    section = Section.objects.get(pk=newsroom.story.get_parent().pk)
    section.slug = "harbour-news"
    section.save_revision().publish()
    newsroom.press()
    newsroom.cut()
    assert newsroom.volumes() == newsroom.volumes_cut_anew(tmp_path)
