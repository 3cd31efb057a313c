"""What is kept of an archive's names while it is pressed: never all of its pictures."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nashra.edition.content import Publication
from nashra.press.gather import names
from nashra.press.gather.names import Names
from tests.press.desk_work import small_photo

pytestmark = pytest.mark.django_db(databases=["default", "readers", "snapshot"])


def test_it_forgets_the_photos_of_earlier_batches_and_knows_those_of_this_one(newsroom, monkeypatch):
    monkeypatch.setattr(names, "_MAX_PHOTOS", 3)
    photos = [small_photo(number).pk for number in range(9)]
    known = Names()
    for start in range(0, len(photos), 2):
        batch = photos[start : start + 2]
        known.learn("default", photos=batch)
        assert set(batch) <= known.photos.keys()
        assert len(known.photos) <= 3 + len(batch)
    assert not set(photos[:4]) & known.photos.keys()


def test_it_forgets_sets_of_topics_and_still_links_them(newsroom, write, monkeypatch):
    monkeypatch.setattr(names, "_MAX_SETS_OF_TOPICS", 1)
    story = write(headline="Two ferries")
    topics = list(story.topics.values_list("pk", flat=True))
    assert topics
    known = Names()
    known.learn("default", topics=topics)
    paper = Publication(
        language="en", name="The Lantern", strapline="", address="/en/", time_zone="UTC", site_url=""
    )
    first = known.topic_links(topics, paper)
    for number in range(5):
        known.topic_links(topics, replace(paper, address=f"/en{number}/"))
    assert known.topic_links(topics, paper) == first
    assert len(known._links) <= 3
