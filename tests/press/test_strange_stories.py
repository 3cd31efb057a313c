"""One story that cannot be pressed holds up no other, no withdrawal, and is tried again."""

from __future__ import annotations

import datetime

import pytest

from nashra.desk import publishing
from nashra.desk.models import Change, Story
from nashra.press.models import Overdue, PressRun
from nashra.press.run import needs_full_press, press_due
from tests.press.conftest import NOW
from tests.press.crawler import crawl
from tests.press.test_photos import a_photo

pytestmark = pytest.mark.django_db(databases=["default", "readers", "snapshot"])


@pytest.fixture
def lose_files(settings):
    """Somebody tidied up the photo folder."""

    def lose() -> dict[str, bytes]:
        lost = {file.name: file.read_bytes() for file in settings.NASHRA_PHOTO_FOLDER.iterdir()}
        for name in lost:
            (settings.NASHRA_PHOTO_FOLDER / name).unlink()
        return lost

    return lose


def test_a_story_without_its_photo_files_holds_up_no_other(pressroom, write, lose_files):
    pressroom.full()
    strange = write(lead_photo=a_photo())
    lose_files()
    healthy, leaving = write(), write()
    run = pressroom.due()
    assert pressroom.page(healthy.address)
    assert pressroom.page(strange.address) is None
    assert strange.public_id in run.error
    assert not Change.objects.exists()
    publishing.withdraw_story(story=leaving)
    pressroom.due()
    assert pressroom.page(leaving.address) is None


def test_no_list_leads_to_a_page_that_could_not_be_pressed(pressroom, write, lose_files):
    pressroom.full()
    strange = write(lead_photo=a_photo())
    lose_files()
    pressroom.due()
    led = [path for path, content in pressroom.everything().items() if strange.address.encode() in content]
    assert led == []


def test_it_is_tried_again_and_then_stands_everywhere(pressroom, write, lose_files, settings):
    pressroom.full()
    strange = write(lead_photo=a_photo())
    lost = lose_files()
    press_due(now=NOW)
    assert Overdue.objects.get().public_id == strange.public_id
    for name, content in lost.items():
        (settings.NASHRA_PHOTO_FOLDER / name).write_bytes(content)
    assert press_due(now=NOW + datetime.timedelta(seconds=10)) is None, "not yet"
    press_due(now=NOW + datetime.timedelta(seconds=31))
    assert pressroom.page(strange.address)
    assert strange.address in pressroom.page("/en/")
    assert not Overdue.objects.exists()


def test_a_story_that_stood_keeps_its_page_when_it_cannot_be_pressed_anew(pressroom, write, lose_files):
    story = write(headline="It stood")
    pressroom.full()
    story = Story.objects.get(pk=story.pk)
    story.title, story.lead_photo = "It shall stand", a_photo()
    story.save_revision().publish()
    lose_files()
    pressroom.due()
    assert "It stood" in pressroom.page(story.address)
    pressroom.full()
    assert "It stood" in pressroom.page(story.address)
    assert needs_full_press() == ""


@pytest.mark.parametrize("error", [KeyboardInterrupt, AttributeError])
def test_a_run_that_was_cut_off_never_looks_as_if_it_had_ended(pressroom, write, monkeypatch, error):
    from nashra.press.shift import Shift

    def cut_off(*_arguments, **_keywords):
        raise error("cut off")

    write()
    monkeypatch.setattr(Shift, "print_fixed", cut_off)
    with pytest.raises(error):
        pressroom.full()
    run = PressRun.objects.get()
    assert error.__name__ in run.error
    assert run.fingerprint == ""
    assert needs_full_press()


def test_a_cut_off_run_whose_rows_were_rolled_back_vouches_for_nothing(pressroom, write, monkeypatch):
    from nashra.press import rounds

    def cut_off(_lists):
        raise KeyboardInterrupt

    write()
    monkeypatch.setattr(rounds.ledger, "settle_lists", cut_off)
    with pytest.raises(KeyboardInterrupt):
        pressroom.full()
    assert PressRun.objects.get().fingerprint == ""
    assert needs_full_press()


def test_a_photo_whose_removal_was_cut_off_is_copied_again(pressroom, write, settings, tmp_path):
    from nashra.press.write import SiteWriter

    write(lead_photo=a_photo())
    pressroom.full()
    path = next(path for path in pressroom.everything() if path.startswith("photos/"))
    SiteWriter(settings.NASHRA_SITE_FOLDER, tmp_path).remove([path])
    writer = SiteWriter(settings.NASHRA_SITE_FOLDER, tmp_path)
    writer.put_copy(path, settings.NASHRA_PHOTO_FOLDER / path.removeprefix("photos/"))
    assert path in pressroom.everything()


def test_only_files_that_were_there_count_as_removed(pressroom, write):
    write()
    pressroom.full()
    write()
    assert pressroom.due().files_removed == 0


def test_stories_of_a_closed_section_take_no_place_on_the_home_page(pressroom, write, society):
    kept = write(section=society)
    for _ in range(9):
        write()
    pressroom.full()
    security = Story.objects.exclude(pk=kept.pk).first().get_parent().specific
    security.unpublish()
    pressroom.due()
    assert kept.address in pressroom.page("/en/")


def test_a_home_shows_no_photo_that_its_storys_page_could_not_get(pressroom, write, lose_files):
    strange = write(lead_photo=a_photo("navy"))
    pressroom.full()
    newer = a_photo("maroon")
    lose_files()
    draft = strange.get_latest_revision_as_object()
    draft.lead_photo = newer
    draft.save_revision().publish()
    write(headline="Quite another story")
    pressroom.due()
    home = pressroom.page("/en/")
    assert "Quite another story" in home
    assert strange.address in home
    assert not [file.name for file in newer.files.all() if file.name in home]
    assert crawl(pressroom.folder) == []
