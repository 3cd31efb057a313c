"""The build compiles the templates; who finds their code uses it, and nobody can tell by the bytes."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nashra.theme import assets, bytecode, bytecode_build, rendering, stencils
from nashra.theme.assets import TEMPLATES
from nashra.theme.language import catalogue_languages
from nashra.theme.rendering import prepare, render
from nashra.theme.templating import LanguageEnvironment, environment
from tests.theme import samples

PROJECT = Path(__file__).parents[2]
PACKED = ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", ".gitignore")
IN_A_FRESH_PROCESS = """
import sys
from nashra.theme import templating
print(templating.__file__)
templating.LanguageEnvironment.compile = None
for language in ("en", "ar", "fa"):
    for name in templating.TEMPLATES:
        templating.environment(language).get_template(name)
"""
WITHOUT_JINJA = "import sys; sys.modules['jinja2'] = None; "


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the build writes."""
    folder = tmp_path_factory.mktemp("built")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bytecode, "FOLDER", folder)
        bytecode_build.write()
    return folder


@pytest.fixture
def folder(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The same for one test to spoil, in a process that has seen no template yet."""
    copied = shutil.copytree(built, tmp_path / "compiled")
    monkeypatch.setattr(bytecode, "FOLDER", copied)
    forget_templates()
    yield copied
    forget_templates()


def forget_templates() -> None:
    for kept in (environment, rendering._card_macro, stencils._paper, bytecode._makers):
        kept.cache_clear()
    stencils._papers_by_object.clear()


def is_used(language: str = "en", name: str = "story.html", source: str = "") -> bool:
    templates = environment(language)
    bucket = templates.bytecode_cache.get_bucket(templates, name, None, source or TEMPLATES[name])
    return bucket.code is not None


def refused(*_arguments: object) -> None:
    raise AssertionError("A template was compiled.")


@pytest.mark.parametrize("language", samples.LANGUAGES)
def test_pages_of_every_template_are_the_same_with_and_without_compiled_code(
    language: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = samples.every_page(language)
    with_code = {name: render(page) for name, page in made.items()}
    forget_templates()
    monkeypatch.setattr(bytecode, "FOLDER", folder / "nothing")
    assert {name: render(page) for name, page in made.items()} == with_code
    assert {name for _loader, name in environment(language).cache} == TEMPLATES.keys()


@pytest.mark.parametrize("language", samples.LANGUAGES)
def test_nothing_is_compiled_where_the_build_has_done_it(
    language: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LanguageEnvironment, "compile", refused)
    for page in samples.every_page(language).values():
        render(page)


def test_the_build_compiles_each_template_in_english_and_for_each_catalogue(built: Path) -> None:
    languages = {"en", *catalogue_languages()}
    expected = {f"{language}/{name}.bytecode" for language in languages for name in TEMPLATES}
    assert {file.relative_to(built).as_posix() for file in built.rglob("*.*")} == expected


@pytest.mark.usefixtures("folder")
def test_a_language_without_words_of_its_own_is_compiled_when_it_is_wanted() -> None:
    assert not is_used("tlh")
    assert not is_used("ar-SY")
    assert environment("ar-SY").get_template("notice.html")


@pytest.mark.usefixtures("folder")
def test_code_of_another_source_is_not_used() -> None:
    assert is_used()
    assert not is_used(source=TEMPLATES["story.html"] + " ")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("what", "other"),
    [
        ("THEME_DIGEST", "0" * 64),
        ("MAGIC_NUMBER", b"\x01\x02\r\n"),
        ("version", lambda name: "3.0" if name == "jinja2" else "3.0.3"),
    ],
)
def test_code_of_another_theme_or_python_or_jinja_is_not_used(
    what: str, other: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_used()
    monkeypatch.setattr(bytecode, what, other)
    forget_templates()
    assert not is_used()
    assert render(samples.story_page())


def test_code_in_the_place_of_another_is_not_used(folder: Path) -> None:
    shutil.copy(folder / "ar" / "story.html.bytecode", folder / "en" / "story.html.bytecode")
    assert not is_used()
    shutil.copy(folder / "fa" / "home.html.bytecode", folder / "fa" / "story.html.bytecode")
    assert not is_used("fa", source=TEMPLATES["home.html"])


def test_damaged_code_is_not_used(folder: Path) -> None:
    file = folder / "en" / "story.html.bytecode"
    whole = file.read_bytes()
    chance = random.Random(11)  # noqa: S311 -- the same damage each time.
    for length in (0, 1, 31, 32, 33, 60, *chance.sample(range(len(whole)), 50)):
        file.write_bytes(whole[:length])
        assert not is_used(), length
    for place in (0, 32, 40, *chance.sample(range(len(whole)), 200)):
        file.write_bytes(
            whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :]
        )
        assert not is_used(), place
    file.write_bytes(whole + b"\0")
    assert not is_used()
    file.write_bytes(whole)
    assert is_used()


def test_a_page_is_the_same_beside_damaged_code(folder: Path) -> None:
    before = render(samples.story_page("fa"))
    forget_templates()
    for file in (folder / "fa").iterdir():
        file.write_bytes(file.read_bytes()[:-9])
    (folder / "fa" / "story.html.bytecode").unlink()
    (folder / "fa" / "story.html.bytecode").mkdir()
    assert render(samples.story_page("fa")) == before


def test_a_jinja_that_does_not_say_its_version_is_no_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def version(name: str) -> str:
        raise bytecode.PackageNotFoundError(name)

    monkeypatch.setattr(bytecode, "version", version)
    assert not is_used()


def test_rendering_writes_nothing(folder: Path) -> None:
    shutil.rmtree(folder)
    render(samples.story_page())
    assert not folder.exists()
    folder.mkdir()
    forget_templates()
    render(samples.story_page())
    assert list(folder.iterdir()) == []


@pytest.mark.usefixtures("folder")
def test_compiling_asks_no_library_whose_version_is_not_in_the_seal() -> None:
    # A filter of a constant would be asked once and for all while the template is compiled.
    for language in samples.LANGUAGES:
        templates = environment(language)
        with pytest.MonkeyPatch.context() as patched:
            for name in list(templates.filters):
                patched.setitem(templates.filters, name, told_of(asked := [], name))
            for name, source in TEMPLATES.items():
                templates.compile(source, name)
            assert asked == []


def told_of(asked: list[str], name: str) -> Callable[..., str]:
    return lambda *_arguments, **_named: asked.append(name) or ""


def test_the_build_mends_what_is_damaged_and_takes_away_what_is_left_over(folder: Path) -> None:
    (folder / "en" / "story.html.bytecode").write_bytes(b"damaged")
    (folder / "en" / "gone.html.bytecode").write_bytes(b"of a template that is no more")
    (folder / "tlh").mkdir()
    (folder / "tlh" / "story.html.bytecode").write_bytes(b"of a language that is no more")
    written = bytecode_build.write()
    assert set(written) == set(folder.rglob("*.bytecode"))
    assert len(written) == 3 * len(TEMPLATES)
    assert is_used()


def test_the_themes_digest_is_the_same_beside_compiled_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assets, "_THEME", tmp_path)
    (tmp_path / "words.mo").write_bytes(b"words")
    before = assets._theme_digest()
    (tmp_path / "compiled" / "en").mkdir(parents=True)
    (tmp_path / "compiled" / "en" / f"story.html{bytecode.SUFFIX}").write_bytes(b"code")
    assert assets._theme_digest() == before


@pytest.mark.usefixtures("folder")
def test_a_publication_without_sections_is_not_prepared() -> None:
    prepare([samples.publication("fa", sections=())])
    assert environment.cache_info().currsize == 0
    prepare([samples.publication("fa")])
    assert environment.cache_info().currsize == 1


@pytest.fixture(scope="module")
def source_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as a clone has it."""
    tree = tmp_path_factory.mktemp("source")
    for name in PACKED:
        shutil.copy(PROJECT / name, tree)
    unwanted = shutil.ignore_patterns("__pycache__", "compiled", "*.mo")
    shutil.copytree(PROJECT / "src", tree / "src", ignore=unwanted)
    return tree


def run(*command: str, **options: object) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def unpacked_wheel(source_tree: Path, folder: Path, before: str = "") -> Path:
    """The wheel of a clone, in a folder that a Python can import from."""
    code = f"{before}from hatchling.build import build_wheel; print(build_wheel({str(folder)!r}))"
    name = run(sys.executable, "-c", code, cwd=source_tree).strip()
    with zipfile.ZipFile(folder / name) as wheel:
        wheel.extractall(folder / "unpacked")
    return folder / "unpacked"


def test_a_wheels_templates_are_compiled_already(source_tree: Path, tmp_path: Path) -> None:
    installed = unpacked_wheel(source_tree, tmp_path)
    where = run(sys.executable, "-c", IN_A_FRESH_PROCESS, env={"PYTHONPATH": str(installed)})
    assert Path(where.strip()).is_relative_to(installed)


def test_a_build_without_jinja_leaves_the_code_out(source_tree: Path, tmp_path: Path) -> None:
    installed = unpacked_wheel(source_tree, tmp_path, before=WITHOUT_JINJA)
    assert list(installed.rglob("*.mo"))
    assert not list(installed.rglob("*.bytecode"))
