"""What a repository of The Update Framework may do to a client, and what ours makes of it.

The cases are those of the framework's public conformance suite, told anew: expiry, rollback, fast-forward,
thresholds, keys, delegations, substituted files and odd names.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from urllib.parse import quote

import pytest
from tuf.api.metadata import Metadata

from nashra.seal.chain import MAX_ROOTS
from nashra.verifier.tuf_client import main
from tests.verifier.tuf_repository import ROLES, SCHEMES, Repository, serving

YESTERDAY = datetime.datetime.now(tz=datetime.UTC).replace(microsecond=0) - datetime.timedelta(days=1)


class Client:
    """Our client with folders of its own, before one repository."""

    def __init__(self, folder: Path, address: str) -> None:
        self.trusted, self.files, self.address = folder / "trusted", folder / "files", address
        self.folder = folder
        self.trusted.mkdir()
        self.files.mkdir()

    def init(self, root: bytes) -> int:
        (self.folder / "root.json").write_bytes(root)
        return main(["--metadata-dir", str(self.trusted), "init", str(self.folder / "root.json")])

    def refresh(self) -> int:
        return main([*self._places(), "refresh"])

    def download(self, path: str) -> int:
        files = ["--target-name", path, "--target-base-url", f"{self.address}/targets"]
        return main([*self._places(), *files, "--target-dir", str(self.files), "download"])

    def version(self, role: str) -> int:
        return Metadata.from_file(str(self.trusted / f"{role}.json")).signed.version

    def versions(self) -> list[int]:
        return [self.version(role) for role in ROLES]

    def held(self) -> list[bytes]:
        return [file.read_bytes() for file in sorted(self.files.rglob("*")) if file.is_file()]

    def _places(self) -> list[str]:
        return ["--metadata-dir", str(self.trusted), "--metadata-url", f"{self.address}/metadata"]


@pytest.fixture
def repository() -> Repository:
    return Repository()


@pytest.fixture
def client(repository, tmp_path):
    with serving(repository) as address:
        made = Client(tmp_path, address)
        assert made.init(repository.published["/metadata/1.root.json"]) == 0
        assert repository.asked == []
        yield made


@pytest.mark.parametrize("scheme", SCHEMES)
def test_it_asks_for_what_it_needs_in_the_order_of_the_specification(tmp_path, scheme):
    repository = Repository(scheme)
    with serving(repository) as address:
        client = Client(tmp_path, address)
        client.init(repository.published["/metadata/1.root.json"])
        assert client.refresh() == 0
    names = ("2.root", "timestamp", "1.snapshot", "1.targets")
    assert repository.asked == [f"/metadata/{name}.json" for name in names]
    assert client.versions() == [1, 1, 1, 1]


def test_a_download_without_a_refresh_brings_the_metadata_up_to_date(client, repository):
    assert client.download("nothing of that name") == 1
    assert client.versions() == [1, 1, 1, 1]


def without_version(content):
    del content["signed"]["version"]


def with_another_signature(content):
    content["signatures"][0]["sig"] = "00" * 64


@pytest.mark.parametrize("change", [without_version, with_another_signature])
def test_a_first_root_that_is_none_is_believed_by_nobody(repository, tmp_path, change):
    content = json.loads(repository.published["/metadata/1.root.json"])
    change(content)
    with serving(repository) as address:
        client = Client(tmp_path, address)
        client.init(json.dumps(content).encode())
        assert client.refresh() == 1
    assert repository.asked == []


def test_fields_that_nobody_knows_are_signed_like_all_others(client, repository):
    root = repository.signed("root")
    root.unrecognized_fields["more"] = "words"
    root.keys[root.roles["root"].keyids[0]].unrecognized_fields["extra"] = {"a": 1}
    repository.publish("root")
    assert client.refresh() == 0
    assert client.version("root") == 2


@pytest.mark.parametrize("role", ROLES)
def test_expired_metadata_is_not_believed(client, repository, role):
    assert client.refresh() == 0
    repository.signed(role).expires = YESTERDAY
    repository.publish(*{"root": 0, role: 0, "targets": 0, "snapshot": 0, "timestamp": 0})
    assert client.refresh() == 1
    # A root that expired is kept, since it may lead to the next one; nothing that follows is.
    assert client.version("root") == 2
    assert client.version("targets") == 1
    if role in {"root", "timestamp"}:
        assert client.version("timestamp") == 1


def test_an_older_timestamp_is_refused(client, repository):
    old = repository.published["/metadata/timestamp.json"]
    repository.publish("timestamp")
    assert client.refresh() == 0
    repository.published["/metadata/timestamp.json"] = old
    assert client.refresh() == 1
    assert client.version("timestamp") == 2


def test_a_timestamp_of_the_same_number_with_other_words_does_not_take_its_place(client, repository):
    assert client.refresh() == 0
    repository.signed("timestamp").snapshot_meta.version = 100
    repository.sign("timestamp")
    client.refresh()
    assert Metadata.from_file(str(client.trusted / "timestamp.json")).signed.snapshot_meta.version == 1


def test_an_older_snapshot_is_refused_though_a_newer_timestamp_names_it(client, repository):
    repository.publish("snapshot", "timestamp")
    assert client.refresh() == 0
    repository.signed("snapshot").version = 1
    repository.publish("timestamp")
    assert client.refresh() == 1
    assert (client.version("snapshot"), client.version("timestamp")) == (2, 2)


def test_older_targets_are_refused_though_a_newer_snapshot_names_them(client, repository):
    repository.publish("targets", "targets", "snapshot", "timestamp")
    assert client.refresh() == 0
    repository.signed("targets").version = 1
    repository.publish("snapshot", "timestamp")
    assert client.refresh() == 1
    assert client.version("targets") == 3


@pytest.mark.parametrize("role", ["snapshot", "targets"])
def test_metadata_of_another_number_than_was_named_is_refused(client, repository, role):
    assert client.refresh() == 0
    repository.publish("targets", "snapshot", "timestamp")
    named = f"/metadata/2.{role}.json"
    repository.signed(role).version = 3
    repository.sign(role)
    repository.published[named] = repository.published[f"/metadata/3.{role}.json"]
    assert client.refresh() == 1
    assert client.version(role) == 1


def test_metadata_whose_hash_or_length_is_another_than_was_named_is_refused(client, repository):
    assert client.refresh() == 0
    repository.publish("targets", "snapshot")
    named = repository.signed("timestamp").snapshot_meta
    named.version, named.hashes = 2, {"sha256": "0" * 64}
    repository.signed("timestamp").version += 1
    repository.sign("timestamp")
    assert client.refresh() == 1
    assert client.version("snapshot") == 1


@pytest.mark.parametrize(
    ("rotated", "forwarded"),
    [(["timestamp"], "timestamp"), (["snapshot", "timestamp"], "snapshot"), (["snapshot"], "targets")],
)
def test_numbers_that_a_thief_drove_up_are_forgotten_when_root_names_other_keys(
    client, repository, rotated, forwarded
):
    repository.signed(forwarded).version = 99_999
    repository.publish("targets", "snapshot", "timestamp")
    assert client.refresh() == 0
    assert client.version(forwarded) == 100_000
    for role in rotated:
        repository.rotate(role)
    repository.signed(forwarded).version = 1
    repository.publish("root", "targets", "snapshot", "timestamp")
    assert client.refresh() == 0
    assert client.version(forwarded) == 2


@pytest.mark.parametrize("role", ROLES)
def test_too_few_signatures_are_none(client, repository, role):
    assert client.refresh() == 0
    repository.add_key(role)
    repository.signed("root").roles[role].threshold = 2
    stolen = repository.keys[role].pop()
    repository.publish("root", "targets", "snapshot", "timestamp")
    assert client.refresh() == 1
    assert client.version(role) == 1
    repository.keys[role].append(stolen)
    repository.sign("root")
    repository.publish("targets", "snapshot", "timestamp")
    assert client.refresh() == 0
    assert client.versions() == [2, 3, 3, 3]


def test_one_key_named_several_times_counts_once(client, repository):
    assert client.refresh() == 0
    role = repository.signed("root").roles["snapshot"]
    role.keyids += role.keyids * 5
    role.threshold = 6
    repository.publish("root", "snapshot", "timestamp")
    assert client.refresh() == 1
    assert client.version("snapshot") == 1


def test_a_root_must_be_signed_by_the_keys_before_it_and_by_its_own(client, repository):
    before = list(repository.keys["root"])
    repository.rotate("root")
    repository.publish("root")
    assert client.refresh() == 1
    assert client.version("root") == 1
    own = list(repository.keys["root"])
    repository.keys["root"] = before + own
    repository.sign("root")
    assert client.refresh() == 0
    repository.keys["root"] = own
    repository.publish("root")
    assert client.refresh() == 0
    assert client.version("root") == 3


def test_a_root_under_another_number_is_refused(client, repository):
    repository.publish("root", "root")
    repository.published["/metadata/2.root.json"] = repository.published["/metadata/3.root.json"]
    assert client.refresh() == 1
    assert client.version("root") == 1


def test_of_endless_roots_no_more_are_followed_than_a_newsroom_makes(client, repository):
    repository.publish(*["root"] * (MAX_ROOTS + 20))
    client.refresh()
    assert client.version("root") <= MAX_ROOTS + 1
    assert sum("root" in path for path in repository.asked) <= MAX_ROOTS + 1


@pytest.mark.parametrize("path", ["file.txt", "a/folder/file.txt", "سوق/الخبز.html", "with space?.txt"])
def test_files_are_got_by_their_names(client, repository, path):
    at = repository.add_file(path, b"the words")
    repository.published[quote(at)] = repository.published.pop(at)
    repository.publish("targets", "snapshot", "timestamp")
    assert client.download(path) == 0
    assert client.held() == [b"the words"]
    count = len(repository.asked)
    assert client.download(path) == 0
    assert not any(asked.startswith("/targets") for asked in repository.asked[count:])


def test_a_file_that_was_substituted_is_kept_by_nobody(client, repository):
    first = repository.add_file("one.txt", b"the words")
    second = repository.add_file("two.txt", b"more of them")
    repository.publish("targets", "snapshot", "timestamp")
    assert client.download("one.txt") == 0
    repository.published[first] = repository.published[second] = b"other words!"
    client.download("one.txt")
    assert client.download("two.txt") == 1
    assert client.held() == [b"the words"]


def test_an_endless_file_is_cut_off_at_its_signed_length(client, repository):
    at = repository.add_file("one.txt", b"the words")
    repository.publish("targets", "snapshot", "timestamp")
    repository.published[at] = b"the words" * 1_000_000
    assert client.download("one.txt") == 1
    assert client.held() == []


def test_a_file_that_changes_is_got_anew_under_its_name(client, repository):
    for number in range(4):
        words = f"words {number}".encode()
        repository.add_file("one.txt", words)
        repository.publish("targets", "snapshot", "timestamp")
        assert client.download("one.txt") == 0
        assert client.held() == [words]


@pytest.mark.parametrize("role", ["?", "#", "/delegated", "../delegated", "سوق", "%2F"])
def test_roles_with_odd_names_are_asked_for_by_these_and_write_nowhere_else(
    client, repository, role, tmp_path
):
    repository.delegate(role, ["*"])
    repository.publish("targets", "snapshot", "timestamp")
    outside = {file for file in tmp_path.rglob("*") if client.trusted not in file.parents}
    assert client.download("nothing") == 1
    assert f"/metadata/1.{quote(role, safe='')}.json" in repository.asked
    assert {file for file in tmp_path.rglob("*") if client.trusted not in file.parents} == outside
    assert len(list(client.trusted.glob("*.json"))) == 5


def test_a_delegated_role_speaks_of_its_own_paths_and_no_others(client, repository):
    repository.delegate("photos", ["photos/*"])
    repository.add_file("photos/ferry.jpg", b"ferry", role="photos")
    repository.add_file("edition/SHA256", b"forged", role="photos")
    repository.sign("photos")
    repository.publish("targets", "snapshot", "timestamp")
    assert client.download("photos/ferry.jpg") == 0
    assert client.download("edition/SHA256") == 1
    assert client.held() == [b"ferry"]


def test_a_role_that_ends_the_search_ends_it(client, repository):
    repository.delegate("first", ["*.txt"], ends=True)
    repository.delegate("second", ["*.txt"])
    repository.add_file("one.txt", b"the words", role="second")
    repository.sign("second")
    repository.publish("targets", "snapshot", "timestamp")
    assert client.download("one.txt") == 1
    assert "/metadata/1.second.json" not in repository.asked


def test_delegations_in_a_circle_come_to_an_end(client, repository):
    repository.delegate("first", ["*"])
    repository.delegate("second", ["*"], by="first")
    repository.signed("second").delegations = repository.signed("first").delegations
    for role in ("second", "first"):
        repository.sign(role)
    repository.publish("targets", "snapshot", "timestamp")
    assert client.download("nothing") == 1
    assert len(repository.asked) < 12
