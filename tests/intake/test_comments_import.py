"""Comments from WordPress and Disqus: whose, where, in what order, once, and nothing of who wrote them."""

from __future__ import annotations

import csv
import datetime
import io
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from nashra.intake.comments.command import CannotImport, Wishes, import_comments, write_homeless
from nashra.intake.comments.report import Report
from nashra.readers import moderation
from nashra.readers.models import Change, Comment, Thread
from nashra.readers.tidying import purge
from tests.intake.comments_examples import disqus, post, thread, wp_comment, wp_item, wxr
from tests.readers.conftest import NOON, make_moderator, make_thread

pytestmark = pytest.mark.django_db(databases=["default", "readers"])


class Intake:
    """Imports bytes and keeps what was said."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def __call__(self, content: bytes, source: str = "wordpress", **wishes: Any) -> Report:
        self.said.clear()
        return import_comments(
            io.BytesIO(content),
            file_name="old.xml",
            wishes=Wishes(source=source, **wishes),
            now=wishes.pop("now", NOON),
            say=self.said.append,
        )


@pytest.fixture
def take() -> Intake:
    return Intake()


@pytest.fixture
def story(db: None) -> Thread:
    """The story at /en/harbour/the-ferry-returns/, whose days are Cairo's."""
    return make_thread()


@pytest.fixture
def moderator(db: None) -> User:
    return make_moderator("maryam")


def numbers(report: Report) -> dict[str, int]:
    return {name: number for name, number in report.counts.items() if number}


def texts() -> list[str]:
    """What stands on the story's pages, in their order."""
    placed = Comment.objects.filter(position__isnull=False).order_by("thread", "position")
    return list(placed.values_list("text", flat=True))


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_approved_comments_of_wordpress_stand_under_their_story(take, story, version):
    report = take(wxr(wp_item(wp_comment(1), wp_comment(2)), version=version))
    assert numbers(report) == {"approved": 2}
    assert take.said == []
    first = Comment.objects.get(position=1)
    assert (first.name, first.text, first.day) == ("Lina", "I saw it come in, 1.", datetime.date(2019, 5, 4))
    assert (first.state, first.held_until, first.decided_by, first.is_staff) == ("approved", None, "", False)
    story.refresh_from_db()
    assert (story.comment_count, story.last_position) == (2, 2)
    assert Change.objects.filter(thread=story.public_id, block=None).exists()


def test_approved_comments_of_disqus_stand_under_their_story(take, story):
    report = take(disqus(thread(), post(1), post(2)), "disqus")
    assert numbers(report) == {"approved": 2}
    assert texts() == ["I saw it come in, 1.", "I saw it come in, 2."]


def test_they_stand_in_the_order_of_their_dates_whatever_that_of_the_file(take, story):
    late = wp_comment(1, "late", date_gmt="2020-01-01 00:00:00")
    early = wp_comment(2, "early", date_gmt="2018-01-01 00:00:00")
    middle = wp_comment(3, "middle", date_gmt="2019-01-01 00:00:00")
    take(wxr(wp_item(late, early), wp_item(middle)))
    assert texts() == ["early", "middle", "late"]


@pytest.mark.parametrize(
    ("language", "day"), [("en", datetime.date(2019, 5, 5)), ("fa", datetime.date(2019, 5, 5))]
)
def test_a_moment_becomes_a_day_of_the_publication(take, language, day):
    make_thread("a", language, address=f"/{language}/harbour/the-ferry-returns/")
    take(wxr(wp_item(wp_comment(1, date_gmt="2019-05-04 22:30:00"))))
    assert Comment.objects.get().day == day


def test_a_date_without_its_universal_one_is_taken_as_the_publications(take, story):
    never = {"date_gmt": "0000-00-00 00:00:00", "date": "2019-05-04 23:59:00"}
    take(wxr(wp_item(wp_comment(1, **never))))
    assert Comment.objects.get().day == datetime.date(2019, 5, 4)


def test_pending_ones_wait_with_reasons_for_a_closer_look(take, story):
    report = take(wxr(wp_item(wp_comment(1, "Buy at http://shop.example/ now", approved="0"))))
    assert numbers(report) == {"waiting": 1}
    comment = Comment.objects.get()
    assert (comment.state, comment.position, comment.reasons) == ("waiting", None, ["links"])
    assert not Change.objects.exists()


def test_what_disqus_did_not_approve_waits(take, story):
    take(disqus(thread(), post(1, more="<isApproved>false</isApproved>")), "disqus")
    assert Comment.objects.get().state == "waiting"


def test_spam_trash_and_pingbacks_are_counted_and_not_taken(take, story):
    report = take(
        wxr(
            wp_item(
                wp_comment(1, approved="spam"),
                wp_comment(2, approved="trash"),
                wp_comment(3, approved="post-trashed"),
                wp_comment(4, type="pingback"),
                wp_comment(5, type="trackback"),
                wp_comment(6, type="order_note"),
                wp_comment(7, type=""),
            )
        )
    )
    assert dict(report.left) == {
        "spam": 1,
        "in the trash": 2,
        "of the type 'pingback'": 1,
        "of the type 'trackback'": 1,
        "of the type 'order_note'": 1,
    }
    assert texts() == ["I saw it come in, 7."]
    assert report.is_good


def test_what_disqus_deleted_or_took_for_spam_is_not_taken(take, story):
    report = take(disqus(thread(), post(1, spam="true"), post(2, deleted="true"), post(3)), "disqus")
    assert dict(report.left) == {"spam": 1, "deleted": 1}
    assert texts() == ["I saw it come in, 3."]


def test_a_second_import_brings_nothing_twice(take, story):
    for content, source in (
        (wxr(wp_item(wp_comment(1), wp_comment(2, approved="0"))), "wordpress"),
        (disqus(thread(), post(1), post(2)), "disqus"),
    ):
        take(content, source)
        before = list(Comment.objects.order_by("pk").values())
        Change.objects.all().delete()
        report = take(content, source)
        assert numbers(report) == {"known": 2}
        assert list(Comment.objects.order_by("pk").values()) == before
        assert not Change.objects.exists()
    assert Comment.objects.count() == 4


def test_a_later_export_brings_only_what_is_new_though_the_site_moved_to_https(take, story):
    take(wxr(wp_item(wp_comment(1)), site="http://www.old.example/"))
    report = take(wxr(wp_item(wp_comment(1), wp_comment(2)), site="https://old.example"))
    assert numbers(report) == {"known": 1, "approved": 1}


def test_the_same_number_on_another_site_is_another_comment(take, story):
    take(wxr(wp_item(wp_comment(1)), site="https://old.example"))
    report = take(wxr(wp_item(wp_comment(1)), site="https://older.example"))
    assert numbers(report) == {"approved": 1}


def test_a_number_that_comes_twice_in_a_file_is_taken_once(take, story):
    report = take(wxr(wp_item(wp_comment(1, "first"), wp_comment(1, "second"))))
    assert texts() == ["first"]
    assert dict(report.left) == {"twice in the file": 1}


def test_an_import_that_was_cut_off_goes_on_where_it_was(take, story, monkeypatch):
    content = wxr(wp_item(*(wp_comment(number, f"Nr {number:03}") for number in range(1, 451))))
    stored: list[int] = []

    def cut_off(done: int, _total: int) -> None:
        stored.append(done)
        if done == 400:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_comments(
            io.BytesIO(content),
            file_name="old.xml",
            wishes=Wishes(source="wordpress"),
            now=NOON,
            say=take.said.append,
            progress=cut_off,
        )
    assert Comment.objects.count() == 400
    assert numbers(take(content)) == {"known": 400, "approved": 50}
    expected = sorted(range(1, 451), key=lambda number: (number % 60, number))
    assert texts() == [f"Nr {number:03}" for number in expected]
    story.refresh_from_db()
    assert (story.comment_count, story.last_position) == (450, 450)


def test_a_reply_to_a_reply_answers_the_top_comment(take, story):
    take(
        wxr(
            wp_item(
                wp_comment(1, "top"),
                wp_comment(2, "reply", parent=1),
                wp_comment(3, "reply to the reply", parent=2),
                wp_comment(4, "and one more", parent=3),
            )
        )
    )
    top = Comment.objects.get(text="top")
    answers = dict(Comment.objects.values_list("text", "answers"))
    assert answers.pop("top") == ""
    assert set(answers.values()) == {top.public_id}
    assert len(answers) == 3


def test_a_reply_of_disqus_answers_its_parent(take, story):
    take(disqus(thread(), post(1, "top"), post(2, "reply", parent=1), post(3, "deep", parent=2)), "disqus")
    top = Comment.objects.get(text="top")
    assert set(Comment.objects.exclude(text="top").values_list("answers", flat=True)) == {top.public_id}


def test_a_reply_to_what_was_not_taken_stands_by_itself(take, story):
    take(
        wxr(
            wp_item(
                wp_comment(1, approved="spam"),
                wp_comment(2, "to spam", parent=1),
                wp_comment(3, "to that", parent=2),
                wp_comment(4, "waits", approved="0"),
                wp_comment(5, "to what waits", parent=4),
                wp_comment(6, "to nobody", parent=999),
            )
        )
    )
    to_spam = Comment.objects.get(text="to spam")
    answers = dict(Comment.objects.values_list("text", "answers"))
    assert answers["to that"] == to_spam.public_id
    assert {answers[text] for text in ("to spam", "waits", "to what waits", "to nobody")} == {""}


def test_replies_in_a_circle_or_in_a_very_long_row_end(take, story):
    row = [wp_comment(number, parent=number - 1) for number in range(11, 3000)]
    take(wxr(wp_item(wp_comment(1, parent=2), wp_comment(2, parent=1), *row)))
    assert Comment.objects.count() == 2 + 2989
    answered = set(Comment.objects.exclude(answers="").values_list("answers", flat=True))
    assert set(Comment.objects.filter(public_id__in=answered).values_list("answers", flat=True)) == {""}


def test_a_later_reply_answers_what_came_with_an_earlier_import(take, story):
    take(wxr(wp_item(wp_comment(1, "top"))))
    take(wxr(wp_item(wp_comment(1, "top"), wp_comment(2, "reply", parent=1))))
    assert Comment.objects.get(text="reply").answers == Comment.objects.get(text="top").public_id


def test_what_was_erased_here_does_not_come_back(take, story, moderator):
    content = wxr(wp_item(wp_comment(1, "erase me"), wp_comment(2, "reply", parent=1), wp_comment(3)))
    take(wxr(wp_item(wp_comment(1, "erase me"))))
    comment = Comment.objects.get()
    moderation.erase(public_id=comment.public_id, version=1, moderator=moderator, now=NOON)
    assert numbers(take(content)) == {"gone": 1, "approved": 2}
    # Nor when the erasure itself is forgotten, as it is after some days.
    purge(NOON + datetime.timedelta(days=60))
    assert numbers(take(content)) == {"gone": 1, "known": 2}
    assert not Comment.objects.filter(text="erase me").exists()
    assert Comment.objects.get(text="reply").answers == ""


def test_what_was_rejected_here_and_purged_does_not_come_back(take, story, moderator):
    content = wxr(wp_item(wp_comment(1, approved="0")))
    take(content)
    public_id = Comment.objects.get().public_id
    moderation.reject(public_id=public_id, version=1, moderator=moderator, now=NOON)
    assert purge(NOON + datetime.timedelta(days=40)) == 1
    assert numbers(take(content)) == {"gone": 1}


def test_a_dry_run_says_the_same_and_changes_nothing(take, story):
    content = wxr(wp_item(wp_comment(1), wp_comment(2, approved="0"), wp_comment(3, "")), wp_item(slug="x"))
    dry = take(content, dry_run=True)
    assert not Comment.objects.exists()
    assert not Change.objects.exists()
    assert dry.summary() == take(content).summary()


def test_what_is_too_much_for_memory_waits_in_a_file_that_has_no_name(take, story, tmp_path, monkeypatch):
    monkeypatch.setattr("nashra.intake.comments.spool.IN_MEMORY_BYTES", 1000)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    seen = []

    def look(_done: int, _total: int) -> None:
        seen.extend(temporary.iterdir())

    texts_of_all = [f"Nr {number:02} عادت العبّارة" for number in range(60)]
    report = import_comments(
        io.BytesIO(wxr(wp_item(*(wp_comment(n, text) for n, text in enumerate(texts_of_all))))),
        file_name="old.xml",
        wishes=Wishes(source="wordpress"),
        now=NOON,
        say=take.said.append,
        progress=look,
    )
    assert numbers(report) == {"approved": 60}
    assert texts() == texts_of_all
    assert seen == []


# Which story a comment belongs to.


def test_a_story_is_found_by_its_slug_address_or_headline(take):
    make_thread("a", headline="One", address="/en/harbour/one/")
    make_thread("b", headline="Two", address="/en/harbour/two/")
    make_thread("c", headline="The third story", address="/en/harbour/three/")
    report = take(
        wxr(
            wp_item(wp_comment(1), slug="one", link="https://old.example/?p=1", title="x"),
            wp_item(wp_comment(2), slug="", link="https://old.example/en/harbour/two/", title="x"),
            wp_item(wp_comment(3), slug="", link="https://old.example/?p=3", title="The  Third story"),
            wp_item(wp_comment(4), slug="", link="https://old.example/a/two.html", title="x"),
        )
    )
    assert numbers(report) == {"approved": 4}
    assert dict(Thread.objects.values_list("public_id", "comment_count")) == {"a": 1, "b": 2, "c": 1}


def test_an_arabic_slug_is_found_as_wordpress_writes_it(take):
    make_thread("a", "ar", headline="عادت العبّارة", address="/ar/ميناء/عادت-العبارة/")
    written = "%d8%b9%d8%a7%d8%af%d8%aa-%d8%a7%d9%84%d8%b9%d8%a8%d8%a7%d8%b1%d8%a9"
    take(wxr(wp_item(wp_comment(1, name=""), slug=written, link="https://old.example/?p=1", title="x")))
    assert Comment.objects.get().name == "مجهول"


def test_what_fits_two_stories_fits_none_until_the_language_is_said(take):
    make_thread("a", "en", address="/en/harbour/the-ferry-returns/")
    make_thread("b", "fa", address="/fa/harbour/the-ferry-returns/")
    content = wxr(wp_item(wp_comment(1)))
    report = take(content)
    assert numbers(report) == {"homeless": 1}
    assert take.said == [
        "“The ferry returns to Lumen Bay” (https://old.example/2019/05/the-ferry-returns/), 1 comment: its "
        "slug is that of 2 stories (/en/harbour/the-ferry-returns/, /fa/harbour/the-ferry-returns/)."
    ]
    assert numbers(take(content, language="fa")) == {"approved": 1}
    assert Comment.objects.get().thread.public_id == "b"


def test_a_withdrawn_story_takes_no_old_comments(take, story):
    Thread.objects.update(is_withdrawn=True)
    assert numbers(take(wxr(wp_item(wp_comment(1))))) == {"homeless": 1}


def test_stories_that_are_not_found_are_told_and_the_others_taken(take, story, tmp_path):
    strange = wp_item(
        wp_comment(3), wp_comment(4), slug="gone", link="https://old.example/gone/", title="Gone"
    )
    report = take(wxr(wp_item(wp_comment(1)), strange))
    assert numbers(report) == {"approved": 1, "homeless": 2}
    assert not report.is_good
    assert take.said == [
        "“Gone” (https://old.example/gone/), 2 comments: no published story has its address, slug or "
        "headline."
    ]
    write_homeless(report, tmp_path / "list.csv")
    assert (tmp_path / "list.csv").read_text().splitlines() == [
        "old,story,headline,comments",
        "https://old.example/gone/,,Gone,2",
    ]


def test_a_hostile_title_is_neither_a_formula_nor_a_command_to_a_terminal(take, story, tmp_path):
    title = '=HYPERLINK("https://evil.example")\x9b31m\u202e'
    write_homeless(take(wxr(wp_item(wp_comment(1), slug="", link="", title=title))), tmp_path / "list.csv")
    assert not {"\x9b", "\u202e"} & set(take.said[0])
    with (tmp_path / "list.csv").open(newline="") as lines:
        [_head, row] = csv.reader(lines)
    assert row[2].startswith("'=HYPERLINK")


def mapped(tmp_path: Path, *lines: str) -> Path:
    file = tmp_path / "stories.csv"
    file.write_text("\n".join(lines), encoding="utf-8-sig")
    return file


@pytest.mark.parametrize(
    "line",
    [
        "https://old.example/gone/,st0ry",
        "http://www.old.example/Gone,/en/harbour/the-ferry-returns/",
        "/gone/,http://testserver/en/harbour/the-ferry-returns/",
        '"gone", st0ry ,"a headline, with a comma",2',
    ],
)
def test_a_list_says_which_story_is_which(take, story, tmp_path, line):
    strange = wp_item(wp_comment(3), slug="gone", link="https://old.example/gone/", title="Gone")
    report = take(wxr(strange), mapping=mapped(tmp_path, "old,story,headline,comments", line))
    assert numbers(report) == {"approved": 1}


def test_a_list_tells_addresses_by_their_query_apart(take, story, tmp_path):
    make_thread("b", address="/en/harbour/other/")
    lines = mapped(tmp_path, "https://old.example/?p=1,st0ry", "https://old.example/?p=2,b")
    items = [
        wp_item(wp_comment(n), slug="", link=f"https://old.example/?p={n}", title="x") for n in (1, 2, 3)
    ]
    report = take(wxr(*items), mapping=lines)
    assert numbers(report) == {"approved": 2, "homeless": 1}
    assert dict(Comment.objects.values_list("text", "thread__public_id")) == {
        "I saw it come in, 1.": "st0ry",
        "I saw it come in, 2.": "b",
    }


def test_a_list_can_leave_a_story_out(take, story, tmp_path):
    report = take(wxr(wp_item(wp_comment(1))), mapping=mapped(tmp_path, "the-ferry-returns,"))
    assert numbers(report) == {}
    assert dict(report.left) == {"of stories that the list leaves out": 1}
    assert report.is_good


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"gone,nowhere\n", "names in line 1 a story that is not published here: 'nowhere'."),
        (b"a,\xff\n", "is not in UTF-8"),
        (b'"a,b\n', "is no CSV that can be read"),
    ],
)
def test_a_list_that_cannot_be_followed_stops_everything(take, story, tmp_path, content, sentence):
    file = tmp_path / "stories.csv"
    file.write_bytes(content)
    with pytest.raises(CannotImport) as error:
        take(wxr(wp_item(wp_comment(1))), mapping=file)
    assert sentence in str(error.value)
    assert not Comment.objects.exists()
