"""Turns each page of ``edition.pages`` into the bytes that a reader gets: the room's one entrance.

Pure: no clock, no database and no file decides a page, and the same page gives the same bytes.
The caller serves every page under ``CONTENT_SECURITY_POLICY``; a changed ``THEME_DIGEST`` means that
all pages must be pressed anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup

from nashra.edition import pages
from nashra.edition.content import COMMENT_MAX_GRAPHEMES, Publication, StoryCard, direction
from nashra.theme import metadata
from nashra.theme.addresses import FEED_FILE
from nashra.theme.assets import CONTENT_SECURITY_POLICY, THEME_DIGEST
from nashra.theme.dates import format_month
from nashra.theme.digits import format_number
from nashra.theme.language import message, ngettext, translate
from nashra.theme.stencils import Stencil, paper_of
from nashra.theme.templating import environment

__all__ = [
    "COMMENT_MAX_GRAPHEMES",
    "CONTENT_SECURITY_POLICY",
    "THEME_DIGEST",
    "card_fragment",
    "page_language",
    "prepare",
    "render",
]

# The home page's upper half: the lead, three stories beside it and, once there are plenty, two below.
_HOME_TOP = 4
_HOME_TOP_OF_PLENTY = 6
_PLENTY = 12

# The blocks that differ from page to page; the rest of a page is its publication's.
_LIST_BLOCKS = ("head", "data", "main")
_ANSWER_BLOCKS = (*_LIST_BLOCKS, "script")
_KNOWN_OF_LISTS = ("here", "is_here", "is_home", "feed_address")
_STORY_BLOCKS = ("head", "data", "story", "comments")
_STORY_BLOCKS_WITH_TOTALS = (*_STORY_BLOCKS, "reaction")


def render(page: pages.Page) -> bytes:
    """The whole page as UTF-8 HTML.

    Raises:
        TypeError: it is no page of ``edition.pages``.
        ForeignAddress: an address in it is not one of this site.
    """
    if isinstance(page, pages.StoryPage):
        return _story(page)
    try:
        template, context = _PAGES[type(page)]
    except KeyError:
        raise TypeError(f"{type(page).__name__} is no page that the theme knows.") from None
    values = context(page)
    if isinstance(page, _Listing):
        known = {name: values.pop(name) for name in _KNOWN_OF_LISTS if name in values}
        stencil = paper_of(page.publication).stencil(template, _LIST_BLOCKS, **known)
        return stencil.filled({"page": page, **values})
    if isinstance(page, _Answer):
        return paper_of(page.publication).stencil(template, _ANSWER_BLOCKS).filled({"page": page, **values})
    language = page_language(page)
    template_in_language = environment(language).get_template(template)
    values |= {"page": page, "language": language, "direction": direction(language)}
    return template_in_language.render(values).encode("utf-8")


def prepare(publications: Iterable[Publication]) -> None:
    """Make now what all stories of these publications share, before a process is forked for each core."""
    for publication in publications:
        for section in publication.sections:
            _story_stencil(publication, section.address, True, has_totals=False)
        # Without a section there is no story, and what a language needs is made when one comes.
        if publication.sections:
            _card_macro(publication.language)


def card_fragment(card: StoryCard, publication: Publication) -> str:
    """A story as a publication's lists show it, with its section, as HTML: one of ``cards_html``."""
    return str(_card_macro(publication.language)(card, publication, with_section=True))


@cache
def _card_macro(language: str) -> Callable[..., Markup]:
    macros: Any = environment(language).get_template("card.html").module
    return macros.card


def page_language(page: pages.Page) -> str:
    """The language that a page is written in; that of the first paper where it holds several."""
    if isinstance(page, pages.StoryPage):
        return page.story.publication.language
    if isinstance(page, pages.FrontDoorPage | pages.TrustPage):
        return page.publications[0].language if page.publications else "en"
    return page.publication.language


def _story(page: pages.StoryPage) -> bytes:
    story = page.story
    publication = story.publication
    stencil = _story_stencil(
        publication, story.section.address, page.comments_open, has_totals=page.totals is not None
    )
    values = {
        "page": page,
        "story": story,
        "title": story.headline,
        "metadata": metadata.story_metadata(page),
        "story_public_id": story.public_id,
        "comment_count": comment_count(publication.language, page.readers.count),
        "grave": (),
        "slight": (),
        "totals": page.totals,
    }
    if story.corrections:
        values["grave"] = tuple(each for each in story.corrections if each.is_grave)
        values["slight"] = tuple(each for each in story.corrections if not each.is_grave)
    return stencil.filled(values)


def _story_stencil(publication: Publication, here: str, is_open: bool, *, has_totals: bool) -> Stencil:
    blocks = _STORY_BLOCKS_WITH_TOTALS if has_totals else _STORY_BLOCKS
    single = ("story_public_id",)
    return paper_of(publication).stencil("story.html", blocks, single, here=here, comments_open=is_open)


@lru_cache(maxsize=1024)
def comment_count(language: str, number: int) -> str:
    """How many comments there are, in words: ``2 comments``, ``تعليقان``."""
    return ngettext(language, "%(number)s comment", "%(number)s comments", number)


def _home(page: pages.HomePage) -> dict[str, Any]:
    paper = page.publication
    known = {card.public_id for part in page.sections for card in part.cards}
    above = page.newest[: _HOME_TOP_OF_PLENTY if len(known) >= _PLENTY else _HOME_TOP]
    shown = {card.public_id for card in above}
    sections = []
    for part in page.sections:
        rest = [card for card in part.cards if card.public_id not in shown]
        if rest:
            sections.append(SimpleNamespace(section=part.section, cards=rest))
    return {
        "publication": paper,
        "is_home": True,
        "feed_address": paper.address + FEED_FILE,
        "title": "",
        "lead": above[0] if above else None,
        "seconds": above[1:4],
        "thirds": above[4:],
        "sections": sections,
        "metadata": metadata.listing_metadata(
            paper, paper.address, paper.name, paper.strapline, is_home=True
        ),
    }


def _listing(
    title: str, address: str, publication: Publication, description: str = "", **more: Any
) -> dict[str, Any]:
    return {
        "publication": publication,
        "title": title,
        "metadata": metadata.listing_metadata(publication, address, title, description),
        **more,
    }


def _section(page: pages.SectionPage) -> dict[str, Any]:
    address = page.section.address
    return _listing(
        page.section.text,
        address,
        page.publication,
        page.description,
        here=address,
        is_here=True,
        feed_address=address + FEED_FILE,
    )


def _month(page: pages.MonthPage) -> dict[str, Any]:
    month = format_month(page.month.year, page.month.month, page.publication.language)
    title = f"{page.section.text}: {month}"
    return _listing(title, page.month.address, page.publication, month_name=month, here=page.section.address)


def _topic(page: pages.TopicPage) -> dict[str, Any]:
    return _listing(page.topic.text, page.topic.address, page.publication)


def _person(page: pages.PersonPage) -> dict[str, Any]:
    return _listing(page.person.text, page.person.address, page.publication)


def _comments(page: pages.CommentsPage) -> dict[str, Any]:
    language = page.publication.language
    first, last = (format_number(number, language) for number in (page.first, page.last))
    return {
        "publication": page.publication,
        "title": translate(language, "Comments %(first)s to %(last)s", first=first, last=last),
        "metadata": metadata.unlisted_metadata(),
    }


def _text(page: pages.TextPage) -> dict[str, Any]:
    titles = {"policy": message("Comment policy"), "about": message("About us")}
    title = translate(page.publication.language, titles[page.kind])
    return _listing(title, page.address, page.publication)


def _corrections(page: pages.CorrectionsPage) -> dict[str, Any]:
    title = translate(page.publication.language, "Corrections")
    publication = page.publication
    address = publication.corrections_address or publication.address
    return _listing(title, address, publication)


def _unlisted(title_of: Callable[[Any], str]) -> Callable[[Any], dict[str, Any]]:
    def context(page: Any) -> dict[str, Any]:
        return {
            "publication": page.publication,
            "title": translate(page.publication.language, title_of(page)),
            "metadata": metadata.unlisted_metadata(),
        }

    return context


def _form(page: Any) -> dict[str, Any]:
    return {
        **_unlisted(lambda _page: message("Your comment"))(page),
        "form": page.form,
        "story_public_id": page.story_public_id,
    }


def _receipt_form(page: pages.ReceiptFormPage) -> dict[str, Any]:
    title = translate(page.publication.language, "Your comment’s receipt")
    return _listing(title, page.publication.receipt_address or page.publication.address, page.publication)


def _own_comment(page: pages.OwnCommentPage) -> dict[str, Any]:
    return {**_unlisted(lambda _page: message("Your comment"))(page), "form": page.form}


def _all_languages(page: pages.FrontDoorPage | pages.TrustPage) -> dict[str, Any]:
    # Papers of the same name, as in one script, are named once.
    names = {paper.name: paper.language for paper in reversed(page.publications)}
    names = dict(reversed(names.items()))
    title = " · ".join(names) or "Nashra"
    values = {"publication": None, "metadata": metadata.Metadata(), "names": names.items(), "title": title}
    if isinstance(page, pages.TrustPage):
        values["title"] = translate(page_language(page), _TRUST_TITLES[page.kind])
        values["parts"] = [_trust_part(page.kind, paper) for paper in page.publications]
    return values


def _trust_part(kind: str, paper: Publication) -> SimpleNamespace:
    template = environment(paper.language).get_template(f"{kind}.html")
    return SimpleNamespace(
        language=paper.language,
        title=translate(paper.language, _TRUST_TITLES[kind]),
        html=Markup(template.render(paper=paper)),  # noqa: S704 -- a template escaped it.
    )


_TRUST_TITLES = {"verify": message("Verify an edition"), "mirrors": message("Mirrors")}
_NOTICE_TITLES = {
    "not-found": message("There is no page here"),
    "gone": message("This story has been withdrawn"),
}
_ANSWER_TITLES = {
    "comment-received": message("Thank you: your comment is with us"),
    "comment-closed": message("Comments on this story are closed"),
    "comment-erased": message("Your comment is erased"),
    "comment-gone": message("This comment is no longer here"),
    "report-received": message("Thank you: we look at it again"),
    "reaction-counted": message("Thank you: your answer is counted"),
    "reaction-confirm": message("One more click, please"),
    "reaction-closed": message("This question is closed"),
    "bad-request": message("We could not read that"),
    "too-large": message("That is too long for us"),
    "not-found": message("There is no page here"),
    "foreign": message("That came from another site"),
    "method": message("This page answers a form"),
    "busy": message("We are very busy just now"),
    "error": message("Something went wrong on our side"),
}

_Listing = pages.HomePage | pages.SectionPage | pages.MonthPage | pages.TopicPage | pages.PersonPage

# What readers who write are answered.
_Answer = pages.CommentPreviewPage | pages.CommentFormPage | pages.ReadersNoticePage

_PAGES: dict[type, tuple[str, Callable[[Any], dict[str, Any]]]] = {
    pages.FrontDoorPage: ("front_door.html", _all_languages),
    pages.HomePage: ("home.html", _home),
    pages.SectionPage: ("section.html", _section),
    pages.MonthPage: ("month.html", _month),
    pages.TopicPage: ("topic.html", _topic),
    pages.PersonPage: ("person.html", _person),
    pages.CommentsPage: ("comments_page.html", _comments),
    pages.TextPage: ("text.html", _text),
    pages.CorrectionsPage: ("corrections.html", _corrections),
    pages.NoticePage: ("notice.html", _unlisted(lambda page: _NOTICE_TITLES[page.kind])),
    pages.TrustPage: ("trust.html", _all_languages),
    pages.CommentFormPage: ("comment_form_page.html", _form),
    pages.CommentPreviewPage: ("comment_preview.html", _form),
    pages.ReceiptFormPage: ("receipt_form.html", _receipt_form),
    pages.OwnCommentPage: ("own_comment.html", _own_comment),
    pages.ReportPage: ("report.html", _unlisted(lambda _page: message("Report a comment"))),
    pages.ReadersNoticePage: ("answer.html", _unlisted(lambda page: _ANSWER_TITLES[page.kind])),
}
