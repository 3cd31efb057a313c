"""Stories written by the hundred leave the very rows that the verbs leave for each alone."""

from __future__ import annotations

import datetime
import threading
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.urls import reverse
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision
from wagtail.rich_text import RichText, get_text_for_indexing

from nashra.desk import bulk, groups, publishing
from nashra.desk.blocks import WordsBlock
from nashra.desk.models import Change, Person, Place, Provenance, Section, Story, Topic
from tests.desk.rows_written import rows_written_by, without_bulk_marks

NOW = datetime.datetime(2026, 3, 1, 9, 30, tzinfo=datetime.UTC)
THEN = datetime.datetime(2019, 5, 4, 7, 0, tzinfo=datetime.UTC)
BODY = [
    ("paragraph", '<p>The ovens <b>burn</b> again, says <a href="https://mill.example/">the mill</a>.</p>'),
    ("subheading", "Flour from the north"),
    ("pull_quote", {"text": "We baked by night.", "speaker": "Ilo Marsh", "role": ""}),
    ("list", {"ordered": True, "items": ["<p>Salt</p>", "<p>Water &amp; flour</p>"]}),
    ("paragraph", "<p>وعاد الخبز إلى السوق.</p>"),
]


@pytest.fixture
def named(security: Section) -> dict[str, Any]:
    """What a story of these tests names."""
    return {
        "people": [Person.objects.create(name="Rana Odeh"), Person.objects.create(name="Sami Tarek")],
        "place": Place.objects.create(name="Nahr"),
        "topics": [Topic.objects.create(name="bread"), Topic.objects.create(name="prices")],
    }


def new_story(section: Section, named: dict[str, Any], **changes: Any) -> bulk.NewStory:
    """The story of these tests as the bulk verb takes it."""
    facts: dict[str, Any] = {
        "section_id": section.pk,
        "headline": "The ovens burn again",
        "body": bulk.set_body(BODY),
        "is_published": True,
        "author_ids": [person.pk for person in named["people"]],
        "topic_ids": [topic.pk for topic in named["topics"]],
        "fields": {
            "standfirst": "After a winter without bread.",
            "dateline_place_id": named["place"].pk,
            "lead_caption": "The first loaf.",
            "lead_credit": "Ilo Marsh/GNA",
            "notes": "Call the mill back.",
        },
    }
    return bulk.NewStory(**{**facts, **changes})


def write_as_verbs_do(section: Section, named: dict[str, Any], **facts: Any) -> Story:
    return publishing.write_story(
        section=section,
        headline="The ovens burn again",
        authors=named["people"],
        topics=named["topics"],
        body=BODY,
        standfirst="After a winter without bread.",
        dateline_place=named["place"],
        lead_caption="The first loaf.",
        lead_credit="Ilo Marsh/GNA",
        notes="Call the mill back.",
        **facts,
    )


def test_a_published_story_leaves_the_rows_that_the_verbs_leave(security, named):
    by_verbs = rows_written_by(lambda: publishing.publish_story(story=write_as_verbs_do(security, named)))

    def in_bulk():
        bulk.file_stories([new_story(security, named)], now=NOW)
        bulk.settle_search()

    written = rows_written_by(in_bulk)
    assert {"wagtailcore_page", "desk_story", "wagtailcore_revision", "wagtailsearch_indexentry"} <= set(
        written
    )
    assert without_bulk_marks(written) == without_bulk_marks(by_verbs)


def test_a_draft_leaves_the_rows_that_the_verbs_leave(security, named):
    by_verbs = rows_written_by(lambda: write_as_verbs_do(security, named))

    def in_bulk():
        bulk.file_stories([new_story(security, named, is_published=False)], now=NOW)
        bulk.settle_search()

    assert without_bulk_marks(rows_written_by(in_bulk)) == without_bulk_marks(by_verbs)


def test_a_story_that_appeared_before_leaves_the_rows_that_the_verbs_leave(security, named):
    def by_verbs():
        publishing.publish_story(story=write_as_verbs_do(security, named, first_published_at=THEN))

    def in_bulk():
        bulk.file_stories([new_story(security, named, published_at=THEN)], now=NOW)
        bulk.settle_search()

    assert without_bulk_marks(rows_written_by(in_bulk)) == without_bulk_marks(rows_written_by(by_verbs))


def test_its_dates_are_those_of_where_it_appeared_before(security, named):
    later = THEN + datetime.timedelta(days=2)
    dated = new_story(security, named, published_at=THEN, updated_at=later)
    [filed] = bulk.file_stories([dated], now=NOW)
    story = Story.objects.get(pk=filed.story_id)
    assert (story.first_published_at, story.last_published_at) == (THEN, later)
    assert story.latest_revision_created_at == story.latest_revision.created_at == NOW
    assert [entry.timestamp for entry in PageLogEntry.objects.filter(page_id=story.pk)] == [NOW, NOW]


def test_a_draft_that_appeared_before_keeps_its_date_until_somebody_publishes_it(security, named):
    [filed] = bulk.file_stories([new_story(security, named, is_published=False, published_at=THEN)], now=NOW)
    draft = Story.objects.get(pk=filed.story_id)
    assert (draft.live, draft.first_published_at) == (False, None)
    published = publishing.publish_story(story=draft)
    assert published.first_published_at == THEN


def test_many_stories_in_several_sections_stand_right_in_the_tree(security, arabic_section, named):
    sections = [security, arabic_section]
    many = [new_story(sections[i % 2], named, headline=f"Loaf {i}") for i in range(120)]
    filed = bulk.file_stories(many, now=NOW)
    assert Page.find_problems() == ([], [], [], [], [])
    assert [Story.objects.get(pk=one.story_id).title for one in filed[:3]] == ["Loaf 0", "Loaf 1", "Loaf 2"]
    for section in sections:
        section.refresh_from_db()
        assert section.numchild == section.get_children().count() == 60
    # The verbs go on where the bulk ended.
    story = publishing.write_story(section=security, headline="One by hand")
    assert story.path > security.get_children().exclude(pk=story.pk).last().path
    assert Page.find_problems() == ([], [], [], [], [])


def test_one_headline_gives_as_many_addresses_as_stories(security, named, write):
    write(headline="Bread")
    write(headline="Bread 3")
    filed = bulk.file_stories([new_story(security, named, headline="Bread") for _ in range(3)], now=NOW)
    slugs = Story.objects.filter(pk__in=[one.story_id for one in filed]).order_by("pk")
    assert list(slugs.values_list("slug", flat=True)) == ["bread-2", "bread-4", "bread-5"]


def test_a_headline_without_letters_or_with_a_reserved_word_gets_an_address(security, named):
    headlines = ["…", "…", "Topics", "2026", "حتى لا يموت الخبز " * 9]
    filed = bulk.file_stories([new_story(security, named, headline=words) for words in headlines], now=NOW)
    stories = [Story.objects.get(pk=one.story_id) for one in filed]
    assert [story.slug for story in stories[:4]] == ["story", "story-2", "topics-1", "2026-1"]
    for story in stories:
        story.full_clean()


def test_the_outbox_says_that_they_are_many(security, named):
    Change.objects.all().delete()
    [published, draft] = bulk.file_stories(
        [new_story(security, named), new_story(security, named, is_published=False)], now=NOW
    )
    story = Story.objects.get(pk=published.story_id)
    rows = [("story", story.public_id, True)]
    assert list(Change.objects.values_list("kind", "object_key", "is_bulk")) == rows
    assert not Story.objects.get(pk=draft.story_id).live


def test_the_desk_finds_them_by_their_words(security, named):
    bulk.file_stories([new_story(security, named), new_story(security, named, headline="Rain")], now=NOW)
    bulk.settle_search()
    assert {story.title for story in Story.objects.search("flour")} == {"The ovens burn again", "Rain"}
    assert [story.title for story in Story.objects.search("rain")] == ["Rain"]
    assert [page.title for page in Page.objects.autocomplete("ove")] == ["The ovens burn again"]


def test_weighing_a_title_reads_no_storys_text(newsroom):
    """Else every save at the desk would take longer with each story that the archive holds."""
    table = "wagtailsearch_indexentry"
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        indexes = connection.introspection.get_constraints(cursor, table)
        assert ("nashra_search_weights" in indexes) == is_sqlite
        for work in (
            "SELECT AVG(LENGTH(title)) FROM wagtailsearch_indexentry WHERE LENGTH(title) > 0",
            "SELECT id FROM wagtailsearch_indexentry WHERE title_norm = 1.0 AND LENGTH(title) > 0",
        ) * is_sqlite:
            cursor.execute(f"EXPLAIN QUERY PLAN {work}")
            assert "USING COVERING INDEX nashra_search_weights" in str(cursor.fetchall())


def test_the_desk_knows_where_people_are_named(security, named):
    [filed] = bulk.file_stories([new_story(security, named)], now=NOW)
    person = named["people"][0]
    [reference] = ReferenceIndex.get_references_to(person)
    assert reference.object_id == str(filed.story_id)


@pytest.mark.django_db(databases=["default", "readers"])
def test_an_editor_opens_changes_and_publishes_one(security, named, desk):
    [filed] = bulk.file_stories([new_story(security, named)], now=NOW)
    answer = desk(groups.EDITOR).get(reverse("wagtailadmin_pages:edit", args=[filed.story_id]))
    assert answer.status_code == 200
    assert "The ovens burn again" in answer.content.decode()
    story = Story.objects.get(pk=filed.story_id)
    story.title = "The ovens are cold"
    story.save_revision().publish()
    story = Story.objects.get(pk=filed.story_id)
    assert [str(author) for author in story.authors.all()] == ["Rana Odeh", "Sami Tarek"]
    assert [topic.name for topic in story.topics.order_by("pk")] == ["bread", "prices"]


def test_its_revision_gives_back_the_whole_story(security, named):
    [filed] = bulk.file_stories([new_story(security, named)], now=NOW)
    story = Revision.objects.get(pk=filed.revision_id).as_object()
    assert [block.block_type for block in story.body] == [kind for kind, _value in BODY]
    assert [author.person.name for author in story.authors.all()] == ["Rana Odeh", "Sami Tarek"]
    assert story.body_html == Story.objects.get(pk=filed.story_id).body_html
    assert story.word_count == 24


def test_a_later_version_is_noted_as_one_of_many_and_others_stay_single(security, named, published):
    [filed] = bulk.file_stories([new_story(security, named)], now=NOW)
    Change.objects.all().delete()
    other = publishing.publish_story(story=published(headline="Breaking"))
    story = Story.objects.get(pk=filed.story_id)
    later = new_story(security, named, headline="The ovens are cold", body=bulk.set_body(BODY[:1]))
    revision_id = bulk.rewrite_story(story, later)
    story = Story.objects.get(pk=story.pk)
    assert (story.title, story.slug) == ("The ovens are cold", "the-ovens-burn-again")
    assert story.live_revision_id == story.latest_revision_id == revision_id
    marks = set(Change.objects.values_list("object_key", "is_bulk"))
    assert marks == {(other.public_id, False), (story.public_id, True)}


def test_a_withdrawal_is_noted_as_one_of_many(security, named):
    [filed] = bulk.file_stories([new_story(security, named)], now=NOW)
    Change.objects.all().delete()
    bulk.withdraw_in_bulk(Story.objects.get(pk=filed.story_id))
    assert not Story.objects.get(pk=filed.story_id).live
    assert set(Change.objects.values_list("is_bulk", flat=True)) == {True}


def test_where_a_story_came_from_outlives_it(security, named):
    [filed] = bulk.file_stories([new_story(security, named)], now=NOW)
    facts = {"version_created_at": THEN, "imported_at": NOW, "story_id": filed.story_id}
    Provenance.objects.create(uri="urn:example:1", **facts)
    Story.objects.get(pk=filed.story_id).delete()
    assert Provenance.objects.get(uri="urn:example:1").story is None


@pytest.mark.django_db(transaction=True)
def test_an_editor_who_writes_meanwhile_gets_a_place_of_their_own(transactional_db, security, named):
    begun, written = threading.Event(), threading.Event()
    failures: list[BaseException] = []

    def an_editor() -> None:
        try:
            begun.wait(20)
            publishing.write_story(section=security, headline="The ovens burn again")
            written.set()
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test must tell it
            failures.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=an_editor)
    thread.start()
    with transaction.atomic():
        bulk.file_stories([new_story(security, named) for _ in range(30)], now=NOW)
        begun.set()
        assert not written.wait(0.5)
    thread.join(30)
    assert failures == []
    assert Page.find_problems() == ([], [], [], [], [])
    security.refresh_from_db()
    assert security.get_children().count() == 31
    assert len(set(security.get_children().values_list("slug", flat=True))) == 31


@pytest.mark.parametrize(
    "source",
    [
        "<p>Bread &amp; salt</p><p>and water</p>",
        '<p data-block-key="a1b2c">One<br/>two <a href="https://mill.example/?a=1&amp;b=2">three</a></p>',
        "<p>5 &lt; 7 &gt; 3</p>",
        "<p><b>bo</b>ld</p><ul><li>one</li><li>two</li></ul>",
        "",
        '<p>خبز <a linktype="page" id="7">وملح</a></p>',
    ],
)
def test_the_words_of_a_paragraph_are_those_that_wagtail_would_index(source):
    assert WordsBlock().get_searchable_content(RichText(source)) == [get_text_for_indexing(source)]
