"""What pages share is rendered once, and nobody can tell by the bytes."""

from __future__ import annotations

import hashlib
import json
import random
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from nashra.edition import pages
from nashra.edition.content import Author, CommentLink, Correction, Link, Photo, Publication, Translation
from nashra.theme import json_ld, stencils
from nashra.theme.markup import escaped
from nashra.theme.rendering import prepare, render
from tests.theme import samples
from tests.theme.test_pages import document

ROOT = Path(__file__).parents[2]
# What would break out of an element, an attribute, a script, a template or a page's own holes.
BREAKOUTS = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    '" onmouseover="alert(1)',
    "' onmouseover='alert(1)",
    "</title><h1>x</h1>",
    "{{ 7 * 7 }}{% raw %}",
    "<nashra-hole story>",
    "&lt;&#34;&amp;",
    "]]>\u2028\u2029\\u003c",
]


def all_pages() -> list[pages.Page]:
    return [page for language in samples.LANGUAGES for page in samples.every_page(language).values()]


def digest(rendered: list[bytes]) -> str:
    return hashlib.sha256(b"".join(rendered)).hexdigest()


def in_a_fresh_process(seed: int) -> str:
    """The digest of all pages, rendered there in an order of its own."""
    code = (
        "import random; from tests.theme import test_shared_parts as t; made = t.all_pages();"
        f"order = list(range(len(made))); random.Random({seed}).shuffle(order);"
        "got = {place: t.render(made[place]) for place in order};"
        "print(t.digest([got[place] for place in sorted(got)]))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_pages_are_the_same_in_any_order_and_in_any_process() -> None:
    made = all_pages()
    there_and_back = [render(page) for page in made], [render(page) for page in reversed(made)][::-1]
    assert there_and_back[0] == there_and_back[1]
    assert {in_a_fresh_process(seed) for seed in (1, 2)} == {digest(there_and_back[0])}


def test_pages_are_the_same_from_several_threads() -> None:
    made = all_pages() * 3
    random.Random(3).shuffle(made)  # noqa: S311 -- an order, not a secret.
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(render, made)) == [render(page) for page in made]


def test_an_equal_publication_gives_the_same_page_and_a_changed_one_another() -> None:
    page = samples.story_page()
    assert render(page) == render(samples.story_page())
    changes: dict[str, object] = {
        "language": "ar",
        "name": "The Other",
        "strapline": "Other words",
        "address": "/other/",
        "time_zone": "UTC",
        "site_url": "https://other.example",
        "sections": samples.publication().sections[:1],
        "siblings": (),
        "policy_address": "/other/policy/",
        "receipt_address": "/other/receipt/",
        "about_address": "/other/about/",
        "corrections_address": "/other/corrections/",
    }
    assert set(changes) == {field.name for field in fields(Publication)}
    for name, value in changes.items():
        story = samples.story(publication=samples.publication(**{name: value}))
        assert render(samples.story_page(story=story)) != render(page), name


def test_a_story_marks_its_own_section_whichever_came_before() -> None:
    sections = samples.publication().sections
    for section in (*sections, *reversed(sections)):
        root = document(samples.story_page(story=samples.story(section=section)))
        marked = root.findall(".//nav[@class='sections']//a[@aria-current]")
        assert [link.get("href") for link in marked] == [section.address]


def test_what_is_kept_stays_within_bounds() -> None:
    for number in range(stencils._MAX_OBJECTS + 20):
        paper = samples.publication(name=f"Paper {number}")
        render(samples.story_page(story=samples.story(publication=paper)))
    assert len(stencils._papers_by_object) <= stencils._MAX_OBJECTS
    assert stencils._paper.cache_info().currsize <= stencils._MAX_PAPERS
    paper = samples.publication()
    for number in range(stencils._MAX_STENCILS + 20):
        section = Link(text="S", address=f"/en/section-{number}/")
        render(samples.story_page(story=samples.story(publication=paper, section=section)))
    assert 0 < len(stencils.paper_of(paper).stencils) <= stencils._MAX_STENCILS


def test_preparing_changes_no_page() -> None:
    before = render(samples.story_page("fa"))
    stencils._paper.cache_clear()
    stencils._papers_by_object.clear()
    prepare([samples.publication(language) for language in samples.LANGUAGES])
    assert render(samples.story_page("fa")) == before


@given(st.text())
def test_it_escapes_as_markupsafe_does(text: str) -> None:
    assert escaped(text) == str(escape(text))
    assert escaped(Markup(text)) == text  # noqa: S704 -- what is markup stays as it is.


def story_that_says(words: str) -> pages.StoryPage:
    link = Link(text=words, address="/en/water/")
    photo = Photo(public_id="p", alt_text=words, caption=words, credit=words, copyright_notice=words)
    lead = replace(photo, renditions=samples.photo().renditions)
    story = samples.story(
        public_id=words,
        publication=samples.publication(name=words, strapline=words, sections=(link,)),
        headline=words,
        standfirst=words,
        section=link,
        authors=(Author(name=words), Author(name=words, address="/en/people/x/"), Author(name="")),
        place=words,
        lead_photo=lead,
        body_html='<p>x</p><nashra-photo id="p"></nashra-photo>',
        photos={"p": photo},
        topics=(link,),
        translations=(Translation(language="ar", headline=words, address="/ar/x/"),),
        corrections=(Correction(corrected_at=samples.UPDATED, text=words),),
    )
    comments = tuple(replace(each, public_id=words, name=words, text=words) for each in samples.comments())
    link = CommentLink(public_id=words, name=words)
    comments = (*comments, replace(comments[0], answers=link, is_pick=True))
    return pages.StoryPage(story=story, readers=samples.readers(comments, picks=(link,)))


@pytest.mark.parametrize("words", BREAKOUTS)
def test_no_words_break_out_of_their_place(words: str) -> None:
    def skeleton(page: pages.StoryPage) -> list[tuple[str, tuple[str, ...]]]:
        return [
            (element.tag, tuple(element.attrib))
            for element in document(page).iter()
            if isinstance(element.tag, str)
        ]

    assert skeleton(story_that_says(words)) == skeleton(story_that_says("harmless"))


@pytest.mark.parametrize("words", BREAKOUTS)
def test_machines_read_the_words_that_were_written(words: str) -> None:
    html = render(story_that_says(words)).decode()
    script = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert script is not None
    assert not set("<>&'") & set(script[1])
    data = json.loads(script[1])
    assert data["headline"] == data["description"] == data["dateline"] == data["articleSection"] == words
    assert data["publisher"]["name"] == words
    assert data["author"] == [
        {"@type": "Person", "name": words},
        {"@type": "Person", "name": words, "url": "https://news.example/en/people/x/"},
        {"@type": "Organization", "name": f"{words} correspondent"},
    ]
    assert [image["caption"] for image in data["image"]] == [words, words]
    assert (data["image"][0]["creditText"], data["image"][1]["copyrightNotice"]) == (words, words)
    assert data["keywords"] == [words]
    assert data["correction"][0]["text"] == data["workTranslation"][0]["headline"] == words


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_text_comes_back_out_of_the_json(text: str) -> None:
    page = samples.story_page(story=samples.story(headline=text))
    written = json_ld.news_article(page, "https://news.example/", "2026", "2026")
    assert json.loads(written)["headline"] == text


def test_a_story_with_a_broken_sign_fails_alone() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        render(samples.story_page(story=samples.story(headline="\ud800")))
    assert render(samples.story_page()) == render(samples.story_page())
