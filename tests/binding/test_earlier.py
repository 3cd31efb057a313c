"""Earlier editions can be read again, though only what changed since was kept of them."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from nashra.binding.cutting import Leaf, finish, prepare, sign_prepared
from nashra.binding.earlier import EarlierEditions, NoSuchEdition, changes_between
from nashra.binding.folders import EditionFolder
from nashra.edition.manifest import digest_file
from tests.binding.test_cutting import (
    BREAD,
    EVENING,
    FERRY,
    FIRST,
    KEY,
    MORNING,
    NOTICES,
    OTHER_KEY,
    cut,
    signer,
)

DAY = datetime.timedelta(days=1)


@pytest.fixture
def folder(tmp_path) -> EditionFolder:
    earlier = EarlierEditions(tmp_path / "edition.earlier", tmp_path / "edition")
    return EditionFolder(tmp_path / "edition", tmp_path / "edition.next", earlier)


def corrected(words: bytes) -> Leaf:
    return dataclasses.replace(FERRY, content=words)


def digests(earlier: EarlierEditions, number: int) -> dict[str, str]:
    edition = earlier.edition(number)
    found: dict[str, str] = {}
    for volume in edition.volumes:
        for path, digest in earlier.manifest(edition, volume).items():
            assert digest_file(earlier.file(edition, path)) == digest, path
            found[path] = digest
    return found


def test_every_kept_edition_reads_as_it_was(folder):
    cut(folder, *FIRST)
    cut(folder, corrected(b"once"), at=EVENING)
    cut(folder, corrected(b"twice"), Leaf(BREAD.path), at=EVENING + DAY)
    cut(folder, BREAD, at=EVENING + 2 * DAY)
    earlier = folder.earlier
    assert [edition.number for edition in earlier.editions()] == [4, 3, 2, 1]
    first, second, third, fourth = (digests(earlier, number) for number in (1, 2, 3, 4))
    assert changes_between(first, second) == ([], [FERRY.path], [])
    assert changes_between(second, third) == ([], [FERRY.path], [BREAD.path])
    assert changes_between(third, fourth) == ([BREAD.path], [], [])
    assert earlier.file(earlier.edition(1), FERRY.path).read_bytes() == b"the ferry"


def test_only_what_changed_is_kept(folder):
    cut(folder, *FIRST)
    cut(folder, corrected(b"once"), at=EVENING)
    kept = {file.name for file in (folder.earlier.folder / "1" / "en").rglob("*") if file.is_file()}
    assert kept == {"index.html"}
    assert not (folder.earlier.folder / "1" / "photos").exists()
    assert not (folder.earlier.folder / "1" / "metadata").exists()


def test_an_edition_that_is_not_kept_is_named_with_those_that_are(folder):
    cut(folder, *FIRST)
    with pytest.raises(NoSuchEdition, match="Edition 7 is not kept here; these are: 1"):
        folder.earlier.edition(7)


def test_old_editions_are_forgotten_and_younger_ones_still_read_as_they_were(folder):
    cut(folder, *FIRST)
    cut(folder, corrected(b"once"), at=EVENING)
    cut(folder, corrected(b"twice"), at=EVENING + DAY)
    assert folder.earlier.forget_before(EVENING) == [1]
    assert [edition.number for edition in folder.earlier.editions()] == [3, 2]
    assert digests(folder.earlier, 2)


def test_the_edition_that_lies_today_is_never_forgotten(folder):
    cut(folder, *FIRST)
    assert folder.earlier.forget_before(MORNING + 900 * DAY) == []
    assert folder.edition().number == 1


def test_all_earlier_editions_can_be_forgotten_at_once(folder):
    cut(folder, *FIRST)
    cut(folder, Leaf(BREAD.path), at=EVENING)
    folder.earlier.forget_all()
    assert not folder.earlier.folder.exists()
    assert [edition.number for edition in folder.earlier.editions()] == [2]
    folder.earlier.forget_all()


def test_another_edition_key_signs_every_volume_anew(folder):
    cut(folder, *FIRST)
    edition = prepare(folder, [], name="Nashra", cut_at=EVENING, public=OTHER_KEY.public, notices=NOTICES)
    assert edition is not None
    assert len(folder.staged_manifests()) == 1 + len(edition.volumes)
    finish(folder, sign_prepared(folder, signer(OTHER_KEY)), public=OTHER_KEY.public)
    assert folder.edition().number == 2
    assert KEY.public != OTHER_KEY.public
