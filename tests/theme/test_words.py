"""Catalogues, digits, dates and plural forms."""

from __future__ import annotations

import ast
import datetime
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

import nashra
from nashra.theme import assets
from nashra.theme.dates import format_date, format_local_day, format_moment, format_month
from nashra.theme.language import (
    LOCALE_FOLDER,
    autonym,
    catalogue_languages,
    format_number,
    ngettext,
    translate,
)

SOURCE = Path(nashra.__file__).parent
KEYWORDS = {"translate": (2,), "message": None, "ngettext": (2, 3)}
# Where the readers' desk keeps sentences that it hands to the theme's catalogues by name.
READERS_SENTENCES = (
    "readers/about_views.py",
    "readers/busy.py",
    "readers/receipt_view.py",
    "readers/receive.py",
    "readers/text.py",
    "readers/views.py",
)

both = pytest.mark.parametrize("language", ["ar", "fa"])


def messages_in_templates() -> Iterator[str]:
    for file in (SOURCE / "theme" / "templates").glob("*.html"):
        tree = Environment(autoescape=True).parse(file.read_text(encoding="utf-8"))
        for _line, _function, found in extract_from_ast(tree, ("_",)):
            yield found if isinstance(found, str) else next(part for part in found if part)


def messages_in_code() -> Iterator[str]:
    for file in SOURCE.rglob("*.py"):
        with file.open("rb") as source:
            for _line, found, _comments, _context in extract("python", source, keywords=KEYWORDS):
                yield found if isinstance(found, str) else found[0]


def sentences_of_the_readers_desk() -> Iterator[str]:
    for name in READERS_SENTENCES:
        tree = ast.parse((SOURCE / name).read_text(encoding="utf-8"))
        documentation = {node.body[0].value for node in ast.walk(tree) if _has_docstring(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in documentation:
                text = node.value
                yield from [text] if text[:1].isupper() and text.endswith(".") else []


def _has_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and bool(ast.get_docstring(node))


def catalogue(language: str) -> Catalog:
    with (LOCALE_FOLDER / language / "LC_MESSAGES" / "nashra.po").open("rb") as file:
        return read_po(file, locale=language)


def test_it_finds_messages_everywhere_it_looks() -> None:
    assert "Do you like this article?" in set(messages_in_templates())
    assert "%(number)s comment" in set(messages_in_code())
    assert "One more click, please" in set(messages_in_code())
    assert "Please write something." in set(sentences_of_the_readers_desk())


@both
def test_every_message_is_translated_and_none_is_left_over(language: str) -> None:
    asked = {*messages_in_templates(), *messages_in_code(), *sentences_of_the_readers_desk()}
    known = catalogue(language)
    texts = {
        entry.id[0] if isinstance(entry.id, tuple) else entry.id: entry.string for entry in known if entry.id
    }
    assert asked - texts.keys() == set()
    assert texts.keys() - asked == set()
    empty = [
        message for message, text in texts.items() if not (all(text) if isinstance(text, tuple) else text)
    ]
    assert empty == []


@both
def test_translations_keep_every_place_that_is_filled_in(language: str) -> None:
    for entry in catalogue(language):
        if isinstance(entry.id, str) and "%(" in entry.id:
            filled = {"number": "1", "publication": "2", "authors": "3", "place": "4", "name": "5"}
            filled |= {"first": "6", "last": "7"}
            written = entry.string % filled
            assert sorted(c for c in entry.id % filled if c.isdigit()) == sorted(
                c for c in written if c.isdigit()
            )


@both
def test_the_catalogues_hold_no_time_of_their_compilation(language: str) -> None:
    assert "Creation-Date: 2026-11-22" in translate(language, "").replace("POT-", "")


@both
def test_the_compiled_catalogue_is_that_of_the_source(language: str) -> None:
    fresh = io.BytesIO()
    write_mo(fresh, catalogue(language))
    compiled = LOCALE_FOLDER / language / "LC_MESSAGES" / "nashra.mo"
    assert compiled.read_bytes() == fresh.getvalue(), "run `pip install --no-deps -e .` to compile the words"


def test_the_digest_covers_templates_style_script_and_words() -> None:
    theme = SOURCE / "theme"
    suffixes = {file.suffix for file in theme.rglob("*") if file.is_file()}
    assert {".html", ".css", ".js", ".mo", ".py"} <= suffixes
    assert len(assets.THEME_DIGEST) == 64


def test_the_digest_follows_every_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "templates").mkdir()
    page = tmp_path / "templates" / "a.html"
    page.write_text("one")
    monkeypatch.setattr(assets, "_THEME", tmp_path)
    before = assets._theme_digest()
    assert before == assets._theme_digest()
    page.write_text("two")
    assert assets._theme_digest() != before


def test_an_unknown_language_gets_english_words() -> None:
    assert translate("tlh", "Yes") == "Yes"
    assert ngettext("tlh", "%(number)s comment", "%(number)s comments", 1) == "1 comment"
    assert autonym("zz-zz") == "zz-zz"


def test_a_region_of_a_language_gets_the_languages_words_and_digits() -> None:
    assert translate("ar-SY", "Yes") == "نعم"
    assert format_number(2026, "ar-SY") == "٢٠٢٦"


def test_the_theme_speaks_arabic_and_persian_beside_english() -> None:
    assert catalogue_languages() == {"ar", "fa"}


@pytest.mark.parametrize(
    ("language", "written"), [("en", "20 March 2027"), ("ar", "٢٠ مارس ٢٠٢٧"), ("fa", "۲۹ اسفند ۱۴۰۵")]
)
def test_days_are_written_in_the_calendar_of_their_readers(language: str, written: str) -> None:
    assert format_date(datetime.date(2027, 3, 20), language) == written


def test_the_persian_year_turns_at_nowruz() -> None:
    assert format_date(datetime.date(2027, 3, 21), "fa") == "۱ فروردین ۱۴۰۶"
    assert format_month(2027, 3, "fa") == "مارس ۲۰۲۷ (اسفند ۱۴۰۵ تا فروردین ۱۴۰۶)"


@pytest.mark.parametrize(
    ("zone", "written"),
    [
        ("UTC", "31 December 2026, 23:30 (UTC)"),
        ("Asia/Damascus", "1 January 2027, 02:30 (UTC+3)"),
        ("Asia/Kathmandu", "1 January 2027, 05:15 (UTC+5:45)"),
        ("America/St_Johns", "31 December 2026, 20:00 (UTC−3:30)"),
    ],
)
def test_moments_are_told_by_the_papers_clock(zone: str, written: str) -> None:
    moment = datetime.datetime(2026, 12, 31, 23, 30, tzinfo=datetime.UTC)
    assert format_moment(moment, "en", zone) == written
    assert format_local_day(moment, "en", zone) == written.split(",")[0]
