"""What stands in a newsroom on its first day."""

from __future__ import annotations

import pytest

from nashra.desk import publishing
from nashra.desk.first_texts import first_about
from nashra.desk.models import Publication

pytestmark = pytest.mark.django_db


def found(*languages: str, name: str = "The Lantern") -> dict[str, Publication]:
    return publishing.create_newsroom(languages=languages, name=name)


def test_a_new_publication_has_a_comment_policy_and_says_who_it_is_in_its_own_language():
    papers = found("en", "ar", "fa")
    for text in ("comment_policy", "about"):
        assert len({getattr(paper, text) for paper in papers.values()}) == 3
    for language, word in {"en": "reads each comment", "ar": "كل تعليق", "fa": "هر دیدگاه"}.items():
        assert word in papers[language].comment_policy
        assert "The Lantern" in papers[language].about


def test_the_first_policy_says_who_decides_and_what_is_stored():
    policy = found("en")["en"].comment_policy
    for promise in ("A person of our newsroom", "pseudonym", "the day", "no e-mail", "network address"):
        assert promise in policy


def test_a_language_without_words_of_ours_gets_the_english_ones():
    papers = found("en", "tr")
    assert papers["tr"].comment_policy == papers["en"].comment_policy != ""


def test_founding_again_leaves_the_newsrooms_own_words_alone():
    paper = found("en")["en"]
    paper.comment_policy, paper.about = "<p>Be kind.</p>", ""
    paper.save()
    again = found("en", "ar")["en"]
    assert (again.comment_policy, again.about) == ("<p>Be kind.</p>", "")


def test_a_name_with_any_character_stays_text():
    assert "Ink &amp; &lt;Paper&gt;" in first_about("en", "Ink & <Paper>")
    assert "{name}" in first_about("en", "{name}")
