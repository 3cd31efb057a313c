"""The demo newsroom's files: complete, paired, of no real place, and in the letters of their language."""

from __future__ import annotations

import io
import re
import unicodedata
from typing import Any

import pytest
from django.core.validators import validate_unicode_slug
from PIL import Image

from nashra.demo import newsroom
from nashra.demo.drawing.__main__ import SCENES
from nashra.demo.newsroom import BadDemoFile, DemoStory
from nashra.desk.slugs import check_slug, normalise_slug
from nashra.readers import checks, text

STORIES = newsroom.load_stories()
PUBLISHED = [story for story in STORIES if story.published_before is not None]
PEOPLE, PLACES, TOPICS, PICTURES, PAPERS = map(
    newsroom.load_file, ("people", "places", "topics", "pictures", "publications")
)

# Enough of the world to notice if it slips in: lands, capitals, rivers, faiths, agencies, in their spellings.
REAL_NAMES = re.findall(
    r"\w+",
    """
    Syria Iraq Iran Israel Palestine Gaza Lebanon Egypt Sudan Yemen Libya Turkey Afghanistan Ukraine Russia
    China America Europe Africa Asia London Paris Cairo Damascus Baghdad Tehran Beirut Kabul Kyiv Moscow Nile
    Tigris Euphrates Danube Islam Muslim Christian Reuters AFP BBC Jazeera NATO UN Hamas
    سوريا العراق إيران إسرائيل فلسطين غزة لبنان مصر السودان اليمن ليبيا تركيا القاهرة دمشق بغداد بيروت
    النيل دجلة الفرات ایران سوریه تهران افغانستان کابل ترکیه کارون
    """,
)
LATIN = re.compile(r"[A-Za-z]")


def words_of(story: DemoStory) -> list[str]:
    """Everything of a story that readers read."""
    found = [story.headline, story.standfirst, story.caption]
    for kind, value in story.body:
        match kind:
            case "paragraph" | "subheading":
                found.append(re.sub(r"</?p>", "", value))
            case "pull_quote":
                found += [value["text"], value["speaker"], value["role"]]
            case "photo":
                found.append(value["caption"])
            case "list":
                found += [re.sub(r"</?p>", "", item) for item in value["items"]]
    return found


def kinds(story: DemoStory) -> list[str]:
    return [kind for kind, _ in story.body]


def every_text(value: Any) -> list[str]:
    match value:
        case str():
            return [value]
        case dict():
            return [text for part in value.values() for text in every_text(part)]
        case list():
            return [text for part in value for text in every_text(part)]
    return []


def test_there_are_enough_stories_in_each_language_and_section():
    languages = [story.language for story in PUBLISHED]
    assert languages.count("en") >= 5
    assert languages.count("ar") >= 4
    assert languages.count("fa") >= 1
    assert {story.section for story in PUBLISHED} == set(newsroom.SECTIONS)
    assert any(story.goes_live_after for story in STORIES)
    assert any(not story.goes_live_after and not story.published_before for story in STORIES)


def test_no_two_stories_share_a_name_or_an_address():
    assert len({story.name for story in STORIES}) == len(STORIES)
    assert len({(story.language, story.section, story.slug) for story in STORIES}) == len(STORIES)


@pytest.mark.parametrize("story", PUBLISHED, ids=lambda story: "-".join(story.name))
def test_a_published_story_has_all_that_a_story_has(story: DemoStory):
    assert story.headline
    assert story.standfirst
    assert story.authors
    assert story.topics
    assert 8 <= kinds(story).count("paragraph") <= 16
    assert kinds(story).count("subheading") >= 2
    quotes = [value for kind, value in story.body if kind == "pull_quote"]
    assert quotes
    assert all(quote["text"] and quote["speaker"] and quote["role"] for quote in quotes)
    words = PICTURES[story.picture][story.language]
    assert words["alt_text"]
    assert words["credit_person"]
    assert words["credit_agency"]
    assert words["copyright_notice"]
    assert story.caption or words["caption"]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: "-".join(story.name))
def test_whom_and_what_a_story_names_is_there(story: DemoStory):
    assert set(story.authors) <= set(PEOPLE)
    assert story.place in PLACES
    assert set(story.topics) <= set(TOPICS)
    for kind, value in story.body:
        if kind == "related":
            assert (value, story.language) in {other.name for other in PUBLISHED}
        if kind == "photo":
            assert story.language in PICTURES[value["photo"]]
    validate_unicode_slug(story.slug)
    check_slug(story.slug)
    assert normalise_slug(story.slug) == story.slug


def test_translations_pair_up_and_follow_their_originals():
    by_name = {story.name: story for story in PUBLISHED}
    pairs = [
        (by_name[key, "en"], by_name[key, "ar"])
        for key, language in by_name
        if language == "ar" and (key, "en") in by_name
    ]
    assert len(pairs) >= 2
    for original, translation in pairs:
        assert kinds(original) == kinds(translation)
        assert original.authors == translation.authors
        assert (original.section, original.place, original.picture) == (
            translation.section,
            translation.place,
            translation.picture,
        )
        assert translation.published_before < original.published_before


@pytest.mark.parametrize(
    "story", [s for s in STORIES if s.language != "en"], ids=lambda story: "-".join(story.name)
)
def test_a_story_in_arabic_letters_holds_no_latin_ones(story: DemoStory):
    assert [words for words in words_of(story) if LATIN.search(words)] == []


@pytest.mark.parametrize("story", STORIES, ids=lambda story: "-".join(story.name))
def test_every_word_is_in_normal_form_and_without_hidden_controls(story: DemoStory):
    for words in words_of(story):
        assert unicodedata.is_normalized("NFC", words)
        assert text.normalise(words) == words
        assert "  " not in words


def test_persian_is_written_with_persian_letters():
    stories = [words for story in STORIES if story.language == "fa" for words in words_of(story)]
    papers = every_text(PAPERS["fa"])
    names = [facts["fa"] for table in (PLACES, TOPICS) for facts in table.values()]
    assert [words for words in (*stories, *papers, *names) if re.search("[يكةى]", words)] == []


def test_nothing_names_a_real_place_or_agency():
    texts = [words for story in STORIES for words in words_of(story)]
    texts += every_text([PEOPLE, PLACES, PICTURES, PAPERS])
    texts += [comment.text for comment in newsroom.load_comments()]
    found = [name for name in REAL_NAMES for words in texts if re.search(rf"(?<!\w){name}(?!\w)", words)]
    assert found == []


def test_every_name_has_its_form_in_every_language():
    for table in (PEOPLE, PLACES, TOPICS):
        for facts in table.values():
            assert set(facts) >= {"name", "ar", "fa"}
    named = [facts for facts in PEOPLE.values() if not facts.get("name_withheld")]
    assert all(
        facts["biography"] and facts["ar"]["biography"] and facts["fa"]["biography"] for facts in named
    )
    assert any("portrait" in facts for facts in named)
    assert any(facts.get("name_withheld") for facts in PEOPLE.values())


def test_a_withheld_name_stands_in_no_text():
    withheld = [facts for facts in PEOPLE.values() if facts.get("name_withheld")]
    names = {
        part for facts in withheld for name in (facts["name"], facts["ar"]["name"]) for part in name.split()
    }
    texts = [words for story in STORIES for words in words_of(story)] + every_text([PICTURES, PAPERS])
    assert [words for words in texts if any(name in words for name in names)] == []


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_a_picture_is_a_small_file_of_three_to_two(name: str):
    content = newsroom.picture_bytes(name)
    assert len(content) <= 150_000
    with Image.open(io.BytesIO(content)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (1600, 1067))


def test_a_picture_is_drawn_the_same_each_time():
    once, again = (SCENES["portrait"]().finish().tobytes() for _ in range(2))
    assert once == again


def test_every_scene_has_its_picture_and_its_words():
    assert set(SCENES) == set(PICTURES)


@pytest.mark.parametrize("language", newsroom.LANGUAGES)
def test_comments_stand_approved_under_a_story_and_wait_for_several_reasons(language: str):
    comments = [comment for comment in newsroom.load_comments() if comment.language == language]
    published = {story.name for story in PUBLISHED}
    assert all((comment.story, language) in published for comment in comments)
    waiting = [comment for comment in comments if comment.state == "waiting"]
    assert len(waiting) >= 3
    reasons = {
        tuple(checks.reasons(name=comment.name, text=comment.text, language=language, seen_before=False))
        for comment in waiting
    }
    assert len(reasons) >= 3
    assert sum(comment.state == "approved" for comment in comments) >= 2


def test_every_comment_is_one_that_the_readers_desk_would_take():
    for comment in newsroom.load_comments():
        assert not text.name_fault(comment.name)
        assert not text.text_fault(text.normalise(comment.text), max_graphemes=1500)


def test_a_broken_file_is_named_in_its_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Any):
    stories = tmp_path / "stories"
    stories.mkdir()
    (stories / "lost.en.toml").write_text('key = "lost"\nbody = [{ sound = "a bell" }]\n', encoding="utf-8")
    monkeypatch.setattr(newsroom, "_FOLDER", tmp_path)
    with pytest.raises(BadDemoFile, match=r"lost\.en\.toml.*sound"):
        newsroom.load_stories()
