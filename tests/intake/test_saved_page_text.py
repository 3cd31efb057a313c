"""A page saved as text: what is the headline, the byline, the caption, a paragraph, a sub-heading."""

from __future__ import annotations

import textwrap

import pytest

from nashra.intake.page import SavedPage, UnreadablePage, read_page
from tests.intake import articles
from tests.intake.articles import as_text


def finding(page: SavedPage, *words: str) -> str:
    """The one finding that holds all these words."""
    found = [sentence for sentence in page.findings if all(word in sentence for word in words)]
    assert len(found) == 1, page.findings
    return found[0]


def test_it_takes_an_english_page_apart() -> None:
    page = read_page(articles.page_of_text())
    assert page.headline == articles.HEADLINE
    assert page.authors == ("Rana Odeh",)
    assert page.place == "Port Salam"
    assert page.caption == articles.CAPTION
    assert (page.credit_person, page.credit_agency, page.credit) == ("Sami Tarek", "GNA", "Sami Tarek/GNA")
    assert page.paragraphs == articles.PARAGRAPHS
    assert page.subheadings == (articles.SUBHEADING,)
    assert [block.kind for block in page.blocks] == [*["paragraph"] * 3, "subheading", *["paragraph"] * 3]
    assert page.left_out == articles.FURNITURE
    assert page.language is None


def test_it_takes_an_arabic_page_apart() -> None:
    page = read_page(
        as_text(
            articles.AR_HEADLINE,
            articles.AR_BYLINE,
            f"{articles.AR_CAPTION} [سامي طارق/وكالة النورس]",
            *articles.AR_PARAGRAPHS[:3],
            articles.AR_SUBHEADING,
            articles.AR_PARAGRAPHS[3],
            *articles.AR_FURNITURE,
        )
    )
    assert page.headline == articles.AR_HEADLINE
    assert (page.authors, page.place) == (("رنا عودة",), "مرفأ سلام")
    assert (page.caption, page.credit_person, page.credit_agency) == (
        articles.AR_CAPTION,
        "سامي طارق",
        "وكالة النورس",
    )
    assert page.paragraphs == articles.AR_PARAGRAPHS
    assert page.subheadings == (articles.AR_SUBHEADING,)
    assert page.left_out == articles.AR_FURNITURE


def test_it_takes_a_persian_page_apart() -> None:
    page = read_page(
        as_text(articles.FA_HEADLINE, articles.FA_BYLINE, *articles.FA_PARAGRAPHS, *articles.FA_FURNITURE)
    )
    assert (page.headline, page.authors, page.place) == (articles.FA_HEADLINE, ("رعنا عوده",), "بندر سلام")
    assert page.paragraphs == articles.FA_PARAGRAPHS
    assert page.left_out == articles.FA_FURNITURE


@pytest.mark.parametrize("line_end", ["\r\n", "\r", "\u2028"])
def test_any_line_end_gives_the_same_page(line_end: str) -> None:
    raw = articles.page_of_text().decode().replace("\n", line_end).encode()
    assert read_page(raw) == read_page(articles.page_of_text())


def test_a_byte_order_mark_is_no_part_of_the_headline() -> None:
    assert read_page(b"\xef\xbb\xbf" + articles.page_of_text()) == read_page(articles.page_of_text())


def test_a_line_of_no_break_spaces_is_a_blank_one_and_those_within_words_stay() -> None:
    page = read_page(f"{articles.HEADLINE}\n\u00a0 \u00a0\nIt cost 5\u00a0000 lira to mend.\n".encode())
    assert page.paragraphs == ("It cost 5\u00a0000 lira to mend.",)


def test_lines_without_blank_lines_between_are_paragraphs_of_their_own() -> None:
    raw = articles.page_of_text().replace(b"\n\n", b"\n")
    assert read_page(raw).paragraphs == articles.PARAGRAPHS


def test_a_paragraph_wrapped_for_a_terminal_is_made_whole_and_a_finding_says_so() -> None:
    long = " ".join(articles.PARAGRAPHS)
    page = read_page(
        as_text(articles.HEADLINE, articles.BYLINE, textwrap.fill(long, 72), articles.CLOSING[0])
    )
    assert page.paragraphs == (long, articles.CLOSING[0])
    assert "wrapped" in finding(page, "Lines 5–")


def test_a_caption_that_stands_again_further_down_is_kept_once() -> None:
    page = read_page(
        as_text(articles.HEADLINE, articles.BYLINE, articles.CREDITED, *articles.OPENING, articles.CREDITED)
    )
    assert page.paragraphs == articles.OPENING
    assert "kept once" in finding(page, "lines 5 and 13")


def test_a_doubled_line_below_the_byline_is_a_caption_even_without_a_credit() -> None:
    page = read_page(as_text(articles.HEADLINE, articles.BYLINE, *[articles.CAPTION] * 2, *articles.OPENING))
    assert (page.caption, page.credit) == (articles.CAPTION, "")
    assert page.paragraphs == articles.OPENING
    assert finding(page, "names no credit")


def test_a_credit_on_a_line_of_its_own_belongs_to_the_caption_above_it() -> None:
    page = read_page(
        as_text(articles.HEADLINE, articles.BYLINE, articles.CAPTION, "[Sami Tarek/GNA]", *articles.OPENING)
    )
    assert (page.caption, page.credit) == (articles.CAPTION, "Sami Tarek/GNA")
    assert page.paragraphs == articles.OPENING


def test_a_further_caption_stays_in_the_text_and_a_finding_says_so() -> None:
    other = "The broken breakwater, seen from the lighthouse. [Sami Tarek/GNA]"
    page = read_page(as_text(articles.HEADLINE, articles.BYLINE, articles.CREDITED, *articles.OPENING, other))
    assert page.paragraphs[-1] == other
    assert finding(page, "reads like a photo's caption")


def test_a_bracket_that_closes_a_first_paragraph_makes_no_caption_of_it() -> None:
    opening = "The sea [was calm all day, said Idris Nur, who came home at night with his nets full]"
    page = read_page(as_text(articles.HEADLINE, articles.BYLINE, opening, *articles.OPENING))
    assert (page.caption, page.paragraphs[0]) == ("", opening)


def test_a_sentence_between_headline_and_byline_is_the_standfirst() -> None:
    standfirst = "A month after the storm the harbour is open."
    page = read_page(as_text(articles.HEADLINE, standfirst, articles.BYLINE, *articles.OPENING))
    assert (page.headline, page.standfirst) == (articles.HEADLINE, standfirst)
    assert page.paragraphs == articles.OPENING
    assert finding(page, "standfirst")


def test_names_of_sections_above_the_headline_are_left_out_and_named() -> None:
    page = read_page(as_text("Home", "Security", articles.HEADLINE, articles.BYLINE, *articles.OPENING))
    assert page.headline == articles.HEADLINE
    assert finding(page, "“Security”", "above the headline")


@pytest.mark.parametrize(
    "date", ["12 May 2026", "2026-05-12", "١٢ أيار ٢٠٢٦", "Tuesday, May 12, 2026, 10:30 am GMT"]
)
def test_a_date_below_the_byline_is_left_out_and_named(date: str) -> None:
    page = read_page(as_text(articles.HEADLINE, articles.BYLINE, date, articles.CREDITED, *articles.OPENING))
    assert (page.caption, page.paragraphs) == (articles.CAPTION, articles.OPENING)
    assert finding(page, date, "date")


def test_a_line_like_a_byline_far_down_takes_no_paragraph_away() -> None:
    page = read_page(as_text(articles.HEADLINE, *articles.OPENING, articles.BYLINE, *articles.CLOSING))
    assert page.paragraphs == (*articles.OPENING, articles.BYLINE, *articles.CLOSING)
    assert page.authors == ()
    assert finding(page, "reads like a byline")
    assert finding(page, "No byline was found")


def test_readers_comments_below_the_count_are_left_out_and_counted() -> None:
    page = read_page(
        as_text(
            articles.HEADLINE,
            articles.BYLINE,
            *articles.OPENING,
            "2 Comments",
            "Well done, all of you.",
            "True.",
        )
    )
    assert page.paragraphs == articles.OPENING
    assert finding(page, "2 lines", "Well done, all of you.")


def test_a_comment_count_above_the_text_ends_nothing() -> None:
    page = read_page(as_text(articles.HEADLINE, articles.BYLINE, "3 Comments", *articles.OPENING))
    assert (page.paragraphs, page.left_out) == (articles.OPENING, ("3 Comments",))


def test_the_reactions_answers_are_left_out_only_right_after_its_question() -> None:
    page = read_page(
        as_text(
            articles.HEADLINE, articles.BYLINE, *articles.OPENING, "Yes", articles.FURNITURE[0], "Yes", "No"
        )
    )
    assert page.left_out == (articles.FURNITURE[0], "Yes", "No")
    assert page.paragraphs == (*articles.OPENING, "Yes")


@pytest.mark.parametrize(
    ("line", "kind", "words"),
    [
        ("A breakwater of rubble", "subheading", ""),
        ("المرفأ بعد شهر", "subheading", ""),
        ("Who will pay for the wall?", "paragraph", "may be a sub-heading"),
        ("“A wall of stone”", "paragraph", "may be a sub-heading"),
        ("'A wall of stone'", "paragraph", "may be a sub-heading"),
        ("a wall of stone", "paragraph", ""),
        ("• A wall of stone", "paragraph", ""),
        ("He said:", "paragraph", ""),
        ("The council and its engineer do not agree on its cost", "subheading", "may be a paragraph"),
    ],
)
def test_it_tells_sub_headings_from_paragraphs(line: str, kind: str, words: str) -> None:
    page = read_page(as_text(articles.HEADLINE, articles.BYLINE, *articles.OPENING, line, *articles.CLOSING))
    block = page.blocks[len(articles.OPENING)]
    assert (block.text, block.kind) == (line, kind)
    doubts = [sentence for sentence in page.findings if line[:40] in sentence]
    assert [words in sentence for sentence in doubts] == ([True] if words else [])


@pytest.mark.parametrize(
    "lines",
    [
        ("Ropes", *articles.OPENING),
        (*articles.OPENING, "Share this page"),
        (*articles.OPENING, "Ropes", "Nets", "Lamps", *articles.CLOSING),
    ],
)
def test_a_short_line_that_is_not_between_paragraphs_stays_one_and_a_finding_says_so(
    lines: tuple[str, ...],
) -> None:
    page = read_page(as_text(articles.HEADLINE, articles.BYLINE, *lines))
    short = [line for line in lines if line not in articles.PARAGRAPHS]
    assert page.paragraphs == lines
    assert all(finding(page, f"“{line}”", "was kept as a paragraph") for line in short)


def test_it_names_what_the_copy_desk_may_mend_and_mends_nothing() -> None:
    odd = (
        'They greeted it with derision," said one.',
        "The sea -- grey and cold -- was calm.",
        "It isn't over. It’s only begun.",
        "A word\u202e turned round.",
        "Two  spaces.",
        "A &amp; B <b>met</b>.",
        "“Never closed, he said.",
    )
    page = read_page(as_text(articles.HEADLINE, articles.BYLINE, *odd))
    assert page.paragraphs == odd
    assert finding(page, "Line 5 ", "without its pair")
    assert finding(page, "Two hyphens", "line 7")
    assert finding(page, "Straight apostrophes", "line 9")
    assert finding(page, "U+202E", "Line 11 ")
    assert finding(page, "Two spaces", "line 13")
    assert finding(page, "looks like HTML", "line 15")
    assert finding(page, "“ and ”", "Line 17 ")


def test_a_paragraph_that_stands_twice_is_kept_twice_and_named() -> None:
    page = read_page(as_text(articles.HEADLINE, articles.BYLINE, *articles.OPENING, articles.OPENING[0]))
    assert page.paragraphs == (*articles.OPENING, articles.OPENING[0])
    assert finding(page, "Lines 5 and 11", "both were kept")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (as_text(articles.BYLINE, *articles.OPENING), "has no headline"),
        (as_text(*articles.OPENING), "has no headline"),
        (as_text(articles.CREDITED, *articles.OPENING), "has no headline"),
        (
            as_text("A headline " * 40, *articles.OPENING),
            "has no headline: its first line has 439 characters",
        ),
        (as_text(*articles.FURNITURE), "has no headline"),
        (as_text(articles.HEADLINE), "has a headline but no paragraphs"),
        (
            as_text(articles.HEADLINE, articles.BYLINE, *articles.FURNITURE),
            "has a headline but no paragraphs",
        ),
        (b"\xe2\x80\x8f\n\xc2\xa0\n", "holds no text"),
    ],
)
def test_a_page_without_headline_or_paragraphs_is_refused_with_a_sentence(raw: bytes, words: str) -> None:
    with pytest.raises(UnreadablePage, match=words):
        read_page(raw)
