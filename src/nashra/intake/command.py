"""``nashra import page``: one saved page → one story at the desk, or one sentence and nothing written.

It reads the files, finds publication and section, and holds the transaction. What a page is made of
stands in ``page``, what the desk gets of it in ``story``. The command line prints what it returns.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from nashra.desk import photographs, publishing
from nashra.desk.models import Publication, Section, Story
from nashra.desk.slugs import normalise_slug
from nashra.intake.lead_photo import LeadPhoto, Picture, add_lead_photo, discard_files
from nashra.intake.page import MAX_PAGE_BYTES, SavedPage, UnreadablePage, read_page
from nashra.intake.story import Source, story_of_source, write_draft


class CannotImport(ValueError):
    """Why nothing was imported: one sentence for the one who typed the command."""


def import_page(
    *,
    file: Path,
    photo: Path | None = None,
    language: str = "en",
    section: str | None = None,
    publish: bool = False,
    now: datetime.datetime,
    say: Callable[[str], None],
) -> str:
    """Make a story of a saved page and give its address, with origin, in readable Unicode.

    ``say`` gets one sentence after the other: what could not be decided, and what was done. The same
    file is refused where it already made a story in this publication, since a second one would stand
    beside the first with whatever the desk has mended there undone.

    Raises:
        CannotImport: nothing was written; its sentence says why.
    """
    source = Source(file_name=file.name, raw=_page_bytes(file), imported_at=now)
    try:
        page = read_page(source.raw)
    except UnreadablePage as error:
        raise CannotImport(f"{file} {error}") from error
    picture = _picture(photo) if photo is not None else None
    publication = _publication(language)
    chosen, findings = _section(publication, section)
    findings += _language_findings(page, language)
    known = story_of_source(source, publication=publication)
    if known is not None:
        raise CannotImport(
            f"{file} was imported before, as “{known.title}” at {known.address}: "
            "change that story at the desk, or delete it there and import the file again."
        )
    story, said = _write(page, source, chosen, picture, findings, publish=publish)
    for sentence in said:
        say(sentence)
    say("It is published." if publish else "It is a draft: readers see it once it is published at the desk.")
    return f"{settings.NASHRA_SITE_URL}{story.address}"


def _write(
    page: SavedPage,
    source: Source,
    section: Section,
    picture: Picture | None,
    findings: list[str],
    *,
    publish: bool,
) -> tuple[Story, list[str]]:
    """All that the import writes, in one transaction; no file stays behind where it fails."""
    added: LeadPhoto | None = None
    is_written = False
    try:
        with transaction.atomic():
            if picture is not None:
                added = add_lead_photo(page, picture)
                findings.append(added.finding)
            photo = added.photo if added else None
            story, said = write_draft(page, source=source, section=section, photo=photo, findings=findings)
            if publish:
                story = publishing.publish_story(story=story)
        is_written = True
    except photographs.BadPicture as error:
        raise CannotImport(f"{picture.file_name if picture else ''}: {error}") from error
    except ValidationError as error:
        raise CannotImport(f"{source.file_name} makes no story: {' '.join(error.messages)}") from error
    finally:
        if added is not None and not is_written:
            discard_files(added)
    return story, said


def _page_bytes(file: Path) -> bytes:
    limit = f"{MAX_PAGE_BYTES // 1_000_000} MB"
    return _bytes_of(file, MAX_PAGE_BYTES, f"{file} is bigger than a page of text can be ({limit} at most).")


def _picture(photo: Path) -> Picture:
    limit_bytes = settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE
    too_big = f"{photo} is bigger than a picture may be ({limit_bytes // 1024 // 1024} MB at most)."
    return Picture(file_name=photo.name, content=_bytes_of(photo, limit_bytes, too_big))


def _bytes_of(file: Path, limit_bytes: int, too_big: str) -> bytes:
    """A file's bytes; how big it is gets asked before it is read."""
    try:
        if file.exists() and not file.is_file():
            raise CannotImport(f"{file} is not a file.")
        if file.stat().st_size > limit_bytes:
            raise CannotImport(too_big)
        with file.open("rb") as opened:
            # A file may grow between the question and the reading.
            content = opened.read(limit_bytes + 1)
    except FileNotFoundError as error:
        raise CannotImport(f"There is no file {file}.") from error
    except OSError as error:
        raise CannotImport(f"{file} cannot be read: {error.strerror}.") from error
    if len(content) > limit_bytes:
        raise CannotImport(too_big)
    return content


def _publication(language: str) -> Publication:
    publications = list(Publication.objects.select_related("locale").order_by("path"))
    for publication in publications:
        if publication.language == language:
            return publication
    there = ", ".join(f"{publication.language} ({publication.title})" for publication in publications)
    if not there:
        raise CannotImport("There is no publication yet: make one at the desk first.")
    raise CannotImport(f"There is no publication in the language {language!r}. There are: {there}.")


def _section(publication: Publication, slug: str | None) -> tuple[Section, list[str]]:
    """The section of this slug, or the first one; with a finding where nobody named it."""
    sections = list(Section.objects.child_of(publication).order_by("path"))
    if not sections:
        raise CannotImport(
            f"{publication.title} ({publication.language}) has no section yet: make one at the desk."
        )
    if slug is None:
        first = next((section for section in sections if section.live), sections[0])
        return first, [
            f"No section was named: the story stands in the first one, {first.slug}.",
            *_unseen(first),
        ]
    for section in sections:
        if section.slug == normalise_slug(slug):
            return section, _unseen(section)
    there = ", ".join(section.slug for section in sections)
    raise CannotImport(
        f"There is no section {slug!r} in {publication.title} ({publication.language}). There are: {there}."
    )


def _unseen(section: Section) -> list[str]:
    if section.live:
        return []
    return [f"The section {section.slug} is not published: readers see none of its stories."]


def _language_findings(page: SavedPage, language: str) -> list[str]:
    declared = page.language
    if declared is None or declared.split("-")[0] == language.split("-")[0].lower():
        return []
    return [f"The page says that it is in the language {declared}, but it was imported as {language}."]
