"""Numbers as a language writes them: one map of digits, since Babel's formats keep Latin ones."""

from __future__ import annotations

_DIGITS = {
    "ar": "٠١٢٣٤٥٦٧٨٩",
    "fa": "۰۱۲۳۴۵۶۷۸۹",
    "ur": "۰۱۲۳۴۵۶۷۸۹",
    "ps": "۰۱۲۳۴۵۶۷۸۹",
    "ckb": "٠١٢٣٤٥٦٧٨٩",
}
_LATIN = "0123456789"
_TABLES = {language: str.maketrans(_LATIN, digits) for language, digits in _DIGITS.items()}


def primary(language: str) -> str:
    """The language alone, without script or region: ``ar`` of ``ar-SY``."""
    return language.split("-")[0].lower()


def digits_of(language: str) -> str:
    """The ten digits of a language, from nought to nine."""
    return _DIGITS.get(primary(language), _LATIN)


def local_digits(text: str, language: str) -> str:
    """The text with its Latin digits written in the language's own."""
    table = _TABLES.get(primary(language))
    return text.translate(table) if table else text


def format_number(number: int, language: str) -> str:
    """A whole number in the language's digits, without separators of thousands."""
    return local_digits(str(number), language)
