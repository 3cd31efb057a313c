"""What people do in a newsroom that readers may see, each done as the desk does it.

Every public method of ``DeskWork`` is one operation. It takes two small numbers, which choose among what is
there (``which`` of the stories, ``other`` of the slugs…), so that a sequence that fails shrinks to something
that can be read. What the desk refuses is refused here too, and changes nothing.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.core.files.images import ImageFile
from PIL import Image

from nashra.desk import publishing
from nashra.desk.models import (
    Change,
    Person,
    PersonTranslation,
    Photo,
    Place,
    Section,
    Story,
    StoryAuthor,
    Topic,
)
from tests.press.choosing import (
    NAMES,
    SLUGS,
    change_named_slug,
    choose,
    every,
    refused,
    sections,
    story_at,
)
from tests.press.frame_work import FrameWork
from tests.press.readers_work import ReadersWork

COLOURS = ("navy", "maroon", "olive")


class Clock:
    """The machine's clock in a test: it moves when the test says so, and a little at each look."""

    def __init__(self, start: datetime.datetime) -> None:
        self.moment = start

    def __call__(self) -> datetime.datetime:
        self.moment += datetime.timedelta(milliseconds=1)
        return self.moment

    def pass_by(self, **time: float) -> None:
        """Let time go by."""
        self.moment += datetime.timedelta(**time)


def small_photo(number: int) -> Photo:
    """A picture of one colour, named by it."""
    colour = COLOURS[number % len(COLOURS)]
    return Photo.objects.create(title=colour, alt_text=f"A {colour} river.", file=picture(number))


def picture(number: int) -> ImageFile:
    """The file of a small picture."""
    buffer = io.BytesIO()
    colour = COLOURS[number % len(COLOURS)]
    Image.new("RGB", (16 + number, 12), colour).save(buffer, "PNG")
    return ImageFile(io.BytesIO(buffer.getvalue()), name=f"{colour}{number}.png")


class DeskWork(FrameWork, ReadersWork):
    """A newsroom at work; ``clock`` is the only time that it knows."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.moderator = User(username="moderator", is_superuser=True)
        self._written = 0

    # Stories.

    def write_story(self, which: int, other: int) -> None:
        """A new story: in one of the sections, under one of few slugs."""
        self._write(choose(sections(), which), SLUGS[other % len(SLUGS)], which + other)

    def write_older_story(self, which: int, other: int) -> None:
        """A story that appeared elsewhere, months ago."""
        story = self._write(choose(sections(), which), "", other, publish=False)
        if story is not None:
            moment = self.clock() - datetime.timedelta(days=17 * (1 + other))
            publishing.publish_story(story=story, published_at=moment)

    def edit_story(self, which: int, other: int) -> None:
        self._edit(which, standfirst=f"It carries {other} papers.")

    def keep_draft(self, which: int, other: int) -> None:
        """Words that nobody published yet."""
        if story := story_at(which):
            story.title, story.slug = f"Not yet said {other}", "not-yet"
            story.save_revision()

    def retitle_story(self, which: int, other: int) -> None:
        self._edit(which, title=f"The ferry and {NAMES[other % len(NAMES)]}")

    def change_slug(self, which: int, other: int) -> None:
        self._edit(which, slug=SLUGS[other % len(SLUGS)])

    def retitle_and_change_slug(self, which: int, other: int) -> None:
        self._edit(which, title=f"Renamed {other}", slug=f"renamed-{other}")

    def move_story(self, which: int, other: int) -> None:
        story, section = story_at(which), choose(sections(), other)
        if story and section and not section.get_children().filter(slug=story.slug).exists():
            with refused():
                story.move(section, pos="last-child")

    def withdraw_story(self, which: int, other: int) -> None:
        if story := story_at(which):
            publishing.withdraw_story(story=story)

    def publish_again(self, which: int, other: int) -> None:
        """The story's latest words, withdrawn or not; drafts that were kept come along."""
        if story := story_at(which):
            with refused():
                publishing.publish_story(story=story)

    def delete_story(self, which: int, other: int) -> None:
        if story := story_at(which):
            story.delete()

    def let_story_expire(self, which: int, other: int) -> None:
        self._edit(which, expire_at=self.clock() + datetime.timedelta(hours=1))
        self.clock.pass_by(hours=2)
        publishing.run_due(now=self.clock())

    def schedule_story(self, which: int, other: int) -> None:
        story = self._write(choose(sections(), which), "", other, publish=False)
        if story is not None:
            publishing.schedule_story(
                story=story, go_live_at=self.clock() + datetime.timedelta(days=2 * other)
            )
            self.clock.pass_by(days=2 * other, hours=1)
            publishing.run_due(now=self.clock())

    def translate_story(self, which: int, other: int) -> None:
        story = story_at(which)
        others = [section for section in sections() if story and section.locale_id != story.locale_id]
        section = choose(others, other)
        if story and section:
            kin = Story.objects.filter(translation_key=story.translation_key, locale_id=section.locale_id)
            if not kin.exists():
                self._write(section, "", other, translation_of=story)

    def allow_comments(self, which: int, other: int) -> None:
        self._edit(which, comments_enabled=bool(other % 2))

    def link_story(self, which: int, other: int) -> None:
        """A link in the text and one on a line of its own, to another story."""
        if target := story_at(other):
            text = f'<p>As <a linktype="page" id="{target.pk}">we said</a>.</p>'
            self._edit(which, body=[("paragraph", text), ("related", target)])

    # What stories name.

    def change_byline(self, which: int, other: int) -> None:
        people = every(Person)
        chosen = [person for place, person in enumerate(people) if (other >> place) & 1]
        self._edit(which, authors=[StoryAuthor(person=person) for person in chosen])

    def rename_person(self, which: int, other: int) -> None:
        if person := choose(every(Person), which):
            person.name = NAMES[other % len(NAMES)]
            person.save()

    def change_persons_slug(self, which: int, other: int) -> None:
        change_named_slug(Person, which, other)

    def withhold_name(self, which: int, other: int) -> None:
        if person := choose(every(Person), which):
            person.name_withheld = other % 2 == 0
            person.save()

    def name_person_in_arabic(self, which: int, other: int) -> None:
        if person := choose(every(Person), which):
            person.translations = [PersonTranslation(language="ar", name=f"ميرا {other}")]
            person.biography = f"<p>Writes about {other} rivers.</p>"
            person.save()

    def delete_person(self, which: int, other: int) -> None:
        if person := choose(every(Person), which):
            person.delete()

    def add_topic(self, which: int, other: int) -> None:
        """A topic for a story: one that is there, or a new one."""
        topics = every(Topic)
        topic = topics[other] if other < len(topics) else Topic.objects.create(name=f"Topic {other}")
        if story := story_at(which):
            self._edit(which, topics=[*story.topics.all(), topic])

    def take_topics_away(self, which: int, other: int) -> None:
        self._edit(which, topics=[])

    def rename_topic(self, which: int, other: int) -> None:
        if topic := choose(every(Topic), which):
            topic.name = f"Rivers {other}"
            topic.save()

    def change_topics_slug(self, which: int, other: int) -> None:
        change_named_slug(Topic, which, other)

    def delete_topic(self, which: int, other: int) -> None:
        if topic := choose(every(Topic), which):
            topic.delete()

    def change_place(self, which: int, other: int) -> None:
        self._edit(which, dateline_place=choose([None, *every(Place)], other))

    def rename_place(self, which: int, other: int) -> None:
        if place := choose(every(Place), which):
            place.name = f"Harbour {other}"
            place.save()

    def delete_place(self, which: int, other: int) -> None:
        if place := choose(every(Place), which):
            place.delete()

    def show_photo(self, which: int, other: int) -> None:
        """Above the story, in its text, or both."""
        photo = choose(every(Photo), other)
        if photo is None:
            return
        if other % 2:
            self._edit(which, lead_photo=photo, lead_caption="" if other % 3 else "The river.")
        else:
            self._edit(which, body=[("photo", {"photo": photo, "caption": ""})])

    def show_portrait(self, which: int, other: int) -> None:
        if person := choose(every(Person), which):
            person.portrait = choose([None, *every(Photo)], other)
            person.save()

    def change_photos_words(self, which: int, other: int) -> None:
        """New words, which alone change the page, and a new credit, which changes the files."""
        if photo := choose(every(Photo), which):
            photo.caption = f"The river on day {other}."
            photo.credit_person = NAMES[other % len(NAMES)] if other % 2 else photo.credit_person
            photo.save()

    def replace_picture(self, which: int, other: int) -> None:
        if photo := choose(every(Photo), which):
            photo.file = picture(other)
            photo.save()

    def delete_photo(self, which: int, other: int) -> None:
        if photo := choose(every(Photo), which):
            photo.delete()

    # What changes how the press takes all this.

    def let_time_pass(self, which: int, other: int) -> None:
        self.clock.pass_by(days=9 * (1 + other))

    def mark_as_bulk(self, which: int, other: int) -> None:
        """All that waits came from an import."""
        Change.objects.update(is_bulk=True)

    def _write(
        self, section: Section | None, slug: str, number: int, *, publish: bool = True, **fields: Any
    ) -> Story | None:
        if section is None:
            return None
        self._written += 1
        with refused():
            story = publishing.write_story(
                section=section,
                slug=slug,
                headline=f"The ferry comes in {self._written}",
                authors=[person for person in [choose(every(Person), number)] if person],
                topics=[topic for topic in [choose(every(Topic), number)] if topic],
                body=[("paragraph", "<p>The ferry came in at dawn.</p>")],
                **fields,
            )
            return publishing.publish_story(story=story) if publish else story
        return None

    def _edit(self, which: int, **values: Any) -> None:
        self._edit_page(story_at(which), **values)

    def _edit_page(self, page: Any, **values: Any) -> None:
        """Edit the latest words of a page and publish it; one that is not live stays a draft."""
        if page is None:
            return
        with refused():
            draft = page.get_latest_revision_as_object()
            for name, value in values.items():
                setattr(draft, name, value)
            revision = draft.save_revision()
            if page.live:
                revision.publish()


OPERATIONS: dict[str, Callable[[DeskWork, int, int], None]] = {
    name: method
    for room in (DeskWork, FrameWork, ReadersWork)
    for name, method in vars(room).items()
    if not name.startswith("_") and callable(method)
}
