"""The Update Framework's metadata: its own client takes what we write, and refuses it when it is altered."""

from __future__ import annotations

import datetime
import hashlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from tuf.api.exceptions import RepositoryError
from tuf.ngclient import Updater

from nashra.seal.metadata import (
    Holders,
    Target,
    root_bytes,
    snapshot_bytes,
    targets_bytes,
    timestamp_bytes,
)
from nashra.seal.signing import SigningKey

NOW = datetime.datetime.now(tz=datetime.UTC)
ONE, TWO, THREE, FOUR, TARGETS, SNAPSHOT = (SigningKey.from_seed(bytes([number]) * 32) for number in range(6))
HOLDERS = Holders([ONE, TWO, THREE], TARGETS, SNAPSHOT, SNAPSHOT)
CONTENT = b"SHA256 (edition/edition.json) = ...\n"
PATH = "edition/SHA256"


def publish(folder: Path, *, version: int = 1, holders: Holders = HOLDERS, now=NOW, content=CONTENT) -> None:
    """Write the three roles below root, and the one target under the name that clients ask for."""
    digest = hashlib.sha256(content).hexdigest()
    target = {PATH: Target(digest, len(content))}
    targets = targets_bytes(target, holders.targets, version=version, now=now)
    snapshot = snapshot_bytes(targets, holders.snapshot, version=version, now=now)
    files = {
        f"metadata/{version}.targets.json": targets,
        f"metadata/{version}.snapshot.json": snapshot,
        "metadata/timestamp.json": timestamp_bytes(snapshot, holders.timestamp, version=version, now=now),
        f"edition/{digest}.SHA256": content,
    }
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def publish_root(folder: Path, data: bytes, version: int) -> None:
    (folder / "metadata").mkdir(parents=True, exist_ok=True)
    (folder / "metadata" / f"{version}.root.json").write_bytes(data)


@pytest.fixture
def mirror(tmp_path) -> Iterator[SimpleNamespace]:
    """A folder with a first edition, served on this machine; ``fetch`` is the public client."""
    folder = tmp_path / "mirror"
    first = root_bytes(HOLDERS, version=1, now=NOW)
    publish_root(folder, first, 1)
    publish(folder)

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *arguments) -> None:
            super().__init__(*arguments, directory=str(folder))

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"

    def fetch() -> bytes:
        for name in ("trusted", "downloads"):
            (tmp_path / name).mkdir(exist_ok=True)
        updater = Updater(
            metadata_dir=str(tmp_path / "trusted"),
            metadata_base_url=f"{url}/metadata/",
            target_dir=str(tmp_path / "downloads"),
            target_base_url=f"{url}/",
            bootstrap=first,
        )
        updater.refresh()
        info = updater.get_targetinfo(PATH)
        assert info is not None
        return Path(updater.download_target(info)).read_bytes()

    yield SimpleNamespace(folder=folder, fetch=fetch)
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_public_client_fetches_what_we_vouch_for(mirror):
    assert mirror.fetch() == CONTENT


def test_it_follows_root_over_three_rotations(mirror):
    second = replace(HOLDERS, root=[ONE, TWO, FOUR])
    third = replace(second, targets=FOUR)
    fourth = replace(third, root=[TWO, FOUR, THREE])
    publish_root(mirror.folder, root_bytes(second, version=2, now=NOW, previous=[ONE, TWO]), 2)
    publish_root(mirror.folder, root_bytes(third, version=3, now=NOW, previous=[ONE, FOUR]), 3)
    publish_root(mirror.folder, root_bytes(fourth, version=4, now=NOW, previous=[TWO, FOUR]), 4)
    publish(mirror.folder, version=2, holders=fourth, content=b"newer")
    assert mirror.fetch() == b"newer"


def test_a_retired_key_signs_nothing_any_more(mirror):
    second = replace(HOLDERS, targets=FOUR)
    publish_root(mirror.folder, root_bytes(second, version=2, now=NOW, previous=[ONE, TWO]), 2)
    with pytest.raises(RepositoryError):
        mirror.fetch()


def test_one_root_key_alone_changes_nothing(mirror):
    thief = replace(HOLDERS, root=[ONE, FOUR], threshold=1)
    publish_root(mirror.folder, root_bytes(thief, version=2, now=NOW, previous=[ONE]), 2)
    with pytest.raises(RepositoryError):
        mirror.fetch()


def test_expired_metadata_is_refused(mirror):
    publish(mirror.folder, version=2, now=NOW - datetime.timedelta(days=15))
    with pytest.raises(RepositoryError, match="expired"):
        mirror.fetch()


@pytest.mark.parametrize("name", ["1.targets.json", "1.snapshot.json", "timestamp.json"])
def test_a_flipped_byte_is_refused(mirror, name):
    file = mirror.folder / "metadata" / name
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(bytes(data))
    with pytest.raises(RepositoryError):
        mirror.fetch()


def test_a_changed_target_is_refused(mirror):
    next((mirror.folder / "edition").iterdir()).write_bytes(CONTENT.replace(b"edition", b"Edition"))
    with pytest.raises(RepositoryError):
        mirror.fetch()


def test_an_older_edition_is_not_taken_for_a_newer_one(mirror):
    older = (mirror.folder / "metadata" / "timestamp.json").read_bytes()
    publish(mirror.folder, version=2, content=b"newer")
    assert mirror.fetch() == b"newer"
    (mirror.folder / "metadata" / "timestamp.json").write_bytes(older)
    with pytest.raises(RepositoryError):
        mirror.fetch()


def test_the_same_keys_and_moment_give_the_same_bytes():
    other_order = replace(HOLDERS, root=[THREE, ONE, TWO])
    assert root_bytes(HOLDERS, version=1, now=NOW) == root_bytes(HOLDERS, version=1, now=NOW)
    previous = root_bytes(HOLDERS, version=2, now=NOW, previous=[ONE, TWO])
    assert previous == root_bytes(HOLDERS, version=2, now=NOW, previous=[TWO, ONE])
    assert len(root_bytes(other_order, version=1, now=NOW)) == len(root_bytes(HOLDERS, version=1, now=NOW))


def test_a_root_that_too_few_can_sign_is_not_made():
    with pytest.raises(ValueError, match="2 root keys must sign"):
        root_bytes(replace(HOLDERS, root=[ONE]), version=1, now=NOW)


def test_a_snapshot_binds_targets_and_nothing_else():
    root = root_bytes(HOLDERS, version=1, now=NOW)
    with pytest.raises(ValueError, match="root metadata"):
        snapshot_bytes(root, SNAPSHOT, version=1, now=NOW)
