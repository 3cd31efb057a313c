"""The archive that measurements are made on, where no other lies beside the project."""

import itertools
import json
import re
from html import unescape

import pytest

from benchmarks import archive, hugo_site

STORIES = list(archive.stories(40))


def words(story: dict) -> int:
    return len(unescape(re.sub(r"<[^>]+>", " ", story["bodies"][0]["value"])).split())


def test_it_is_the_same_every_time():
    assert list(archive.stories(40)) == STORIES


def test_a_larger_archive_begins_with_the_smaller_one():
    assert list(itertools.islice(archive.stories(1_000), 40)) == STORIES


def test_no_two_stories_are_alike():
    for part in ("headlines", "bodies"):
        assert len({story[part][0]["value"] for story in STORIES}) == len(STORIES)
    assert len({story["uri"] for story in STORIES}) == len(STORIES)


def test_stories_are_as_long_as_a_newspapers():
    assert 600 <= sum(map(words, STORIES)) / len(STORIES) <= 700
    body = STORIES[0]["bodies"][0]["value"]
    assert (body.count("<p>"), body.count("<h2>")) == (archive.PARAGRAPHS, 2)


def test_one_story_in_five_is_arabic():
    languages = [story["language"] for story in STORIES]
    assert languages.count("ar") == len(STORIES) / 5
    arabic = next(story for story in STORIES if story["language"] == "ar")
    assert "\u0600" < arabic["headlines"][0]["value"][0] < "\u06ff"


@pytest.mark.parametrize("count", [1, 12])
def test_hugo_gets_one_file_for_each_story_with_all_its_words(tmp_path, count):
    lines = [json.dumps(story, ensure_ascii=False) for story in STORIES[:count]]
    hugo_site.write_site(tmp_path / "site", lines)
    files = sorted((tmp_path / "site" / "content").rglob("*.md"))
    assert len(files) == count
    head, body = files[0].read_text(encoding="utf-8").split("\n\n", 1)
    story = next(story for story in STORIES if story["headlines"][0]["value"] == json.loads(head)["title"])
    assert body.strip() == story["bodies"][0]["value"]
    assert json.loads(head)["tags"] == [each["name"] for each in story["subjects"][1:]]
