"""What is built and what it needs: the wheel holds all that the newsroom shows, its core brings no Django."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
SOURCE = PROJECT / "src" / "nashra"


def run(*command: str | Path, **options) -> subprocess.CompletedProcess[str]:
    """Run a program whose failure is the test's failure, with all that it said."""
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, **options
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, PROJECT)
    return next(folder.glob("nashra-*.whl"))


@pytest.fixture(scope="module")
def names(wheel) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def bare_environment(wheel, tmp_path_factory) -> Path:
    """An empty environment into which the wheel alone was installed, as a reader or a mirror would."""
    folder = tmp_path_factory.mktemp("bare") / "environment"
    run(sys.executable, "-m", "venv", folder)
    pip = (folder / "bin" / "python", "-m", "pip", "--quiet", "--disable-pip-version-check")
    run(*pip, "install", "--constraint", without_hashes(tmp_path_factory), wheel)
    return folder


def without_hashes(tmp_path_factory) -> Path:
    """The locked releases as constraints: with hashes, pip would want one for our own new wheel too."""
    locked = (PROJECT / "requirements" / "newsroom.txt").read_text(encoding="utf-8").splitlines()
    pins = [line.removesuffix("\\").strip() for line in locked if "==" in line]
    path = tmp_path_factory.mktemp("constraints") / "constraints.txt"
    path.write_text("\n".join(pins), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "pattern",
    ["*/templates/**/*", "*/static/**/*", "demo/pictures/*", "demo/stories/*", "*/migrations/0*.py"],
)
def test_it_packs_everything_that_the_newsroom_shows(names, pattern):
    on_disk = {path.relative_to(SOURCE.parent).as_posix() for path in SOURCE.glob(pattern) if path.is_file()}
    assert on_disk, f"nothing in the source matches {pattern}"
    assert on_disk <= names


def test_it_packs_a_compiled_catalogue_for_each_language(names):
    catalogues = {
        path.relative_to(SOURCE.parent).with_suffix(".mo").as_posix() for path in SOURCE.rglob("*.po")
    }
    assert {
        "nashra/theme/locale/ar/LC_MESSAGES/nashra.mo",
        "nashra/theme/locale/fa/LC_MESSAGES/nashra.mo",
    } <= catalogues
    assert catalogues <= names


def test_it_packs_nothing_of_the_workshop(names):
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.startswith("nashra")} == set()
    assert not [name for name in names if "__pycache__" in name or name.endswith((".sqlite3", ".pyc"))]


def test_its_core_verifies_without_django(bare_environment):
    shown = run(bare_environment / "bin" / "nashra", "verify", "--help")
    assert "verify" in shown.stdout
    listed = run(bare_environment / "bin" / "python", "-m", "pip", "list", "--format=freeze").stdout.lower()
    installed = {line.split("==")[0].split(" @")[0] for line in listed.splitlines()}
    trust = {"cryptography", "cffi", "pycparser", "tuf", "securesystemslib", "urllib3"}
    # Python 3.14 has zstd in its standard library.
    packing = {"backports.zstd"} if sys.version_info < (3, 14) else set()
    assert installed - {"pip", "setuptools", "wheel"} == {"nashra", "click"} | trust | packing


def test_its_core_says_what_a_newsroom_needs_in_addition(bare_environment, tmp_path):
    folder = tmp_path / "newsroom"
    command = [bare_environment / "bin" / "nashra", "init", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "nashra[newsroom]" in done.stderr
    assert "Traceback" not in done.stderr
    assert not folder.exists()
