"""``nashra verify``: plain words, honest about what it proves, and without Django or the network."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nashra.cli import main
from nashra.edition.manifest import digest_folder, manifest_bytes


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    folder = tmp_path / "edition"
    (folder / "en").mkdir(parents=True)
    (folder / "index.html").write_text("door")
    (folder / "en/index.html").write_text("home")
    (tmp_path / "SHA256").write_bytes(manifest_bytes(digest_folder(folder)))
    return folder


def verify(edition: Path, manifest: Path | None = None) -> Result:
    return CliRunner().invoke(
        main, ["verify", str(edition), "--manifest", str(manifest or edition.parent / "SHA256")]
    )


def test_it_says_that_a_folder_is_whole_and_what_that_does_not_prove(edition: Path) -> None:
    result = verify(edition)
    assert result.exit_code == 0
    assert "Whole: 2 files" in result.stdout
    assert "not signed" in result.stdout
    assert "not who wrote them" in result.stdout


def test_it_names_every_file_that_is_not_as_the_list_says(edition: Path) -> None:
    (edition / "index.html").write_text("Door")
    (edition / "en/index.html").unlink()
    (edition / "en/new.html").write_text("new")
    result = verify(edition)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert set(lines[:3]) == {"changed: index.html", "missing: en/index.html", "added: en/new.html"}
    assert lines[3].startswith("NOT WHOLE: 3 ")
    assert "not signed" in result.stdout


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"hello\n", "line 1 does not read"),
        (b"\xff", "is not UTF-8"),
        (b"SHA256 (../x) = " + b"0" * 64 + b"\n", "unsafe name"),
    ],
)
def test_it_trusts_no_list_that_is_not_one(edition: Path, tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "other").write_bytes(content)
    result = verify(edition, tmp_path / "other")
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stderr.startswith("nashra: ")
    assert result.stdout == ""


def test_it_cannot_tell_without_a_folder_or_a_list(edition: Path, tmp_path: Path) -> None:
    assert verify(tmp_path / "nothing").exit_code == 2
    assert verify(edition, tmp_path / "nothing").exit_code == 2
    assert CliRunner().invoke(main, ["verify", str(edition)]).exit_code == 2


def test_it_loads_neither_django_nor_anything_that_could_ask_the_network(edition: Path) -> None:
    program = (
        "import sys\n"
        "from nashra.cli import main\n"
        "try:\n    main()\n"
        "finally:\n"
        "    print(sorted(set(sys.modules) & {*'django wagtail http.client ssl rich granian'.split()}))\n"
    )
    command = [sys.executable, "-c", program, "verify", edition, "--manifest", edition.parent / "SHA256"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"


def test_it_works_where_there_is_no_network_at_all(edition: Path) -> None:
    command = ["unshare", "--net", sys.executable, "-m", "nashra", "verify", edition]
    if subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False).returncode:
        command = ["unshare", "--net", "--map-root-user", *command[2:]]
    done = subprocess.run(
        [*command, "--manifest", edition.parent / "SHA256"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
