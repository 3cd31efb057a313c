"""Readers' pictures are small, upright, and hold nothing but who took them and whose they are."""

from __future__ import annotations

import hashlib
import io

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from nashra.desk import checks, publishing
from nashra.desk.models import Photo
from nashra.desk.photographs import BadPicture, make_files
from tests.desk.conftest import picture

ORIENTATION, ARTIST, COPYRIGHT, SOFTWARE, GPS = 0x0112, 0x013B, 0x8298, 0x0131, 0x8825


def test_it_makes_each_type_at_each_width_and_never_a_larger_one():
    made = {(file.extension, file.width_px, file.height_px) for file in make_files(picture(1200, 600))}
    sizes = [(480, 240), (960, 480), (1200, 600)]
    assert made == {(kind, *size) for kind in ("avif", "jpg", "webp") for size in sizes}


def test_a_large_picture_stops_at_the_largest_width():
    assert {file.width_px for file in make_files(picture(2000, 500))} == {480, 960, 1600}


def test_a_tiny_picture_stays_as_it_is():
    assert {(file.width_px, file.height_px) for file in make_files(picture(30, 20))} == {(30, 20)}


def test_the_same_picture_gives_the_same_bytes_and_is_named_by_them():
    first, second = (make_files(picture(600, 400), artist="عمر") for _ in range(2))
    assert first == second
    for file in first:
        digest = hashlib.sha256(file.content).hexdigest()
        assert file.name == f"{digest[:20]}-{file.width_px}.{file.extension}"


def test_a_picture_is_turned_as_its_camera_was_held():
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    made = make_files(picture(600, 400, exif=exif))
    assert {(file.width_px, file.height_px) for file in made} >= {(400, 600)}
    with Image.open(io.BytesIO(made[0].content)) as opened:
        assert ORIENTATION not in opened.getexif()


def test_only_artist_and_copyright_are_kept():
    exif = Image.Exif()
    exif[SOFTWARE] = "Camera 1.0"
    exif[ARTIST] = "Somebody else"
    exif.get_ifd(GPS)[2] = (33.0, 30.0, 36.0)
    original = picture(600, 400, exif=exif, comment=b"serial 1234")
    for file in make_files(original, artist="عمر/AFP", copyright_notice="© 2026 عمر"):
        with Image.open(io.BytesIO(file.content)) as opened:
            kept = dict(opened.getexif())
            assert set(kept) == {ARTIST, COPYRIGHT}, file.extension
            assert not opened.getexif().get_ifd(GPS)
            assert not {"icc_profile", "xmp", "comment"} & set(opened.info)
        assert "عمر/AFP".encode() in file.content
        assert b"serial" not in file.content
        assert b"Camera" not in file.content


def test_a_picture_without_credit_carries_no_metadata_at_all():
    for file in make_files(picture(300, 200)):
        with Image.open(io.BytesIO(file.content)) as opened:
            assert not dict(opened.getexif())


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "CMYK", "L", "I;16", "1"])
def test_pictures_of_all_kinds_become_plain_ones(mode):
    out = io.BytesIO()
    source = Image.new(mode, (50, 40))
    source.save(out, "JPEG" if mode == "CMYK" else "PNG")
    for file in make_files(out.getvalue()):
        with Image.open(io.BytesIO(file.content)) as opened:
            assert opened.mode == "RGB"


def test_what_is_transparent_becomes_white():
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(make_files(out.getvalue())[0].content)) as opened:
        assert min(opened.getpixel((10, 10))) > 250


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no picture"),
        (b"GIF89a", "no picture|broken"),
        (b"%PDF-1.7 not a picture", "no picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture"),
        (picture(600, 400)[:900], "broken"),
        (picture(600, 400, encoder="PNG")[:900], "broken"),
        (picture(600, 400, encoder="WEBP")[:200], "broken"),
    ],
)
def test_a_file_that_is_no_whole_picture_gets_one_sentence(content, sentence):
    with pytest.raises(BadPicture, match=sentence):
        make_files(content)


def test_a_huge_picture_gets_one_sentence_before_it_fills_the_memory():
    out = io.BytesIO()
    Image.new("1", (10_000, 5_001)).save(out, "PNG")
    with pytest.raises(BadPicture, match="more than 50 megapixels"):
        make_files(out.getvalue())
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    with pytest.raises(BadPicture, match="more than 50 megapixels"):
        make_files(out.getvalue())


@given(st.binary(max_size=300))
def test_no_bytes_surprise_it(tail):
    for head in (b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x00\x00\x00WEBPVP8 ", b"GIF89a"):
        with pytest.raises(BadPicture):
            make_files(head + tail)


def test_a_photos_files_lie_in_the_folder_under_their_names(photo, settings):
    for file in photo.files.all():
        content = (settings.NASHRA_PHOTO_FOLDER / file.name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file.sha256
        assert len(content) == file.size_bytes


def test_a_changed_credit_makes_the_files_anew_and_a_changed_caption_does_not(photo):
    names = set(photo.files.values_list("name", flat=True))
    photo.caption = "Another"
    photo.save()
    assert set(photo.files.values_list("name", flat=True)) == names
    photo.credit_person = "Ila Marsh"
    photo.save()
    assert not names & set(photo.files.values_list("name", flat=True))


def test_a_credit_names_person_and_agency_or_whichever_there_is(newsroom):
    assert Photo(credit_person="Ilo Marsh", credit_agency="AFP").credit == "Ilo Marsh/AFP"
    assert Photo(credit_agency="AFP").credit == "AFP"
    assert Photo().credit == ""


CAMERA_NAMES = """
IMG_2041.jpg
photo.JPEG
IMG_2041
DSC00012
P1010023
20261104_101112
my_nice_photo
WhatsApp Image 2026-11-04 at 10.11.12
Screenshot 2026-11-04
a3f5c9d1e7b24f60a3f5
image
42
""".strip().splitlines()
DESCRIPTIONS = """
A baker lifts a loaf from the oven
خباز يرفع رغيفا
Photo of a bridge
Image 3 shows the bridge
The mayor in 2026
Mr. Dell
Download queue at the ministry
Portrait
""".strip().splitlines()


@pytest.mark.parametrize("text", CAMERA_NAMES)
def test_what_cameras_and_telephones_write_is_a_file_name(text):
    assert checks.looks_like_file_name(text)


@pytest.mark.parametrize("text", DESCRIPTIONS)
def test_what_people_write_is_not(text):
    assert not checks.looks_like_file_name(text, file_name="IMG_2041.jpg")


def test_an_alt_text_that_is_the_files_own_name_is_refused(newsroom):
    with pytest.raises(ValidationError, match="looks like a file name"):
        publishing.add_photo(content=picture(), file_name="oven-two.jpg", alt_text="oven-two")
    with pytest.raises(ValidationError, match="alt_text"):
        publishing.add_photo(content=picture(), file_name="oven-two.jpg", alt_text="")
    assert not Photo.objects.exists()


def test_nothing_is_kept_of_a_file_that_is_no_picture(newsroom, settings):
    with pytest.raises(BadPicture):
        publishing.add_photo(content=b"no", file_name="x.jpg", alt_text="A loaf of bread")
    assert not Photo.objects.exists()
    assert not settings.NASHRA_PHOTO_FOLDER.exists()
