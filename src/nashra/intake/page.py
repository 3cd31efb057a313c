"""A saved page's bytes → the story that it holds, or one sentence that says why there is none.

Pure: it opens no file and asks no network, so the same bytes always give the same story.
"""

from __future__ import annotations

from dataclasses import replace

from nashra.intake.decoding import MAX_PAGE_BYTES, decode, is_html
from nashra.intake.layout import saved_page
from nashra.intake.page_text import sheet_of_text
from nashra.intake.parts import Block, SavedPage, Sheet, UnreadablePage

__all__ = ["MAX_PAGE_BYTES", "Block", "SavedPage", "UnreadablePage", "read_page"]


def read_page(raw: bytes) -> SavedPage:
    """The story of a page that was saved as text or as HTML; it changes no word.

    Raises:
        UnreadablePage: its sentence has no subject ("is empty."): the caller puts the file's name first.
    """
    text, findings = decode(raw)
    page = saved_page(_sheet(text))
    return _with_findings(page, findings)


def _sheet(text: str) -> Sheet:
    if not is_html(text):
        return sheet_of_text(text)
    # Reading HTML takes a library that is slow to load, which a page of text never needs.
    from nashra.intake.page_html import sheet_of_html

    return sheet_of_html(text)


def _with_findings(page: SavedPage, findings: tuple[str, ...]) -> SavedPage:
    return replace(page, findings=findings + page.findings) if findings else page
