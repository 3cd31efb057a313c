"""The theme's words in each language, and one Jinja environment for each; never a current language.

English sentences are the message ids. A language without a catalogue gets the English words (and its
own direction, which ``edition.content`` knows). Every message is plain text: it is escaped on its way
into a page, like everything else.
"""

from __future__ import annotations

import gettext as stdlib_gettext
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from jinja2 import DictLoader, Environment, StrictUndefined, nodes
from markupsafe import Markup, escape

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


class LanguageEnvironment(Environment):
    """Templates in one language: their fixed sentences are put in when they are compiled."""

    def __init__(self, language: str, templates: dict[str, str]) -> None:
        super().__init__(
            loader=DictLoader(templates),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
        )
        self.language = language
        self.globals.update(_=self._message, ngettext=self._plural)

    def _message(self, english: str, **values: object) -> Markup:
        text = escape(translate(self.language, english))
        return text % values if values else text

    def _plural(self, singular: str, plural: str, number: int, **values: object) -> Markup:
        text = escape(_translations(self.language).ngettext(singular, plural, number))
        return text % {"number": format_number(number, self.language), **values}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for output in tree.find_all(nodes.Output):
            output.nodes = [self._folded(node) for node in output.nodes]
        return tree

    def _folded(self, node: nodes.Expr) -> nodes.Expr:
        """A call ``_("…")`` without values as the text that it would give."""
        match node:
            case nodes.Call(
                node=nodes.Name(name="_"), args=[nodes.Const(value=english)], kwargs=[], dyn_args=None
            ) if node.dyn_kwargs is None:
                return nodes.TemplateData(str(self._message(english)), lineno=node.lineno)
        return node
