"""Which published story an old one is: by the mapping that was given, its address, its slug, its headline.

Must not guess: what fits two stories fits none, and a sentence says so.
"""

from __future__ import annotations

import csv
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from nashra.intake.comments.parts import BadFile, OldStory
from nashra.readers.models import Thread

MAX_MAPPING_BYTES = 20 * 1024 * 1024
_ENDINGS = (".html", ".htm", ".php", ".aspx")


class Published(NamedTuple):
    """A story that readers can open."""

    pk: int
    public_id: str
    language: str
    headline: str
    address: str


class NotFound(LookupError):
    """No published story can be told to be an old one; the words say why, without a subject."""


class NotWanted(Exception):
    """The mapping says that this story's comments are not to be imported."""


@dataclass(frozen=True, slots=True)
class Link:
    """An old address in the form in which two are compared."""

    host: str
    path: str
    query: str

    @property
    def slug(self) -> str:
        """The last part of the path, without an ending such as ``.html``."""
        last = self.path.rpartition("/")[2]
        for ending in _ENDINGS:
            last = last.removesuffix(ending)
        return last


class Stories:
    """The published stories, to look old ones up in; ``language`` narrows it to one publication."""

    def __init__(self, language: str = "") -> None:
        rows = Thread.objects.filter(is_withdrawn=False).values_list(*("pk", *Published._fields[1:]))
        self.all = [Published(*row) for row in rows.order_by("pk").iterator(chunk_size=2000)]
        self.by_public_id = {story.public_id: story for story in self.all}
        self._by_address: dict[str, list[Published]] = defaultdict(list)
        self._by_slug: dict[str, list[Published]] = defaultdict(list)
        self._by_headline: dict[str, list[Published]] = defaultdict(list)
        self._mapping: Mapping[str, Published | None] = {}
        for story in self.all:
            if not language or story.language == language:
                path = story.address.strip("/")
                self._by_address[path].append(story)
                self._by_slug[path.rpartition("/")[2]].append(story)
                self._by_headline[_squeezed(story.headline)].append(story)

    def find(self, old: OldStory) -> Published:
        """The one published story that this is.

        Raises:
            NotFound: there is none, or more than one.
            NotWanted: the mapping leaves it out.
        """
        link = link_of(old.link)
        for key in _keys(link, old):
            if key in self._mapping:
                return _wanted(self._mapping[key])
        if old.public_id in self.by_public_id:
            return self.by_public_id[old.public_id]
        slugs = [normal(old.slug), link.slug]
        candidates = [("address", link.path, self._by_address)]
        candidates += [("slug", slug, self._by_slug) for slug in dict.fromkeys(slugs)]
        candidates += [("headline", _squeezed(old.title), self._by_headline)]
        for what, key, index in candidates:
            found = index.get(key, []) if key else []
            if len(found) > 1:
                addresses = ", ".join(story.address for story in found[:3])
                raise NotFound(f"its {what} is that of {len(found)} stories ({addresses}).")
            if found:
                return found[0]
        raise NotFound("no published story has its address, slug or headline.")

    def use_mapping(self, file: Path) -> None:
        """Take the old links and slugs of a CSV file for the stories that it names beside them.

        Raises:
            BadFile: it cannot be read, or names a story that is not published.
        """
        self._mapping = dict(self._mapped(_rows(file)))

    def _mapped(self, rows: Iterable[tuple[int, list[str]]]) -> Iterable[tuple[str, Published | None]]:
        for number, row in rows:
            old, meant = (cell.strip() for cell in (*row, "", "")[:2])
            if not old or (number == 1 and (old, meant) == ("old", "story")):
                continue
            yield mapping_key(old), self._meant(meant, number) if meant else None

    def _meant(self, meant: str, number: int) -> Published:
        if meant in self.by_public_id:
            return self.by_public_id[meant]
        path = link_of(meant).path
        found = [story for story in self.all if story.address.strip("/") == path]
        if len(found) != 1:
            raise BadFile(f"names in line {number} a story that is not published here: {meant[:100]!r}.")
        return found[0]


def link_of(link: str) -> Link:
    """An old link in parts: no scheme, no www., decoded, in small letters, no slashes at the ends."""
    try:
        parts = urlsplit(link.strip())
        host = parts.netloc.lower().rpartition("@")[2].removeprefix("www.")
    except ValueError:
        return Link("", "", "")
    return Link(host, normal(parts.path), parts.query)


def normal(path: str) -> str:
    """A path or a slug as addresses here are spelt."""
    return unicodedata.normalize("NFC", unquote(path).strip().strip("/").lower())


def mapping_key(old: str) -> str:
    """How the mapping knows an old link or slug."""
    if "/" not in old and "?" not in old:
        return normal(old)
    link = link_of(old)
    return _joined(link.host, link.path, link.query)


def _keys(link: Link, old: OldStory) -> Iterable[str]:
    """What an old story may be called in the mapping, the most exact first."""
    if link.path or link.query:
        yield _joined(link.host, link.path, link.query)
        yield _joined("", link.path, link.query)
    if link.path:
        yield _joined(link.host, link.path, "")
        yield _joined("", link.path, "")
    for slug in (old.slug, link.slug, *old.names):
        if slug:
            yield normal(slug)


def _joined(host: str, path: str, query: str) -> str:
    return f"{host}/{path}" + (f"?{query}" if query else "")


def _wanted(story: Published | None) -> Published:
    if story is None:
        raise NotWanted
    return story


def _squeezed(headline: str) -> str:
    return " ".join(unicodedata.normalize("NFC", headline).casefold().split())


def _rows(file: Path) -> list[tuple[int, list[str]]]:
    try:
        if file.stat().st_size > MAX_MAPPING_BYTES:
            raise BadFile(
                f"is bigger than a list of stories can be ({MAX_MAPPING_BYTES // 2**20} MB at most)."
            )
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.reader(lines, strict=True)
            return [(reader.line_num, row) for row in reader]
    except OSError as error:
        raise BadFile(f"cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BadFile("is not in UTF-8: save it as “CSV UTF-8”.") from error
    except csv.Error as error:
        raise BadFile(f"is no CSV that can be read: {error}.") from error
