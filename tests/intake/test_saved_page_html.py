"""A page saved as HTML gives the same story as the same page saved as text."""

from __future__ import annotations

import json

import pytest

from nashra.intake.page import SavedPage, UnreadablePage, read_page
from tests.intake import articles

NOT_THE_STORY = (
    "Never a part",
    "Home",
    "Sea and harbour",
    "lighthouse keeper",
    "My uncle",
    "Let us hope",
    "Copyright",
    "Subscribe",
)


def read(html: str, encoding: str = "utf-8") -> SavedPage:
    return read_page(html.encode(encoding))


def story_of(page: SavedPage) -> tuple[object, ...]:
    """All of a page but its findings and furniture, which name lines of the file."""
    blocks = [(block.kind, block.text) for block in page.blocks]
    return (page.headline, page.standfirst, page.authors, page.place, page.caption, page.credit, blocks)


def test_html_gives_the_same_story_as_text_and_nothing_around_it() -> None:
    page = read(articles.page_of_html())
    assert story_of(page) == story_of(read_page(articles.page_of_text()))
    everything = " ".join([page.headline, page.caption, *page.paragraphs, *page.subheadings])
    assert not [words for words in NOT_THE_STORY if words in everything]
    assert page.language == "en"
    assert page.left_out == ("Do you like this article?", "2 Comment(s)")


def test_carriage_returns_and_a_byte_order_mark_change_nothing() -> None:
    html = articles.page_of_html()
    assert story_of(read("\ufeff" + html.replace("\n", "\r\n"))) == story_of(read(html))


def test_one_line_of_minified_html_gives_the_same_story() -> None:
    html = articles.page_of_html()
    assert story_of(read(html.replace("\n", ""))) == story_of(read(html))


def test_a_page_in_windows_1256_gives_its_words() -> None:
    paragraphs = "".join(f"<p>{text}</p>" for text in articles.AR_PARAGRAPHS)
    html = (
        f'<html lang="ar" dir="rtl"><head><meta charset="windows-1256">'
        f"<title>{articles.AR_HEADLINE}</title></head><body>"
        f"<article><h1>{articles.AR_HEADLINE}</h1><p>{articles.AR_BYLINE}</p>{paragraphs}</article></body></html>"
    )
    page = read(html, "cp1256")
    assert (page.headline, page.authors, page.place) == (articles.AR_HEADLINE, ("رنا عودة",), "مرفأ سلام")
    assert page.paragraphs == articles.AR_PARAGRAPHS
    assert page.language == "ar"


def test_entities_become_the_characters_that_a_browser_shows() -> None:
    soup = (
        "Bread &amp; salt&nbsp;&mdash; 5&#160;000&nbsp;lira &lt;each&gt; "
        "&copy; &#x633;&#1604;&#x627;&#x645; &hellip; &nosuchthing; done."
    )
    page = read(articles.page_of_html(extra=f"<p>{soup}</p>"))
    assert page.paragraphs[-1] == (
        "Bread & salt\u00a0— 5\u00a0000\u00a0lira <each> © سلام … &nosuchthing; done."
    )


def test_control_characters_from_entities_which_no_browser_shows_are_dropped() -> None:
    page = read(
        articles.page_of_html(extra="<p>The sea&#8;&#12;was&#1;&#xFFFF; calm.</p><p>They &#x202e;left.</p>")
    )
    assert page.paragraphs == (*articles.PARAGRAPHS, "The sea was calm.", "They \u202eleft.")
    assert [sentence for sentence in page.findings if "U+202E" in sentence]


def test_words_in_nested_elements_stay_in_their_paragraph() -> None:
    nested = (
        "<p>She said: <b>“It <i>will</i> <span>hold</span>”</b>, and "
        "<a href='https://gull.example/wall'>showed <em>why</em></a>.</p>"
    )
    page = read(articles.page_of_html(extra=f"<div><div><section>{nested}</section></div></div>"))
    assert page.paragraphs[-1] == "She said: “It will hold”, and showed why."
    assert [sentence for sentence in page.findings if "https://gull.example/wall" in sentence]
    assert [sentence for sentence in page.findings if "Bold or italic" in sentence]


def test_line_breaks_part_paragraphs_as_they_do_on_the_screen() -> None:
    page = read(
        articles.page_of_html(extra="<p>The first boat came home.<br><br>The second came at night.</p>")
    )
    assert page.paragraphs[-2:] == ("The first boat came home.", "The second came at night.")


def test_what_a_browser_does_not_show_is_no_part_of_the_story() -> None:
    unseen = (
        "<p hidden>Hidden words of one paragraph.</p><p style='display: none'>Styled away.</p>"
        "<noscript><p>Turn scripts on.</p></noscript><template><p>A template.</p></template>"
        "<p>Seen<!-- a comment --> words<script>1</script> here.</p>"
    )
    page = read(articles.page_of_html(extra=unseen))
    assert page.paragraphs == (*articles.PARAGRAPHS, "Seen words here.")


def test_a_short_paragraph_among_the_others_is_never_lost() -> None:
    page = read(
        articles.page_of_html(
            extra="<p>He left.</p><p>“Why?”</p><p>She stayed, and mended the last of the nets.</p>"
        )
    )
    assert page.paragraphs[-3:] == ("He left.", "“Why?”", "She stayed, and mended the last of the nets.")


def test_what_it_left_out_between_the_paragraphs_it_names() -> None:
    aside = '<aside class="related"><a href="/x">Read also: the lamp that never goes out</a></aside>'
    page = read(
        articles.page_of_html(extra=f"{aside}<p>The council meets again on Sunday evening in the school.</p>")
    )
    assert page.paragraphs == (
        *articles.PARAGRAPHS,
        "The council meets again on Sunday evening in the school.",
    )
    assert [sentence for sentence in page.findings if "Read also" in sentence and "left out" in sentence]


def test_metadata_confirms_a_byline_that_has_no_by() -> None:
    data = {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "NewsArticle",
                "headline": articles.HEADLINE,
                "author": [{"@type": "Person", "name": "Rana Odeh"}],
            }
        ],
    }
    head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    html = (
        articles.page_of_html(head=head)
        .replace('By <a rel="author"', '<a rel="author"')
        .replace("</a> in Port", "</a>, Port")
    )
    page = read(html)
    assert page.authors == ("Rana Odeh",)
    assert page.paragraphs == articles.PARAGRAPHS
    assert [sentence for sentence in page.findings if "by the page's metadata" in sentence]


def test_metadata_alone_names_no_author_and_no_headline() -> None:
    data = {"@type": "NewsArticle", "headline": "Another headline", "author": "Somebody Else"}
    opening = '<script type="application/ld+json">'
    head = f"{opening}{json.dumps(data)}</script>{opening}{{broken</script>"
    page = read(articles.page_of_html(head=head))
    assert (page.headline, page.authors) == (articles.HEADLINE, ("Rana Odeh",))
    assert [sentence for sentence in page.findings if "Somebody Else" in sentence]


def test_a_heading_longer_than_the_desk_takes_is_a_paragraph_and_a_finding_says_so() -> None:
    long = "A breakwater of rubble and what it cost " * 6 + "in all"
    page = read(articles.page_of_html(extra=f"<h2>{long}</h2><p>The council did not say.</p>"))
    assert page.paragraphs[-2:] == (long, "The council did not say.")
    assert [sentence for sentence in page.findings if "may be a sub-heading" in sentence]


def test_the_title_tells_the_headline_from_the_sites_own_name() -> None:
    html = articles.page_of_html().replace("<header>", "<header><h1>The Gull</h1>")
    html = html.replace(f"<h1>{articles.HEADLINE}</h1>", f"<h2>{articles.HEADLINE}</h2>")
    assert read(html).headline == articles.HEADLINE


def test_a_caption_above_headline_or_below_the_first_paragraph_is_still_the_leads() -> None:
    html = articles.page_of_html()
    figure = html[html.index("<figure>") : html.index("</figure>") + len("</figure>")]
    bare = html.replace(figure, "")
    above = bare.replace("<h1>", f"{figure}<h1>")
    below = bare.replace(f"<h2>{articles.SUBHEADING}", f"{figure}<h2>{articles.SUBHEADING}")
    before_byline = bare.replace('<p class="byline">', f'{figure}<p class="byline">')
    for variant in (above, below, before_byline):
        assert story_of(read(variant)) == story_of(read(html))


def test_a_row_of_buttons_below_the_headline_is_left_out() -> None:
    buttons = (
        "<ul class='share'>"
        + "".join(f"<li><button>{name}</button></li>" for name in ("Share", "Send", "Print", "Save", "Copy"))
        + "</ul>"
    )
    html = articles.page_of_html().replace("</h1>", f"</h1>{buttons}")
    assert story_of(read(html)) == story_of(read(articles.page_of_html()))


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<html><body></body></html>", "shows no text"),
        ("<html><body><script>draw()</script></body></html>", "shows no text"),
        ("<html><body><h1>Only a headline</h1></body></html>", "has a headline but no paragraphs"),
        (
            "<html><body><p>The boats left the harbour on Monday.</p><p>They came home.</p></body></html>",
            "has no headline",
        ),
        ("<html><body><h1>Deep</h1>" + "<div>" * 5000 + "<p>Words.</p>", "nested too deep"),
    ],
)
def test_html_without_a_story_is_refused_with_a_sentence(html: str, words: str) -> None:
    with pytest.raises(UnreadablePage, match=words):
        read(html)


def test_a_page_too_small_for_main_content_keeps_its_paragraphs_and_says_so() -> None:
    page = read("<html><body><h1>Boats</h1><p>They left.</p></body></html>")
    assert (page.headline, page.paragraphs) == ("Boats", ("They left.",))
    assert [sentence for sentence in page.findings if "main content could not be told" in sentence]
