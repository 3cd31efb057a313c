"""What an HTML page says of itself for machines: JSON-LD, Open Graph, its title and language.

None of it is trusted by itself: ``page_html`` and ``layout`` only let it confirm visible text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

from nashra.intake.parts import Metadata
from nashra.intake.wording import bare

# A page has a handful of JSON-LD objects; one that nests without end is no reason to follow it.
MAX_JSON_LD_DEPTH = 20
_AUTHOR_TYPES = frozenset({"Person", ""})


def metadata_of(tree: HtmlElement) -> Metadata:
    """Headlines (surest first), authors and language that the page declares."""
    headlines: list[str] = []
    authors: list[str] = []
    for item in _json_ld_items(tree):
        if not _is_article(item):
            continue
        headlines += _texts(item.get("headline"))
        authors += _author_names(item.get("author"))
    headlines += _meta_contents(tree, "og:title") + _meta_contents(tree, "twitter:title")
    headlines += [element.text_content() for element in tree.iterfind(".//head/title")]
    return Metadata(
        headlines=_distinct(headlines),
        authors=_distinct(authors),
        language=bare(tree.get("lang") or "").lower() or None,
    )


def _json_ld_items(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        try:
            value = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            # Half of the web's JSON-LD is broken; the visible text is what counts.
            continue
        yield from _objects(value, depth=0)


def _objects(value: Any, *, depth: int) -> Iterator[dict[str, Any]]:
    if depth > MAX_JSON_LD_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _objects(item, depth=depth + 1)
    elif isinstance(value, dict):
        yield value
        yield from _objects(value.get("@graph"), depth=depth + 1)


def _is_article(item: dict[str, Any]) -> bool:
    return any(kind.endswith(("Article", "BlogPosting", "Report")) for kind in _texts(item.get("@type")))


def _author_names(value: Any) -> list[str]:
    if isinstance(value, dict):
        return _texts(value.get("name")) if set(_texts(value.get("@type"))) <= _AUTHOR_TYPES else []
    if isinstance(value, list):
        return [name for item in value for name in _author_names(item)]
    return _texts(value)


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, str)]


def _meta_contents(tree: HtmlElement, name: str) -> list[str]:
    found = [*tree.iterfind(f".//meta[@property='{name}']"), *tree.iterfind(f".//meta[@name='{name}']")]
    return [element.get("content") or "" for element in found]


def _distinct(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(bare(text) for text in texts if bare(text)))
