"""The metadata that vouches for an edition: cut with it, renewed without it, and never for anything else."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

import pytest
from tuf.ngclient import Updater, UpdaterConfig

from nashra.binding.cutting import CannotFinish, finish, prepared_targets, sign_prepared
from nashra.binding.folders import EditionFolder
from nashra.binding.vouching import read_chain, renew, versions_in, vouch_for
from nashra.edition.manifest import digest_folder
from nashra.seal.chain import BadChain, check_chain
from nashra.seal.metadata import Holders, root_bytes
from nashra.seal.signing import SigningKey
from tests.binding.test_cutting import EVENING, FERRY, FIRST, KEY, MORNING, prepare_in, signer
from tests.loopback import served

ONE, TWO, THREE, TARGETS, SNAPSHOT, OTHER = (
    SigningKey.from_seed(bytes([number]) * 32) for number in range(10, 16)
)
HOLDERS = Holders([ONE, TWO, THREE], TARGETS, SNAPSHOT, SNAPSHOT)
ROOTS = [root_bytes(HOLDERS, version=1, now=MORNING)]
KEYS = (TARGETS, SNAPSHOT, SNAPSHOT)


def cut(folder: EditionFolder, *leaves, at=MORNING, roots=ROOTS, keys=KEYS) -> None:
    assert prepare_in(folder, *leaves, at=at)
    before = versions_in(folder.folder)
    chain = vouch_for(prepared_targets(folder), roots, before=before, keys=keys, now=at)
    finish(folder, sign_prepared(folder, signer()), public=KEY.public, chain=chain)


@pytest.fixture
def folder(tmp_path) -> EditionFolder:
    return EditionFolder(tmp_path / "edition", tmp_path / "edition.next")


def test_an_editions_metadata_vouches_for_its_lists_and_its_key(folder):
    cut(folder, *FIRST)
    chain = check_chain(read_chain(folder.folder))
    edition = folder.edition()
    assert set(chain.targets) == {
        "edition/SHA256",
        "edition/edition.json",
        "edition/edition.pub",
        "edition/mirrors.json",
        "edition/tombstones.json",
        *(volume.manifest_path for volume in edition.volumes),
    }
    digests = digest_folder(folder.folder)
    for path, target in chain.targets.items():
        assert target.sha256 == digests[path]
        assert target.size_bytes == (folder.folder / path).stat().st_size


def test_the_next_edition_takes_the_place_of_the_metadata_before_it(folder):
    cut(folder, *FIRST)
    cut(folder, dataclasses.replace(FERRY, content=b"corrected"), at=EVENING)
    names = {file.name for file in (folder.folder / "metadata").iterdir()}
    assert names == {"1.root.json", "2.targets.json", "2.snapshot.json", "timestamp.json"}


def test_the_public_client_takes_an_edition_from_a_mirror(folder, tmp_path):
    now = datetime.datetime.now(tz=datetime.UTC)
    roots = [root_bytes(HOLDERS, version=1, now=now)]
    cut(folder, *FIRST, at=now.replace(microsecond=0), roots=roots)
    cache = tmp_path / "cache"
    (cache / "targets").mkdir(parents=True)
    with served(folder.folder) as url:
        updater = Updater(
            metadata_dir=str(cache),
            metadata_base_url=f"{url}/metadata/",
            target_base_url=f"{url}/",
            target_dir=str(cache / "targets"),
            config=UpdaterConfig(prefix_targets_with_hash=True),
            bootstrap=roots[0],
        )
        updater.refresh()
        for path in check_chain(read_chain(folder.folder)).targets:
            found = Path(updater.download_target(updater.get_targetinfo(path)))
            assert found.read_bytes() == (folder.folder / path).read_bytes()


def test_renewing_changes_nothing_but_dates_and_versions(folder, tmp_path):
    cut(folder, *FIRST)
    before = digest_folder(folder.folder)
    other = EditionFolder(folder.folder, tmp_path / "renewal.next")
    chain = renew(other, ROOTS, keys=KEYS, now=EVENING)
    after = digest_folder(folder.folder)
    assert (chain.targets_version, chain.snapshot_version, chain.timestamp_version) == (2, 2, 2)
    assert chain.expires_at == EVENING + datetime.timedelta(days=14)
    assert {path for path in before | after if before.get(path) != after.get(path)} == {
        *(f"metadata/{number}.{role}.json" for number in (1, 2) for role in ("targets", "snapshot")),
        "metadata/timestamp.json",
    }


def test_an_edition_that_waits_to_be_signed_outlives_a_renewal(folder, tmp_path):
    cut(folder, *FIRST)
    assert prepare_in(folder, dataclasses.replace(FERRY, content=b"corrected"), at=EVENING)
    renew(EditionFolder(folder.folder, tmp_path / "renewal.next"), ROOTS, keys=KEYS, now=EVENING)
    assert folder.is_prepared()


def test_metadata_for_another_edition_is_refused(folder):
    assert prepare_in(folder, *FIRST)
    targets = prepared_targets(folder)
    del targets["edition/mirrors.json"]
    chain = vouch_for(targets, ROOTS, before=versions_in(folder.folder), keys=KEYS, now=MORNING)
    with pytest.raises(CannotFinish, match="vouches for another edition"):
        finish(folder, sign_prepared(folder, signer()), public=KEY.public, chain=chain)
    assert not folder.folder.exists()
    assert folder.is_prepared()


def test_keys_that_root_does_not_name_are_refused_before_anything_is_put_in_place(folder):
    assert prepare_in(folder, *FIRST)
    keys = (OTHER, SNAPSHOT, SNAPSHOT)
    targets = prepared_targets(folder)
    chain = vouch_for(targets, ROOTS, before=versions_in(folder.folder), keys=keys, now=MORNING)
    with pytest.raises(CannotFinish, match=r"targets\.json is signed by 0"):
        finish(folder, sign_prepared(folder, signer()), public=KEY.public, chain=chain)
    assert not folder.folder.exists()


def test_damaged_metadata_is_named_and_not_built_upon(folder):
    cut(folder, *FIRST)
    (folder.folder / "metadata" / "timestamp.json").write_bytes(b"{}")
    with pytest.raises(BadChain):
        versions_in(folder.folder)
