"""A story's address and public id: made by themselves, stable, and the same on every disk."""

from __future__ import annotations

import datetime
import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Locale

from nashra.desk import previewing, publishing
from nashra.desk.models import Person, Publication, Story
from nashra.desk.slugs import check_slug, make_slug, normalise_slug
from nashra.edition.paths import MAX_SLUG_BYTES, is_reserved_slug


def test_an_autosave_on_its_way_cannot_undo_a_publication(write):
    """Wagtail writes a page that is not live as a whole: a late one would put ``live`` back."""
    draft = write(headline="The well is dry")
    late = Story.objects.get(pk=draft.pk)
    published = publishing.publish_story(story=draft)
    late.title = "The well is dry again"
    late.save()
    late.save_revision()
    story = Story.objects.get(pk=draft.pk)
    assert story.live
    assert story.title == "The well is dry"
    assert story.live_revision_id == published.live_revision_id
    assert story.first_published_at == published.first_published_at
    assert story.has_unpublished_changes
    assert story.get_latest_revision_as_object().title == "The well is dry again"
    assert story.draft_title == "The well is dry again"


def test_an_autosave_on_its_way_cannot_undo_a_second_publication(write):
    story = publishing.withdraw_story(story=publishing.publish_story(story=write()))
    late = Story.objects.get(pk=story.pk)
    publishing.publish_story(story=story)
    late.save()
    assert Story.objects.get(pk=story.pk).live


def test_a_withdrawal_is_no_late_autosave(write):
    story = publishing.publish_story(story=write())
    assert not publishing.withdraw_story(story=story).live


def test_a_slug_is_made_from_an_arabic_headline(arabic_section):
    story = publishing.write_story(section=arabic_section, headline="خبز الفجر يعود إلى نهر")
    assert story.slug == "خبز-الفجر-يعود-إلى-نهر"
    assert story.address == "/ar/أمن/خبز-الفجر-يعود-إلى-نهر/"
    assert story.url.startswith("http://127.0.0.1:8000/ar/%D8%A3%D9%85%D9%86/")
    assert story.full_url == story.url


def test_the_same_headline_twice_gets_a_number(write):
    assert [write().slug for _ in range(3)] == [
        "the-ovens-burn-again",
        "the-ovens-burn-again-2",
        "the-ovens-burn-again-3",
    ]


@pytest.mark.parametrize("headline", ["2026", "Readers", "Verify!", "***", "١٢٣"])
def test_no_story_takes_an_address_of_the_site(write, headline):
    slug = write(headline=headline).slug
    assert slug
    assert not is_reserved_slug(slug)


def test_a_reserved_or_overlong_slug_is_refused_in_a_sentence():
    with pytest.raises(ValidationError, match="kept for the site's own pages"):
        check_slug("people")
    with pytest.raises(ValidationError, match=r"151 bytes and may have 150"):
        check_slug("a" * 151)


@given(st.text(max_size=400))
def test_any_headline_gives_a_slug_that_fits(headline):
    slug = make_slug(headline, fallback="story")
    assert 0 < len(slug.encode()) <= MAX_SLUG_BYTES
    assert unicodedata.is_normalized("NFC", slug)
    assert not is_reserved_slug(slug)
    assert normalise_slug(slug) == slug


def test_a_long_headline_is_cut_between_words():
    slug = make_slug("نهر " * 60, fallback="story")
    assert set(slug.split("-")) == {"نهر"}


def test_a_copy_has_a_public_id_of_its_own_and_so_have_its_revisions(published, photo):
    story = published(lead_photo=photo, authors=[Person.objects.create(name="Mara Quill")])
    copy = story.copy(update_attrs={"slug": "a-copy", "title": "A copy"})
    assert copy.public_id != story.public_id
    assert {revision.content["public_id"] for revision in copy.revisions.all()} == {copy.public_id}
    assert [author.person.name for author in copy.authors.all()] == ["Mara Quill"]


def test_a_translation_has_a_public_id_of_its_own(published, security, newsroom):
    arabic = Locale.objects.get(language_code="ar")
    publishing.create_section(publication=newsroom["ar"], title="أمن", translation_of=security)
    story = published()
    translation = story.copy_for_translation(arabic)
    assert translation.public_id != story.public_id
    assert translation.translation_key == story.translation_key
    assert not translation.live


def test_restoring_a_revision_keeps_public_id_and_makes_the_body_anew(published):
    story = published(body=[("paragraph", "<p>Old words</p>")])
    old = story.latest_revision
    story.body = [("paragraph", "<p>New</p>")]
    story.save_revision().publish()
    old.content["public_id"] = "somethingelse"
    old.publish()
    restored = Story.objects.get(pk=story.pk)
    assert restored.public_id == story.public_id
    assert restored.body_html == "<p>Old words</p>"
    assert restored.word_count == 2


def test_no_revision_keeps_the_html_a_second_time(write):
    assert "body_html" not in write(body=[("paragraph", "<p>x</p>")]).latest_revision.content


def test_a_story_is_updated_only_when_it_was_published_again(published):
    story = published()
    assert story.updated_at is None
    again = publishing.publish_story(story=story)
    assert again.updated_at == again.last_published_at
    assert again.first_published_at == story.first_published_at


def test_a_story_that_appeared_elsewhere_keeps_its_dates(write):
    then = datetime.datetime(2020, 1, 2, 3, tzinfo=datetime.UTC)
    story = publishing.publish_story(story=write(), published_at=then)
    assert (story.first_published_at, story.updated_at) == (then, None)
    later = then + datetime.timedelta(days=2)
    other = publishing.publish_story(story=write(), published_at=then, updated_at=later)
    assert other.updated_at == later


def test_a_story_does_not_move_into_another_language(published, arabic_section):
    assert not published().can_move_to(arabic_section)


def test_names_in_other_languages_fall_back_to_the_name(newsroom):
    person = Person.objects.create(name="Mara Quill")
    person.translations.create(language="ar", name="مارا كويل")
    assert person.name_in("ar") == "مارا كويل"
    assert person.name_in("fa") == "Mara Quill"


def test_two_people_of_one_name_get_addresses_of_their_own(newsroom):
    slugs = [Person.objects.create(name="علي").slug for _ in range(2)]
    assert slugs == ["علي", "علي-2"]


def test_a_publication_stands_at_its_language(newsroom):
    assert {publication.address for publication in newsroom.values()} == {"/en/", "/ar/"}


def test_a_second_publication_in_one_language_is_refused(newsroom):
    second = Publication(title="Another", locale=newsroom["en"].locale)
    with pytest.raises(ValidationError, match="publication in this language already"):
        second.clean()


def test_a_time_zone_that_no_clock_knows_is_refused(newsroom):
    newsroom["en"].time_zone = "Mars/Olympus"
    with pytest.raises(ValidationError, match="is no time zone"):
        newsroom["en"].full_clean()


def test_founding_twice_changes_nothing(newsroom):
    again = publishing.create_newsroom(languages=["en", "ar", "fa"], name="Another name")
    assert {language: publication.pk for language, publication in newsroom.items()}.items() <= {
        language: publication.pk for language, publication in again.items()
    }.items()
    assert Publication.objects.get(pk=newsroom["en"].pk).title == "The Lantern"
    assert len({publication.translation_key for publication in again.values()}) == 1


def test_a_language_that_the_newsroom_does_not_know_is_refused(db):
    with pytest.raises(ValueError, match="xx"):
        publishing.create_newsroom(languages=["xx"], name="The Lantern")


def test_a_preview_may_stand_in_the_desks_frame_and_posts_nothing():
    policy = previewing.framed_by_desk(
        "default-src 'none'; style-src 'sha256-x'; form-action 'self'; frame-ancestors 'none'"
    )
    assert policy == ("default-src 'none'; style-src 'sha256-x'; frame-ancestors 'self'; form-action 'none'")
