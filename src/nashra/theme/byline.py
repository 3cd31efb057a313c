"""The line that says who wrote a story and where: "By NAME in PLACE", in each language."""

from __future__ import annotations

from functools import cache

from babel import Locale, UnknownLocaleError
from markupsafe import Markup, escape

from nashra.edition.content import Author
from nashra.theme.addresses import encoded
from nashra.theme.language import translate

_NAME = Markup("<bdi>{}</bdi>")
_LINKED_NAME = Markup('<a rel="author" href="{}"><bdi>{}</bdi></a>')


@cache
def _list_patterns(language: str) -> dict[str, str]:
    # British English writes no comma before "and".
    tag = "en-GB" if language == "en" else language
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en", "GB")
    return dict(locale.list_patterns["standard"])


def joined(items: list[Markup], language: str) -> Markup:
    """Some names as a sentence lists them: ``A``, ``A and B``, ``A, B and C``."""
    if len(items) < 2:
        return items[0] if items else Markup()
    patterns = {key: escape(pattern) for key, pattern in _list_patterns(language).items()}
    if len(items) == 2:
        return patterns["2"].format(*items)
    text = patterns["start"].format(items[0], items[1])
    for item in items[2:-1]:
        text = patterns["middle"].format(text, item)
    return patterns["end"].format(text, items[-1])


def correspondent(publication_name: str, language: str) -> str:
    """What stands in place of a name that would endanger somebody."""
    return translate(language, "%(publication)s correspondent", publication=publication_name)


def byline(
    authors: tuple[Author, ...], place: str, *, publication_name: str, language: str, linked: bool
) -> Markup:
    """The whole line as markup, or nothing where there is neither author nor place.

    Several authors whose names are withheld count as one: their number is nobody's business.
    """
    names: list[Markup] = []
    for author in authors:
        if author.is_withheld:
            name = _NAME.format(correspondent(publication_name, language))
        elif linked and author.address:
            name = _LINKED_NAME.format(encoded(author.address), author.name)
        else:
            name = _NAME.format(author.name)
        if not (author.is_withheld and name in names):
            names.append(name)
    return _sentence(joined(names, language), _NAME.format(place) if place else Markup(), language)


def _sentence(names: Markup, place: Markup, language: str) -> Markup:
    if not names:
        return place
    if not place:
        return escape(translate(language, "By %(authors)s")) % {"authors": names}
    return escape(translate(language, "By %(authors)s in %(place)s")) % {"authors": names, "place": place}
