"""Cutting an edition: what changed becomes the next, whole and signed, and nothing else is touched."""

from __future__ import annotations

import dataclasses
import datetime
import errno
import subprocess
from functools import partial
from pathlib import Path

import pytest

from nashra.binding.cutting import CannotFinish, Leaf, finish, hashed_path, prepare, sign_prepared
from nashra.binding.folders import EditionFolder
from nashra.edition.index import INDEX_PATH, PUBLIC_KEY_PATH, PUBLIC_PEM_PATH, Edition
from nashra.edition.manifest import UnsafePath, digest_folder, parse_manifest
from nashra.edition.mirrors import mirrors_bytes
from nashra.edition.notices import NOTICE_PATHS, Notices
from nashra.edition.tombstones import tombstones_bytes
from nashra.seal.signature_files import Signatures, sign_manifest
from nashra.seal.signing import SigningKey

KEY = SigningKey.from_seed(bytes(range(32)))
OTHER_KEY = SigningKey.from_seed(bytes(32))
MORNING = datetime.datetime(2026, 11, 26, 8, 0, tzinfo=datetime.UTC)
NOTICES = Notices(mirrors_bytes(()), tombstones_bytes(()))
EVENING = MORNING + datetime.timedelta(hours=12)
FRONT, OCTOBER, NOVEMBER = (frozenset([name]) for name in ("front", "2026-10", "2026-11"))

HOME = Leaf("en/index.html", FRONT, b"home")
FERRY = Leaf("en/harbour/the-ferry/index.html", OCTOBER, b"the ferry")
BREAD = Leaf("ar/سوق/index.html", NOVEMBER, "الخبز".encode())
PHOTO = Leaf("photos/ferry.jpg", OCTOBER | NOVEMBER, b"\xff\xd8ferry")
FIRST = (HOME, FERRY, BREAD, PHOTO)


def folder_in(tmp_path: Path) -> EditionFolder:
    return EditionFolder(tmp_path / "edition", tmp_path / "edition.next")


def signer(key: SigningKey = KEY):
    return partial(sign_manifest, key, trusted_comment="edition")


def prepare_in(folder: EditionFolder, *leaves: Leaf, at: datetime.datetime = MORNING) -> Edition | None:
    return prepare(folder, leaves, name="Nashra", cut_at=at, public=KEY.public, notices=NOTICES)


def cut(folder: EditionFolder, *leaves: Leaf, at: datetime.datetime = MORNING) -> Edition | None:
    if prepare_in(folder, *leaves, at=at) is None:
        return None
    return finish(folder, sign_prepared(folder, signer()), public=KEY.public)


def revisions(edition: Edition) -> dict[str, int]:
    return {volume.name: volume.revision for volume in edition.volumes}


def files(folder: EditionFolder) -> set[str]:
    return set(digest_folder(folder.folder))


def test_a_first_edition_holds_every_file_in_its_volumes(tmp_path):
    folder = folder_in(tmp_path)
    edition = cut(folder, *FIRST)
    assert edition.number == 1
    assert revisions(edition) == {"front": 1, "2026-10": 1, "2026-11": 1}
    october = next(volume for volume in edition.volumes if volume.name == "2026-10")
    assert set(parse_manifest(folder.manifest(october))) == {FERRY.path, PHOTO.path}
    assert october.files == 2
    assert october.total_bytes == len(b"the ferry") + len(b"\xff\xd8ferry")
    assert (folder.folder / BREAD.path).read_text(encoding="utf-8") == "الخبز"
    assert folder.edition() == edition
    assert not (tmp_path / "edition.next").exists()


def test_only_volumes_in_which_something_changed_are_revised(tmp_path):
    folder = folder_in(tmp_path)
    cut(folder, *FIRST)
    corrected = dataclasses.replace(FERRY, content=b"the ferry, corrected")
    edition = cut(folder, corrected, HOME, at=EVENING)
    assert edition.number == 2
    assert revisions(edition) == {"front": 1, "2026-10": 2, "2026-11": 1}
    assert (folder.folder / FERRY.path).read_bytes() == b"the ferry, corrected"
    assert not any(path.startswith("volumes/2026-10/r1/") for path in files(folder))


def test_where_nothing_changed_there_is_no_new_edition(tmp_path):
    folder = folder_in(tmp_path)
    cut(folder, *FIRST)
    before = digest_folder(folder.folder)
    assert cut(folder, *FIRST, at=EVENING) is None
    assert digest_folder(folder.folder) == before
    assert not folder.is_prepared()


def test_a_withdrawn_story_leaves_the_folder_and_its_volume(tmp_path):
    folder = folder_in(tmp_path)
    cut(folder, *FIRST)
    edition = cut(folder, Leaf(BREAD.path), dataclasses.replace(PHOTO, volumes=OCTOBER), at=EVENING)
    assert set(revisions(edition)) == {"front", "2026-10"}
    assert not (folder.folder / "ar").exists()
    assert not (folder.folder / "volumes" / "2026-11").exists()
    assert (folder.folder / PHOTO.path).exists()


def test_a_story_can_move_to_another_volume(tmp_path):
    folder = folder_in(tmp_path)
    cut(folder, *FIRST)
    edition = cut(folder, dataclasses.replace(FERRY, volumes=NOVEMBER), at=EVENING)
    assert revisions(edition) == {"front": 1, "2026-10": 2, "2026-11": 2}
    assert (folder.folder / FERRY.path).read_bytes() == b"the ferry"


def test_nothing_lies_there_that_no_list_and_no_signature_accounts_for(tmp_path):
    folder = folder_in(tmp_path)
    cut(folder, *FIRST)
    corrected = dataclasses.replace(FERRY, content=b"the ferry, corrected")
    edition = cut(folder, corrected, Leaf(BREAD.path), at=EVENING)
    expected = set()
    lists = ["edition/SHA256", *(volume.manifest_path for volume in edition.volumes)]
    for path in lists:
        digests = parse_manifest((folder.folder / path).read_bytes())
        expected |= set(digests) | {path, f"{path}.sig", f"{path}.minisig", f"{path}.raw"}
    digests = digest_folder(folder.folder)
    own = (INDEX_PATH, PUBLIC_KEY_PATH, PUBLIC_PEM_PATH, *NOTICE_PATHS)
    expected |= {hashed_path(path, digests[path]) for path in (*lists, *own)}
    assert set(digests) == expected


def test_two_cuts_of_the_same_edition_are_the_same_bytes(tmp_path):
    one, other = folder_in(tmp_path / "one"), folder_in(tmp_path / "other")
    cut(one, *FIRST)
    cut(other, *reversed(FIRST))
    assert digest_folder(one.folder) == digest_folder(other.folder)


def test_a_photo_is_linked_and_not_copied(tmp_path):
    folder = folder_in(tmp_path)
    photo = tmp_path / "ferry.jpg"
    photo.write_bytes(b"\xff\xd8ferry")
    cut(folder, dataclasses.replace(PHOTO, content=photo))
    assert photo.samefile(folder.folder / PHOTO.path)


def test_stock_programs_accept_an_edition_and_refuse_a_flipped_byte(tmp_path):
    folder = folder_in(tmp_path)
    edition = cut(folder, *FIRST)
    october = next(volume for volume in edition.volumes if volume.name == "2026-10").manifest_path
    # Not the key that came with the edition: the one that a reader holds.
    key = tmp_path / "edition.pub"
    key.write_bytes(KEY.public.file_bytes())
    programs = [
        ["signify-openbsd", "-C", "-p", key, "-x", f"{october}.sig"],
        ["signify-openbsd", "-C", "-p", key, "-x", "edition/SHA256.sig"],
        ["minisign", "-V", "-p", key, "-m", october],
        ["sha256sum", "--check", "--strict", "--quiet", october],
        ["sha256sum", "--check", "--strict", "--quiet", "edition/SHA256"],
    ]

    def accepted() -> list[bool]:
        return [
            subprocess.run(each, cwd=folder.folder, capture_output=True, check=False).returncode == 0
            for each in programs
        ]

    assert accepted() == [True] * 5
    page = folder.folder / FERRY.path
    page.write_bytes(b"the fErry")
    assert accepted() == [False, True, True, False, True]
    page.write_bytes(b"the ferry")
    manifest = folder.folder / october
    manifest.write_bytes(manifest.read_bytes().replace(b"ferry", b"fErry"))
    assert accepted() == [True, False, False, False, False]


# Signing elsewhere, and crashes.


@pytest.fixture
def prepared(tmp_path) -> EditionFolder:
    folder = folder_in(tmp_path)
    cut(folder, *FIRST)
    prepare_in(folder, dataclasses.replace(FERRY, content=b"the ferry, corrected"), at=EVENING)
    return folder


def test_an_edition_that_waits_for_its_signatures_leaves_the_last_as_it_was(prepared):
    assert prepared.edition().number == 1
    assert (prepared.folder / FERRY.path).read_bytes() == b"the ferry"
    assert prepared.staged_manifests() == ["edition/SHA256", "volumes/2026-10/r2/SHA256"]


@pytest.mark.parametrize("which", ["edition/SHA256", "volumes/2026-10/r2/SHA256"])
def test_it_puts_nothing_in_place_that_is_not_signed(prepared, which):
    signatures = sign_prepared(prepared, signer())
    del signatures[which]
    before = digest_folder(prepared.folder)
    with pytest.raises(CannotFinish, match=f"{which} is not signed"):
        finish(prepared, signatures, public=KEY.public)
    assert digest_folder(prepared.folder) == before


@pytest.mark.parametrize("form", ["sig", "minisig", "raw"])
def test_it_puts_nothing_in_place_that_another_key_signed(prepared, form):
    signatures = sign_prepared(prepared, signer())
    others = sign_prepared(prepared, signer(OTHER_KEY))
    path = "volumes/2026-10/r2/SHA256"
    signatures[path] = dataclasses.replace(signatures[path], **{form: getattr(others[path], form)})
    before = digest_folder(prepared.folder)
    with pytest.raises(CannotFinish, match="Sign the edition again"):
        finish(prepared, signatures, public=KEY.public)
    assert digest_folder(prepared.folder) == before


def test_it_takes_no_signature_of_another_list(prepared):
    signatures = sign_prepared(prepared, signer())
    path = "volumes/2026-10/r2/SHA256"
    right, wrong = signatures[path], signatures["edition/SHA256"]
    signatures[path] = Signatures(sig=wrong.sig, minisig=right.minisig, raw=right.raw)
    with pytest.raises(CannotFinish, match="signs another list"):
        finish(prepared, signatures, public=KEY.public)


def test_it_finishes_nothing_where_nothing_is_prepared(tmp_path):
    with pytest.raises(CannotFinish, match="edition cut"):
        finish(folder_in(tmp_path), {}, public=KEY.public)


def test_a_cut_that_broke_off_at_any_file_is_put_in_place_when_it_is_done_over(tmp_path, monkeypatch):
    changes = (dataclasses.replace(FERRY, content=b"the ferry, corrected"), Leaf(BREAD.path))
    whole = folder_in(tmp_path / "whole")
    cut(whole, *FIRST)
    cut(whole, *changes, at=EVENING)
    expected = digest_folder(whole.folder)
    moved = 0
    while True:
        folder = folder_in(tmp_path / str(moved))
        cut(folder, *FIRST)
        prepare_in(folder, *changes, at=EVENING)
        signatures = sign_prepared(folder, signer())
        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", failing_after(moved))
            try:
                finish(folder, signatures, public=KEY.public)
            except OSError:
                # Readers find one edition or the other, and never half a one's index.
                assert folder.edition().number in {1, 2}
            else:
                break
        folder.put_in_place()
        assert digest_folder(folder.folder) == expected
        moved += 1
    assert moved > 10


def failing_after(count: int):
    """A ``Path.replace`` that moves so many files and then finds the disk full."""
    real, left = Path.replace, [count]

    def replace(self, target):
        if not left[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        left[0] -= 1
        return real(self, target)

    return replace


def test_it_refuses_a_file_that_some_disk_cannot_hold(tmp_path):
    folder = folder_in(tmp_path)
    for path in ("../outside", "/etc/passwd", "en/a b.html"):
        with pytest.raises(UnsafePath):
            cut(folder, Leaf(path, FRONT, b"x"))
    assert not (tmp_path / "outside").exists()


def test_it_refuses_two_files_that_some_disk_takes_for_one(tmp_path):
    with pytest.raises(UnsafePath, match="same file"):
        cut(folder_in(tmp_path), Leaf("en/Ferry", FRONT, b"x"), Leaf("en/ferry", FRONT, b"y"))
