"""Each property of an item that is used comes in, in each version's spelling."""

from __future__ import annotations

import datetime
import zoneinfo

import pytest

from nashra.intake.ninjs.item import Item, read_item
from nashra.intake.ninjs.report import BadItem, LeftOut
from tests.intake.ninjs_examples import html, item

ZONES = {"en": datetime.UTC, "ar": zoneinfo.ZoneInfo("Asia/Damascus"), "pt-br": datetime.UTC}


def read(**changes) -> Item:
    return read_item(item(**changes), zones=ZONES)


def moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def kinds(found: Item) -> set[str]:
    return {finding.kind for finding in found.findings}


def test_uri_names_the_item():
    assert read(uri=" urn:example:7 ").uri == "urn:example:7"


@pytest.mark.parametrize("kind", ["text", "composite", "Text", None])
def test_type_lets_texts_in(kind):
    assert read(type=kind).headline


@pytest.mark.parametrize("kind", ["picture", "audio", "planning"])
def test_type_leaves_all_else_out(kind):
    with pytest.raises(LeftOut, match=f"of the type '{kind}'"):
        read(type=kind)


def test_first_created_is_when_it_was_published():
    assert read(firstCreated="2020-03-04T05:06:07+02:00").published_at == moment("2020-03-04T03:06:07+00:00")


def test_content_created_stands_in_for_first_created():
    found = read(firstCreated=None, contentCreated="2019-01-01T00:00:00Z")
    assert found.published_at == moment("2019-01-01T00:00:00Z")


def test_version_created_is_the_version_and_the_last_change():
    found = read(versionCreated="2026-02-03T04:05:06Z")
    assert found.version_created_at == found.updated_at == moment("2026-02-03T04:05:06Z")


def test_version_created_before_first_created_is_no_change():
    found = read(firstCreated="2026-02-02T00:00:00Z", versionCreated="2026-02-01T00:00:00Z")
    assert found.published_at == found.updated_at == moment("2026-02-02T00:00:00Z")


def test_embargoed_until_is_read():
    assert read(embargoedUntil="2027-01-01T06:00:00Z").embargoed_until == moment("2027-01-01T06:00:00Z")


def test_pub_status_withholds_and_cancels():
    assert read(pubStatus="withheld").is_withheld
    assert read(pubStatus="canceled", headlines=None, bodies=None).is_canceled
    assert not read(pubStatus=None).is_withheld


@pytest.mark.parametrize(
    ("name", "remark"),
    [
        ("copyrightHolder", "Copyright: The Gull"),
        ("copyrightNotice", "Copyright notice: The Gull"),
        ("usageTerms", "Terms of use: The Gull"),
        ("edNote", "Note to editors: The Gull"),
    ],
)
def test_what_editors_should_know_becomes_a_remark(name, remark):
    assert read(**{name: "The Gull"}).remarks == (remark,)


def test_info_sources_become_a_remark():
    sources = [{"name": "Port authority", "role": "source"}, {"name": "GNA"}]
    assert read(infoSources=sources).remarks == ("Sources: Port authority, GNA",)


@pytest.mark.parametrize(
    ("tag", "language"), [("ar", "ar"), ("ar-SY", "ar"), ("EN_gb", "en"), ("pt-BR", "pt-br")]
)
def test_language_names_the_publication(tag, language):
    assert read(language=tag).language == language


def test_language_may_be_given_by_whoever_imports():
    assert read_item(item(language=None), zones=ZONES, default_language="ar").language == "ar"


def test_an_unknown_language_is_refused():
    with pytest.raises(BadItem, match=r"is in the language 'xx'. There are publications in: ar, en, pt-br\."):
        read(language="xx")
    with pytest.raises(BadItem, match="names no language"):
        read(language=None)


def test_description_of_a_caption_gives_caption_and_credit():
    found = read()
    assert (found.caption, found.credit) == ("The first loaf.", "Sami Tarek/GNA")
    agency = read(descriptions=[{"role": "caption", "value": "The first loaf. [AFP]"}])
    assert (agency.caption, agency.credit) == ("The first loaf.", "AFP")


@pytest.mark.parametrize("role", ["summary", "drophead", "abstract", None])
def test_description_of_another_role_is_the_standfirst(role):
    description = {"role": role, "value": "Bread at last."} if role else {"value": "Bread at last."}
    assert read(descriptions=[description]).standfirst == "Bread at last."


def test_description_in_html_gives_its_words():
    description = {
        "role": "summary",
        "contentType": "text/html",
        "value": "<p>Br<b>ead</b></p><p>&amp; salt</p>",
    }
    assert read(descriptions=[description]).standfirst == "Bread & salt"


def test_body_in_the_main_role_comes_first():
    bodies = [
        {"role": "teaser", "contentType": "text/html", "value": "<p>Short.</p>"},
        {"role": "main", "contentType": "text/html", "value": "<p>Long.</p>"},
    ]
    assert read(bodies=bodies).blocks == (("paragraph", "<p>Long.</p>"),)


def test_body_in_html_comes_before_plain_text():
    bodies = [
        {"contentType": "text/plain", "value": "Plain."},
        {"contentType": "application/xhtml+xml", "value": "<p>Rich.</p>"},
    ]
    assert read(bodies=bodies).blocks == (("paragraph", "<p>Rich.</p>"),)
    assert read(bodies=bodies[:1]).blocks == (("paragraph", "<p>Plain.</p>"),)


def test_body_of_an_unknown_type_is_no_body():
    with pytest.raises(BadItem, match="has no body"):
        read(bodies=[{"contentType": "application/xml", "value": "<NITF/>"}])


def test_headline_in_the_main_role_comes_first():
    headlines = [{"role": "short", "value": "Ovens"}, {"role": "main", "value": " Ovens\nburn again "}]
    assert read(headlines=headlines).headline == "Ovens burn again"
    assert read(headlines=headlines[:1]).headline == "Ovens"


def test_headline_in_html_gives_its_words():
    headlines = [{"contentType": "text/html", "value": "Bread &amp; <i>salt</i>"}]
    assert read(headlines=headlines).headline == "Bread & salt"


def test_title_stands_in_for_the_headline():
    found = read(headlines=None, title="OVENS-NAHR")
    assert found.headline == "OVENS-NAHR"
    assert kinds(found) == {"An item without a headline got its title in its place"}


@pytest.mark.parametrize(
    ("by", "authors", "place"),
    [
        ("By Rana Odeh in Nahr", ("Rana Odeh",), "Nahr"),
        ("By Rana Odeh, Sami Tarek and Ilo Marsh", ("Rana Odeh", "Sami Tarek", "Ilo Marsh"), ""),
        ("Rana Odeh", ("Rana Odeh",), ""),
        ("By Correspondent 7 in Nahr", ("Correspondent 7",), "Nahr"),
        ("بقلم رنا عودة في نهر", ("رنا عودة",), "نهر"),
        ("گزارش از رعنا عوده در نهر", ("رعنا عوده",), "نهر"),
    ],
)
def test_by_gives_authors_and_place(by, authors, place):
    found = read(by=by, located=None)
    assert (found.authors, found.place) == (authors, place)


def test_people_who_wrote_it_stand_in_for_by():
    people = [{"name": "Rana Odeh", "rel": "author"}, {"name": "The Mayor", "rel": "about"}]
    assert read(by=None, people=people).authors == ("Rana Odeh",)


def test_located_gives_the_place_where_by_names_none():
    assert read(by="By Rana Odeh", located="Nahr").place == "Nahr"
    both = read(by="By Rana Odeh in Salt", located="Nahr")
    assert both.place == "Salt"
    assert "A byline names another place than “located”: the byline's was taken" in kinds(both)


def test_subjects_give_section_and_topics():
    subjects = [
        {"name": "Sea", "rel": "section"},
        {"name": "bread", "rel": "topic"},
        {"name": "salt"},
        {"name": "bread"},
    ]
    found = read(subjects=subjects)
    assert (found.sections, found.topics) == (("Sea",), ("bread", "salt"))


def test_associations_that_are_texts_are_related():
    associations = [
        {"uri": "urn:example:1", "type": "text", "name": "main"},
        {"uri": "urn:example:2", "type": "picture", "name": "photo"},
    ]
    assert read(associations=associations).related == ("urn:example:1",)
    assert read(associations={"main": associations[0]}).related == ("urn:example:1",)


def test_it_reads_the_spellings_of_ninjs_1():
    old = {
        "uri": "urn:example:old",
        "language": "en",
        "versioncreated": "2015-02-01T09:00:00Z",
        "firstcreated": "2015-02-01T08:00:00Z",
        "pubstatus": "withheld",
        "headline": "The ovens burn again",
        "byline": "By Rana Odeh in Nahr",
        "body_xhtml": "<p>They do.</p>",
        "body_text": "They do, plainly.",
        "description_text": "Bread at last.",
        "subject": [{"name": "sea", "rel": "section"}],
        "infosource": [{"name": "GNA"}],
        "embargoed": "2027-01-01T00:00:00Z",
        "usageterms": "None.",
    }
    found = read_item(old, zones=ZONES)
    assert (found.headline, found.standfirst) == ("The ovens burn again", "Bread at last.")
    assert found.blocks == (("paragraph", "<p>They do.</p>"),)
    assert (found.authors, found.place, found.sections) == (("Rana Odeh",), "Nahr", ("sea",))
    assert found.is_withheld
    assert found.embargoed_until == moment("2027-01-01T00:00:00Z")
    assert found.version_created_at == moment("2015-02-01T09:00:00Z")
    assert found.remarks == ("Terms of use: None.", "Sources: GNA")


def test_it_reads_the_small_letters_of_ninjs_2():
    body = {"role": "main", "contenttype": "text/html", "value": "<p>They do.</p>"}
    found = read(bodies=[body], versionCreated=None, versioncreated="2021-02-01T09:00:00+02:00")
    assert found.blocks == (("paragraph", "<p>They do.</p>"),)
    assert found.version_created_at == moment("2021-02-01T07:00:00Z")


def test_it_reads_the_body_html_of_other_senders():
    found = read(bodies=None, body_html="<p>They do.</p>")
    assert found.blocks == (("paragraph", "<p>They do.</p>"),)


def test_a_date_without_a_zone_is_taken_in_the_publications_own():
    found = read(language="ar", versionCreated="2026-02-01T12:00:00")
    assert found.version_created_at == moment("2026-02-01T09:00:00Z")
    assert kinds(found) == {"A date without a zone was taken in the publication's own"}


def test_a_version_that_is_no_date_is_refused():
    with pytest.raises(BadItem, match="has a “versionCreated” that is no date: 'yesterday'"):
        read(versionCreated="yesterday")


def test_another_date_that_is_no_date_is_left_out():
    found = read(firstCreated="soon")
    assert found.published_at == moment("2026-02-01T09:00:00Z")
    assert kinds(found) == {"A property of the wrong kind was left out"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"uri": None}, "has no “uri”"),
        ({"uri": "   "}, "has no “uri”"),
        ({"uri": 7}, "has a “uri” that is a number, not text"),
        ({"uri": "urn:" + "x" * 5000}, "has a “uri” of 5,004 characters; 2,000 bytes are allowed"),
        ({"headlines": [{"value": " "}]}, "has no headline"),
        ({"headlines": "The ovens"}, "has no headline"),
        ({"headlines": [{"value": ["x"]}]}, "has a “value” that is a list, not text"),
        ({"headlines": [{"value": "x" * 10_000}]}, "has a headline of 10,000 characters; 255 are allowed"),
        ({"bodies": []}, "has no body"),
        ({"bodies": [{"value": "<p> </p>", "contentType": "text/html"}]}, "has no body"),
        ({"bodies": [{"value": 1}]}, "has a “value” that is a number, not text"),
        ({"pubStatus": "maybe"}, "has a “pubStatus” that nobody knows: 'maybe'"),
        ({"language": 1}, "has a “language” that is a number, not text"),
        ({"versionCreated": 20260201}, "has a “versionCreated” that is a number, not text"),
        ({"versionCreated": "0001-01-01T00:00:00+14:00"}, "is no date"),
        ({"embargoedUntil": "later"}, "has a “embargoedUntil” that is no date"),
    ],
)
def test_what_cannot_become_a_story_is_refused_with_its_reason(changes, sentence):
    with pytest.raises(BadItem) as refused:
        read(**changes)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"by": ["Rana"]},
        {"subjects": "sea"},
        {"subjects": ["sea", None, 7, {"name": 5}]},
        {"associations": [1]},
        {"descriptions": {"role": "caption"}, "located": 12},
        {"type": 3},
        {"edNote": {"a": 1}},
        {"infoSources": True},
    ],
)
def test_other_properties_of_the_wrong_type_are_left_out_and_named(changes):
    found = read(**changes)
    assert found.headline == "The ovens burn again 1"
    assert "A property of the wrong kind was left out" in kinds(found)


def test_ten_thousand_topics_are_cut_to_what_a_story_can_bear():
    found = read(subjects=[{"name": f"topic {number}"} for number in range(10_000)])
    assert len(found.topics) == 50
    [finding] = found.findings
    assert str(finding) == "A story had too many topics: the first 50 were kept: it had 10,000"


def test_a_name_that_is_too_long_is_left_out_and_named():
    found = read(subjects=[{"name": "x" * 201}, {"name": "bread"}], located="y" * 201, by="By Rana Odeh")
    assert (found.topics, found.place) == (("bread",), "")
    assert len(found.findings) == 2


def test_nul_and_single_surrogates_are_mended_and_named():
    found = read(
        headlines=[{"value": "The \ud800ovens\x00 burn"}],
        bodies=[{"contentType": "text/html", "value": "<p>Br\x00ead\udfff</p>"}],
        uri="urn:\ud83dx",
    )
    assert found.headline == "The �ovens burn"
    assert found.blocks == (("paragraph", "<p>Bread�</p>"),)
    assert found.uri == "urn:�x"
    assert kinds(found) == {"Signs that no text may hold were taken out or marked with �"}


def test_a_credit_too_long_for_the_desk_stays_in_the_caption():
    found = read(descriptions=[{"role": "caption", "value": f"A loaf. [{'A' * 400}]"}])
    assert (found.caption, found.credit) == (f"A loaf. [{'A' * 400}]", "")


def test_a_body_of_twenty_megabytes_is_refused():
    with pytest.raises(BadItem, match="has a body of 20,000,007 characters"):
        read_item(html("<p>" + "x" * 20_000_000 + "</p>"), zones=ZONES)
