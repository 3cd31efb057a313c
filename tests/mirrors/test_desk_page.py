"""What administrators see at the desk of how the mirrors are, and what nobody sees there."""

from __future__ import annotations

import datetime
import shutil

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from nashra.desk import groups, publishing
from nashra.mirrors.models import MirrorHealth
from nashra.mirrors.push import Outcome
from nashra.mirrors.records import add_mirror, note_push
from nashra.seal.metadata import root_bytes
from tests.loopback import served
from tests.verifier.editions import HOLDERS, LEAVES, copy, corrected, cut

pytestmark = pytest.mark.django_db(databases=["default", "readers", "snapshot"])

NOW = datetime.datetime.now(tz=datetime.UTC).replace(microsecond=0)
ROOTS = [root_bytes(HOLDERS, version=1, now=NOW)]
PAGE = "/mirrors/"


@pytest.fixture(autouse=True)
def edition(settings, tmp_path):
    settings.NASHRA_EDITION_FOLDER = cut(tmp_path / "edition", at=NOW, roots=ROOTS)
    publishing.create_newsroom(languages=["en"], name="The Lantern")
    return settings.NASHRA_EDITION_FOLDER


def somebody(group: str) -> Client:
    person = User.objects.create(username=group)
    person.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(person)
    return client


def read(client: Client) -> str:
    page = client.get(PAGE)
    assert page.status_code == 200
    return page.content.decode()


def test_it_says_what_each_mirror_answered(edition, tmp_path):
    chief = somebody(groups.ADMINISTRATOR)
    copy(edition, tmp_path / "mirrors" / "late")
    cut(
        edition,
        [corrected(b"<p>The ferry is late.</p>")],
        at=NOW + datetime.timedelta(seconds=1),
        roots=ROOTS,
    )
    copy(edition, tmp_path / "mirrors" / "good")
    bad = copy(edition, tmp_path / "mirrors" / "bad")
    for leaf in LEAVES:
        (bad / leaf.path).write_bytes(b"forged")
    with served(tmp_path / "mirrors") as address:
        for name in ("good", "late", "bad"):
            url = f"{address}/{name}/"
            add_mirror(name, f"/srv/{name}", public_url=url, is_listed=False, now=NOW)
        add_mirror("away", "/srv/away", public_url="http://127.0.0.1:9/", is_listed=False, now=NOW)
        add_mirror("mute", "/srv/mute", public_url="", is_listed=False, now=NOW)
        assert "Not asked yet" in read(chief)
        assert chief.post(PAGE).status_code == 302
    page = read(chief)
    assert "Here lies edition 2" in page
    for sentence in (
        "Intact, as far as the sample shows",
        "1 edition behind ours",
        "Not as we signed it",
        "Does not answer",
        "without an address at which it could be asked",
    ):
        assert page.count(sentence) == 1, sentence
    assert MirrorHealth.objects.count() == 4


def test_it_shows_neither_targets_nor_the_addresses_of_unlisted_mirrors():
    add_mirror("attic", "hidden.example:/srv", public_url="https://hidden.example", is_listed=False, now=NOW)
    add_mirror("open", "open.example:/srv", public_url="https://open.example", is_listed=True, now=NOW)
    page = read(somebody(groups.ADMINISTRATOR))
    assert "hidden.example" not in page
    assert "https://open.example/" in page
    assert "open.example:/srv" not in page


def test_what_went_wrong_with_the_last_push_is_told():
    mirror = add_mirror("attic", "/srv/attic", public_url="", is_listed=False, now=NOW)
    chief = somebody(groups.ADMINISTRATOR)
    assert "never" in read(chief)
    note_push(mirror, Outcome("attic", NOW, NOW, 1, 4, "The disk is full <there>."))
    page = read(chief)
    assert "The disk is full &lt;there&gt;." in page
    assert "mirrors-bad-row" in page


def test_without_an_edition_nothing_is_asked(edition):
    shutil.rmtree(edition)
    chief = somebody(groups.ADMINISTRATOR)
    add_mirror("attic", "/srv/attic", public_url="https://a.example", is_listed=False, now=NOW)
    page = chief.post(PAGE, follow=True).content.decode()
    assert "No edition lies here yet" in page
    assert "nothing could be compared" in page
    assert not MirrorHealth.objects.exists()


@pytest.mark.parametrize("group", [groups.REPORTER, groups.EDITOR, groups.MODERATOR])
def test_others_do_not_see_it(group):
    client = somebody(group)
    for answer in (client.get(PAGE), client.post(PAGE)):
        assert answer.status_code in {302, 403}
    assert 'href="/mirrors/"' not in client.get("/").content.decode()
