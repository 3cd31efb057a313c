"""``import_page``: one saved page makes one story at the desk, or one sentence and nothing at all."""

from __future__ import annotations

import html
import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from nashra.desk import publishing
from nashra.desk.models import Change, Person, PersonTranslation, Photo, PhotoFile, Place, Section, Story
from nashra.intake.command import CannotImport
from tests.intake import articles
from tests.intake.conftest import saved

pytestmark = pytest.mark.django_db


def nothing_written(settings: Any) -> bool:
    """Whether no row and no file of an import is there."""
    folders = (settings.NASHRA_PHOTO_FOLDER, Path(settings.MEDIA_ROOT))
    files = [path for folder in folders if folder.exists() for path in folder.rglob("*") if path.is_file()]
    rows = [model.objects.count() for model in (Story, Person, Place, Photo, PhotoFile)]
    return not files and not any(rows)


def test_it_makes_a_draft_and_gives_its_address(import_file, page_file, settings):
    address, said = import_file(page_file, section="security")
    story = Story.objects.get()
    assert address == f"{settings.NASHRA_SITE_URL}/en/security/{story.slug}/"
    assert not story.live
    assert story.title == articles.HEADLINE
    assert [str(author.person) for author in story.authors.all()] == ["Rana Odeh"]
    assert story.dateline_place.name == "Port Salam"
    assert (story.lead_caption, story.lead_credit) == (articles.CAPTION, "Sami Tarek/GNA")
    assert story.lead_photo is None
    assert said[-1].startswith("It is a draft")


def test_the_desks_paragraphs_joined_again_are_the_sources(import_file, page_file):
    import_file(page_file)
    story = Story.objects.get()
    parts = re.findall(r"<(p|h2)>(.*?)</\1>", story.body_html, re.DOTALL)
    texts = [html.unescape(text) for _, text in parts]
    assert texts == [*articles.OPENING, articles.SUBHEADING, *articles.CLOSING]
    assert [tag for tag, _ in parts] == ["p"] * 3 + ["h2"] + ["p"] * 3


@pytest.mark.parametrize("odd", ["5\u00a0000 & <b>9</b> &amp; -- “x” 'y'.", "آب\u200cها\u200f و \u0651نان؟"])
def test_no_sign_is_lost_on_the_way_to_the_desk(odd, import_file, tmp_path):
    import_file(saved(tmp_path / "odd.txt", articles.as_text(articles.HEADLINE, articles.BYLINE, odd)))
    assert html.unescape(re.findall(r"<p>(.*?)</p>", Story.objects.get().body_html)[0]) == odd


def test_what_it_could_not_decide_it_says_and_writes_into_the_drafts_notes(import_file, page_file):
    _, said = import_file(page_file, section="security")
    notes = Story.objects.get().notes
    assert "The lead caption stands on lines 5 and 7: it was kept once." in said
    assert all(f"- {sentence}" in notes.splitlines() for sentence in said[:-1])
    assert "Imported from page.txt on 2026-11-22." in notes


def test_publishing_brings_it_to_readers_and_tells_the_press(import_file, page_file):
    import_file(page_file, section="security", publish=True)
    story = Story.objects.get()
    assert story.live
    assert Change.objects.filter(kind=Change.Kind.STORY, object_key=story.public_id).exists()


def test_without_a_section_it_takes_the_first_and_says_so(import_file, page_file):
    _, said = import_file(page_file)
    assert Story.objects.get().get_parent().slug == "security"
    assert "No section was named: the story stands in the first one, security." in said


def test_an_arabic_page_stands_in_the_arabic_publication_at_a_readable_address(
    import_file, tmp_path, settings
):
    raw = articles.as_text(articles.AR_HEADLINE, articles.AR_BYLINE, *articles.AR_PARAGRAPHS)
    address, _ = import_file(saved(tmp_path / "صفحة.txt", raw), language="ar", section="بحر")
    story = Story.objects.get()
    assert address.startswith(f"{settings.NASHRA_SITE_URL}/ar/بحر/صيادو-مرفأ-سلام")
    assert story.locale.language_code == "ar"
    assert story.dateline_place.name == "مرفأ سلام"


def test_people_and_places_that_the_desk_knows_are_not_made_again(import_file, page_file):
    person, place = Person.objects.create(name="Rana Odeh"), Place.objects.create(name="Port Salam")
    _, said = import_file(page_file)
    story = Story.objects.get()
    assert (Person.objects.get(), Place.objects.get()) == (person, place)
    assert (story.authors.get().person, story.dateline_place) == (person, place)
    assert not [sentence for sentence in said if "was not known" in sentence]


def test_a_person_is_known_by_their_name_in_the_pages_language(import_file, tmp_path):
    person = Person.objects.create(name="Rana Odeh")
    PersonTranslation.objects.create(person=person, language="ar", name="رنا عودة")
    raw = articles.as_text(articles.AR_HEADLINE, articles.AR_BYLINE, *articles.AR_PARAGRAPHS)
    import_file(saved(tmp_path / "page.txt", raw), language="ar")
    assert Person.objects.get() == person


def test_it_says_that_a_name_is_withheld_from_readers(import_file, page_file):
    Person.objects.create(name="Rana Odeh", name_withheld=True)
    _, said = import_file(page_file)
    assert "The name of Rana Odeh is withheld: readers do not see it in the byline." in said


def test_a_picture_gets_caption_and_credit_and_an_alt_text_that_is_no_file_name(
    import_file, page_file, picture_file, settings
):
    _, said = import_file(page_file, photo=picture_file)
    photo, story = Photo.objects.get(), Story.objects.get()
    assert story.lead_photo == photo
    assert (photo.caption, photo.credit) == (articles.CAPTION, "Sami Tarek/GNA")
    assert photo.alt_text == articles.CAPTION
    assert "IMG_0042" not in photo.alt_text + photo.title
    assert [sentence for sentence in said if "alt text was taken from the caption" in sentence]
    assert {file.name for file in photo.files.all()} == {
        path.name for path in settings.NASHRA_PHOTO_FOLDER.iterdir()
    }


def test_a_picture_for_a_page_without_a_caption_takes_the_headline_and_says_so(
    import_file, tmp_path, picture_file
):
    raw = articles.as_text(articles.HEADLINE, articles.BYLINE, *articles.OPENING)
    _, said = import_file(saved(tmp_path / "page.txt", raw), photo=picture_file)
    assert Photo.objects.get().alt_text == articles.HEADLINE
    assert [sentence for sentence in said if "for want of a caption" in sentence]


def test_an_html_page_in_another_language_than_asked_for_is_named(import_file, tmp_path):
    _, said = import_file(saved(tmp_path / "page.html", articles.page_of_html(language="fr-FR").encode()))
    assert "The page says that it is in the language fr-fr, but it was imported as en." in said


def test_the_same_file_is_refused_with_the_story_that_it_made(import_file, page_file):
    import_file(page_file, section="security")
    story = Story.objects.get()
    story.title = "A headline that the desk has mended"
    story.save_revision().publish()
    with pytest.raises(CannotImport, match=r"A headline that the desk has mended.*/en/security/"):
        import_file(page_file, section="sea")
    assert Story.objects.count() == 1


def test_once_its_story_is_deleted_a_file_may_be_imported_again(import_file, page_file):
    import_file(page_file)
    Story.objects.get().delete()
    import_file(page_file)
    assert Story.objects.get().title == articles.HEADLINE


def test_the_same_headline_from_another_file_makes_a_second_story_and_names_the_first(
    import_file, page_file, tmp_path
):
    first, _ = import_file(page_file)
    raw = articles.as_text(articles.HEADLINE, articles.BYLINE, *articles.CLOSING)
    second, said = import_file(saved(tmp_path / "other.txt", raw))
    assert second == f"{first[:-1]}-2/"
    assert [sentence for sentence in said if "same headline" in sentence]
    _, said = import_file(saved(tmp_path / "third.txt", raw + b"\n"), section="sea")
    assert len([sentence for sentence in said if "same headline" in sentence]) == 2


def test_a_section_that_is_not_published_is_named(import_file, page_file):
    Section.objects.get(slug="sea").unpublish()
    _, said = import_file(page_file, section="sea")
    assert "The section sea is not published: readers see none of its stories." in said


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"language": "tlh"}, r"no publication in the language 'tlh'. There are: en \(.*ar \(.*fa \("),
        ({"section": "sports"}, r"no section 'sports' in .*\(en\). There are: security, sea."),
        ({"language": "fa"}, r"\(fa\) has no section yet"),
    ],
)
def test_an_unknown_language_or_section_is_refused_with_those_there_are(
    options, words, import_file, page_file, settings
):
    with pytest.raises(CannotImport, match=words):
        import_file(page_file, **options)
    assert nothing_written(settings)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "page.txt is empty."),
        (b"\x00\x01\x02", "page.txt is binary"),
        ("سلام".encode("cp1256"), "page.txt is not UTF-8"),
        (articles.as_text(*articles.OPENING), "page.txt has no headline"),
    ],
)
def test_what_is_no_page_is_refused_with_its_name_and_nothing_is_written(
    content, words, import_file, tmp_path, settings
):
    with pytest.raises(CannotImport, match=words):
        import_file(saved(tmp_path / "page.txt", content))
    assert nothing_written(settings)


def test_a_file_of_50_megabytes_is_refused_before_it_is_read(import_file, tmp_path, monkeypatch):
    file = tmp_path / "huge.txt"
    file.touch()
    os.truncate(file, 50_000_000)
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("the file was opened"))
    with pytest.raises(
        CannotImport, match=r"huge.txt is bigger than a page of text can be \(5 MB at most\)."
    ):
        import_file(file)


def test_a_missing_file_and_a_folder_are_refused_with_a_sentence(import_file, tmp_path, page_file):
    with pytest.raises(CannotImport, match=r"There is no file .*nowhere.txt\."):
        import_file(tmp_path / "nowhere.txt")
    with pytest.raises(CannotImport, match="is not a file"):
        import_file(tmp_path)
    with pytest.raises(CannotImport, match=r"There is no file .*nowhere.jpg\."):
        import_file(page_file, photo=tmp_path / "nowhere.jpg")


@pytest.mark.parametrize("content", [b"no picture", b"\xff\xd8\xff\xe0 broken"])
def test_an_unreadable_picture_leaves_neither_rows_nor_files(
    content, import_file, page_file, tmp_path, settings
):
    with pytest.raises(CannotImport, match=r"bad\.jpg"):
        import_file(page_file, photo=saved(tmp_path / "bad.jpg", content))
    assert nothing_written(settings)


def test_a_database_that_fails_at_the_end_leaves_no_photo_behind(
    import_file, page_file, picture_file, monkeypatch, settings
):
    def fail(**_: Any) -> None:
        raise OperationalError("disk full")

    monkeypatch.setattr(publishing, "publish_story", fail)
    with pytest.raises(OperationalError):
        import_file(page_file, photo=picture_file, publish=True)
    assert nothing_written(settings)


def test_a_failing_import_takes_no_file_that_another_photo_uses(
    import_file, page_file, picture_file, tmp_path, monkeypatch, settings
):
    import_file(page_file, photo=picture_file)
    before = {path.name for path in settings.NASHRA_PHOTO_FOLDER.iterdir()}
    monkeypatch.setattr(
        publishing, "publish_story", lambda **_: (_ for _ in ()).throw(OperationalError("no"))
    )
    other = saved(tmp_path / "other.txt", page_file.read_bytes() + b"\n")
    with pytest.raises(OperationalError):
        import_file(other, photo=picture_file, publish=True)
    assert {path.name for path in settings.NASHRA_PHOTO_FOLDER.iterdir()} == before
    assert Photo.objects.get().files.count() == len(before)
