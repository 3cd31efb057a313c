"""A page of topics or people stands before any story leads to it, also where it stood elsewhere before."""

from __future__ import annotations

from typing import Any

import pytest

from nashra.desk.models import Person, Topic
from nashra.press.write import SiteWriter
from tests.press.crawler import crawl

pytestmark = pytest.mark.django_db(databases=["default", "readers", "snapshot"])


@pytest.fixture
def faults(pressroom: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a reader would find broken after each file that is written from now on."""
    found: list[str] = []
    put = SiteWriter.put

    def put_and_look(self: SiteWriter, file: Any) -> Any:
        written = put(self, file)
        found.extend(crawl(pressroom.folder, settled=False))
        return written

    monkeypatch.setattr(SiteWriter, "put", put_and_look)
    return found


@pytest.mark.parametrize("kind", [Topic, Person])
def test_a_full_press_leads_to_no_new_address_before_its_page_stands(
    pressroom, write, topic, person, kind, request
):
    write(headline="A light on the river")
    write(headline="The ferry came in")
    pressroom.full()
    faults = request.getfixturevalue("faults")
    thing = kind.objects.get(pk={Topic: topic, Person: person}[kind].pk)
    thing.slug = "moved-elsewhere"
    thing.save()
    pressroom.full()
    folder = {Topic: "topics", Person: "people"}[kind]
    assert pressroom.page(f"/en/{folder}/moved-elsewhere/")
    assert faults == []
