"""Reads the demo newsroom's files into frozen values, and says which file is wrong and how.

The files beside this module are for editors to read and change. Must not know databases or Django.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "ar", "fa")
SECTIONS = ("security", "society", "media")
_FOLDER = files("nashra.demo")


class BadDemoFile(ValueError):
    """One of the demo's files does not hold what it must; the sentence names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoStory:
    """A story's file. Without ``published_before`` and ``goes_live_after`` it is a draft.

    ``body`` holds (block type, value) pairs in order; photos and related stories are named by their
    keys here.
    """

    key: str
    language: str
    section: str
    headline: str
    slug: str
    standfirst: str
    authors: tuple[str, ...]
    place: str
    topics: tuple[str, ...]
    body: tuple[tuple[str, Any], ...]
    picture: str = ""
    caption: str = ""
    notes: str = ""
    published_before: datetime.timedelta | None = None
    updated_before: datetime.timedelta | None = None
    goes_live_after: datetime.timedelta | None = None

    @property
    def name(self) -> tuple[str, str]:
        """What no other story has: its key, which translations share, and its language."""
        return (self.key, self.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoComment:
    """A reader's comment, so many ``days`` after its story.

    ``answers`` is the name over a comment on the same story; one that ``is_staff`` is the newsroom's own.
    """

    story: str
    language: str
    days: int
    state: str
    name: str
    text: str
    answers: str = ""
    is_staff: bool = False
    is_pick: bool = False


def load_stories() -> list[DemoStory]:
    """All stories, in the order of their files' names.

    Raises:
        BadDemoFile: a file lacks something, or holds something that nobody knows.
    """
    found = sorted(_FOLDER.joinpath("stories").iterdir(), key=lambda file: file.name)
    return [
        _story(file.name, file.read_text(encoding="utf-8")) for file in found if file.name.endswith(".toml")
    ]


def load_comments() -> list[DemoComment]:
    """All comments, in the file's order."""
    return [DemoComment(**facts) for facts in load_file("comments")["comment"]]


def load_file(name: str) -> dict[str, Any]:
    """One of the other files (``people``, ``places``, ``topics``, ``pictures``, ``publications``)."""
    return tomllib.loads(_FOLDER.joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def picture_bytes(name: str) -> bytes:
    """A picture's file."""
    return _FOLDER.joinpath("pictures", f"{name}.jpg").read_bytes()


def _story(file_name: str, text: str) -> DemoStory:
    try:
        facts: dict[str, Any] = tomllib.loads(text)
        for field in ("published_before", "updated_before", "goes_live_after"):
            if field in facts:
                facts[field] = datetime.timedelta(**facts[field])
        facts["body"] = tuple(_block(part) for part in facts["body"])
        for field in ("authors", "topics"):
            facts[field] = tuple(facts[field])
        return DemoStory(**facts)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise BadDemoFile(f"The demo's story {file_name} cannot be read: {error}") from error


def _block(part: str | Mapping[str, Any]) -> tuple[str, Any]:
    """A body's part as a block's type and value: text is a paragraph, tables say what they are."""
    match part:
        case str():
            return ("paragraph", paragraph_html(part))
        case {"subheading": str(text)}:
            return ("subheading", text)
        case {"pull_quote": str(text), "speaker": speaker, **rest}:
            return ("pull_quote", {"text": text, "speaker": speaker, "role": rest.get("role", "")})
        case {"photo": str(picture), **rest}:
            return ("photo", {"photo": picture, "caption": rest.get("caption", "")})
        case {"list": list(items), **rest}:
            points = [paragraph_html(item) for item in items]
            return ("list", {"ordered": rest.get("ordered", False), "items": points})
        case {"related": str(key)}:
            return ("related", key)
    raise ValueError(f"nobody knows a part of a body with {sorted(part)}")


def paragraph_html(text: str) -> str:
    """Plain text as rich text of one paragraph."""
    return f"<p>{escape(text, quote=False)}</p>"


def text_html(parts: list[str | Mapping[str, Any]]) -> str:
    """A policy's or "about" page's parts as rich text."""
    html = []
    for part in parts:
        match part:
            case str():
                html.append(paragraph_html(part))
            case {"heading": str(text)}:
                html.append(f"<h2>{escape(text, quote=False)}</h2>")
            case {"list": list(items)}:
                html.append(
                    "<ul>" + "".join(f"<li>{escape(item, quote=False)}</li>" for item in items) + "</ul>"
                )
            case _:
                raise BadDemoFile(f"publications.toml: nobody knows a part with {sorted(part)}.")
    return "".join(html)
