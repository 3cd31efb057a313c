"""One ninjs object → what a story is made of, in plain values.

Pure: it knows the newsroom's languages by name and nothing else of the desk.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nashra.intake.byline import declared_byline
from nashra.intake.credit import credited_caption
from nashra.intake.ninjs import markup
from nashra.intake.ninjs.fields import Fields
from nashra.intake.ninjs.identity import checked_uri, dates_of
from nashra.intake.ninjs.report import BadItem, Finding, LeftOut
from nashra.intake.wording import bare, is_blank, quoted

MAX_HEADLINE_CHARS = 255
MAX_NAME_CHARS = 200
MAX_CREDIT_CHARS = 300
MAX_TOPICS = 50
MAX_AUTHORS = 50

_OTHER_PLACE = "A byline names another place than “located”: the byline's was taken"
_TEXT_TYPES = {"", "text", "composite"}
_AUTHOR_RELATIONS = {"author", "byline", "creator", "reporter", "writer"}
_STATUSES = {"", "usable", "withheld", "canceled"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What an item says, ready for the desk. Texts are as they came, but for white space around them."""

    uri: str
    version_created_at: datetime.datetime
    language: str
    is_canceled: bool = False
    is_withheld: bool = False
    embargoed_until: datetime.datetime | None = None
    published_at: datetime.datetime | None = None
    updated_at: datetime.datetime | None = None
    headline: str = ""
    standfirst: str = ""
    authors: tuple[str, ...] = ()
    place: str = ""
    caption: str = ""
    credit: str = ""
    blocks: tuple[markup.Block, ...] = ()
    sections: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_item(
    value: Mapping[str, Any], *, zones: Mapping[str, datetime.tzinfo], default_language: str = ""
) -> Item:
    """What an item says; ``zones`` are the time zones of the newsroom's publications by language.

    Raises:
        BadItem: it cannot become a story; its sentence says why.
        LeftOut: it is no text at all.
    """
    findings: list[Finding] = []
    fields = Fields(value, findings)
    uri = checked_uri(fields)
    _check_type(fields)
    language = _language(fields.text("language"), zones, default_language)
    zone = zones[language]
    status = _status(fields)
    dates = dates_of(fields, zone)
    if status == "canceled":
        version = dates["version_created_at"]
        return Item(uri=uri, language=language, is_canceled=True, version_created_at=version)
    headline = _headline(fields, findings)
    blocks = _blocks(fields, headline, findings)
    authors, place = _byline(fields, findings)
    standfirst, caption, credit = _descriptions(fields, findings)
    return Item(
        uri=uri,
        language=language,
        is_withheld=status == "withheld",
        embargoed_until=fields.moment("embargoedUntil", zone),
        headline=headline,
        blocks=tuple(blocks),
        authors=authors,
        place=place,
        standfirst=standfirst,
        caption=caption,
        credit=credit,
        **_subjects(fields, findings),
        related=tuple(dict.fromkeys(_related(fields))),
        remarks=tuple(_remarks(fields)),
        **dates,
        findings=tuple(dict.fromkeys(findings)),
    )


def _check_type(fields: Fields) -> None:
    kind = fields.mild_text("type").strip().lower()
    if kind not in _TEXT_TYPES:
        raise LeftOut(f"of the type {kind[:40]!r}")


def _status(fields: Fields) -> str:
    status = fields.text("pubStatus").strip().lower()
    if status not in _STATUSES:
        raise BadItem(f"has a “pubStatus” that nobody knows: {status[:40]!r}.")
    return status


def _language(tag: str, zones: Mapping[str, Any], default: str) -> str:
    """The publication's language that a tag means: its own, or that of which it is a variety."""
    wanted = (tag.strip() or default).replace("_", "-")
    known = {language.lower(): language for language in zones}
    parts = wanted.lower().split("-")
    for length in range(len(parts), 0, -1):
        if found := known.get("-".join(parts[:length])):
            return found
    papers = ", ".join(sorted(zones))
    if not wanted:
        raise BadItem(f"names no language; give it with --language. There are publications in: {papers}.")
    raise BadItem(f"is in the language {wanted[:40]!r}. There are publications in: {papers}.")


def _headline(fields: Fields, findings: list[Finding]) -> str:
    texts = _roles(fields, "headlines")
    found = texts.get("main") or texts.get("") or next(iter(texts.values()), "")
    found = found or bare(_first_variant(fields, "headline")) or bare(fields.text("headline"))
    if not found and (found := bare(fields.text("title"))):
        findings.append(Finding("An item without a headline got its title in its place"))
    if not found:
        raise BadItem("has no headline.")
    if len(found) > MAX_HEADLINE_CHARS:
        raise BadItem(f"has a headline of {len(found):,} characters; {MAX_HEADLINE_CHARS} are allowed.")
    return found


def _roles(fields: Fields, name: str) -> dict[str, str]:
    """The plain texts of headlines or descriptions by role, each role's first."""
    texts: dict[str, str] = {}
    for part in fields.objects(name):
        text = part.text("value")
        if "html" in part.mild_text("contentType").lower():
            text = markup.plain(text)
        if not is_blank(text):
            texts.setdefault(part.mild_text("role").strip().lower(), text.strip())
    return {role: bare(text) for role, text in texts.items()} if name == "headlines" else texts


def _first_variant(fields: Fields, name: str) -> str:
    for suffix, text in fields.variants(name):
        if not is_blank(text):
            return text if suffix == "text" else markup.plain(text)
    return ""


def _blocks(fields: Fields, headline: str, findings: list[Finding]) -> list[markup.Block]:
    """The body: HTML where there is any, since only that tells what is a heading or a list."""
    html, text = _bodies(fields)
    if not is_blank(html):
        blocks, said = markup.blocks_of_html(html, headline=headline)
        findings += said
    else:
        blocks = markup.blocks_of_text(text)
    if not blocks:
        raise BadItem("has no body.")
    return blocks


def _bodies(fields: Fields) -> tuple[str, str]:
    """The HTML and the plain text of the body, or "": the one in the role "main" before all others."""
    found: list[tuple[bool, str, str]] = []
    for part in fields.objects("bodies"):
        kind = part.mild_text("contentType").strip().lower().partition(";")[0]
        form = "html" if "html" in kind else "text" if kind in {"", "text/plain"} else ""
        if form:
            found.append((part.mild_text("role").strip().lower() == "main", form, part.text("value")))
    for suffix, text in fields.variants("body"):
        found.append((False, "html" if "html" in suffix else "text" if suffix == "text" else "", text))
    found.sort(key=lambda body: not body[0])
    first = {form: text for _is_main, form, text in reversed(found) if not is_blank(text)}
    return first.get("html", ""), first.get("text", "")


def _byline(fields: Fields, findings: list[Finding]) -> tuple[tuple[str, ...], str]:
    line = bare(fields.mild_text("by"))
    authors: tuple[str, ...] = ()
    place = ""
    if line:
        byline = declared_byline(line)
        authors, place = byline.authors, byline.place
        findings += [Finding("A byline could be read two ways", doubt) for doubt in byline.doubts]
    if not authors:
        people = fields.objects("people")
        authors = tuple(
            bare(person.mild_text("name"))
            for person in people
            if person.mild_text("rel").strip().lower() in _AUTHOR_RELATIONS
        )
    located = bare(fields.mild_text("located"))
    if located and place and located != place:
        findings.append(Finding(_OTHER_PLACE, f"{place}, {located}"))
    place = place or located
    if len(place) > MAX_NAME_CHARS:
        findings.append(Finding("A place's name that is too long was left out", quoted(place)))
        place = ""
    return _names(authors, MAX_AUTHORS, "author", findings), place


def _names(names: tuple[str, ...], limit: int, what: str, findings: list[Finding]) -> tuple[str, ...]:
    """Names, each once, that the desk can hold, and no more of them than a story can bear."""
    found = tuple(dict.fromkeys(name for name in names if 0 < len(name) <= MAX_NAME_CHARS))
    if any(len(name) > MAX_NAME_CHARS for name in names):
        findings.append(Finding(f"The name of one {what} or more was too long and left out"))
    if len(found) > limit:
        findings.append(
            Finding(f"A story had too many {what}s: the first {limit} were kept", f"it had {len(found):,}")
        )
    return found[:limit]


def _descriptions(fields: Fields, findings: list[Finding]) -> tuple[str, str, str]:
    """Standfirst, caption and credit."""
    texts = _roles(fields, "descriptions")
    for suffix, text in fields.variants("description"):
        if not is_blank(text):
            texts.setdefault(suffix, (text if suffix == "text" else markup.plain(text)).strip())
    caption = texts.pop("caption", "")
    standfirst = next((texts[role] for role in _STANDFIRST_ROLES if role in texts), "")
    standfirst = standfirst or next(iter(texts.values()), "")
    credited = credited_caption(caption) if caption else None
    if credited is None:
        return standfirst, caption, ""
    credit = "/".join(part for part in (credited.person, credited.agency) if part)
    if len(credit) > MAX_CREDIT_CHARS:
        return standfirst, caption, ""
    if credited.doubt:
        findings.append(Finding("A credit could be read two ways", credited.doubt))
    return standfirst, credited.caption, credit


_STANDFIRST_ROLES = ("drophead", "summary", "standfirst", "abstract", "text", "main", "")


def _subjects(fields: Fields, findings: list[Finding]) -> dict[str, tuple[str, ...]]:
    sections: list[str] = []
    topics: list[str] = []
    for subject in fields.objects("subjects"):
        name = bare(subject.mild_text("name"))
        if not name:
            continue
        is_section = subject.mild_text("rel").strip().lower() == "section"
        (sections if is_section else topics).append(name)
    return {
        "sections": tuple(dict.fromkeys(sections)),
        "topics": _names(tuple(topics), MAX_TOPICS, "topic", findings),
    }


def _related(fields: Fields) -> list[str]:
    """The uris of the texts that go with this one."""
    texts = (part for part in fields.objects("associations") if part.mild_text("type").lower() in _TEXT_TYPES)
    return [uri for part in texts if (uri := part.mild_text("uri").strip())]


def _remarks(fields: Fields) -> list[str]:
    """What the desk should know and readers need not."""
    remarks = [
        f"{said} {text}"
        for name, said in (
            ("edNote", "Note to editors:"),
            ("usageTerms", "Terms of use:"),
            ("copyrightHolder", "Copyright:"),
            ("copyrightNotice", "Copyright notice:"),
        )
        if (text := " ".join(fields.mild_text(name).split()))
    ]
    sources = [name for part in fields.objects("infoSources") if (name := bare(part.mild_text("name")))]
    return [*remarks, *([f"Sources: {', '.join(sources)}"] if sources else [])]
