"""All that a theme may see: frozen values for stories, people, photos, lists and readers' pages.

The press gathers these from the database and the theme renders them; nothing here reads a database,
a clock or a file, so the same values always give the same bytes.

Conventions: an ``address`` is a site-relative path in readable Unicode (NFC, not percent-encoded)
that ends in a slash for pages, such as ``/en/security/a-story/``. A ``language`` is a BCP 47 tag.
Moments are aware datetimes in UTC; the theme shows them in the publication's time zone. ``*_html``
is trusted markup that the desk made; everything else is plain text, to be escaped.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

# What a reader may write, in characters as people count them (grapheme clusters).
COMMENT_MAX_GRAPHEMES = 1500

RTL_LANGUAGES = frozenset({"ar", "fa", "he", "ur", "ps", "ckb", "sd", "ug", "yi", "dv"})


def direction(language: str) -> str:
    """The writing direction of a language: ``rtl`` or ``ltr``."""
    return "rtl" if language.split("-")[0] in RTL_LANGUAGES else "ltr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Some text that leads to one of our own addresses; ``language`` is set where it differs."""

    text: str
    address: str
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One language's paper, with all that a masthead and a footer name."""

    language: str
    name: str
    strapline: str
    address: str
    time_zone: str
    site_url: str
    sections: tuple[Link, ...] = ()
    siblings: tuple[Link, ...] = ()
    policy_address: str = ""
    receipt_address: str = ""
    about_address: str = ""
    corrections_address: str = ""

    @property
    def direction(self) -> str:
        """``rtl`` or ``ltr``."""
        return direction(self.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """One file of a photo: its address, type (``image/avif``…) and size in CSS pixels."""

    address: str
    media_type: str
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A picture with its words; without renditions it still shows caption and credit.

    ``renditions`` are sorted by type (AVIF, WebP, JPEG) and then width, smallest first. ``credit``
    is ready to show, without brackets: ``NAME/AGENCY``, or whichever of the two there is.
    """

    public_id: str
    alt_text: str = ""
    caption: str = ""
    credit: str = ""
    copyright_notice: str = ""
    renditions: tuple[Rendition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """One name of a byline. A withheld author has neither name nor address, here or anywhere."""

    name: str
    address: str = ""

    @property
    def is_withheld(self) -> bool:
        """Whether the theme writes "Nashra correspondent" in place of the name."""
        return not self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """The same story in another language; older where its original changed after it."""

    language: str
    headline: str
    address: str
    is_older_than_original: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What was wrong in a story, and when the newsroom said so."""

    corrected_at: datetime.datetime
    text: str
    is_grave: bool = False
    story: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryCard:
    """What lists show of a story."""

    public_id: str
    address: str
    language: str
    headline: str
    standfirst: str
    section: Link
    authors: tuple[Author, ...]
    place: str
    published_at: datetime.datetime
    photo: Photo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentLink:
    """A comment by its name and where it stands: ``address`` is the page's, empty for the page itself.

    Without a name the comment stands nowhere any more.
    """

    public_id: str
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment that a person approved. ``text`` is normalised plain text with LF line ends.

    ``answers`` is the one that it replies to; one of the newsroom's own has ``is_staff``.
    """

    public_id: str
    name: str
    text: str
    day: datetime.date
    answers: CommentLink | None = None
    is_staff: bool = False
    is_pick: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryComments:
    """What a story's own page shows of its comments: the newest, how many there are, where the older are.

    ``picks`` are the editors' picks, the newest first, wherever they stand.
    """

    comments: tuple[Comment, ...] = ()
    count: int = 0
    older_address: str = ""
    picks: tuple[CommentLink, ...] = ()


NO_COMMENTS = StoryComments()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionTotals:
    """Published totals; ``None`` in their place means that there are too few to show."""

    yes: int
    no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story as it stands published.

    ``body_html`` was made once by the desk. In it ``<nashra-photo id="PUBLIC_ID"></nashra-photo>``
    stands for a figure (with ``caption="…"`` where the story gives the photo a caption of its own),
    ``<nashra-related id="PUBLIC_ID"></nashra-related>`` for a link to another story on a line of its
    own, and ``href="nashra:PUBLIC_ID"`` for a story's address; the theme resolves them by ``photos``
    and ``related``. What is not found there (withdrawn since) loses its link and keeps its words.
    """

    public_id: str
    publication: Publication
    address: str
    headline: str
    standfirst: str
    section: Link
    authors: tuple[Author, ...]
    place: str
    published_at: datetime.datetime
    updated_at: datetime.datetime | None
    lead_photo: Photo | None
    body_html: str
    word_count: int
    photos: Mapping[str, Photo] = field(default_factory=lambda: MappingProxyType({}))
    related: Mapping[str, Link] = field(default_factory=lambda: MappingProxyType({}))
    topics: tuple[Link, ...] = ()
    translations: tuple[Translation, ...] = ()
    corrections: tuple[Correction, ...] = ()
    # This story is itself a translation, and its original was updated after it.
    is_older_than_original: bool = False
