"""The first story, end to end: written, published, read, answered, renamed, withdrawn."""

import pytest
from PIL import Image, ImageDraw

from tests.journeys.newsroom_desk import Desk
from tests.journeys.reader import Reader
from tests.journeys.watched import MARKED_ADDRESS, MARKED_AGENT

pytestmark = pytest.mark.journey

HEADLINE = "The mill of Qasr Marun turns again"
ADDRESS = "/en/security/the-mill-of-qasr-marun-turns-again/"
NEW_ADDRESS = "/en/security/the-wheel-turns/"
CAPTION = "The wheel on its first morning"
ALT_TEXT = "A wooden wheel in a stream, and a man beside it"
FIRST_PARAGRAPH = "At noon the wheel turned, for the first time in eleven years."
LAST_PARAGRAPH = "Then it began to rain."
WITHOUT_SCRIPTS = "My grandfather carried flour from there."
WITH_SCRIPTS = "He would have liked the picture."


@pytest.fixture
def picture(tmp_path):
    """A picture of our own, wide enough for every width that readers get."""
    image = Image.new("RGB", (1800, 1200), "#7fa9c4")
    drawing = ImageDraw.Draw(image)
    drawing.rectangle((0, 800, 1800, 1200), fill="#5a7d4f")
    drawing.ellipse((600, 300, 1200, 900), outline="#4b3621", width=60)
    path = tmp_path / "wheel.jpg"
    image.save(path, quality=85)
    return path


@pytest.fixture
def desk(browsers, served_newsroom):
    return Desk(browsers.window(), served_newsroom)


@pytest.fixture
def reader_without_scripts(browsers, served_newsroom):
    return Reader(browsers.window(scripts=False), served_newsroom)


@pytest.fixture
def reader(browsers, served_newsroom):
    return Reader(browsers.window(), served_newsroom)


def write_and_publish(desk, picture):
    desk.log_in()
    desk.add_section("Security", language="en")
    desk.add_person("Rima Haddad")
    desk.add_place("Qasr Marun")
    desk.begin_story(HEADLINE, section="Security")
    desk.write_byline("Rima Haddad", "Qasr Marun")
    desk.upload_lead_photo(
        picture,
        title="Mill wheel",
        alt_text=ALT_TEXT,
        caption=CAPTION,
        credit_person="Karim Najjar",
        credit_agency="Valley Pictures",
    )
    desk.add_paragraph(FIRST_PARAGRAPH)
    desk.add_subheading("What the miller said")
    desk.add_quote("You do not let a wheel rust", speaker="Salim Darwish", role="miller")
    desk.add_paragraph(LAST_PARAGRAPH)
    desk.publish()


def see_the_story(reader):
    reader.wait_for(ADDRESS, text=HEADLINE)
    page = reader.page
    assert page.locator("h1").all_inner_texts() == [HEADLINE]
    assert "By Rima Haddad in Qasr Marun" in page.locator(".byline").inner_text()
    caption = page.locator("figure figcaption").first.inner_text()
    assert caption.count(CAPTION) == 1
    assert "[Karim Najjar/Valley Pictures]" in caption
    photo = page.locator("figure img").first
    assert photo.get_attribute("alt") == ALT_TEXT
    assert photo.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    assert page.locator("article h2").all_inner_texts() == ["What the miller said"]
    quote = page.locator("article").inner_text()
    assert "You do not let a wheel rust" in quote
    assert "Salim Darwish" in quote
    assert page.locator(".prose > p").all_inner_texts() == [FIRST_PARAGRAPH, LAST_PARAGRAPH]
    assert page.locator("#comment-count").inner_text() == "0 comments"


def test_a_story_from_desk_to_reader_and_back(desk, picture, reader, reader_without_scripts):
    write_and_publish(desk, picture)
    see_the_story(reader)

    for somebody in (reader_without_scripts, reader):
        somebody.open(ADDRESS)
        somebody.react("Yes")

    reader_without_scripts.open(ADDRESS)
    reader_without_scripts.comment("Nur", WITHOUT_SCRIPTS)
    reader.open(ADDRESS)
    reader.comment("Samira", WITH_SCRIPTS)
    assert reader.page.url.endswith(ADDRESS), "with scripts one stays on the page"

    assert "0 comments" in reader.wait_for(ADDRESS).text()
    desk.approve_comment(WITHOUT_SCRIPTS)
    reader.wait_for(ADDRESS, text=WITHOUT_SCRIPTS)
    assert reader.page.locator("#comment-count").inner_text() == "1 comment"
    assert WITH_SCRIPTS not in reader.page.locator("body").inner_text()
    desk.approve_comment(WITH_SCRIPTS)
    reader.wait_for(ADDRESS, text=WITH_SCRIPTS)
    assert reader.page.locator("#comment-count").inner_text() == "2 comments"

    desk.edit(HEADLINE)
    desk.rename("the-wheel-turns")
    reader.wait_for(NEW_ADDRESS, text=WITHOUT_SCRIPTS)
    followed = reader.open(ADDRESS)
    assert followed.request.redirected_from.response().status == 301
    assert reader.page.url.endswith(NEW_ADDRESS)

    desk.withdraw(HEADLINE)
    reader.wait_for(NEW_ADDRESS, status=410, text="withdrawn")
    assert reader.open(ADDRESS).status in {301, 410}
    assert HEADLINE not in reader.wait_for("/en/").text()


def test_nothing_that_a_browser_was_asked_to_do_left_its_origin_or_was_written_down(
    browsers, desk, picture, reader_without_scripts, served_newsroom, test_ground
):
    """Searches every byte that the newsroom keeps, its log and its databases' files included."""
    text = "A comment that can be found again: heron, lantern, bread."
    desk.log_in()
    desk.add_section("Society", language="en")
    desk.begin_story("Bread for the valley", section="Society")
    desk.add_paragraph("The oven is lit at four.")
    desk.publish()
    reader_without_scripts.wait_for("/en/society/bread-for-the-valley/")
    reader_without_scripts.react("No")
    reader_without_scripts.open("/en/society/bread-for-the-valley/")
    reader_without_scripts.comment("Heron", text)

    assert browsers.strays == []
    assert browsers.complaints == []
    assert browsers.asked
    test_ground.settle()
    folders = (served_newsroom.home, test_ground.folder)
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    kept = {file: file.read_bytes() for file in files}
    assert any(text.encode() in content for content in kept.values()), "the search does not find anything"
    for mark in (MARKED_ADDRESS, MARKED_AGENT):
        assert [file.name for file, content in kept.items() if mark.encode() in content] == []
