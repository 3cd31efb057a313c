"""What a story's page holds, row by row."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from nashra.edition import pages
from nashra.edition.content import Author, Photo
from nashra.theme.rendering import render
from tests.theme import samples
from tests.theme.test_pages import document, words

languages = pytest.mark.parametrize("language", samples.LANGUAGES)


def json_ld(page: pages.StoryPage) -> dict:
    return json.loads(document(page).find(".//script[@type='application/ld+json']").text)


@languages
def test_it_links_its_section_above_the_headline(language: str) -> None:
    header = document(samples.story_page(language)).find(".//article/header")
    section, headline = header[0], header[1]
    assert words(section) == samples.SECTIONS[language][0][0]
    assert section.find("a").get("href").startswith(f"/{language}/")
    assert (headline.tag, words(headline)) == ("h1", samples.HEADLINES[language][0])


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "By Rima Haddad and Karim Najjar in Qasr Marun"),
        ("ar", "بقلم ريما حداد وكريم نجار من قصر مارون"),
        ("fa", "نوشتهٔ ریما حداد و کریم نجار از قصر مارون"),
    ],
)
def test_it_says_by_whom_and_where(language: str, line: str) -> None:
    byline = document(samples.story_page(language)).find(".//p[@class='byline']")
    assert words(byline) == line
    links = byline.findall(".//a")
    assert [link.get("rel") for link in links] == ["author", "author"]
    assert all(link.find("bdi") is not None for link in links)


def test_it_lists_three_authors_as_a_sentence_does() -> None:
    three = tuple(Author(name=name) for name in ("A", "B", "C"))
    page = samples.story_page(story=samples.story(authors=three, place=""))
    assert words(document(page).find(".//p[@class='byline']")) == "By A, B and C"


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Nashra correspondent"), ("ar", "مراسل نشرة"), ("fa", "خبرنگار نشره")]
)
def test_it_names_the_newsroom_where_a_name_would_endanger(language: str, name: str) -> None:
    page = samples.story_page(
        language, story=samples.story(language, authors=(Author(name=""), Author(name="")))
    )
    byline = document(page).find(".//p[@class='byline']")
    assert words(byline).count(name) == 1
    assert not byline.findall(".//a")
    assert json_ld(page)["author"] == [{"@type": "Organization", "name": name}]


@pytest.mark.parametrize(
    ("language", "published", "updated"),
    [
        ("en", "22 November 2026, 17:05 (UTC+3)", "23 November 2026, 09:30 (UTC+3)"),
        ("ar", "٢٢ نوفمبر ٢٠٢٦، ١٧:٠٥ (غرينتش+٣)", "٢٣ نوفمبر ٢٠٢٦، ٠٩:٣٠ (غرينتش+٣)"),
        ("fa", "۱ آذر ۱۴۰۵، ۱۷:۳۵ (گرینویچ+۳:۳۰)", "۲ آذر ۱۴۰۵، ۱۰:۰۰ (گرینویچ+۳:۳۰)"),
    ],
)
def test_it_dates_by_the_papers_own_clock_and_calendar(language: str, published: str, updated: str) -> None:
    times = document(samples.story_page(language)).findall(".//p[@class='dates']//time")
    assert [words(time) for time in times] == [published, updated]
    assert [time.get("datetime") for time in times] == [
        "2026-11-22T14:05:00+00:00",
        "2026-11-23T06:30:00+00:00",
    ]


def test_it_names_no_update_within_the_minute_of_publication() -> None:
    updated = samples.PUBLISHED.replace(second=40)
    times = document(samples.story_page(story=samples.story(updated_at=updated))).findall(
        ".//p[@class='dates']//time"
    )
    assert len(times) == 1


def test_it_shows_the_lead_photo_in_every_type_with_its_words() -> None:
    figure = document(samples.story_page()).find(".//figure[@class='lead']")
    assert [source.get("type") for source in figure.iter("source")] == ["image/avif", "image/webp"]
    image = figure.find(".//img")
    assert image.get("alt") == samples.CAPTIONS["en"]
    assert (image.get("width"), image.get("height"), image.get("loading")) == ("1600", "900", None)
    assert image.get("srcset").count("w,") == 2
    assert words(figure.find("figcaption")) == f"{samples.CAPTIONS['en']} [Lina Sabbagh/Valley Pictures]"
    assert words(figure.find(".//span[@class='credit']")) == "[Lina Sabbagh/Valley Pictures]"


def test_it_loads_later_photos_when_they_come_near() -> None:
    figure = document(samples.story_page()).find(".//figure[@class='photo']")
    assert figure.find(".//img").get("loading") == "lazy"
    assert figure.find(".//span[@class='credit']") is not None


def test_it_keeps_caption_and_credit_of_a_photo_without_files() -> None:
    figure = document(samples.every_page()["story-photo-without-files"]).find(".//figure[@class='lead']")
    assert figure.find(".//img") is None
    assert words(figure) == f"{samples.CAPTIONS['en']} [Lina Sabbagh/Valley Pictures]"


def test_it_gives_a_body_photo_the_caption_of_its_place() -> None:
    token = '<nashra-photo id="photogarden" caption="Here &amp; &lt;now&gt;"></nashra-photo>'
    page = samples.story_page(story=samples.story(body_html=token))
    assert (
        words(document(page).find(".//figure[@class='photo']"))
        == "Here & <now> [Lina Sabbagh/Valley Pictures]"
    )


def test_it_leads_to_other_stories_and_keeps_the_words_of_those_withdrawn() -> None:
    html = render(samples.story_page()).decode()
    assert html.count('href="/en/town/bridge/"') == 2
    assert "nashra:" not in html
    assert "<nashra-" not in html
    assert f", {samples.PLACES['en']}</p>" in html


def test_it_puts_a_grave_correction_above_the_body_and_a_slight_one_below() -> None:
    article = document(samples.story_page()).find(".//article")
    parts = [child.get("class") for child in article]
    assert parts == [None, "correction", "lead", "prose", "correction", "topics"]


@languages
def test_it_leads_to_its_translations_and_says_which_are_stale(language: str) -> None:
    root = document(samples.story_page(language))
    links = root.findall(".//p[@class='translations']/a")
    others = [other for other in samples.LANGUAGES if other != language]
    assert [link.get("hreflang") for link in links] == others
    heads = [link.get("hreflang") for link in root.findall(".//link[@rel='alternate']")]
    assert heads == [language, *others]
    stale = replace(samples.story(language), is_older_than_original=True)
    assert document(samples.story_page(language, story=stale)).find(".//p[@class='stale']") is not None
    assert root.find(".//p[@class='stale']") is None


@languages
def test_it_asks_whether_one_likes_the_article(language: str) -> None:
    form = document(samples.story_page(language)).find(".//form[@action='/readers/reaction']")
    assert form.get("method") == "post"
    assert form.find(".//fieldset/legend") is not None
    assert form.find(".//input[@name='story']").get("value") == f"story{language}"
    assert [(button.get("name"), button.get("value")) for button in form.iter("button")] == [
        ("value", "yes"),
        ("value", "no"),
    ]


def test_it_shows_totals_in_its_own_digits_and_only_when_there_are_some() -> None:
    shown = [words(span) for span in document(samples.story_page("ar")).findall(".//span[@class='total']")]
    assert shown == ["١٢٨", "٧"]
    assert not document(samples.story_page("ar", totals=None)).findall(".//span[@class='total']")


@pytest.mark.parametrize(
    ("language", "counts"),
    [
        ("en", {0: "0 comments", 1: "1 comment", 2: "2 comments"}),
        (
            "ar",
            {
                0: "لا تعليقات",
                1: "تعليق واحد",
                2: "تعليقان",
                3: "٣ تعليقات",
                10: "١٠ تعليقات",
                11: "١١ تعليقًا",
                99: "٩٩ تعليقًا",
                100: "١٠٠ تعليق",
                102: "١٠٢ تعليق",
                103: "١٠٣ تعليقات",
            },
        ),
        ("fa", {0: "۰ دیدگاه", 1: "۱ دیدگاه", 12: "۱۲ دیدگاه"}),
    ],
)
def test_it_counts_comments_in_proper_plural_forms(language: str, counts: dict[int, str]) -> None:
    for number, said in counts.items():
        root = document(samples.story_page(language, comments=samples.comments(language, number)))
        link = root.find(".//a[@href='#comments']")
        assert words(link) == said
        assert words(root.find(".//section[@id='comments']/h2")) == said


@languages
def test_it_shows_comments_with_name_day_and_paragraphs(language: str) -> None:
    item = document(samples.story_page(language)).find(".//ol[@class='comments']/li")
    name, _text = samples.COMMENTS[language]
    assert words(item.find(".//bdi")) == name
    assert item.find(".//time").get("datetime") == "2026-11-22"
    paragraphs = item.findall("p[@dir='auto']")
    assert len(paragraphs) == 2
    assert len(paragraphs[0].findall("br")) == 1


@pytest.mark.parametrize(
    ("language", "countdown"), [("en", "1500 / 1500"), ("ar", "١٥٠٠ / ١٥٠٠"), ("fa", "۱۵۰۰ / ۱۵۰۰")]
)
def test_it_has_a_comment_form_that_works_without_script(language: str, countdown: str) -> None:
    form = document(samples.story_page(language)).find(".//form[@action='/readers/comment']")
    assert form.get("method") == "post"
    assert form.find(".//input[@name='story']").get("value") == f"story{language}"
    names = {field.get("name") for field in form.iter("input", "textarea")}
    assert names == {"story", "name", "text"}
    assert all(field.get("maxlength") is None for field in form.iter("input", "textarea"))
    assert words(form.find(".//*[@id='countdown']")) == countdown
    assert form.find(f".//a[@href='/{language}/comment-policy/']") is not None
    assert "Tor" in words(form) or "تور" in words(form)


def test_it_counts_what_is_typed_as_people_count() -> None:
    form = pages.CommentForm(text="\U0001f468‍\U0001f469‍\U0001f467‍\U0001f466\r\ne\u0301")
    page = replace(samples.every_page()["form"], form=form)
    assert words(document(page).find(".//*[@id='countdown']")) == "1497 / 1500"


def test_it_says_when_comments_are_closed_and_has_no_form_then() -> None:
    root = document(samples.story_page(comments_open=False))
    assert root.find(".//form[@action='/readers/comment']") is None
    assert "Comments on this story are closed." in root.text_content()


def test_it_tells_machines_what_it_shows_people() -> None:
    data = json_ld(samples.story_page())
    story = samples.story()
    assert data["@type"] == "NewsArticle"
    assert data["headline"] == story.headline
    assert data["dateline"] == "Qasr Marun"
    assert data["author"][0] == {
        "@type": "Person",
        "name": "Rima Haddad",
        "url": "https://news.example/en/people/rima-haddad/",
    }
    assert data["datePublished"] == "2026-11-22T14:05:00+00:00"
    assert data["dateModified"] == "2026-11-23T06:30:00+00:00"
    assert (data["inLanguage"], data["wordCount"], data["commentCount"]) == ("en", 240, 2)
    assert data["isAccessibleForFree"] is True
    lead, in_body = data["image"]
    assert lead["caption"] == samples.CAPTIONS["en"]
    assert lead["creditText"] == "Lina Sabbagh/Valley Pictures"
    assert lead["url"].startswith("https://news.example/photos/")
    assert in_body["width"] == 1600
    assert len(data["correction"]) == 2
    assert [each["inLanguage"] for each in data["workTranslation"]] == ["ar", "fa"]
    assert data["publisher"]["url"] == "https://news.example/en/"


def test_it_gives_machines_the_caption_and_credit_of_a_photo_without_files() -> None:
    photo = Photo(public_id="", caption="A caption.", credit="A/B")
    page = samples.story_page(story=samples.story(lead_photo=photo, body_html=""))
    assert json_ld(page)["image"] == [{"@type": "ImageObject", "caption": "A caption.", "creditText": "A/B"}]


def test_it_has_open_graph_and_a_canonical_address() -> None:
    root = document(samples.story_page("ar"))
    graph = {meta.get("property"): meta.get("content") for meta in root.findall(".//meta[@property]")}
    canonical = root.find(".//link[@rel='canonical']").get("href")
    assert canonical.startswith("https://news.example/ar/%D8%A7")
    assert graph["og:url"] == canonical
    assert graph["og:title"] == samples.HEADLINES["ar"][0]
    assert graph["og:type"] == "article"
    assert graph["og:image"].endswith("-1600.jpg")


def test_it_leads_to_the_pages_about_trust() -> None:
    about = document(samples.story_page()).find(".//section[@aria-labelledby='about-page']")
    assert [link.get("href") for link in about.iter("a")] == ["/verify/#en", "/mirrors/#en"]
