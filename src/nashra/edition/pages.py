"""The pages that a theme renders, one frozen class for each kind, made of ``content``'s values.

Nothing here reads a database, a clock or a file, so the same page always gives the same bytes.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from nashra.edition.content import (
    NO_COMMENTS,
    Comment,
    Correction,
    Link,
    Photo,
    Publication,
    ReactionTotals,
    Story,
    StoryCard,
    StoryComments,
)

# Files that the press writes.


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPage:
    """A story with its readers' part."""

    story: Story
    readers: StoryComments = NO_COMMENTS
    comments_open: bool = True
    totals: ReactionTotals | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentsPage:
    """Older comments on a story: always those of the same positions, ``first`` to ``last``, less the erased.

    ``newer_address`` is empty where the story's own page comes next, ``older_address`` on the first page.
    """

    publication: Publication
    story: Link
    address: str
    first: int
    last: int
    comments: tuple[Comment, ...]
    comments_open: bool = True
    newer_address: str = ""
    older_address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontDoorPage:
    """The site's ``/``: the reader chooses a language."""

    publications: tuple[Publication, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionCards:
    """A section's newest stories, as a part of the home page."""

    section: Link
    cards: tuple[StoryCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """A publication's home: the newest stories, then each section's."""

    publication: Publication
    newest: tuple[StoryCard, ...]
    sections: tuple[SectionCards, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A link to a section's archive of one month."""

    year: int
    month: int
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPage:
    """A section's front: its newest stories and its months, newest first.

    ``cards_html`` here and on the other lists holds one fragment a story, as the theme makes it.
    """

    publication: Publication
    section: Link
    description: str = ""
    cards_html: tuple[str, ...]
    months: tuple[Month, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPage:
    """All of a section's stories that were first published in one month, oldest first."""

    publication: Publication
    section: Link
    month: Month
    cards_html: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicPage:
    """A topic's newest stories in one language."""

    publication: Publication
    topic: Link
    cards_html: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """A person's own page: never made for somebody whose name is withheld."""

    publication: Publication
    person: Link
    biography_html: str
    portrait: Photo | None
    cards_html: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPage:
    """The comment policy or the "about" page; ``kind`` is ``policy`` or ``about``."""

    publication: Publication
    kind: str
    address: str
    body_html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionsPage:
    """Everything that the newsroom has corrected, newest first."""

    publication: Publication
    corrections: tuple[Correction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePage:
    """Pages that say why there is nothing here; ``kind`` is ``not-found`` or ``gone``."""

    publication: Publication
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustPage:
    """``/verify/`` and ``/mirrors/``, each in all languages; ``kind`` is ``verify`` or ``mirrors``."""

    kind: str
    publications: tuple[Publication, ...]


# What the readers' origin answers itself, in the same clothes.


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentForm:
    """What somebody typed, and what is wrong with it (ready sentences in the page's language).

    ``answered`` is the comment to which it replies; ``answers`` its public id, where that alone is known.
    """

    name: str = ""
    text: str = ""
    errors: tuple[str, ...] = ()
    name_error: str = ""
    text_error: str = ""
    answered: Comment | None = None
    answers: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentFormPage:
    """The comment form again, with all that was typed and what to mend."""

    publication: Publication
    story: Link
    story_public_id: str
    form: CommentForm


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentPreviewPage:
    """The comment as it will stand, to be confirmed: the second step carries ``token``."""

    publication: Publication
    story: Link
    story_public_id: str
    form: CommentForm
    token: str
    receipt: str = ""
    # What the form carries beside a cookie, for a browser that does not say whose form it is.
    own: str = ""
    # Proof of work, as JSON, for a browser that can solve it; empty where none is asked for.
    puzzle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptFormPage:
    """Where a receipt is typed in; pressed, and shown again where a receipt was not found."""

    publication: Publication
    receipt: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCommentPage:
    """A comment as its commenter sees it; ``state`` is ``waiting``, ``approved`` or ``rejected``.

    ``step`` says what is asked: nothing (empty), other words (``change``) or to erase it (``erase``).
    ``note`` names what was done just now: ``changed``, ``same`` or nothing. Words that could not be
    saved come without their story where nobody knows it. ``told`` is why it was rejected, where somebody
    said so; ``replies`` are those that stand under the story.
    """

    publication: Publication
    story: Link | None
    receipt: str
    form: CommentForm
    state: str
    is_open: bool = True
    step: str = ""
    note: str = ""
    told: str = ""
    replies: tuple[Comment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage:
    """A comment that somebody wants to report, and the reasons to choose from: a code and a sentence each."""

    publication: Publication
    story: Link
    comment: Comment
    kinds: tuple[tuple[str, str], ...]
    error: str = ""
    own: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadersNoticePage:
    """A short answer of the readers' desk.

    ``kind`` names the text: ``comment-received`` (with its receipt), ``comment-closed``,
    ``comment-erased``, ``comment-gone`` (it stands nowhere any more), ``report-received``,
    ``reaction-counted``, ``reaction-confirm`` (shows both buttons again, now that the browser holds its
    cookie), ``reaction-closed``, ``bad-request``, ``too-large``, ``not-found``, ``foreign`` (a post that
    came from another site), ``method``, ``busy``, ``error``.
    """

    publication: Publication
    kind: str
    story: Link | None = None
    story_public_id: str = ""
    choice: str = ""
    receipt: str = ""
    own: str = ""


Page = (
    StoryPage
    | CommentsPage
    | FrontDoorPage
    | HomePage
    | SectionPage
    | MonthPage
    | TopicPage
    | PersonPage
    | TextPage
    | CorrectionsPage
    | NoticePage
    | TrustPage
    | CommentFormPage
    | CommentPreviewPage
    | ReceiptFormPage
    | OwnCommentPage
    | ReportPage
    | ReadersNoticePage
)

# What programs read: ``channels`` makes these, without a theme.


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """The newest stories of a publication, or of one section, for feed readers; newest first."""

    publication: Publication
    section: Link | None = None
    description: str = ""
    stories: tuple[StoryCard, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapEntry:
    """An address for search engines; ``changed_at`` only where it is known for good, as of a story."""

    address: str
    changed_at: datetime.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapPage:
    """The addresses below a folder, such as ``/en/`` or ``/en/security/2026/11/``, in their order."""

    folder: str
    site_url: str
    entries: tuple[SitemapEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapIndexPage:
    """``/sitemap.xml``: where all the sitemaps lie."""

    site_url: str
    addresses: tuple[str, ...]
