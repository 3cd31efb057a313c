"""The copy of a page that an edition carries: nothing alive, nothing served, links from file to file."""

import pytest

from nashra.edition.copies import NotForCarrying, edition_copy, moved_copy, relative_link

HEAD = (
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<style>p{margin:0}</style></head>\n'
)
ADDRESS = "/en/harbour/the-ferry/"


def copy_of(body: str, address: str = ADDRESS) -> str:
    return edition_copy((HEAD + body).encode(), address).decode()


def test_what_is_marked_as_alive_is_left_out():
    copy = copy_of("<p>Before <!--live--><form><button>Yes</button></form><!--/live-->after</p>")
    assert "<p>Before after</p>" in copy
    assert "live" not in copy


@pytest.mark.parametrize(
    ("link", "file"),
    [
        ("/", "../../../index.html"),
        ("/en/", "../../../en/index.html"),
        ("/en/harbour/another/#top", "../../../en/harbour/another/index.html#top"),
        ("/verify/#en", "../../../verify/index.html#en"),
        ("/photos/a%20b.jpg", "../../../photos/a%20b.jpg"),
    ],
)
def test_a_link_leads_to_the_file_itself(link, file):
    assert f'<a class="x" href="{file}">' in copy_of(f'<a class="x" href="{link}">there</a>')


def test_a_front_door_links_downwards():
    assert '<a href="en/index.html">' in copy_of('<a href="/en/">English</a>', "/")


def test_every_size_of_a_photo_is_found_beside_the_pages():
    copy = copy_of('<img src="/photos/m.jpg" srcset="/photos/s.jpg 480w, /photos/m.jpg 960w" alt="A > B">')
    assert 'src="../../../photos/m.jpg"' in copy
    assert 'srcset="../../../photos/s.jpg 480w, ../../../photos/m.jpg 960w"' in copy
    assert 'alt="A > B"' in copy


def test_words_that_look_like_links_stay_as_they_are():
    words = '<p title=\'no\'>Write href="/en/" or &lt;a href="/en/"&gt; and 3 < 4.</p>'
    assert words in copy_of(words)


def test_links_to_elsewhere_and_within_the_page_stay_as_they_are():
    body = '<a href="https://elsewhere.example/a">a</a><a href="#main">b</a><a href="mailto:a@b.example">'
    assert body in copy_of(body)


def test_the_policy_lets_nothing_but_the_pages_own_style_and_photos_be():
    copy = copy_of("")
    assert copy.index("Content-Security-Policy") < copy.index("<style>")
    assert "default-src 'none'" in copy
    assert "script-src" not in copy
    assert "form-action 'none'" in copy


@pytest.mark.parametrize(
    "body",
    [
        "<script>1</script>",
        '<script type="application/ld+json">{}</script>',
        '<form method="post">',
        "<button>Yes</button>",
        '<img src="//elsewhere.example/p.png">',
        '<img src="https://elsewhere.example/p.png">',
        '<img srcset="https://elsewhere.example/p.png 2x">',
        '<a href="//elsewhere.example/">',
        '<a href="javascript:alert(1)">',
        '<p onclick="x()">',
        "<iframe></iframe>",
        '<base href="/">',
        '<link rel="stylesheet" href="/a.css">',
        '<a href="/readers/counts">',
        "<img src=//elsewhere.example/p.png>",
        "<img src='//elsewhere.example/p.png'>",
        '<img src = "//elsewhere.example/p.png">',
        '<img src="\\\\elsewhere.example/p.png">',
        '<IMG SRC="HTTPS://elsewhere.example/p.png">',
        '<meta http-equiv="refresh" content="0; url=https://elsewhere.example/">',
        '<link href="/a.css" rel="stylesheet">',
        "<!--live-->",
        "<!--/live-->",
        "<!--live--><!--live--><!--/live--><!--/live-->",
    ],
)
def test_a_page_that_runs_sends_or_fetches_is_refused(body):
    with pytest.raises(NotForCarrying, match="/en/harbour/the-ferry/"):
        copy_of(body)


def test_a_page_without_its_charset_is_refused():
    with pytest.raises(NotForCarrying, match="UTF-8"):
        edition_copy(b"<p>plain</p>", ADDRESS)


def test_an_old_address_leads_on_without_a_server():
    copy = moved_copy("/ar/old/", "/ar/أخبار/new/", "ar").decode()
    link = relative_link("/ar/old/", "/ar/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/new/")
    assert link == "../../ar/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/new/index.html"
    assert f'content="0; url={link}"' in copy
    assert f'href="{link}"' in copy
    assert "/ar/أخبار/new/" in copy


def test_an_address_with_marks_cannot_break_out_of_the_page_that_leads_on():
    copy = moved_copy("/en/old/", "/en/\"><b>'&/", "en").decode()
    assert "<b>" not in copy
    assert "%22%3E%3Cb%3E" in copy
