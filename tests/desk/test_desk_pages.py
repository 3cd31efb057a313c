"""The desk's pages ask no other host, and its pictures are for staff alone."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from nashra.desk.models import Person, Photo
from tests.desk.conftest import picture

pytestmark = [
    pytest.mark.django_db(databases=["default", "readers", "snapshot"]),
    # Wagtail leaves a thumbnail's temporary file to the garbage collector.
    pytest.mark.filterwarnings("ignore:(?i)unclosed file:ResourceWarning"),
]

# What a browser fetches by itself, or sends to; a plain link asks nobody until it is clicked.
FETCHING = {"src", "srcset", "action", "formaction", "poster", "data", "background", "data-src", "xlink:href"}
FETCHING_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "preconnect", "dns-prefetch", "manifest"}
OTHER_HOST = re.compile(r"^\s*(?:[a-z]+:)?//(?!testserver)", re.IGNORECASE)


@pytest.fixture(autouse=True)
def _collect_what_wagtail_left_open() -> Iterator[None]:
    """Under this module's filter, so that no later test is blamed for it."""
    yield
    gc.collect()


class Fetched(HTMLParser):
    """Collects the addresses of other hosts that a page would have the browser ask."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        rel = set((values.get("rel") or "").split())
        for name, value in attrs:
            fetched = name in FETCHING or (tag == "link" and name == "href" and rel & FETCHING_LINKS)
            if fetched and value and OTHER_HOST.match(value):
                self.found.append((tag, value))
            if name == "style" and value and re.search(r"url\(\s*['\"]?(?:https?:)?//", value):
                self.found.append((tag, value))


def desk_addresses(story, photo, security, newsroom):
    person = Person.objects.create(name="Mara Quill")
    page_views = ("edit", "delete", "copy", "history", "unpublish", "move", "usage")
    return [
        "/",
        "/pages/",
        f"/pages/{security.pk}/",
        f"/pages/add/desk/story/{security.pk}/",
        *(reverse(f"wagtailadmin_pages:{view}", args=(story.pk,)) for view in page_views),
        f"/pages/{newsroom['en'].pk}/edit/",
        f"/pages/{security.pk}/edit/",
        "/images/",
        "/images/add/",
        "/images/multiple/add/",
        f"/images/{photo.pk}/",
        "/snippets/desk/person/",
        "/snippets/desk/person/add/",
        f"/snippets/desk/person/edit/{person.pk}/",
        "/snippets/desk/place/add/",
        "/snippets/desk/topic/add/",
        "/users/",
        "/groups/",
        "/locales/",
        "/sites/",
        "/workflows/list/",
        "/reports/site-history/",
        "/reports/locked/",
        "/account/",
        "/comments/",
        "/press/",
        "/withdrawals/",
        "/mirrors/",
    ]


def test_no_page_of_the_desk_has_the_browser_ask_another_host(
    admin_client, published, photo, security, newsroom
):
    story = published(lead_photo=photo, body=[("paragraph", "<p>Bread.</p>")])
    for address in desk_addresses(story, photo, security, newsroom):
        answer = admin_client.get(address)
        assert answer.status_code == 200, address
        page = Fetched()
        page.feed(answer.content.decode())
        assert page.found == [], address
        assert "gravatar" not in answer.content.decode().lower()
        policy = answer["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "http" not in policy
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "noindex" in answer["X-Robots-Tag"]


def test_the_desks_home_page_has_no_link_to_another_host(admin_client, newsroom):
    page = admin_client.get("/").content.decode()
    # Without scripts the desk cannot work; the sentence that says so links to help, and stays.
    page = re.sub(r"<noscript.*?</noscript>", "", page, flags=re.DOTALL)
    assert f'href="{reverse("wagtailadmin_account")}"' in page
    assert "editor guide" not in page.lower()
    assert [href for href in re.findall(r'href="([^"]*)"', page) if OTHER_HOST.match(href)] == []


def test_no_page_can_be_made_private(admin_client, published, security, newsroom):
    for page in (published(), security, newsroom["en"]):
        form = admin_client.get(reverse("wagtailadmin_pages:edit", args=(page.pk,)))
        assert form.status_code == 200
        assert 'data-a11y-dialog-show="set-privacy"' not in form.content.decode()
        privacy = reverse("wagtailadmin_pages:set_privacy", args=(page.pk,))
        assert admin_client.get(privacy).status_code == 302
        admin_client.post(privacy, {"restriction_type": "login"})
        assert not page.get_view_restrictions().exists()


def test_view_live_leads_to_the_readers_site(admin_client, published, settings):
    story = published()
    page = admin_client.get(reverse("wagtailadmin_pages:edit", args=(story.pk,))).content.decode()
    assert f'href="{settings.NASHRA_SITE_URL}/en/security/the-ovens-burn-again/"' in page


def test_a_draft_is_previewed_in_the_theme_and_framed_by_the_desk(admin_client, write, photo):
    story = write(lead_photo=photo, body=[("paragraph", "<p>Nobody saw this yet.</p>")])
    answer = admin_client.get(reverse("wagtailadmin_pages:view_draft", args=(story.pk,)))
    page = answer.content.decode()
    assert "Nobody saw this yet." in page
    assert "<h1" in page
    assert "Ilo Marsh/Delta Pictures" in page
    policy = answer["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "form-action 'none'" in policy
    assert "frame-ancestors 'none'" not in policy
    name = re.search(r"/photos/([0-9a-f]{20}-\d+\.jpg)", page)[1]
    picture_answer = admin_client.get(f"/photos/{name}")
    assert picture_answer["Content-Type"] == "image/jpeg"
    assert b"".join(picture_answer.streaming_content)[:2] == b"\xff\xd8"


def test_pictures_are_for_staff_alone(client, admin_client, desk, photo):
    for address in (photo.file.url, f"/photos/{photo.files.first().name}"):
        assert client.get(address).status_code == 302
        answer = admin_client.get(address)
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content)


@pytest.mark.parametrize(
    "path",
    [
        "../desk.sqlite3",
        "%2e%2e/desk.sqlite3",
        "..%2fsecret-key",
        "%00",
        "original_images",
        "/etc/passwd",
        "x" * 999,
    ],
)
@pytest.mark.parametrize("folder", ["media", "photos"])
def test_no_path_leads_out_of_the_folder(admin_client, photo, settings, folder, path):
    (settings.NASHRA_VAR / "desk.sqlite3").write_text("secret")
    (settings.NASHRA_VAR / "secret-key").write_text("secret")
    answer = admin_client.get(f"/{folder}/{path}")
    assert answer.status_code in {301, 302, 404}
    assert b"secret" not in answer.content


def test_a_link_out_of_the_folder_is_not_followed(admin_client, photo, settings, tmp_path):
    (tmp_path / "elsewhere.jpg").write_bytes(picture())
    (Path(settings.MEDIA_ROOT) / "sly.jpg").symlink_to(tmp_path / "elsewhere.jpg")
    assert admin_client.get("/media/sly.jpg").status_code == 404


def test_what_is_no_picture_is_handed_out_as_a_download(admin_client, photo, settings):
    (Path(settings.MEDIA_ROOT) / "page.html").write_text("<script>1</script>")
    answer = admin_client.get("/media/page.html")
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content)


def test_robots_are_turned_away(client, db):
    assert "Disallow: /" in client.get("/robots.txt").content.decode()


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def test_many_pictures_at_once_wait_for_their_alt_texts(admin_client, newsroom):
    address = reverse("wagtailimages:add_multiple")
    answer = admin_client.post(
        address, {"title": "IMG_2041", "files[]": upload("IMG_2041.jpg", picture())}
    ).json()
    assert answer["success"]
    assert not Photo.objects.exists()
    form = answer["form"]
    alt_text = re.search(r'<input[^>]*name="[^"]*alt_text"[^>]*>', form)[0]
    assert "value=" not in alt_text
    action = reverse("wagtailimages:create_multiple_from_uploaded_image", args=(answer["uploaded_file_id"],))
    prefix = f"uploaded-image-{answer['uploaded_file_id']}"
    values = {f"{prefix}-title": "Ovens", f"{prefix}-tags": "", f"{prefix}-collection": "1"}
    refused = admin_client.post(action, {**values, f"{prefix}-alt_text": "IMG_2041.jpg"}).json()
    assert "looks like a file name" in refused["form"]
    kept = admin_client.post(action, {**values, f"{prefix}-alt_text": "A baker at the oven"}).json()
    assert kept["success"]
    assert Photo.objects.get().files.count() == 6


def test_a_broken_picture_gets_one_sentence_at_the_form(admin_client, newsroom):
    values = {"title": "x", "alt_text": "A loaf of bread", "tags": "", "collection": "1"}
    answer = admin_client.post(
        reverse("wagtailimages:add"), {**values, "file": upload("loaf.jpg", picture()[:900])}
    )
    assert answer.status_code == 200
    assert "broken" in answer.content.decode()
    assert not Photo.objects.exists()
