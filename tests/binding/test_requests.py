"""Attended signing through one small file there and one back; nothing in either is taken on trust."""

from __future__ import annotations

import dataclasses
import json
import zlib
from functools import partial

import pytest

from nashra.binding.cutting import CannotFinish, finish
from nashra.binding.folders import EditionFolder
from nashra.binding.requests import (
    MAX_REQUEST_BYTES,
    BadRequest,
    answer_bytes,
    lists_prepared,
    read_answer,
    read_request,
    request_bytes,
)
from nashra.binding.vouching import bind_targets, versions_in
from nashra.edition.manifest import digest_folder
from nashra.seal.signature_files import sign_manifest
from tests.binding import test_vouching
from tests.binding.test_cutting import EVENING, FERRY, FIRST, KEY, MORNING, OTHER_KEY, prepare_in
from tests.binding.test_vouching import OTHER, ROOTS, SNAPSHOT, TARGETS

SIGN = partial(sign_manifest, KEY, trusted_comment="edition")


@pytest.fixture
def folder(tmp_path) -> EditionFolder:
    return EditionFolder(tmp_path / "edition", tmp_path / "edition.next")


def sign_elsewhere(folder: EditionFolder, *, sign=SIGN, targets_key=TARGETS, at=MORNING) -> bytes:
    before = versions_in(folder.folder)
    asked = request_bytes(folder, targets_version=before.targets + 1)
    return answer_bytes(read_request(asked), sign, targets_key, now=at)


def take(folder: EditionFolder, answered: bytes, *, at=MORNING) -> None:
    answer = read_answer(answered, public=KEY.public, lists=lists_prepared(folder))
    before = versions_in(folder.folder)
    chain = bind_targets(answer.targets, ROOTS, before=before, keys=(SNAPSHOT, SNAPSHOT), now=at)
    finish(folder, answer.signatures, public=KEY.public, chain=chain)


def changed(data: bytes, change) -> bytes:
    content = json.loads(zlib.decompress(data))
    change(content)
    return zlib.compress(json.dumps(content).encode())


def test_an_edition_signed_elsewhere_is_the_one_that_would_be_signed_here(folder, tmp_path):
    prepare_in(folder, *FIRST)
    take(folder, sign_elsewhere(folder))
    here = EditionFolder(tmp_path / "here", tmp_path / "here.next")
    test_vouching.cut(here, *FIRST)
    assert digest_folder(folder.folder) == digest_folder(here.folder)


def test_what_is_asked_for_later_is_only_what_changed(folder):
    prepare_in(folder, *FIRST)
    take(folder, sign_elsewhere(folder))
    prepare_in(folder, dataclasses.replace(FERRY, content=b"corrected"), at=EVENING)
    request = read_request(request_bytes(folder, targets_version=2))
    assert set(request.lists) == {"edition/SHA256", "volumes/2026-10/r2/SHA256"}
    take(folder, sign_elsewhere(folder, at=EVENING), at=EVENING)
    assert folder.edition().number == 2


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("edition/edition.json", '"number":1', '"number":9'),
        ("edition/mirrors.json", "[]", "[ ]"),
        ("volumes/2026-10/r1/SHA256", "the-ferry", "the-fairy"),
        ("edition/edition.pub", "RW", "RX"),
    ],
)
def test_a_request_in_which_the_server_changed_one_part_is_refused(folder, path, old, new):
    prepare_in(folder, *FIRST)

    def change(content):
        before = content["files"][path]
        content["files"][path] = before.replace(old, new)

    data = request_bytes(folder, targets_version=1)
    with pytest.raises(BadRequest):
        read_request(changed(data, change))
    assert read_request(data)


def test_a_request_with_a_list_that_no_edition_names_is_refused(folder):
    prepare_in(folder, *FIRST)
    data = request_bytes(folder, targets_version=1)
    with pytest.raises(BadRequest, match="volumes/2026-12/r1/SHA256"):
        read_request(
            changed(data, lambda content: content["files"].update({"volumes/2026-12/r1/SHA256": ""}))
        )


@pytest.mark.parametrize("junk", [b"", b"hello", zlib.compress(b"{}"), zlib.compress(b"[1]"), b"\x78\x9c"])
def test_junk_is_refused_with_a_sentence(folder, junk):
    prepare_in(folder, *FIRST)
    with pytest.raises(BadRequest):
        read_request(junk)
    with pytest.raises(BadRequest):
        read_answer(junk, public=KEY.public, lists=lists_prepared(folder))


def test_a_file_that_swells_without_end_is_refused(folder):
    with pytest.raises(BadRequest):
        read_request(zlib.compress(b" " * (300 * 1024 * 1024)))
    with pytest.raises(BadRequest, match="longer than"):
        read_request(b"x" * (MAX_REQUEST_BYTES + 1))


def test_an_answer_to_another_request_is_refused(folder):
    prepare_in(folder, *FIRST)
    answered = sign_elsewhere(folder)
    prepare_in(folder, *FIRST[:2])
    with pytest.raises(BadRequest, match="other lists"):
        read_answer(answered, public=KEY.public, lists=lists_prepared(folder))
    prepare_in(folder, dataclasses.replace(FERRY, content=b"other"), *FIRST[:1], *FIRST[2:])
    with pytest.raises(CannotFinish):
        take(folder, answered)
    assert not folder.folder.exists()


def test_signatures_by_other_keys_put_nothing_in_place(folder):
    prepare_in(folder, *FIRST)
    other = partial(sign_manifest, OTHER_KEY, trusted_comment="edition")
    with pytest.raises(CannotFinish, match="Sign the edition again"):
        take(folder, sign_elsewhere(folder, sign=other))
    with pytest.raises(CannotFinish, match=r"targets\.json"):
        take(folder, sign_elsewhere(folder, targets_key=OTHER))
    assert not folder.folder.exists()


def test_a_request_is_small(folder):
    prepare_in(folder, *FIRST)
    assert len(request_bytes(folder, targets_version=1)) < 2000
