"""What people do in a newsroom that readers may see, each done as the desk does it.

Every public method of ``DeskWork`` is one operation. It takes two small numbers, which choose among what is
there (``which`` of the stories, ``other`` of the slugs…), so that a sequence that fails shrinks to something
that can be read. What the desk refuses is refused here too, and changes nothing.
"""

from __future__ import annotations

import contextlib
import datetime
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.images import ImageFile
from django.db import models, transaction
from PIL import Image

from nashra.desk import publishing
from nashra.desk.models import (
    Change,
    Person,
    PersonTranslation,
    Photo,
    Place,
    Publication,
    Section,
    Story,
    StoryAuthor,
    Topic,
)
from nashra.readers import moderation, reactions, receive
from nashra.readers.models import Comment, CommentState, Thread

Row = TypeVar("Row", bound=models.Model)

SLUGS = ("ferry", "bridge", "عبارة", "mill")
NAMES = ("Mira Tal", "Ilo Marsh", "Sana Wadi", "أمل")
ZONES = ("UTC", "Pacific/Auckland", "Pacific/Honolulu")
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


class DeskWork:
    """A newsroom at work; ``clock`` is the only time that it knows."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.moderator = User(username="moderator", is_superuser=True)
        self._written = 0

    # Stories.

    def write_story(self, which: int, other: int) -> None:
        """A new story: in one of the sections, under one of few slugs."""
        self._write(_choose(_sections(), which), SLUGS[other % len(SLUGS)], which + other)

    def write_older_story(self, which: int, other: int) -> None:
        """A story that appeared elsewhere, months ago."""
        story = self._write(_choose(_sections(), which), "", other, publish=False)
        if story is not None:
            moment = self.clock() - datetime.timedelta(days=17 * (1 + other))
            publishing.publish_story(story=story, published_at=moment)

    def edit_story(self, which: int, other: int) -> None:
        self._edit(which, standfirst=f"It carries {other} papers.")

    def keep_draft(self, which: int, other: int) -> None:
        """Words that nobody published yet."""
        if story := _story(which):
            story.title, story.slug = f"Not yet said {other}", "not-yet"
            story.save_revision()

    def retitle_story(self, which: int, other: int) -> None:
        self._edit(which, title=f"The ferry and {NAMES[other % len(NAMES)]}")

    def change_slug(self, which: int, other: int) -> None:
        self._edit(which, slug=SLUGS[other % len(SLUGS)])

    def retitle_and_change_slug(self, which: int, other: int) -> None:
        self._edit(which, title=f"Renamed {other}", slug=f"renamed-{other}")

    def move_story(self, which: int, other: int) -> None:
        story, section = _story(which), _choose(_sections(), other)
        if story and section and not section.get_children().filter(slug=story.slug).exists():
            with refused():
                story.move(section, pos="last-child")

    def withdraw_story(self, which: int, other: int) -> None:
        if story := _story(which):
            publishing.withdraw_story(story=story)

    def publish_again(self, which: int, other: int) -> None:
        """The story's latest words, withdrawn or not; drafts that were kept come along."""
        if story := _story(which):
            with refused():
                publishing.publish_story(story=story)

    def delete_story(self, which: int, other: int) -> None:
        if story := _story(which):
            story.delete()

    def let_story_expire(self, which: int, other: int) -> None:
        self._edit(which, expire_at=self.clock() + datetime.timedelta(hours=1))
        self.clock.pass_by(hours=2)
        publishing.run_due(now=self.clock())

    def schedule_story(self, which: int, other: int) -> None:
        story = self._write(_choose(_sections(), which), "", other, publish=False)
        if story is not None:
            publishing.schedule_story(
                story=story, go_live_at=self.clock() + datetime.timedelta(days=2 * other)
            )
            self.clock.pass_by(days=2 * other, hours=1)
            publishing.run_due(now=self.clock())

    def translate_story(self, which: int, other: int) -> None:
        story = _story(which)
        sections = [section for section in _sections() if story and section.locale_id != story.locale_id]
        section = _choose(sections, other)
        if story and section:
            kin = Story.objects.filter(translation_key=story.translation_key, locale_id=section.locale_id)
            if not kin.exists():
                self._write(section, "", other, translation_of=story)

    def allow_comments(self, which: int, other: int) -> None:
        self._edit(which, comments_enabled=bool(other % 2))

    def link_story(self, which: int, other: int) -> None:
        """A link in the text and one on a line of its own, to another story."""
        if target := _story(other):
            text = f'<p>As <a linktype="page" id="{target.pk}">we said</a>.</p>'
            self._edit(which, body=[("paragraph", text), ("related", target)])

    # What stories name.

    def change_byline(self, which: int, other: int) -> None:
        people = _all(Person)
        chosen = [person for place, person in enumerate(people) if (other >> place) & 1]
        self._edit(which, authors=[StoryAuthor(person=person) for person in chosen])

    def rename_person(self, which: int, other: int) -> None:
        if person := _choose(_all(Person), which):
            person.name = NAMES[other % len(NAMES)]
            person.save()

    def change_persons_slug(self, which: int, other: int) -> None:
        _change_named_slug(Person, which, other)

    def withhold_name(self, which: int, other: int) -> None:
        if person := _choose(_all(Person), which):
            person.name_withheld = other % 2 == 0
            person.save()

    def name_person_in_arabic(self, which: int, other: int) -> None:
        if person := _choose(_all(Person), which):
            person.translations = [PersonTranslation(language="ar", name=f"ميرا {other}")]
            person.biography = f"<p>Writes about {other} rivers.</p>"
            person.save()

    def delete_person(self, which: int, other: int) -> None:
        if person := _choose(_all(Person), which):
            person.delete()

    def add_topic(self, which: int, other: int) -> None:
        """A topic for a story: one that is there, or a new one."""
        topics = _all(Topic)
        topic = topics[other] if other < len(topics) else Topic.objects.create(name=f"Topic {other}")
        if story := _story(which):
            self._edit(which, topics=[*story.topics.all(), topic])

    def take_topics_away(self, which: int, other: int) -> None:
        self._edit(which, topics=[])

    def rename_topic(self, which: int, other: int) -> None:
        if topic := _choose(_all(Topic), which):
            topic.name = f"Rivers {other}"
            topic.save()

    def change_topics_slug(self, which: int, other: int) -> None:
        _change_named_slug(Topic, which, other)

    def delete_topic(self, which: int, other: int) -> None:
        if topic := _choose(_all(Topic), which):
            topic.delete()

    def change_place(self, which: int, other: int) -> None:
        self._edit(which, dateline_place=_choose([None, *_all(Place)], other))

    def rename_place(self, which: int, other: int) -> None:
        if place := _choose(_all(Place), which):
            place.name = f"Harbour {other}"
            place.save()

    def delete_place(self, which: int, other: int) -> None:
        if place := _choose(_all(Place), which):
            place.delete()

    def show_photo(self, which: int, other: int) -> None:
        """Above the story, in its text, or both."""
        photo = _choose(_all(Photo), other)
        if photo is None:
            return
        if other % 2:
            self._edit(which, lead_photo=photo, lead_caption="" if other % 3 else "The river.")
        else:
            self._edit(which, body=[("photo", {"photo": photo, "caption": ""})])

    def show_portrait(self, which: int, other: int) -> None:
        if person := _choose(_all(Person), which):
            person.portrait = _choose([None, *_all(Photo)], other)
            person.save()

    def change_photos_words(self, which: int, other: int) -> None:
        """New words, which alone change the page, and a new credit, which changes the files."""
        if photo := _choose(_all(Photo), which):
            photo.caption = f"The river on day {other}."
            photo.credit_person = NAMES[other % len(NAMES)] if other % 2 else photo.credit_person
            photo.save()

    def replace_picture(self, which: int, other: int) -> None:
        if photo := _choose(_all(Photo), which):
            photo.file = picture(other)
            photo.save()

    def delete_photo(self, which: int, other: int) -> None:
        if photo := _choose(_all(Photo), which):
            photo.delete()

    # Sections and publications.

    def open_section(self, which: int, other: int) -> None:
        publication = _choose(_all(Publication), which)
        with refused():
            publishing.create_section(publication=publication, title=f"New {other}", now=self.clock())

    def rename_section(self, which: int, other: int) -> None:
        self._edit_page(_choose(_sections(), which), title=f"Water {other}")

    def describe_section(self, which: int, other: int) -> None:
        self._edit_page(_choose(_sections(), which), description=f"All about {other} rivers.")

    def change_sections_slug(self, which: int, other: int) -> None:
        self._edit_page(_choose(_sections(), which), slug=SLUGS[other % len(SLUGS)])

    def take_section_off_line(self, which: int, other: int) -> None:
        if section := _choose(_sections(), which):
            section.unpublish()

    def put_section_back(self, which: int, other: int) -> None:
        if section := _choose([section for section in _sections() if not section.live], which):
            with refused():
                section.save_revision().publish()

    def reorder_sections(self, which: int, other: int) -> None:
        first, second = _choose(_sections(), which), _choose(_sections(), other)
        if first and second and first.pk != second.pk and first.get_parent() == second.get_parent():
            first.move(second, pos="left")

    def delete_section(self, which: int, other: int) -> None:
        if section := _choose(_sections(), which):
            section.delete()

    def rename_publication(self, which: int, other: int) -> None:
        publication = _choose(_all(Publication), which)
        self._edit_page(publication, title=f"The Lantern {other}", strapline=f"Since {1900 + other}")

    def change_time_zone(self, which: int, other: int) -> None:
        self._edit_page(_choose(_all(Publication), which), time_zone=ZONES[other % len(ZONES)])

    def take_publication_off_line(self, which: int, other: int) -> None:
        if publication := _choose(_all(Publication), which):
            publication.unpublish()

    def put_publication_back(self, which: int, other: int) -> None:
        if publication := _choose([each for each in _all(Publication) if not each.live], which):
            publication.save_revision().publish()

    # Readers.

    def receive_comment(self, which: int, other: int) -> None:
        thread = _choose(list(Thread.objects.order_by("public_id")), which)
        if thread is None:
            return
        self._written += 1
        typed = receive.Typed(name=NAMES[other % len(NAMES)], text=f"I was there, {other} times.")
        nonce = f"nonce {self._written}"
        seen = receive.preview_comment(thread=thread, typed=typed, now=self.clock(), nonce=nonce)
        if seen.token:
            receive.accept_comment(
                thread=thread, typed=typed, token=seen.token, now=self.clock(), nonce=f"{nonce} again"
            )

    def approve_comments(self, which: int, other: int) -> None:
        """Every comment that waits: bursts are what a moderator makes."""
        for public_id in _comments(CommentState.WAITING):
            moderation.approve(public_id=public_id, moderator=self.moderator, now=self.clock())

    def receive_and_approve(self, which: int, other: int) -> None:
        self.receive_comment(which, other)
        self.approve_comments(which, other)

    def reject_comment(self, which: int, other: int) -> None:
        if public_id := _choose(_comments(CommentState.WAITING), which):
            moderation.reject(public_id=public_id, moderator=self.moderator, now=self.clock())

    def reopen_comment(self, which: int, other: int) -> None:
        if public_id := _choose(_comments(CommentState.APPROVED), which):
            moderation.reopen(
                public_id=public_id,
                from_state=CommentState.APPROVED,
                moderator=self.moderator,
                now=self.clock(),
            )

    def erase_comment(self, which: int, other: int) -> None:
        if public_id := _choose(_comments(*CommentState), which):
            moderation.erase(public_id=public_id, moderator=self.moderator, now=self.clock())

    def publish_reactions(self, which: int, other: int) -> None:
        thread = _choose(list(Thread.objects.order_by("public_id")), which)
        if thread is not None:
            for voter in range(other + 2):
                choice = "yes" if voter % 3 else "no"
                reactions.vote(
                    story_public_id=thread.public_id, choice=choice, voter=f"{voter}", now=self.clock()
                )
            self.clock.pass_by(hours=1)
            reactions.publish_totals(self.clock())

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
                authors=[person for person in [_choose(_all(Person), number)] if person],
                topics=[topic for topic in [_choose(_all(Topic), number)] if topic],
                body=[("paragraph", "<p>The ferry came in at dawn.</p>")],
                **fields,
            )
            return publishing.publish_story(story=story) if publish else story
        return None

    def _edit(self, which: int, **values: Any) -> None:
        self._edit_page(_story(which), **values)

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
    name: method for name, method in vars(DeskWork).items() if not name.startswith("_")
}


@contextlib.contextmanager
def refused() -> Iterator[None]:
    """What the desk refuses, such as a second story under one slug, is undone."""
    with contextlib.suppress(ValidationError), transaction.atomic():
        yield


def _choose(rows: Sequence[Row], number: int) -> Row | None:
    return rows[number % len(rows)] if rows else None


def _all(model: type[Row]) -> list[Row]:
    return list(model.objects.order_by("pk"))  # type: ignore[attr-defined]


def _story(which: int) -> Story | None:
    """The newest first, so that number 0 is the one that a sequence wrote itself."""
    return _choose(list(Story.objects.order_by("-pk")), which)


def _sections() -> list[Section]:
    return _all(Section)


def _comments(*states: str) -> list[str]:
    found = Comment.objects.filter(state__in=states).order_by("pk")
    return list(found.values_list("public_id", flat=True))


def _change_named_slug(model: type[Person] | type[Topic], which: int, other: int) -> None:
    row, slug = _choose(_all(model), which), SLUGS[other % len(SLUGS)]
    if row and not model.objects.filter(slug=slug).exists():
        row.slug = slug
        row.save()
