"""An archive that came from anybody writes nothing outside its folder, and where refused, nothing at all."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from nashra.bundles import unpacking
from nashra.bundles.archives import tar_bytes, tar_zst, zip_bytes, zstd_bytes
from nashra.bundles.unpacking import BadArchive, unpack
from tests.bundles.samples import CUT

FILES = {"index.html": b"<p>home</p>", "ar/سوق.html": "خبز".encode() * 99, "p1.jpg": b"\xff\xd8" * 9}


def tar_with(*entries: tarfile.TarInfo, data: bytes = b"x") -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as tar:
        for entry in entries:
            entry.size = len(data) if entry.isreg() else 0
            tar.addfile(entry, io.BytesIO(data))
    return held.getvalue()


def entry(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def zip_with(*names: str, data: bytes = b"x", mode: int = 0) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in names:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            packed.writestr(info, data, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def refused(tmp_path: Path, name: str, data: bytes, **limits: int) -> str:
    """Why it was refused; nothing may be left, in its folder or anywhere else."""
    archive = tmp_path / "in" / name
    archive.parent.mkdir(exist_ok=True)
    archive.write_bytes(data)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(BadArchive) as caught:
        unpack(archive, tmp_path / "out", **limits)
    assert sorted(tmp_path.rglob("*")) == before
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.tar", tar_bytes(FILES)),
        ("a.tar.zst", tar_zst(FILES)),
        ("a.zip", zip_bytes(FILES, moment=CUT)),
    ],
)
def test_what_was_packed_comes_out_again(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    paths = unpack(tmp_path / name, tmp_path / "out")
    assert {path: (tmp_path / "out" / path).read_bytes() for path in paths} == FILES


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/evil", "a/../../evil", "a//b", "./a", "C:\\evil", "a b", "a\nb"]
)
def test_names_that_lead_elsewhere_are_refused(tmp_path, name):
    refused(tmp_path, "a.tar", tar_with(entry(name)))
    refused(tmp_path, "a.zip", zip_with(name))


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE]
)
def test_links_devices_and_folders_are_refused(tmp_path, kind):
    data = tar_with(entry("index.html"), entry("other", kind, "index.html"))
    assert "no plain file" in refused(tmp_path, "a.tar", data)


def test_a_link_in_a_zip_is_refused(tmp_path):
    assert "no plain file" in refused(tmp_path, "a.zip", zip_with("link", data=b"/etc/passwd", mode=0o120777))
    assert "no plain file" in refused(tmp_path, "a.zip", zip_with("folder/", data=b""))


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("names", [("a.html", "a.html"), ("a.html", "A.HTML"), ("é.html", "e\u0301.html")])
def test_two_files_of_one_name_are_refused(tmp_path, names):
    assert refused(tmp_path, "a.tar", tar_with(*map(entry, names)))
    assert refused(tmp_path, "a.zip", zip_with(*names))


def test_a_file_that_is_also_a_folder_is_refused(tmp_path):
    assert refused(tmp_path, "a.tar", tar_with(entry("a"), entry("a/b")))


def test_bombs_are_refused_before_they_fill_a_disk(tmp_path):
    bomb = b"\0" * (40 * 1024 * 1024)
    for name, data in (
        ("a.zip", zip_with("bomb", data=bomb)),
        ("a.tar.zst", zstd_bytes(tar_with(entry("bomb"), data=bomb))),
        ("a.tar", tar_with(entry("bomb"), data=bomb)),
    ):
        assert "more than" in refused(tmp_path, name, data, max_total_bytes=1024 * 1024), name


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path):
    data = zip_with("a.html", data=b"x" * 5000)
    lying = data.replace((5000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != data
    refused(tmp_path, "a.zip", lying)


def test_too_many_files_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(unpacking, "MAX_FILES", 3)
    names = [f"{number}.html" for number in range(4)]
    assert "more than 3 files" in refused(tmp_path, "a.zip", zip_with(*names))
    assert "more than 3 files" in refused(tmp_path, "a.tar", tar_with(*map(entry, names)))


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.zst", "a.epub", "a.rar"])
def test_junk_is_refused(tmp_path, name):
    refused(tmp_path, name, b"hello" * 400)


@pytest.mark.parametrize("packed", ["zip", "tar.zst"])
def test_no_flipped_byte_and_no_missing_end_raises_anything_else(tmp_path, packed):
    whole = zip_bytes(FILES, moment=CUT) if packed == "zip" else tar_zst(FILES)
    for number, place in enumerate(range(0, len(whole), 7)):
        archive = tmp_path / f"{number}.{packed}"
        archive.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        target = tmp_path / f"out-{number}"
        try:
            paths = unpack(archive, target)
        except BadArchive:
            assert not target.exists()
        else:
            assert all((target / path).resolve().is_relative_to(target.resolve()) for path in paths)


def test_a_header_of_a_gigabyte_takes_no_gigabyte_of_memory(tmp_path):
    head = tarfile.TarInfo("PaxHeaders/evil")
    head.type, head.size = tarfile.XHDTYPE, 900 * 1024 * 1024
    archive = tmp_path / "a.tar"
    with archive.open("wb") as file:
        file.write(head.tobuf(tarfile.USTAR_FORMAT))
        file.truncate(900 * 1024 * 1024 + 10240)
    program = (
        "import sys, pathlib\n"
        "from nashra.bundles.unpacking import unpack, BadArchive\n"
        "try: unpack(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))\n"
        "except BadArchive as error: print(error)\n"
    )
    limit = 600 * 1024 * 1024

    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    done = subprocess.run(
        [sys.executable, "-c", program, archive, tmp_path / "out"],
        preexec_fn=bound,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "longer than any of ours" in done.stdout, done.stderr
