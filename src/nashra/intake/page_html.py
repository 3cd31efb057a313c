"""A page saved as HTML → the lines that may belong to its story.

trafilatura says which part of the page is its main content. The words come from the page's own tree,
never from trafilatura, which tidies white space, quotation marks and repeated lines as it goes.
"""

from __future__ import annotations

import copy
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import trafilatura
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from nashra.intake.byline import byline_of
from nashra.intake.credit import credited_caption
from nashra.intake.date_line import is_date_line
from nashra.intake.furniture import furniture_of
from nashra.intake.page_metadata import metadata_of
from nashra.intake.page_runs import Run, runs_of
from nashra.intake.parts import Line, Metadata, Sheet, UnreadablePage
from nashra.intake.wording import comparable, quoted, squeezed

# Shorter lines ("Share") may stand within a sentence of the main content by chance.
MIN_CONTAINED_CHARS = 25
# A byline stands near its headline, though a row of buttons may come between.
HEAD_LINES = 40
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TEXT_TAGS = frozenset({"p", "blockquote", "li", "pre", "div", "section", "article", "main", "body"}) | (
    _HEADINGS - {"h1"}
)
# What stands in these above the first paragraph are buttons and menus, never a standfirst.
_MENU_TAGS = frozenset({"li", "button", "nav", "td", "th"})
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


@dataclass(frozen=True, slots=True)
class _MainContent:
    """What trafilatura took as the page's main content, in a form to compare lines with."""

    lines: frozenset[str]
    whole: str

    def holds(self, run: Run) -> bool:
        text = squeezed(run.text)
        return text in self.lines or (len(text) >= MIN_CONTAINED_CHARS and text in self.whole)


def sheet_of_html(text: str) -> Sheet:
    """The lines of the page's story: its headline, what stands around it, and its main content.

    Raises:
        UnreadablePage: the page shows no text, or nests its elements so deep that it cannot be read whole.
    """
    tree = _tree(text)
    metadata = metadata_of(tree)
    runs = list(runs_of(tree))
    if not runs:
        raise UnreadablePage("shows no text: a browser may need scripts to fill it; save it as text instead.")
    findings: list[str] = []
    main = _main_indexes(tree, runs, findings)
    headline = _headline(runs, main, metadata)
    if headline is None:
        return _sheet([runs[i] for i in main], metadata, findings, headline=None)
    kept = _story_runs(runs, main, headline, metadata, findings)
    among_kept = {id(run) for run in kept}
    left_out = tuple(
        run.text for run in runs[headline:] if id(run) not in among_kept and furniture_of(run.text)
    )
    return _sheet(kept, metadata, findings, headline=0, left_out=left_out)


def _tree(text: str) -> HtmlElement:
    parser = HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        tree = document_fromstring(_XML_DECLARATION.sub("", text), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise UnreadablePage("is HTML that cannot be read: save the page as text instead.") from error
    # Past its limit libxml2 drops the rest of the page without an exception.
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise UnreadablePage("is HTML nested too deep to be read whole: save the page as text instead.")
    _drop_unshown_signs(tree)
    return tree


def _drop_unshown_signs(tree: HtmlElement) -> None:
    """Take away control characters that entities such as ``&#8;`` bring in, which no browser shows.

    No database and no XML may hold them, and trafilatura gives up on a page with one.
    """
    for element in tree.iter():
        if element.text and _UNSHOWN.search(element.text):
            element.text = _shown(element.text)
        if element.tail and _UNSHOWN.search(element.tail):
            element.tail = _shown(element.tail)


def _shown(text: str) -> str:
    # A form feed is white space to a browser, and a control character to XML.
    return _UNSHOWN.sub("", text.replace("\f", " "))


def _main_indexes(tree: HtmlElement, runs: Sequence[Run], findings: list[str]) -> list[int]:
    content = _main_content(tree)
    if content is not None:
        found = [index for index, run in enumerate(runs) if content.holds(run)]
        if found:
            return found
    findings.append(
        "The main content could not be told from the rest of the page: all its paragraphs were kept."
    )
    return [index for index, run in enumerate(runs) if run.tag in _TEXT_TAGS | _HEADINGS]


def _main_content(tree: HtmlElement) -> _MainContent | None:
    # It reports every page that it finds too short; what matters of that is a finding here.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    document = trafilatura.bare_extraction(copy.deepcopy(tree), include_comments=False, favor_recall=True)
    if document is None or document.body is None:
        return None
    lines = {squeezed("".join(element.itertext())) for element in document.body.iter()}
    return _MainContent(lines=frozenset(lines - {""}), whole=squeezed("".join(document.body.itertext())))


def _headline(runs: Sequence[Run], main: Sequence[int], metadata: Metadata) -> int | None:
    """The line that the page marks as its headline and shows as one, or None."""
    titles = [squeezed(title) for title in metadata.headlines]
    tops = [index for index, run in enumerate(runs) if run.tag == "h1"]
    for candidates in (tops, [i for i, run in enumerate(runs) if run.tag in _HEADINGS]):
        for index in candidates:
            if any(title.startswith(squeezed(runs[index].text)) for title in titles):
                return index
    for index, run in enumerate(runs):
        if run.tag != "nav" and squeezed(run.text) in titles:
            return index
    before_text = [i for i in tops if not main or i <= _first_paragraph(runs, main)]
    return (before_text or tops or [None])[-1]


def _first_paragraph(runs: Sequence[Run], main: Sequence[int]) -> int:
    return next((i for i in main if runs[i].tag not in _HEADINGS | {"figcaption"}), main[-1])


def _story_runs(
    runs: Sequence[Run], main: Sequence[int], headline: int, metadata: Metadata, findings: list[str]
) -> list[Run]:
    """The headline's run and all that follow it and belong to the story."""
    inside = {index for index in main if index > headline}
    if not inside:
        raise UnreadablePage("has a headline but no paragraphs.")
    first = _first_of_body(runs, inside, headline, metadata)
    last = _last_index(runs, max(inside))
    container_of = _neighbours(runs, inside, last)
    kept = [runs[headline], *_captions_above(runs, headline)]
    for index in range(headline + 1, last + 1):
        run = runs[index]
        is_menu = index < first and run.tag in _MENU_TAGS
        if (index in inside and not is_menu) or _belongs_to_head(run, metadata, is_above=index < first):
            kept.append(run)
        elif furniture_of(run.text):
            continue
        elif first < index and run.tag in _TEXT_TAGS and run.container in container_of(index):
            kept.append(run)
            findings.append(
                f"Line {run.number} ({quoted(run.text)}) may be no part of the story: "
                "it was kept, since it stands among its paragraphs."
            )
        else:
            findings.append(
                f"Line {run.number} ({quoted(run.text)}) was left out: it is no part of the page's main "
                "content."
            )
    return _with_caption_first(kept, metadata, findings)


def _belongs_to_head(run: Run, metadata: Metadata, *, is_above: bool) -> bool:
    return run.tag == "figcaption" or (is_above and _is_head_line(run, metadata))


def _first_of_body(runs: Sequence[Run], inside: set[int], headline: int, metadata: Metadata) -> int:
    """The body's first paragraph: it comes after the byline, where there is one."""
    near = range(headline + 1, min(len(runs), headline + HEAD_LINES))
    byline = next((i for i in near if byline_of(runs[i].text)), headline)
    after = [i for i in sorted(inside) if i > byline]
    return next(
        (i for i in after if runs[i].tag in _TEXT_TAGS and not _is_head_line(runs[i], metadata)), min(inside)
    )


def _neighbours(
    runs: Sequence[Run], inside: set[int], last: int
) -> Callable[[int], tuple[HtmlElement | None, HtmlElement | None]]:
    """For a run's index, the elements that hold the story's nearest runs before and after it."""
    before: list[HtmlElement | None] = [None] * (last + 2)
    after: list[HtmlElement | None] = [None] * (last + 2)
    for index in range(1, last + 1):
        before[index] = runs[index - 1].container if index - 1 in inside else before[index - 1]
    for index in range(last, -1, -1):
        after[index] = runs[index + 1].container if index + 1 in inside else after[index + 1]
    return lambda index: (before[index], after[index])


def _with_caption_first(kept: list[Run], metadata: Metadata, findings: list[str]) -> list[Run]:
    """The runs with the first picture's caption before the body, where it stands further down."""
    byline = next((i for i, run in enumerate(kept[:HEAD_LINES]) if i and byline_of(run.text)), 0)
    after = range(byline + 1, len(kept))
    body = next((i for i in after if not _is_head_line(kept[i], metadata)), len(kept))
    caption = next((i for i, run in enumerate(kept) if run.tag == "figcaption"), 0)
    if caption <= body or any(credited_caption(run.text) for run in kept[1:body]):
        return kept
    moved = [run for run in kept if run.container is kept[caption].container and run.tag == "figcaption"]
    findings.append(
        f"Line {kept[caption].number} ({quoted(kept[caption].text)}) is the caption of the page's first "
        "picture, "
        "which stands further down: it was taken as the lead caption."
    )
    rest = [run for run in kept if run not in moved]
    return [*rest[:body], *moved, *rest[body:]]


def _captions_above(runs: Sequence[Run], headline: int) -> list[Run]:
    """A lead photo's caption, where the photo stands right above the headline."""
    above = runs[max(0, headline - 2) : headline]
    return [run for run in above if run.tag == "figcaption"]


def _is_head_line(run: Run, metadata: Metadata) -> bool:
    if byline_of(run.text) or is_date_line(run.text) or run.tag == "figcaption" or credited_caption(run.text):
        return True
    text = comparable(run.text)
    return (
        len(text) <= 150
        and bool(metadata.authors)
        and all(comparable(name) in text for name in metadata.authors)
    )


def _last_index(runs: Sequence[Run], last: int) -> int:
    """The last run of the story: paragraphs that go on in the same element belong to it still."""
    container = runs[last].container
    while last + 1 < len(runs) and runs[last + 1].container is container and runs[last + 1].tag in _TEXT_TAGS:
        if furniture_of(runs[last + 1].text):
            break
        last += 1
    return last


def _sheet(
    runs: Sequence[Run],
    metadata: Metadata,
    findings: list[str],
    *,
    headline: int | None,
    left_out: tuple[str, ...] = (),
) -> Sheet:
    for run in runs[1 if headline == 0 else 0 :]:
        if run.tag not in _HEADINGS | {"figcaption"} and not byline_of(run.text):
            findings += [
                f"Line {run.number} ({quoted(run.text)}) leads to {link}: its words were kept and its "
                "link was not."
                for link in run.links
            ]
    if emphasised := sorted({run.number for run in runs if run.is_emphasised and run.tag not in _HEADINGS}):
        numbers = ", ".join(map(str, emphasised))
        findings.append(
            f"Bold or italic words stand on line{'s' if len(emphasised) > 1 else ''} {numbers}: they were "
            "kept plain."
        )
    lines = tuple(Line(number=run.number, text=run.text, tag=run.tag) for run in runs)
    return Sheet(
        lines=lines, headline=headline, metadata=metadata, left_out=left_out, findings=tuple(findings)
    )
