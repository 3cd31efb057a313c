"""A body's HTML says what its blocks say, and nothing that a block smuggles in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nashra.desk import body


def html_of(kind, value, photos=None, stories=None):
    return body.body_html([{"type": kind, "value": value}], photos=photos or {}, stories=stories or {})


def test_a_paragraph_keeps_its_words_and_its_emphasis():
    source = '<p data-block-key="x1">The <b>first</b> loaf <i>ever</i>.</p>'
    assert html_of("paragraph", source) == "<p>The <b>first</b> loaf <i>ever</i>.</p>"


def test_a_link_to_a_story_names_its_public_id():
    source = '<p>See <a linktype="page" id="5">here</a>.</p>'
    assert html_of("paragraph", source, stories={5: "abc"}) == '<p>See <a href="nashra:abc">here</a>.</p>'


def test_a_link_whose_story_is_gone_keeps_its_words():
    source = '<p>See <a linktype="page" id="5">here <b>now</b></a>.</p>'
    assert html_of("paragraph", source) == "<p>See here <b>now</b>.</p>"


@pytest.mark.parametrize("href", ["https://a.example/?b=1", "http://a.example/", "mailto:desk@a.example"])
def test_an_outside_link_keeps_its_address(href):
    assert html_of("paragraph", f'<p><a href="{href}">x</a></p>') == f'<p><a href="{href}">x</a></p>'


@pytest.mark.parametrize(
    "source",
    [
        '<p><a href="javascript:alert(1)">x</a></p>',
        '<p><a href="data:text/html,x">x</a></p>',
        '<p onclick="alert(1)">x</p>',
        "<p>x</p><script>alert(1)</script>",
        '<p>x</p><img src="https://a.example/x.png">',
        '<p>x<embed embedtype="image" id="1"/></p>',
        '<p>x</p><iframe src="https://a.example/"></iframe>',
        '<p style="color:red" class="c">x</p>',
    ],
)
def test_nothing_but_words_and_emphasis_comes_through(source):
    assert html_of("paragraph", source) == "<p>x</p>"


def test_tokens_typed_by_hand_stay_text():
    source = '<p>&lt;nashra-photo id="abc"&gt;</p>'
    assert body.photo_ids(html_of("paragraph", source)) == []


def test_a_pull_quote_names_speaker_and_role():
    value = {"text": "We baked <on>.", "speaker": "Sami & Dell", "role": "baker"}
    assert html_of("pull_quote", value) == (
        '<blockquote class="pull-quote"><p>We baked &lt;on&gt;.</p>'
        "<footer><cite><bdi>Sami &amp; Dell</bdi></cite>"
        ', <span class="role">baker</span></footer></blockquote>'
    )


def test_a_photo_is_a_token_with_its_own_caption_if_it_has_one():
    assert html_of("photo", {"photo": 3, "caption": ""}, photos={3: "p3"}) == (
        '<nashra-photo id="p3"></nashra-photo>'
    )
    assert html_of("photo", {"photo": 3, "caption": 'The "oven" <&>'}, photos={3: "p3"}) == (
        '<nashra-photo id="p3" caption="The &quot;oven&quot; &lt;&amp;&gt;"></nashra-photo>'
    )


def test_a_list_is_numbered_or_not():
    items = [{"type": "item", "id": "1", "value": "<p>Water</p>"}, "<p>Flour</p>"]
    assert html_of("list", {"ordered": True, "items": items}) == "<ol><li>Water</li><li>Flour</li></ol>"
    assert html_of("list", {"ordered": False, "items": items}).startswith("<ul>")


def test_what_is_gone_is_left_out():
    stream = [
        {"type": "related", "value": 9},
        {"type": "photo", "value": {"photo": 9, "caption": "x"}},
        {"type": "photo", "value": {"photo": None, "caption": "x"}},
        {"type": "subheading", "value": "Left"},
    ]
    assert body.body_html(stream, photos={}, stories={}) == "<h2>Left</h2>"


def test_it_lists_the_photos_and_stories_that_a_body_names():
    stream = [
        {"type": "photo", "value": {"photo": 1, "caption": "c"}},
        {"type": "related", "value": 2},
        {"type": "paragraph", "value": '<p><a linktype="page" id="3">x</a></p>'},
        {"type": "list", "value": {"items": ['<p><a id="4" linktype="page">x</a></p>']}},
    ]
    named = body.named_in(stream)
    assert (named.photo_pks, named.page_pks) == ({1}, {2, 3, 4})
    html = body.body_html(stream, photos={1: "p"}, stories={2: "b", 3: "c", 4: "d"})
    assert body.photo_ids(html) == ["p"]
    assert body.story_ids(html) == ["b", "c", "d"]


def test_it_counts_words_in_any_script():
    html = "<h2>خبز ونار</h2><p>The <b>fi</b>rst loaf — came &amp; went.</p><nashra-photo id='x'>"
    assert body.word_count(html) == 2 + 5


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=80))
def test_a_subheading_never_becomes_markup(text):
    html = html_of("subheading", text)
    assert html.count("<") in {0, 2}
