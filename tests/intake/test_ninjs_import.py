"""Items become stories, once each; later versions and withdrawals reach them; the desk's work stands."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from wagtail.models import Page

from nashra.desk import publishing
from nashra.desk.models import (
    Change,
    Person,
    PersonTranslation,
    Place,
    Provenance,
    Publication,
    Section,
    Story,
    Topic,
)
from nashra.intake.ninjs.command import Wishes, import_ninjs
from nashra.intake.ninjs.report import Report
from tests.intake.conftest import NOW
from tests.intake.ninjs_examples import html, item, lines

LATER = "2026-03-01T00:00:00Z"


class Intake:
    """Imports items into the newsroom of these tests, and keeps what was said."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def __call__(self, *items: Any, now: datetime.datetime = NOW, **wishes: Any) -> Report:
        self.said.clear()
        wished = Wishes(**{"publish": True, **wishes})
        return import_ninjs(
            lines(*items), source="archive.jsonl", wishes=wished, now=now, say=self.said.append
        )


@pytest.fixture
def take(newsroom: Any) -> Intake:
    return Intake()


def story(number: int = 1) -> Story:
    return Provenance.objects.get(uri=item(number)["uri"]).story


def counts(report: Report) -> dict[str, int]:
    return {kind: number for kind, number in report.counts.items() if number}


def test_an_item_becomes_a_published_story(take):
    report = take(item())
    made = story()
    assert counts(report) == {"new": 1}
    assert (made.title, made.address) == ("The ovens burn again 1", "/en/sea/the-ovens-burn-again-1/")
    assert (made.live, made.has_unpublished_changes) == (True, False)
    assert made.standfirst == "Bread, after a winter without."
    assert (made.lead_caption, made.lead_credit) == ("The first loaf.", "Sami Tarek/GNA")
    assert [str(author) for author in made.authors.all()] == ["Rana Odeh"]
    assert str(made.dateline_place) == "Port Salam"
    assert [topic.name for topic in made.topics.all()] == ["bread"]
    assert made.first_published_at.isoformat() == "2026-02-01T08:00:00+00:00"
    assert made.last_published_at.isoformat() == "2026-02-01T09:00:00+00:00"
    assert [block.block_type for block in made.body] == ["paragraph", "subheading", "paragraph", "list"]
    assert made.notes == "Imported from archive.jsonl on 2026-11-22: urn:newsml:gull.example:2026:1"


def test_without_publish_it_is_a_draft(take):
    take(item(), publish=False)
    assert not story().live
    assert not Change.objects.filter(kind="story").exists()


def test_a_second_run_adds_nothing(take):
    items = [item(number) for number in range(5)]
    take(*items)
    rows = list(Story.objects.order_by("pk").values_list("pk", "latest_revision_id"))
    Change.objects.all().delete()
    report = take(*items)
    assert counts(report) == {"known": 5}
    assert list(Story.objects.order_by("pk").values_list("pk", "latest_revision_id")) == rows
    assert not Change.objects.exists()


def test_an_import_that_was_cut_off_goes_on(take):
    items = [item(number) for number in range(250)]

    class CutOff(Exception):
        pass

    def cut_off(done: int) -> None:
        if done >= 200:
            raise CutOff

    stream = lines(*items)
    with pytest.raises(CutOff):
        import_ninjs(stream, source="a", wishes=Wishes(publish=True), now=NOW, say=print, progress=cut_off)
    assert Story.objects.count() == 200
    assert counts(take(*items)) == {"known": 200, "new": 50}
    assert Page.find_problems() == ([], [], [], [], [])


def test_a_later_version_changes_the_story_at_its_old_address(take):
    take(item())
    before = story()
    changed = html("<p>They are cold.</p>", versionCreated=LATER, headlines=[{"value": "The ovens are cold"}])
    report = take(changed)
    after = story()
    assert counts(report) == {"updated": 1}
    assert (after.pk, after.address) == (before.pk, before.address)
    assert (after.title, after.body_html) == ("The ovens are cold", "<p>They are cold.</p>")
    assert after.first_published_at == before.first_published_at
    assert after.last_published_at.isoformat() == "2026-03-01T00:00:00+00:00"
    assert after.live
    assert not after.has_unpublished_changes


def test_an_older_version_is_known_already(take):
    take(item(versionCreated=LATER))
    assert counts(take(item())) == {"known": 1}


def test_two_versions_in_one_file_end_in_the_later_one(take):
    report = take(item(), item(versionCreated=LATER, headlines=[{"value": "Cold"}]), item())
    assert counts(report) == {"new": 1, "updated": 1, "known": 1}
    assert story().title == "Cold"


def test_a_canceled_item_is_withdrawn_and_a_later_version_brings_it_back(take):
    take(item())
    report = take(item(pubStatus="canceled"))
    assert counts(report) == {"withdrawn": 1}
    assert not story().live
    assert counts(take(item(pubStatus="canceled"))) == {"known": 1}
    assert counts(take(item(versionCreated=LATER))) == {"updated": 1}
    assert story().live


def test_what_is_canceled_before_it_came_is_left_out(take):
    report = take(item(pubStatus="canceled"))
    assert not Story.objects.exists()
    assert report.summary()[0] == "Left out: 1 taken back before they came."


def test_what_the_desk_changed_stands_and_is_named_each_time(take):
    take(item())
    mended = story()
    mended.title = "The ovens of Nahr burn again"
    mended.save_revision().publish()
    later = item(versionCreated=LATER, headlines=[{"value": "Cold"}])
    for _ in range(2):
        report = take(later)
        assert counts(report) == {"kept": 1}
        assert take.said == [
            "line 1: “The ovens of Nahr burn again” was changed at the desk since: "
            "its later version was left out."
        ]
        assert report.is_good
    assert story().title == "The ovens of Nahr burn again"


def test_an_unpublished_draft_of_the_desk_stands_too(take):
    take(item())
    draft = story()
    draft.title = "Half a thought"
    draft.save_revision()
    assert counts(take(item(versionCreated=LATER))) == {"kept": 1}
    assert story().get_latest_revision_as_object().title == "Half a thought"


def test_what_the_desk_withdrew_stays_withdrawn(take):
    take(item())
    publishing.withdraw_story(story=story())
    assert counts(take(item(versionCreated=LATER))) == {"kept": 1}
    assert take.said == [
        "line 1: “The ovens burn again 1” was withdrawn at the desk: its later version was left out."
    ]
    assert not story().live


def test_what_the_desk_deleted_is_not_brought_in_again(take):
    take(item())
    story().delete()
    assert counts(take(item())) == {"known": 1}
    assert counts(take(item(versionCreated=LATER))) == {"kept": 1}
    assert take.said == ["line 1: its story was deleted at the desk, and is not brought in again."]
    assert not Story.objects.exists()


def test_what_is_withheld_is_a_draft(take):
    take(item(pubStatus="withheld"))
    assert not story().live
    assert "Its source withholds it." in story().notes


def test_what_is_embargoed_is_scheduled(take):
    # Wagtail asks the machine's clock whether a moment has come: this one has not for long.
    take(item(embargoedUntil="2099-11-23T06:00:00Z"))
    waiting = story()
    assert not waiting.live
    assert "Embargoed until 2099-11-23 06:00 UTC." in waiting.notes
    assert publishing.run_due(now=datetime.datetime(2099, 11, 23, 5, 59, tzinfo=datetime.UTC)) == 0
    waiting.refresh_from_db()
    assert waiting.approved_schedule


def test_what_is_embargoed_stays_a_draft_without_publish(take):
    take(item(embargoedUntil="2099-11-23T06:00:00Z"), publish=False)
    assert not story().approved_schedule


def test_an_embargo_that_has_ended_is_none(take):
    take(item(embargoedUntil="2026-11-22T06:00:00Z"))
    assert story().live


def test_the_language_chooses_the_publication(take):
    take(item(language="ar-SY", subjects=[{"name": "بحر", "rel": "section"}]))
    assert story().address.startswith("/ar/بحر/")
    assert story().language == "ar"


def test_a_section_is_found_by_its_name_and_by_its_translation(take, newsroom):
    security = Section.objects.get(slug="security")
    publishing.create_section(publication=newsroom["ar"], title="أمن", slug="أمن", translation_of=security)
    take(
        item(1, subjects=[{"name": "SECURITY", "rel": "section"}]),
        item(2, language="ar", subjects=[{"name": "Security", "rel": "section"}]),
    )
    assert story(1).address.startswith("/en/security/")
    assert story(2).address.startswith("/ar/أمن/")


def test_sections_are_made_where_that_is_asked_for(take):
    chess = [{"name": "Chess & Go", "rel": "section"}]
    take(
        item(1, subjects=chess),
        item(2, subjects=chess),
        item(3, subjects=chess, language="ar"),
        create_sections=True,
    )
    made = Section.objects.filter(title="Chess & Go").order_by("path")
    assert [section.slug for section in made] == ["chess-go", "chess-go"]
    assert made[0].translation_key == made[1].translation_key
    assert [section.get_children().count() for section in made] == [2, 1]


def test_without_that_the_item_is_bad_and_says_what_to_do(take):
    report = take(item(subjects=[{"name": "chess", "rel": "section"}]), item(2))
    assert take.said == [
        "line 1: is for the section 'chess', which The Gull (en) does not have: make it at the desk, "
        "or import with --create-sections."
    ]
    assert counts(report) == {"new": 1, "bad": 1}


def test_an_item_without_section_goes_where_it_is_told(take):
    plain = item(subjects=None)
    assert counts(take(plain)) == {"bad": 1}
    assert take.said == ["line 1: names no section; give one with --section."]
    assert counts(take(plain, section="security")) == {"new": 1}
    assert story().address.startswith("/en/security/")


def test_a_section_that_no_address_may_have_is_named(take):
    take(item(subjects=[{"name": "x" * 300, "rel": "section"}]), item(2), create_sections=True)
    assert [line.partition(":")[0] for line in take.said] == ["line 1"]
    assert story(2).live


def test_people_places_and_topics_are_made_once_and_known_by_other_names(take):
    rana = Person.objects.create(name="Rana Odeh")
    PersonTranslation.objects.create(person=rana, language="ar", name="رنا عودة")
    sea = [{"name": "بحر", "rel": "section"}, {"name": "خبز"}]
    take(item(1), item(2), item(3, language="ar", by="بقلم رنا عودة في نهر", located=None, subjects=sea))
    assert list(Person.objects.values_list("name", flat=True)) == ["Rana Odeh"]
    assert set(Place.objects.values_list("name", flat=True)) == {"Port Salam", "نهر"}
    assert set(Topic.objects.values_list("name", flat=True)) == {"bread", "خبز"}
    assert story(3).authors.get().person == rana


def test_a_related_story_is_shown_where_the_desk_has_it(take):
    related = [{"uri": item(1)["uri"], "type": "text", "name": "a"}, {"uri": "urn:x", "name": "b"}]
    take(item(1))
    take(item(2, associations=related))
    assert story(2).body[-1].block_type == "related"
    assert story(2).body[-1].value.pk == story(1).pk
    assert f'<nashra-related id="{story(1).public_id}">' in story(2).body_html


def test_what_was_mended_stands_in_the_notes_and_the_summary(take):
    report = take(item(1), item(2, versionCreated="2026-02-01T09:00:00", edNote="Call the mill."))
    assert story(2).notes.splitlines()[1:] == [
        "Note to editors: Call the mill.",
        "",
        "To look at:",
        "- A date without a zone was taken in the publication's own: versionCreated 2026-02-01T09:00:00",
    ]
    assert report.summary() == [
        "A date without a zone was taken in the publication's own (in 1, first in line 2).",
        "2 new, 0 updated, 0 withdrawn, 0 known already, 0 left as the desk has them, 0 bad.",
    ]


def test_the_press_hears_of_all_as_of_many(take):
    take(item(1), item(2), create_sections=True)
    take(
        item(1, versionCreated=LATER),
        item(3, subjects=[{"name": "new", "rel": "section"}]),
        create_sections=True,
    )
    published = {story(number).public_id for number in (1, 2, 3)}
    assert {row.object_key for row in Change.objects.filter(kind="story")} == published
    since = Publication.objects.order_by("pk").count() + 3
    assert set(Change.objects.order_by("pk")[since:].values_list("is_bulk", flat=True)) == {True}


def test_progress_is_told(newsroom):
    told: list[int] = []
    items = [item(number) for number in range(230)]
    tell: Callable[[int], None] = told.append
    import_ninjs(lines(*items), source="a", wishes=Wishes(), now=NOW, say=print, progress=tell)
    assert told == [100, 200, 230]
