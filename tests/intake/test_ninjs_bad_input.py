"""Whatever stands in a file of items: the bad is named by line and reason, and the rest comes in whole."""

from __future__ import annotations

import json

import pytest
from django.db import OperationalError, connection

from nashra.desk.models import Story, Topic
from tests.intake.ninjs_examples import html, item
from tests.intake.test_ninjs_import import Intake, counts, story


@pytest.fixture
def take(newsroom) -> Intake:
    return Intake()


def test_every_kind_of_bad_line_is_named_and_the_good_ones_come_in(take):
    report = take(
        item(1),
        '{"uri": "urn:broken", ',
        "[1, 2]",
        "not JSON at all",
        item(2, headlines=[{"value": ""}]),
        item(3, headlines=[{"value": "x" * 10_000}]),
        item(4, language="xx"),
        item(5, uri="urn:" + "x" * 5_000),
        item(6, bodies=[{"value": 7}]),
        html("<div>" * 50_000 + "deep", uri="urn:deep"),
        b'{"uri": "\xff\xfe',
        item(7),
    )
    assert [line.partition(":")[0] for line in take.said] == [f"line {number}" for number in range(2, 12)]
    assert counts(report) == {"new": 2, "bad": 10}
    assert not report.is_good
    assert story(1).live
    assert story(7).live
    assert Story.objects.count() == 2


def test_a_body_of_twenty_megabytes_harms_no_other(take):
    take(item(1), html("<p>" + "x" * 20_000_000 + "</p>", uri="urn:big"), item(2))
    assert take.said == ["line 2: has a body of 20,000,007 characters; a story's may have 2,000,000."]
    assert Story.objects.count() == 2


def test_a_body_of_two_megabytes_comes_in_whole(take):
    words = "<p>" + "bread and salt " * 60 + "</p>"
    take(html(words * 2_000, uri=item(1)["uri"]))
    assert take.said == []
    assert story().word_count == 2_000 * 180


def test_scripts_and_event_handlers_never_reach_a_story(take):
    take(html('<p onclick="x()">Bread<script>alert(1)</script> <a href="javascript:x()">here</a></p>'))
    assert story().body_html == "<p>Bread here</p>"


def test_ten_thousand_topics_make_fifty(take):
    topics = [{"name": f"topic {number}"} for number in range(10_000)]
    report = take(item(1, subjects=[{"name": "sea", "rel": "section"}, *topics]))
    assert Topic.objects.count() == story().topics.count() == 50
    assert (
        report.summary()[0] == "A story had too many topics: the first 50 were kept (in 1, first in line 1)."
    )
    assert "it had 10,000" in story().notes


def test_two_stories_with_one_headline_get_an_address_each(take):
    same = [{"value": "The ovens burn"}]
    take(item(1, headlines=same), item(2, headlines=same))
    assert [story(number).slug for number in (1, 2)] == ["the-ovens-burn", "the-ovens-burn-2"]


def test_nul_and_surrogates_come_in_mended_on_every_database(take):
    signs = json.dumps(item(1, headlines=[{"value": "NUL\u0000 and \ud800"}], edNote="a\u0000b"))
    assert "\\u0000" in signs
    topics = [{"name": "sea", "rel": "section"}, {"name": "t\u0000\udfff"}]
    report = take(signs, json.dumps(item(2, subjects=topics)))
    assert counts(report) == {"new": 2}
    assert story(1).title == "NUL and �"
    assert story(2).topics.get().name == "t�"


def test_bytes_that_are_no_utf_8_come_in_mended(take):
    raw = json.dumps(item(1), ensure_ascii=False).encode().replace(b"The ovens", b"The \xffovens")
    take(raw)
    assert story(1).title == "The �ovens burn again 1"


def test_dates_without_a_zone_come_in_named(take):
    report = take(item(1, versionCreated="2026-02-01", firstCreated="2026-01-31T10:00"))
    assert story(1).first_published_at.isoformat() == "2026-01-31T10:00:00+00:00"
    assert sum(report.findings.values()) == 2


def test_dates_at_the_ends_of_time_are_named(take):
    take(
        item(1, versionCreated="0001-01-01T00:00:00+14:00"),
        item(2, versionCreated="9999-12-31T23:59:59-14:00"),
        item(3, firstCreated="0001-01-01T00:00:00Z"),
    )
    assert [line.partition(":")[0] for line in take.said] == ["line 1", "line 2"]
    assert story(3).live


def test_an_item_that_a_database_refuses_spoils_no_other(take):
    """PostgreSQL indexes no more than a megabyte of different words; SQLite takes them all."""
    words = " ".join(f"w{number}x{number * 7919}" for number in range(80_000))
    report = take(item(1), html(f"<p>{words}</p>", uri="urn:words"), item(2))
    if connection.vendor == "sqlite":
        assert counts(report) == {"new": 3}
    else:
        assert counts(report) == {"new": 2, "bad": 1}
        assert take.said[0].startswith("line 2: cannot be written: the database says: string is too long")
    assert story(1).live
    assert story(2).live


def test_a_database_that_is_locked_is_no_items_fault(take, monkeypatch):
    def locked(*arguments, **options):
        raise OperationalError("database is locked")

    monkeypatch.setattr("nashra.desk.bulk.file_stories", locked)
    with pytest.raises(OperationalError):
        take(item(1), item(2))
    assert take.said == []


def test_an_array_is_as_good_as_lines(take):
    take("[" + ",\n".join([json.dumps(item(1)), "{broken}", json.dumps(item(2))]) + "]")
    assert [line.partition(":")[0] for line in take.said] == ["item 2"]
    assert Story.objects.count() == 2
