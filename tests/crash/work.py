"""What is done in a real newsroom between two runs of its press; each function has a process of its own."""

from __future__ import annotations

import datetime
import random
import shutil
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Permission, User

from nashra.desk import publishing
from nashra.desk.bulk.filing import NewStory, file_stories, set_body
from nashra.desk.models import Person, Publication, Section, Story, Topic
from nashra.press.gather.changes import has_due
from nashra.press.run import needs_full_press, press_due, press_full
from nashra.readers import tidying
from tests.press.crawler import crawl
from tests.press.desk_work import OPERATIONS, Clock, DeskWork, small_photo
from tests.press.stock import differences, files_of, rolled_back

# What the desk does while the press is being killed: of everything that moves pages, and much of the rest.
CHANGES = (
    *(
        "write_story",
        "edit_story",
        "retitle_and_change_slug",
        "move_story",
        "withdraw_story",
        "publish_again",
    ),
    *("delete_story", "translate_story", "link_story", "show_photo", "change_byline", "withhold_name"),
    *("change_persons_slug", "add_topic", "change_topics_slug", "take_topics_away", "receive_and_approve"),
    *("receive_very_many", "receive_reply", "erase_older_comments"),
    *("erase_comment", "change_sections_slug", "rename_section", "take_section_off_line", "put_section_back"),
)
# Most of what is done to a section presses everything; these touch a few pages.
SMALL_CHANGES = CHANGES[:-4]


def fill(stories: int) -> int:
    """Stock the newsroom that ``nashra init`` made."""
    clock = _clock()
    english, arabic = (Publication.objects.get(locale__language_code=language) for language in ("en", "ar"))
    for publication, title, slug in (
        (english, "Harbour", "harbour"),
        (english, "Society", "society"),
        (arabic, "أمن", "أمن"),
    ):
        publishing.create_section(publication=publication, title=title, slug=slug, now=clock())
    for number in range(2):
        small_photo(number)
    people = [Person.objects.create(name=name) for name in ("Mira Tal", "Ilo Marsh")]
    topics = [Topic.objects.create(name=name) for name in ("Ferries", "Bridges")]
    sections = list(Section.objects.order_by("pk"))
    file_stories(
        [
            NewStory(
                section_id=sections[number % 3].pk,
                headline=f"The ferry comes in {number}",
                body=set_body([("paragraph", f"<p>It carried {number} papers.</p>")]),
                is_published=True,
                author_ids=[people[number % 2].pk],
                topic_ids=[topics[number % 2].pk],
                published_at=clock() - datetime.timedelta(hours=9 * number),
            )
            for number in range(stories)
        ],
        now=clock(),
    )
    return stories


def change(seed: int, operations: int, names: list[str]) -> list[str]:
    """Some work at the desk; gives what was done."""
    chance = random.Random(seed)  # noqa: S311 -- chances, not secrets
    desk = DeskWork(_clock())
    desk._written = seed * 1000
    done = []
    for _number in range(operations):
        name, which, other = chance.choice(names), chance.randrange(12), chance.randrange(8)
        OPERATIONS[name](desk, which, other)
        done.append(f"{name}({which}, {other})")
    return done


def do(name: str, which: int, other: int) -> str:
    """One operation."""
    OPERATIONS[name](DeskWork(_clock()), which, other)
    return name


def open_section(slug: str) -> int:
    """A section that no other work touches: those of the stock may be off line by now."""
    paper = Publication.objects.get(locale__language_code="en")
    return publishing.create_section(publication=paper, title=slug.title(), slug=slug, now=_clock()()).pk


def write_in(section: int, headline: str) -> str:
    """A story, published there."""
    story = publishing.write_story(
        section=Section.objects.get(pk=section),
        headline=headline,
        body=[("paragraph", "<p>The ferry came in at dawn.</p>")],
    )
    return publishing.publish_story(story=story).public_id


def open_to_readers(stories: int) -> dict[str, str]:
    """Stories of their own for readers to write under: their addresses, by public id."""
    clock = _clock()
    # In a section of their own: the others may be off line by now.
    paper = Publication.objects.get(locale__language_code="en")
    section = publishing.create_section(publication=paper, title="Letters", slug="letters", now=clock())
    found = {}
    for number in range(stories):
        story = publishing.write_story(
            section=section,
            headline=f"Readers speak {number}",
            slug=f"readers-speak-{number}",
            body=[("paragraph", "<p>What did you see?</p>")],
        )
        publishing.publish_story(story=story)
        found[story.public_id] = Story.objects.get(pk=story.pk).address
    press_due(now=clock())
    return found


def hire_moderators(names: list[str], password: str) -> int:
    """Members of staff who decide about comments, and may do nothing else."""
    permissions = Permission.objects.filter(codename__in=("moderate_comments", "access_admin"))
    for name in names:
        User.objects.create_user(username=name, password=password).user_permissions.set(permissions)
    return permissions.count()


def tidy() -> bool:
    """What the readers' desk does by itself every ten minutes; whether SQLite's log is empty after it."""
    tidying.tidy(_clock()())
    return tidying.empty_write_ahead_log()


def waits() -> bool:
    """Whether anything is still to be pressed."""
    return has_due(_clock()()) or bool(needs_full_press())


def beside_one_full_press() -> str:
    """How the site differs from one full press over the same ledger into an empty folder."""
    own: Path = settings.NASHRA_SITE_FOLDER
    settings.NASHRA_SITE_FOLDER = own.with_name("at-once")
    try:
        with rolled_back():
            press_full(now=_clock()())
        faults = crawl(settings.NASHRA_SITE_FOLDER)
        found = differences(files_of(own), files_of(settings.NASHRA_SITE_FOLDER), ("on the site", "at once"))
    finally:
        for folder in (settings.NASHRA_SITE_FOLDER, own.with_name("at-once.tmp")):
            shutil.rmtree(folder, ignore_errors=True)
    return "\n".join([*faults, *([found] if found else [])])


def _clock() -> Clock:
    return Clock(datetime.datetime.now(tz=datetime.UTC))
