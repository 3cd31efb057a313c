"""What a saved page is made of: frozen values that the readers of text and HTML share.

Nothing here reads a file, a database or a clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

BlockKind = Literal["paragraph", "subheading"]


class UnreadablePage(ValueError):
    """A page that no story can be made of; its sentence is all that the user sees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a page as a browser shows it, without the white space around it.

    ``number`` is its line in the file. ``tag`` is the HTML element that says what the line is
    (``h1``, ``p``, ``figcaption``…), or empty where nothing says so: a page saved as text.
    """

    number: int
    text: str
    tag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a page says of itself where no reader sees it; it only ever confirms visible text."""

    headlines: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The lines that may belong to the story, from whichever format, with what was already said.

    ``headline`` is the index of the line that is surely the headline, where the format knows it.
    """

    lines: tuple[Line, ...]
    headline: int | None = None
    metadata: Metadata = field(default_factory=Metadata)
    left_out: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One paragraph or sub-heading, word for word, with its line in the file."""

    kind: BlockKind
    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPage:
    """A story as a saved page holds it.

    ``findings`` are sentences for the copy desk about what could not be decided; ``left_out`` are
    the page's own lines that surely are no part of the story. ``language`` is what the page itself
    declares: a page saved as text declares none.
    """

    headline: str
    standfirst: str = ""
    authors: tuple[str, ...] = ()
    place: str = ""
    caption: str = ""
    credit_person: str = ""
    credit_agency: str = ""
    blocks: tuple[Block, ...] = ()
    findings: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    language: str | None = None

    @property
    def credit(self) -> str:
        """``PERSON/AGENCY``, or whichever of the two there is."""
        return "/".join(part for part in (self.credit_person, self.credit_agency) if part)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The paragraphs' text, in order."""
        return tuple(block.text for block in self.blocks if block.kind == "paragraph")

    @property
    def subheadings(self) -> tuple[str, ...]:
        """The sub-headings' text, in order."""
        return tuple(block.text for block in self.blocks if block.kind == "subheading")
