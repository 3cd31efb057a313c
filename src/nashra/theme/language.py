"""The theme's words in each language; never a current language.

English sentences are the message ids. A language without a catalogue gets the English words (and its
own direction, which ``edition.content`` knows). Every message is plain text: it is escaped on its way
into a page, like everything else.
"""

from __future__ import annotations

import gettext as stdlib_gettext
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError

from nashra.theme.dates import format_date
from nashra.theme.digits import digits_of, format_number, local_digits, primary

__all__ = [
    "autonym",
    "catalogue_languages",
    "digits_of",
    "format_date",
    "format_number",
    "local_digits",
    "message",
    "ngettext",
    "translate",
]

LOCALE_FOLDER = Path(__file__).parent / "locale"


class MissingCatalogue(RuntimeError):
    """A language has a catalogue that nobody has compiled yet."""


@cache
def catalogue_languages() -> frozenset[str]:
    """The languages that the theme has words in, English apart."""
    return frozenset(folder.name for folder in LOCALE_FOLDER.iterdir() if folder.is_dir())


@cache
def _translations(language: str) -> stdlib_gettext.NullTranslations:
    language = primary(language)
    if language not in catalogue_languages():
        return stdlib_gettext.NullTranslations()
    file = LOCALE_FOLDER / language / "LC_MESSAGES" / "nashra.mo"
    if not file.is_file():
        raise MissingCatalogue(f"{file} is not there: run `pip install --no-deps -e .` to compile the words.")
    with file.open("rb") as catalogue:
        return stdlib_gettext.GNUTranslations(catalogue)


def message(text: str) -> str:
    """The text itself: marks a message for the catalogues where its translation is asked for elsewhere."""
    return text


def translate(language: str, english: str, **values: object) -> str:
    """The message in a language, as plain text, with ``%(name)s`` filled in where values are given."""
    text = _translations(language).gettext(english)
    return text % values if values else text


def ngettext(language: str, singular: str, plural: str, number: int, **values: object) -> str:
    """The message's plural form for a number, as plain text; ``%(number)s`` is in local digits."""
    text = _translations(language).ngettext(singular, plural, number)
    return text % {"number": format_number(number, language), **values}


@cache
def autonym(language: str) -> str:
    """What a language calls itself: ``العربية``; its tag where nobody has told us."""
    try:
        name = Locale.parse(language, sep="-").get_display_name()
    except (UnknownLocaleError, ValueError):
        return language
    return name[:1].upper() + name[1:] if name else language
