"""Loads the demo newsroom into the desk and the readers' desk, once.

A mark in the desk's own log, written in the same transaction as what it speaks of, says what was
loaded: a second load adds nothing and changes nothing, whatever people edited or deleted since. Must
not press anything.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import PageLogEntry

from nashra.demo import letters, newsroom
from nashra.demo.filing import Cast, file_stories
from nashra.desk import publishing
from nashra.desk.models import (
    Person,
    PersonTranslation,
    Photo,
    Place,
    PlaceTranslation,
    Publication,
    Section,
    Topic,
    TopicTranslation,
)

Progress = Callable[[int, int], None]

_STORIES, _COMMENTS = "stories", "comments"
_MARK_ACTION = "wagtail.create"


def load_demo(*, now: datetime.datetime, progress: Progress | None = None) -> None:
    """Load all that was not loaded before; ``now`` is the moment from which stories are dated back.

    ``progress`` is called with how many of how many parts are done. A load that was cut off is taken
    up again: what it finished stays as it is.
    """
    # Revisions keep milliseconds and tables microseconds: whole minutes are the same in both.
    now = now.replace(second=0, microsecond=0)
    stories, comments = newsroom.load_stories(), newsroom.load_comments()
    shots = [(name, language) for name, words in newsroom.load_file("pictures").items() for language in words]
    steps = _Steps(len(shots) + len(stories) + len(comments), progress)
    if not _is_loaded(_STORIES):
        # Making files takes seconds, and so is done before the database is locked for writing.
        photos = _photos(shots, steps)
        with transaction.atomic():
            publications = _publications()
            file_stories(
                stories, cast=_cast(photos), sections=_sections(publications, now), now=now, step=steps.step
            )
            _mark_loaded(_STORIES, publications["en"])
    if not _is_loaded(_COMMENTS):
        letters.post_comments(comments, stories=stories, now=now, step=steps.step)
        _mark_loaded(_COMMENTS, Publication.objects.order_by("path")[0])
    steps.finish()


class _Steps:
    def __init__(self, total: int, progress: Progress | None) -> None:
        self._done, self._total, self._progress = 0, total, progress

    def step(self) -> None:
        self._done += 1
        if self._progress:
            self._progress(self._done, self._total)

    def finish(self) -> None:
        if self._progress:
            self._progress(self._total, self._total)


def _is_loaded(part: str) -> bool:
    return PageLogEntry.objects.filter(action=_MARK_ACTION, data__demo=part).exists()


def _mark_loaded(part: str, publication: Publication) -> None:
    log(instance=publication, action=_MARK_ACTION, data={"demo": part})


def _publications() -> dict[str, Publication]:
    """The three papers by language; those that are missing are made."""
    texts = newsroom.load_file("publications")
    names = {language: texts[language]["name"] for language in newsroom.LANGUAGES}
    made = publishing.create_newsroom(
        languages=newsroom.LANGUAGES, name=names[newsroom.LANGUAGES[0]], names=names
    )
    return {language: made[language] for language in newsroom.LANGUAGES}


def _sections(
    publications: Mapping[str, Publication], now: datetime.datetime
) -> dict[tuple[str, str], Section]:
    """The sections by slug and language; a paper that has sections already keeps its own masthead."""
    texts = newsroom.load_file("publications")
    for language, publication in publications.items():
        if not publication.get_children().exists():
            _dress(publication, texts[language])
    sections: dict[tuple[str, str], Section] = {}
    for slug in newsroom.SECTIONS:
        original: Section | None = None
        for language, publication in publications.items():
            facts = texts[language]["sections"][slug]
            sections[slug, language] = publishing.create_section(
                publication=publication,
                title=facts["name"],
                slug=slug,
                description=facts["description"],
                translation_of=original,
                now=now,
            )
            original = original or sections[slug, language]
    return sections


def _dress(publication: Publication, texts: Mapping[str, Any]) -> None:
    publication.title = texts["name"]
    publication.strapline = texts["strapline"]
    publication.time_zone = texts["time_zone"]
    publication.comment_policy = newsroom.text_html(texts["comment_policy"])
    publication.about = newsroom.text_html(texts["about"])
    publication.save_revision().publish()


def _photos(shots: list[tuple[str, str]], steps: _Steps) -> dict[tuple[str, str], Photo]:
    """Each picture once for each language that words it; those of a load that was cut off serve again."""
    words = newsroom.load_file("pictures")
    photos: dict[tuple[str, str], Photo] = {}
    for name, language in shots:
        facts = words[name][language]
        photos[name, language] = Photo.objects.filter(
            title=facts["title"], alt_text=facts["alt_text"]
        ).first() or publishing.add_photo(
            content=newsroom.picture_bytes(name), file_name=f"{name}-{language}.jpg", **facts
        )
        steps.step()
    return photos


def _cast(photos: dict[tuple[str, str], Photo]) -> Cast:
    return Cast(
        people={slug: _person(slug, facts, photos) for slug, facts in newsroom.load_file("people").items()},
        places={slug: _named(Place, slug, facts) for slug, facts in newsroom.load_file("places").items()},
        topics={slug: _named(Topic, slug, facts) for slug, facts in newsroom.load_file("topics").items()},
        photos=photos,
    )


def _person(slug: str, facts: Mapping[str, Any], photos: Mapping[tuple[str, str], Photo]) -> Person:
    person = Person.objects.filter(slug=slug).first()
    if person is not None:
        return person
    person = Person(name=facts["name"], slug=slug, name_withheld=facts.get("name_withheld", False))
    person.biography = newsroom.paragraph_html(facts["biography"]) if "biography" in facts else ""
    person.portrait = photos[facts["portrait"], "en"] if "portrait" in facts else None
    person.translations = [
        PersonTranslation(
            language=language,
            name=facts[language]["name"],
            biography=newsroom.paragraph_html(facts[language].get("biography", "")),
        )
        for language in newsroom.LANGUAGES
        if language in facts
    ]
    person.save()
    return person


def _named(model: type[Place] | type[Topic], slug: str, facts: Mapping[str, str]) -> Any:
    found = model.objects.filter(slug=slug).first()
    if found is not None:
        return found
    named = model(name=facts["name"], slug=slug)
    translation = PlaceTranslation if model is Place else TopicTranslation
    named.translations = [
        translation(language=language, name=facts[language])
        for language in newsroom.LANGUAGES
        if language in facts
    ]
    named.save()
    return named
