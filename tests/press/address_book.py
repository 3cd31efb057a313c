"""Which addresses things have left, reckoned beside the press and from the rows of desk and readers alone.

The book is told whenever all that was due has been pressed. It then says which redirects and which
"withdrawn" pages a reader must find: what a full press over empty tables cannot know.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from urllib.parse import quote

from nashra.desk.models import Publication, Section, Story
from nashra.edition import paths
from nashra.readers.blocks import blocks_standing
from nashra.readers.models import Thread

# What leaves a page behind that says so; topics, people and months end without a trace.
_MOURNED = ("story:", "section:", "comments:")


class AddressBook:
    """The past of a site's addresses."""

    def __init__(self) -> None:
        self.standing: dict[str, str] = {}
        self.left: dict[str, str] = {}

    def note(self) -> None:
        """All that was due is pressed: what stood elsewhere before has left its address."""
        before, self.standing = self.standing, dict(standing())
        for key, address in before.items():
            if key in self.standing or key.startswith(_MOURNED):
                self.left[address] = key
            else:
                self.left = {old: owner for old, owner in self.left.items() if owner != key}
        for address in self.standing.values():
            self.left.pop(address, None)

    def traces(self) -> dict[str, str]:
        """Every redirect by its path, with its line, and every "withdrawn" page, with nothing."""
        live = {f"/{slug}/" for slug in Publication.objects.live().values_list("slug", flat=True)}
        traces = {}
        for address, key in self.left.items():
            if target := self.standing.get(key):
                traces[paths.moved_path(address)] = f"{quote(target)}\n"
            elif key.startswith(_MOURNED) and f"/{address.split('/')[1]}/" in live:
                traces[paths.gone_path(address)] = ""
        return traces


def standing() -> Iterator[tuple[str, str]]:
    """Everything that readers can find, by a name that never changes, with its address."""
    for publication in Publication.objects.live():
        home = f"/{publication.slug}/"
        yield f"home:{publication.pk}", home
        for section in Section.objects.child_of(publication).live():
            yield f"section:{section.pk}", f"{home}{section.slug}/"
            yield f"feed:{section.pk}", f"{home}{section.slug}/feed.xml"
            stories = Story.objects.child_of(section).live().prefetch_related("topics", "authors__person")
            for story in stories:
                yield from _of_story(story, publication, home, section)


def _of_story(
    story: Story, publication: Publication, home: str, section: Section
) -> Iterator[tuple[str, str]]:
    front = f"{home}{section.slug}/"
    yield f"story:{story.public_id}", f"{front}{story.slug}/"
    day = story.first_published_at.astimezone(zoneinfo.ZoneInfo(publication.time_zone))
    yield f"month:{section.pk}:{day:%Y-%m}", f"{front}{day:%Y/%m}/"
    yield f"sitemap:{section.pk}:{day:%Y-%m}", f"{front}{day:%Y/%m}/sitemap.xml"
    thread = Thread.objects.filter(public_id=story.public_id).first()
    for number in range(1, blocks_standing(thread.last_position) + 1 if thread else 0):
        yield f"comments:{story.public_id}.{number}", f"{front}{story.slug}/comments/{number}/"
    for topic in story.topics.all():
        yield f"topic:{publication.pk}:{topic.pk}", f"{home}topics/{topic.slug}/"
    for entry in story.authors.all():
        if not entry.person.name_withheld:
            yield f"person:{publication.pk}:{entry.person_id}", f"{home}people/{entry.person.slug}/"
