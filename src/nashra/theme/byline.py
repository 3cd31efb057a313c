"""The line that says who wrote a story and where: "By NAME in PLACE", in each language."""

from __future__ import annotations

from functools import cache

from babel import Locale, UnknownLocaleError
from markupsafe import Markup

from nashra.edition.content import Author
from nashra.theme.addresses import encoded
from nashra.theme.language import translate
from nashra.theme.markup import escaped


@cache
def _list_patterns(language: str) -> dict[str, str]:
    # British English writes no comma before "and".
    tag = "en-GB" if language == "en" else language
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en", "GB")
    return {key: escaped(pattern) for key, pattern in locale.list_patterns["standard"].items()}


def _listed(names: list[str], language: str) -> str:
    """Some names as a sentence lists them: ``A``, ``A and B``, ``A, B and C``. All is HTML."""
    if len(names) < 2:
        return names[0] if names else ""
    patterns = _list_patterns(language)
    if len(names) == 2:
        return patterns["2"].format(*names)
    text = patterns["start"].format(names[0], names[1])
    for name in names[2:-1]:
        text = patterns["middle"].format(text, name)
    return patterns["end"].format(text, names[-1])


def correspondent(publication_name: str, language: str) -> str:
    """What stands in place of a name that would endanger somebody."""
    return translate(language, "%(publication)s correspondent", publication=publication_name)


def byline(
    authors: tuple[Author, ...], place: str, publication_name: str, *, language: str, linked: bool
) -> Markup:
    """The whole line as markup, or nothing where there is neither author nor place.

    Several authors whose names are withheld count as one: their number is nobody's business.
    """
    names: list[str] = []
    for author in authors:
        if author.is_withheld:
            name = f"<bdi>{escaped(correspondent(publication_name, language))}</bdi>"
            if name in names:
                continue
        elif linked and author.address:
            address = escaped(encoded(author.address))
            name = f'<a rel="author" href="{address}"><bdi>{escaped(author.name)}</bdi></a>'
        else:
            name = f"<bdi>{escaped(author.name)}</bdi>"
        names.append(name)
    line = _sentence(_listed(names, language), f"<bdi>{escaped(place)}</bdi>" if place else "", language)
    return Markup(line)  # noqa: S704 -- every name and word in it is escaped.


@cache
def _sentences(language: str) -> tuple[str, str]:
    by, by_and_in = (
        translate(language, "By %(authors)s"),
        translate(language, "By %(authors)s in %(place)s"),
    )
    return escaped(by), escaped(by_and_in)


def _sentence(names: str, place: str, language: str) -> str:
    if not names:
        return place
    by, by_and_in = _sentences(language)
    return by_and_in % {"authors": names, "place": place} if place else by % {"authors": names}
