"""A photo that somebody else's telephone took gives nobody's position away."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from nashra.desk import publishing
from nashra.desk.photographs import make_files

PHOTOS = ("GPS.jpg", "IPTC-PhotometadataRef-Std2021.1.jpg")


def test_the_material_holds_a_position_to_lose(outside: Path):
    with Image.open(outside / "outside" / "photo" / "GPS.jpg") as original:
        assert original.getexif().get_ifd(ExifTags.IFD.GPSInfo)


@pytest.mark.parametrize("name", PHOTOS)
def test_no_file_for_readers_holds_a_position_or_any_other_metadata(outside: Path, name: str):
    original = (outside / "outside" / "photo" / name).read_bytes()
    made = make_files(original, artist="Ilo Marsh", copyright_notice="© Ilo Marsh")
    assert {file.extension for file in made} == {"avif", "webp", "jpg"}
    for file in made:
        with Image.open(io.BytesIO(file.content)) as opened:
            exif = opened.getexif()
            assert set(exif) == {ExifTags.Base.Artist, ExifTags.Base.Copyright}
            for part in ExifTags.IFD:
                assert not exif.get_ifd(part), part
            assert not {"xmp", "icc_profile", "comment", "photoshop"} & set(opened.info)
        for trace in (b"GPS", b"http://ns.adobe.com", b"Photoshop 3.0", b"8BIM"):
            assert trace not in file.content, (file.name, trace)


@pytest.mark.django_db
def test_what_lies_in_the_photo_folder_holds_no_position(outside: Path, settings):
    publishing.create_newsroom(languages=["en"], name="The Lantern")
    original = (outside / "outside" / "photo" / "GPS.jpg").read_bytes()
    photo = publishing.add_photo(content=original, file_name="GPS.jpg", alt_text="A street in the rain")
    files = list(settings.NASHRA_PHOTO_FOLDER.iterdir())
    assert {file.name for file in files} == set(photo.files.values_list("name", flat=True))
    for file in files:
        with Image.open(file) as opened:
            assert not opened.getexif().get_ifd(ExifTags.IFD.GPSInfo)
