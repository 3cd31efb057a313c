"""The importer changes no word: what it keeps joins again to what the page held."""

from __future__ import annotations

import html as html_module

from hypothesis import given, settings
from hypothesis import strategies as st

from nashra.intake.page import UnreadablePage, read_page
from tests.intake import articles
from tests.intake.articles import as_text

# Letters, marks and signs of our languages, with what an editor's program may put between them.
WORD = st.text(
    alphabet=st.sampled_from(
        "abcdefgxyzABCXYZéüابتثجحخدرسشكلمنهويءآپچژگکی\u200c\u064b\u0301’'\"“”«»--–—/&<>#*()[]{}%0123456789٠۱.,;؛،…\u00a0\u200f"
    ),
    min_size=1,
    max_size=12,
)
ENDING = st.sampled_from([".", "!", '."', ".”", "؟", "۔", "…"])


@st.composite
def sentences(draw: st.DrawFn) -> str:
    """A paragraph long enough that no rule can take it for a heading, a byline, a date or furniture."""
    words = draw(st.lists(WORD, min_size=3, max_size=30))
    return " ".join(
        ["The", "boats", "of", "the", "harbour", *" ".join(words).split(" "), "x" + draw(ENDING)]
    ).strip()


def joined(texts: tuple[str, ...] | list[str]) -> str:
    return "\n".join(texts)


@settings(deadline=None)
@given(
    paragraphs=st.lists(sentences(), min_size=1, max_size=12),
    line_end=st.sampled_from(["\n", "\r\n"]),
    gap=st.integers(2, 3),
)
def test_the_paragraphs_of_a_text_page_join_again_to_the_sources(
    paragraphs: list[str], line_end: str, gap: int
) -> None:
    raw = (line_end * gap).join(
        [
            articles.HEADLINE,
            articles.BYLINE,
            articles.CREDITED,
            articles.CREDITED,
            *paragraphs,
            *articles.FURNITURE,
        ]
    )
    page = read_page(raw.encode())
    assert joined(page.paragraphs) == joined(paragraphs)


@settings(deadline=None, max_examples=60)
@given(paragraphs=st.lists(sentences(), min_size=1, max_size=8))
def test_the_paragraphs_of_an_html_page_join_again_to_the_sources(paragraphs: list[str]) -> None:
    extra = "\n".join(f"<p>{html_module.escape(text)}</p>" for text in paragraphs)
    page = read_page(articles.page_of_html(extra=extra).encode())
    assert joined(page.paragraphs) == joined([*articles.PARAGRAPHS, *paragraphs])


@settings(deadline=None)
@given(
    lines=st.lists(
        st.one_of(sentences(), WORD, st.sampled_from([*articles.PARAGRAPHS, *articles.FURNITURE])),
        min_size=1,
        max_size=20,
    )
)
def test_every_line_is_kept_whole_or_named(lines: list[str]) -> None:
    page = read_page(as_text(articles.HEADLINE, articles.BYLINE, *articles.OPENING, *lines))
    source = as_text(*lines, *articles.OPENING).decode()
    assert all(block.text in source or block.text.strip() in source for block in page.blocks)
    kept = [block.text for block in page.blocks] + list(page.left_out) + [page.caption]
    for line in lines:
        words = line.strip().strip("\u200b\ufeff")
        shown = words.strip(" \u00a0\u200f")
        named = any(shown[:30] in sentence for sentence in page.findings)
        comments = any("readers' comments" in sentence for sentence in page.findings)
        assert not shown or any(shown in text for text in kept) or named or comments


@settings(deadline=None, max_examples=50)
@given(raw=st.binary(max_size=400))
def test_any_bytes_give_a_story_or_a_sentence(raw: bytes) -> None:
    try:
        page = read_page(raw)
    except UnreadablePage:
        return
    assert page.headline
    assert page.blocks
