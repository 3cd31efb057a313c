"""Which stories of an edition go into a bundle or a volume's text, read from the edition's own files.

What is bundled is what was signed: nothing is read from the site or a database. Must not make bytes or hold
a key.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from nashra.binding.earlier import EarlierEditions
from nashra.bundles.bundle import Bundle, bundle_of
from nashra.bundles.stories import BundleStory, NoStory, story_of_page
from nashra.edition.index import FRONT, Edition
from nashra.edition.paths import PAGE_FILE

_STORY_MARK = b'<article class="story"'


class NothingToBundle(LookupError):
    """No story of the edition was asked for; the message says what to ask for instead."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which stories a bundle shall hold: all of these at once; ``stories`` is how many at most, the newest.

    ``section`` is the first part of an address (``en/security``), or a section's slug.
    """

    since: datetime.timedelta | None = None
    stories: int | None = None
    section: str = ""
    volume: str = ""
    language: str = ""


def stories_of_volume(earlier: EarlierEditions, edition: Edition, name: str) -> Iterator[BundleStory]:
    """The stories of one of an edition's volumes, in the order of their addresses.

    Raises:
        OSError, BadManifest: the edition is damaged.
    """
    for volume in edition.volumes:
        if volume.name != name:
            continue
        for path in sorted(earlier.manifest(edition, volume)):
            if not path.endswith(f"/{PAGE_FILE}"):
                continue
            page = earlier.file(edition, path).read_bytes()
            if _STORY_MARK in page:
                try:
                    yield story_of_page("/" + path.removesuffix(PAGE_FILE), page)
                except NoStory:
                    continue


def choose(earlier: EarlierEditions, edition: Edition, choice: Choice, *, photos: bool) -> Bundle:
    """The bundle of what was asked for.

    Raises:
        NothingToBundle: no story was.
        OSError, BadManifest: the edition is damaged.
    """
    names = [volume.name for volume in edition.volumes if volume.name != FRONT]
    if choice.volume and choice.volume not in names:
        raise NothingToBundle(
            f"Edition {edition.number} has no volume {choice.volume}; it has: {', '.join(names)}."
        )
    earliest = edition.cut_at - choice.since if choice.since else None
    found: list[BundleStory] = []
    for name in sorted([choice.volume] if choice.volume else names, reverse=True):
        # Months are those of the publication's own time zone, which may be a day behind.
        if earliest and name < f"{earliest - datetime.timedelta(days=1):%Y-%m}":
            break
        found += [
            each for each in stories_of_volume(earlier, edition, name) if _is_asked(each, choice, earliest)
        ]
        # A volume holds a month: whatever lies in one before is older than all of these.
        if choice.stories and len(found) >= choice.stories:
            break
    found.sort(key=lambda story: (story.published_at, story.address), reverse=True)
    found = found[: choice.stories] if choice.stories else found
    if not found:
        raise NothingToBundle("No story of the edition is what you asked for: ask for more days or stories.")
    held = {}
    if photos:
        shown = {path for story in found for path in story.photos}
        held = {path: earlier.file(edition, path).read_bytes() for path in sorted(shown)}
    return bundle_of(tuple(found), number=edition.number, cut_at=edition.cut_at, photos=held)


def _is_asked(story: BundleStory, choice: Choice, earliest: datetime.datetime | None) -> bool:
    language, section = story.address.strip("/").split("/")[:2]
    if choice.language and story.language != choice.language:
        return False
    if choice.section and choice.section.strip("/") not in {section, f"{language}/{section}"}:
        return False
    return earliest is None or story.published_at >= earliest
