"""Who sees at the desk how the press fares, and what they see."""

from __future__ import annotations

import datetime
import os
from html.parser import HTMLParser

import pytest
from django.contrib.auth import get_user_model
from django.db import OperationalError, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.users.models import UserProfile

from nashra.desk import publishing
from nashra.desk.models import Change
from nashra.press.lock import is_held, press_lock
from nashra.press.models import Overdue, PressRun
from nashra.press.run import lock_path
from nashra.readers.models import Change as ReadersChange
from tests.press.conftest import NOW

pytestmark = pytest.mark.django_db(databases=["default", "readers", "snapshot"])

SECOND = datetime.timedelta(seconds=1)
MINUTE = datetime.timedelta(minutes=1)


class Words(HTMLParser):
    """What a person reads: the words of the page's own part, without its markup."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words += data.split()


def words_of(content: str) -> str:
    parser = Words()
    parser.feed(content)
    return " ".join(parser.words)


@pytest.fixture
def read_page(newsroom, admin_client):
    """The words of the page, or of what a query of it asks for."""

    def read(query: str = "") -> str:
        answer = admin_client.get(f"/press/{query}")
        assert answer.status_code == 200
        content = answer.content.decode()
        return words_of(content[content.index('id="press"') :])

    return read


@pytest.fixture
def pressed(pressroom, write):
    """A site that stands pressed, with one story."""
    story = write()
    pressroom.full()
    Change.objects.all().delete()
    return story


@pytest.fixture
def at_work(newsroom):
    """The press's lock, held for as long as the test runs."""
    with press_lock(lock_path()):
        yield


def run_of(**values) -> PressRun:
    """A run that ended well a moment ago; keywords take the place of what it has by itself."""
    began = timezone.now() - 5 * SECOND
    ended = {"finished_at": began + SECOND, "duration_ms": 1000, "is_accounted": True}
    return PressRun.objects.create(
        **{"kind": "due", "cause": "1 story", "started_at": began, **ended, **values}
    )


def going_on(**values) -> PressRun:
    """A run that has begun and not ended."""
    return run_of(
        **{
            "kind": "full",
            "cause": "",
            "started_at": timezone.now(),
            "finished_at": None,
            "duration_ms": None,
            "is_accounted": False,
            "stories": 3400,
            "stories_expected": 10_000,
            **values,
        }
    )


@pytest.mark.parametrize(
    ("group", "sees"), [("reporter", False), ("moderator", False), ("editor", True), ("administrator", True)]
)
def test_editors_and_administrators_see_what_the_press_did(pressed, client, group, sees):
    publishing.create_user(username="somebody", password="a long enough one", group=group)
    client.force_login(get_user_model().objects.get(username="somebody"))
    assert (client.get("/press/").status_code == 200) is sees
    assert (client.get("/press/news/").status_code == 200) is sees
    home = client.get("/").content.decode()
    assert ('href="/press/"' in home or '"/press/"' in home) is sees
    assert ("The press is idle." in home) is sees


def test_a_press_without_work_is_idle_and_says_when_it_last_ran(pressed, read_page):
    run_of(cause="3 stories", duration_ms=40)
    seen = read_page()
    assert "The press is idle." in seen
    assert "3 stories, in 40 ms" in seen
    assert "No change waits for the press." in seen
    assert "must be pressed" not in seen


def test_a_newsroom_that_was_never_pressed_says_so(read_page):
    seen = read_page()
    assert "It has not run yet." in seen
    assert "Everything must be pressed: nothing is pressed yet" in seen


def test_a_run_that_goes_on_shows_how_far_it_has_come_and_what_is_left(
    pressed, read_page, at_work, admin_client
):
    going_on(started_at=timezone.now())
    seen = read_page()
    assert "The press is at work." in seen
    assert "Everything · asked for at the command line" in seen
    assert "3,400 of 10,000 stories" in seen
    assert 'max="10000" value="3400"' in admin_client.get("/press/").content.decode()


@pytest.mark.parametrize(
    ("done", "gone_s", "said"),
    [
        (10, 1, ""),
        (5000, 30, "About 30 seconds left."),
        (9000, 30, "A few seconds left."),
        (5000, 60, "About 1 minute left."),
        (1000, 60, "About 9 minutes left."),
        (10_000, 60, "The stories are done; their lists follow."),
    ],
)
def test_the_time_left_is_told_once_it_can_be(pressed, read_page, at_work, done, gone_s, said):
    os.utime(lock_path(), (0, 0))
    going_on(stories=done, started_at=timezone.now() - gone_s * SECOND)
    seen = read_page()
    assert said in seen
    assert ("left." in seen or "follow." in seen) is bool(said)


def test_a_press_that_has_no_run_yet_is_getting_ready(pressed, read_page, at_work):
    assert "The press is getting ready." in read_page()


def test_a_full_press_that_goes_on_is_not_asked_for(pressed, read_page, at_work):
    going_on()
    assert "must be pressed" not in read_page()


def test_a_full_press_is_asked_for_when_the_theme_changed(pressed, read_page):
    PressRun.objects.update(fingerprint="another theme")
    assert "Everything must be pressed: the theme or the site's address changed." in read_page()


def test_a_single_change_that_passes_a_long_run_by_is_shown_beside_it(pressed, read_page, at_work):
    going_on()
    going_on(kind="due", cause="1 story", stories=0, stories_expected=1)
    seen = read_page()
    assert "3,400 of 10,000 stories" in seen
    assert "Passing by, since single changes go first: 1 story." in seen


def test_a_run_whose_process_died_is_told_from_one_that_goes_on(pressed, read_page):
    going_on()
    seen = read_page()
    assert "The press was cut off." in seen
    assert "It had come to 3,400 of 10,000 stories." in seen
    assert "takes up what was left undone" in seen
    assert "Cut off at 3,400 of 10,000 stories" in seen


def test_a_dead_run_is_not_taken_for_that_of_the_next_process(pressed, read_page, at_work):
    going_on(started_at=timezone.now() - 10 * MINUTE)
    going_on(stories=7, stories_expected=9)
    seen = read_page()
    assert "The press is at work." in seen
    assert "7 of 9 stories" in seen
    assert "Cut off at 3,400 of 10,000 stories" in seen


def test_a_dead_run_that_was_seen_to_troubles_nobody(pressed, read_page):
    going_on(is_accounted=True)
    run_of()
    assert "The press is idle." in read_page()


@pytest.mark.parametrize(
    ("error", "what", "advice"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full.", "Make room on it"),
        ("PermissionError: [Errno 13]", "may not write", "Give the account"),
        ("OperationalError: server closed", "The database did not answer.", "See whether it runs"),
        (
            "WorkerFailed: [Errno 0] OperationalError: no",
            "The database did not answer.",
            "See whether it runs",
        ),
        ("WorkerDied: A worker ended.", "was ended from outside", "memory is full"),
        ("KeyboardInterrupt: ", "told to stop", ""),
        ("TypeError: odd", "did not expect", "tell whoever looks after"),
    ],
)
def test_a_failed_press_says_what_happened_and_what_to_do(pressed, read_page, error, what, advice):
    run_of(error=error, kind="bulk", stories_expected=10_000)
    seen = read_page()
    assert "The press failed." in seen
    assert what in seen
    assert advice in seen
    assert error.strip() in seen
    assert "It was pressing “10,000 stories at once”" in seen


def test_the_press_is_well_again_after_a_run_that_ended(pressed, read_page):
    run_of(error="OSError: no", finished_at=timezone.now() - MINUTE)
    run_of(finished_at=timezone.now())
    assert "The press is idle." in read_page()


def test_a_run_that_left_stories_out_is_no_failed_press(pressed, read_page):
    run_of(error="Some stories could not be pressed and keep the page that they had. abc: ValueError: x")
    seen = read_page()
    assert "The press is idle." in seen
    assert "Some stories failed" in seen


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 change waits for the press"), (2, "2 changes wait for the press")]
)
def test_what_waits_is_counted_over_desk_and_readers(pressed, read_page, count, said):
    Change.note("story", "abc")
    for _ in range(count - 1):
        ReadersChange.objects.create(thread="abc", kind="comments", at=timezone.now())
    ReadersChange.objects.create(thread="abc", kind="comments", at=timezone.now() + 60 * MINUTE)
    seen = read_page()
    assert said in seen
    assert "Is nashra serve" not in seen


def test_changes_that_wait_while_nobody_presses_are_said_plainly(pressed, read_page):
    Change.note("story", "abc")
    Change.objects.update(at=timezone.now() - 3 * MINUTE)
    assert "Is nashra serve or nashra press --watch running?" in read_page()


def test_changes_that_wait_for_a_long_run_are_no_alarm(pressed, read_page, at_work):
    going_on()
    Change.note("story", "abc")
    Change.objects.update(at=timezone.now() - 3 * MINUTE)
    assert "Is nashra serve" not in read_page()


def test_the_page_stands_when_the_readers_database_is_away(pressed, read_page):
    def refuse(*_statement):
        raise OperationalError("server closed the connection unexpectedly")

    with connections["readers"].execute_wrapper(refuse):
        assert "A database does not answer" in read_page()


def test_a_story_that_could_not_be_pressed_is_named_by_its_headline(pressed, read_page, admin_client):
    later = timezone.now() + MINUTE
    Overdue.objects.create(
        public_id=pressed.public_id, reason="FileNotFoundError: river.jpg", try_again_at=later
    )
    Overdue.objects.create(public_id="gone", reason="ValueError: odd", try_again_at=NOW - MINUTE)
    seen = read_page()
    assert f"{pressed.title} A file that it shows is missing, most likely a photo's." in seen
    assert "FileNotFoundError: river.jpg" in seen
    assert pressed.public_id not in seen
    assert f"{timezone.localtime(later):%H:%M:%S}" in seen
    assert "A story that is no longer at the desk gone No page could be made of it." in seen
    assert "with the next run" in seen
    assert f'href="/pages/{pressed.pk}/edit/"' in admin_client.get("/press/").content.decode()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"cause": "1 story"}, "1 story 1.0 s"),
        ({"cause": "2 stories, 1 readers' change"}, "2 stories, 1 change by readers"),
        ({"cause": "3 readers' changes", "duration_ms": 65_000}, "3 changes by readers 1 min 5 s"),
        ({"cause": "what a run before left undone"}, "Lists and addresses what a run before left undone"),
        ({"kind": "bulk", "stories_expected": 1}, "1 story at once"),
        ({"kind": "bulk", "stories_expected": 9000, "stories": 8500}, "8,500 stories at once"),
        ({"kind": "bulk", "stories_expected": 10_000, "duration_ms": 12_300}, "10,000 stories at once 12 s"),
        (
            {"kind": "full", "cause": "a section or publication changed", "duration_ms": 3_700_000},
            "Everything a section or publication changed 1 h 1 min",
        ),
    ],
)
def test_each_run_says_what_it_pressed_and_why_in_words(newsroom, read_page, values, said):
    run_of(**values)
    assert said in read_page()


def test_only_failures_are_shown_where_only_they_are_asked_for(pressed, read_page):
    run_of(cause="21 stories")
    run_of(cause="22 stories", error="OSError: no")
    going_on(stories=23, stories_expected=24)
    run_of(cause="25 stories", error="Some stories could not be pressed and keep the page that they had. x")
    seen = read_page("?failures").partition("Last runs")[2]
    assert "21 stories" not in seen
    assert "22 stories Failed" not in seen
    assert all(part in seen for part in ("22 stories", "Cut off at 23 of 24 stories", "25 stories"))


def test_where_nothing_failed_the_list_of_failures_says_so(pressed, read_page):
    assert "No run that is kept has failed." in read_page("?failures")


def test_older_runs_are_on_further_pages(pressed, read_page):
    for number in range(60):
        run_of(cause=f"{number + 100} stories")
    assert "159 stories" in read_page()
    assert "100 stories" not in read_page()
    assert "100 stories" in read_page("?p=2")


def test_times_are_those_of_the_person_at_the_desk(pressed, read_page, admin_user):
    UserProfile.objects.update_or_create(user=admin_user, defaults={"current_time_zone": "Asia/Tehran"})
    run_of(started_at=datetime.datetime(2026, 3, 1, 12, 0, 5, tzinfo=datetime.UTC))
    seen = read_page()
    assert "March 1, 2026, 15:30:05" in seen
    assert "Asia/Tehran" in seen


def test_the_page_speaks_a_language_that_is_written_from_the_right(pressed, admin_client, admin_user):
    UserProfile.objects.update_or_create(user=admin_user, defaults={"preferred_language": "ar"})
    assert 'dir="rtl"' in admin_client.get("/press/").content.decode()


def test_the_news_leave_out_the_list_that_the_page_has_already(pressed, admin_client, at_work):
    run = going_on()
    first = admin_client.get("/press/news/")
    assert first.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert 'data-part="runs"' in first.content.decode()
    mark = first.context["state"].mark
    PressRun.objects.filter(pk=run.pk).update(stories=5000)
    news = admin_client.get("/press/news/", {"mark": mark}).content.decode()
    assert 'data-part="runs"' not in news
    assert f'data-part="run-{run.pk}"' in news
    assert "5,000 of 10,000 stories" in words_of(news)
    assert 'data-says="50 percent of the stories are pressed."' in news
    assert 'data-lively="yes"' in news


def test_the_news_bring_the_list_when_a_run_began_or_ended(pressed, admin_client):
    mark = admin_client.get("/press/news/").context["state"].mark
    for number in range(60):
        run_of(cause=f"{number + 100} stories")
    news = admin_client.get("/press/news/", {"mark": mark}).content.decode()
    assert 'data-part="runs"' in news
    assert 'data-lively="no"' in news
    assert 'href="?p=2"' in news


def test_the_page_asks_as_little_of_the_database_for_many_runs_as_for_one(pressed, write, admin_client):
    def queries() -> int:
        with CaptureQueriesContext(connections["default"]) as seen:
            admin_client.get("/press/")
        return len(seen)

    Overdue.objects.create(public_id=pressed.public_id, reason="ValueError: x", try_again_at=NOW)
    queries()
    few = queries()
    for number in range(20):
        run_of(error="OSError: no" if number % 2 else "")
        Overdue.objects.create(public_id=write().public_id, reason="ValueError: x", try_again_at=NOW)
    assert queries() == few


def test_the_news_cost_a_dozen_queries(pressed, admin_client, at_work, django_assert_max_num_queries):
    going_on()
    mark = admin_client.get("/press/news/").context["state"].mark
    with django_assert_max_num_queries(16):
        admin_client.get("/press/news/", {"mark": mark})


def test_looking_whether_the_press_is_at_work_neither_waits_nor_makes_a_lock(tmp_path):
    lock = tmp_path / "press.lock"
    assert not is_held(lock)
    assert not lock.exists()
    with press_lock(lock):
        assert is_held(lock)
        assert is_held(lock)
    assert not is_held(lock)
