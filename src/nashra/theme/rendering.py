"""Turns each page of ``edition.pages`` into the bytes that a reader gets: the room's one entrance.

Pure: no clock, no database and no file is read for a page, and the same page gives the same bytes.
The caller serves every page under ``CONTENT_SECURITY_POLICY``; a changed ``THEME_DIGEST`` means that
all pages must be pressed anew.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from wcwidth import iter_graphemes

from nashra.edition import pages
from nashra.edition.content import COMMENT_MAX_GRAPHEMES, Publication, StoryCard, direction
from nashra.theme import markup, metadata
from nashra.theme.addresses import encoded
from nashra.theme.assets import CONTENT_SECURITY_POLICY, SCRIPT, STYLE, TEMPLATES, THEME_DIGEST
from nashra.theme.byline import byline
from nashra.theme.cards import without_section
from nashra.theme.dates import format_date, format_local_day, format_moment, format_month
from nashra.theme.digits import digits_of, format_number
from nashra.theme.language import LanguageEnvironment, autonym, message, translate
from nashra.theme.pictures import picture

__all__ = ["COMMENT_MAX_GRAPHEMES", "CONTENT_SECURITY_POLICY", "THEME_DIGEST", "card_fragment", "render"]

# The home page's upper half: the lead, three stories beside it and, once there are plenty, two below.
_HOME_TOP = 4
_HOME_TOP_OF_PLENTY = 6
_PLENTY = 12


def render(page: pages.Page) -> bytes:
    """The whole page as UTF-8 HTML.

    Raises:
        TypeError: it is no page of ``edition.pages``.
        ForeignAddress: an address in it is not one of this site.
    """
    try:
        template, context = _PAGES[type(page)]
    except KeyError:
        raise TypeError(f"{type(page).__name__} is no page that the theme knows.") from None
    values = context(page)
    language = values.setdefault("language", page_language(page))
    values.setdefault("direction", direction(language))
    html = _environment(language).get_template(template).render(page=page, **values)
    return html.encode("utf-8")


def card_fragment(card: StoryCard, publication: Publication) -> str:
    """A story as a publication's lists show it, with its section, as HTML: one of ``cards_html``."""
    macros: Any = _environment(publication.language).get_template("card.html").module
    return str(macros.card(card, publication, with_section=True))


def page_language(page: pages.Page) -> str:
    """The language that a page is written in; that of the first paper where it holds several."""
    if isinstance(page, pages.FrontDoorPage | pages.TrustPage):
        return page.publications[0].language if page.publications else "en"
    return _publication(page).language


def _publication(page: Any) -> Publication:
    return page.story.publication if isinstance(page, pages.StoryPage) else page.publication


@cache
def _environment(language: str) -> Environment:
    environment = LanguageEnvironment(language, TEMPLATES)
    environment.filters.update(
        address=encoded,
        number=partial(format_number, language=language),
        day=partial(format_date, language=language),
        without_section=without_section,
    )
    environment.globals.update(
        style=Markup(STYLE),  # noqa: S704 -- our own file.
        script=Markup(SCRIPT),  # noqa: S704 -- our own file.
        autonym=autonym,
        direction_of=direction,
        picture=picture,
        moment=partial(format_moment, language=language),
        local_day=partial(format_local_day, language=language),
        month=partial(format_month, language=language),
        byline=partial(byline, language=language),
        digits=digits_of(language),
        comment_max=COMMENT_MAX_GRAPHEMES,
        characters_left=_characters_left,
        paragraphs=markup.paragraphs,
        text_body=markup.text,
        story_body=partial(_story_body, language),
    )
    return environment


def _characters_left(text: str) -> int:
    """How much of the countdown is left, counted as a person counts: by grapheme clusters."""
    return COMMENT_MAX_GRAPHEMES - sum(1 for _cluster in iter_graphemes(text.replace("\r\n", "\n")))


def _story_body(language: str, story: Any) -> Markup:
    figures: Any = _environment(language).get_template("figure.html").module
    return markup.body(
        story.body_html,
        photos=story.photos,
        related=story.related,
        figure=figures.body_figure,
        related_words=translate(language, "Related:"),
    )


def _story(page: pages.StoryPage) -> dict[str, Any]:
    return {
        "story": page.story,
        "publication": page.story.publication,
        "title": page.story.headline,
        "metadata": metadata.story_metadata(page),
        "form": pages.CommentForm(),
        "story_public_id": page.story.public_id,
    }


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
    return _listing(page.section.text, page.section.address, page.publication, page.description)


def _month(page: pages.MonthPage) -> dict[str, Any]:
    month = format_month(page.month.year, page.month.month, page.publication.language)
    return _listing(f"{page.section.text}: {month}", page.month.address, page.publication, month_name=month)


def _topic(page: pages.TopicPage) -> dict[str, Any]:
    return _listing(page.topic.text, page.topic.address, page.publication)


def _person(page: pages.PersonPage) -> dict[str, Any]:
    return _listing(page.person.text, page.person.address, page.publication)


def _text(page: pages.TextPage) -> dict[str, Any]:
    titles = {"policy": message("Comment policy"), "about": message("About us")}
    title = translate(page.publication.language, titles[page.kind])
    return _listing(title, page.address, page.publication)


def _corrections(page: pages.CorrectionsPage) -> dict[str, Any]:
    title = translate(page.publication.language, "Corrections")
    return _listing(title, page.publication.corrections_address or page.publication.address, page.publication)


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
    template = _environment(paper.language).get_template(f"{kind}.html")
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

_PAGES: dict[type, tuple[str, Callable[[Any], dict[str, Any]]]] = {
    pages.StoryPage: ("story.html", _story),
    pages.FrontDoorPage: ("front_door.html", _all_languages),
    pages.HomePage: ("home.html", _home),
    pages.SectionPage: ("section.html", _section),
    pages.MonthPage: ("month.html", _month),
    pages.TopicPage: ("topic.html", _topic),
    pages.PersonPage: ("person.html", _person),
    pages.TextPage: ("text.html", _text),
    pages.CorrectionsPage: ("corrections.html", _corrections),
    pages.NoticePage: ("notice.html", _unlisted(lambda page: _NOTICE_TITLES[page.kind])),
    pages.TrustPage: ("trust.html", _all_languages),
    pages.CommentFormPage: ("comment_form_page.html", _form),
    pages.CommentPreviewPage: ("comment_preview.html", _form),
    pages.ReadersNoticePage: ("answer.html", _unlisted(lambda page: _ANSWER_TITLES[page.kind])),
}
