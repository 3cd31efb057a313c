"""``init``, ``serve``, ``press`` and ``import`` on a real newsroom."""

from __future__ import annotations

import os
import re
import signal
import stat
from collections.abc import Callable
from pathlib import Path

from tests.cli.newsrooms import Newsroom, Serving, wait_for_the_end_of

PUBLISH = """
import datetime
from nashra.desk.models import Section
from nashra.desk.publishing import publish_story, write_story
section = Section.objects.get(slug="harbour", locale__language_code="en")
body = [("paragraph", "<p>It came back at dusk.</p>")]
story = write_story(section=section, headline={headline!r}, body=body)
print(publish_story(story=story).address)
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_init_makes_a_newsroom_and_tells_nobody_the_password(newsroom: Newsroom) -> None:
    words: str = newsroom.first_words  # type: ignore[attr-defined]
    passwords = (newsroom.var / "passwords.txt").read_text()
    [(password)] = re.findall(r"^chief\t(\S{16,})$", passwords, re.MULTILINE)
    assert password not in words
    assert str(newsroom.var / "passwords.txt") in words
    assert mode(newsroom.var / "passwords.txt") == mode(newsroom.var / "secret-key") == 0o600
    for file in newsroom.var.glob("*.sqlite3"):
        assert mode(file) == 0o600
    assert newsroom.shell(
        "from django.contrib.auth import authenticate\n"
        "from nashra.desk.models import Publication\n"
        f"print(authenticate(username='chief', password={password!r}).is_superuser)\n"
        "for paper in Publication.objects.order_by('path'):\n"
        "    print(paper.language, paper.title)\n"
    ).split("\n")[:4] == ["True", "en The Harbour Post", "ar The Harbour Post", "fa The Harbour Post"]


def test_a_second_init_changes_nothing(newsroom: Newsroom) -> None:
    before = {name: (newsroom.var / name).read_bytes() for name in ("secret-key", "passwords.txt")}
    done = newsroom.run("init", "--language", "fr", "--admin", "somebody-else")
    assert done.returncode == 0
    assert done.stdout == f"There is a newsroom in {newsroom.folder} already; nothing was changed.\n"
    assert {name: (newsroom.var / name).read_bytes() for name in before} == before
    assert (
        newsroom.shell("from nashra.desk.models import Publication; print(Publication.objects.count())")
        == "3\n"
    )


def test_init_takes_the_folder_and_languages_that_are_named(
    empty_folder: Callable[[], Newsroom],
) -> None:
    around = empty_folder()
    done = around.run("init", "papers/north", "--language", "ar")
    assert done.returncode == 0, done.stderr
    assert (around.folder / "papers/north/var/secret-key").is_file()
    assert not around.var.exists()
    north = Newsroom(around.folder / "papers/north", around.environment)
    assert (
        north.shell(
            "from nashra.desk.models import Publication\n"
            "print(*[paper.language for paper in Publication.objects.all()])"
        )
        == "ar\n"
    )


def test_serve_shows_what_is_published_at_once_and_mends_itself(newsroom: Newsroom) -> None:
    with newsroom.serving("serve", "--workers", "2") as serving:
        said = serving.log.read_text()
        assert f"Readers' site: http://127.0.0.1:{serving.port}/\n" in said
        assert f"Desk: http://127.0.0.1:{serving.desk_port}/\n" in said
        # The very first press may still run when both origins answer.
        serving.wait_for_page("/en/", "The Harbour Post")
        assert serving.read("/login/")[0] == 404
        address = newsroom.shell(PUBLISH.format(headline="The ferry came back")).strip()
        serving.wait_for_page(address, "It came back at dusk.")
        assert f"http://127.0.0.1:{serving.port}{address}" in serving.read(address)[1]
        # A command at another terminal gives pages the addresses that readers have.
        assert newsroom.run("press", "--full", "--quiet").returncode == 0
        assert f"http://127.0.0.1:{serving.port}{address}" in serving.read(address)[1]
        _end_each_part(serving)
        assert "127.0.0.1 -" not in serving.log.read_text()
        assert address not in serving.log.read_text()
        second = newsroom.shell(PUBLISH.format(headline="The ferry left again")).strip()
        serving.wait_for_page(second, "The ferry left again")


def _end_each_part(serving: Serving) -> None:
    names = ("The readers' site", "The desk", "The press")
    marks = ("readers_origin", "desk.wsgi", "press --watch")
    for name, mark in zip(names, marks, strict=True):
        started = serving.started()
        parts = [pid for pid, command in started.items() if mark in command]
        first = min(parts, key=lambda pid: (os.getpgid(pid) != pid, pid))
        os.kill(first, signal.SIGKILL)
        serving.wait_until(f"{name} ended (signal SIGKILL)")
        wait_for_the_end_of(parts)


def test_a_killed_serve_leaves_no_process_behind(newsroom: Newsroom) -> None:
    with newsroom.serving() as serving:
        started = serving.started()
        assert len(started) >= 5
        serving.kill()
        wait_for_the_end_of(started)


def test_press_lists_what_it_pressed_and_verify_agrees(newsroom: Newsroom, tmp_path: Path) -> None:
    manifest = tmp_path / "SHA256"
    pressed = newsroom.run("press", "--full", "--quiet", "--manifest", manifest)
    assert (pressed.returncode, pressed.stdout, pressed.stderr) == (0, "", "")
    site = newsroom.var / "site"
    verified = newsroom.run("verify", site, "--manifest", manifest)
    assert verified.returncode == 0, verified.stdout
    again = tmp_path / "again"
    assert newsroom.run("press", "--full", "--manifest", again).returncode == 0
    assert again.read_bytes() == manifest.read_bytes()
    (site / "en/index.html").write_text("forged")
    assert newsroom.run("verify", site, "--manifest", manifest).stdout.startswith("changed: en/index.html\n")
    newsroom.run("press", "--full", "--quiet")


def test_press_says_that_nothing_is_due(newsroom: Newsroom) -> None:
    assert newsroom.run("press", "--full").returncode == 0
    done = newsroom.run("press")
    assert (done.returncode, done.stdout) == (0, "Nothing is due: every page stands as it should.\n")


def test_an_imported_page_is_published_pressed_and_its_address_said_last(newsroom: Newsroom) -> None:
    saved = newsroom.folder / "saved.txt"
    paragraph = (
        "The harbour office counted forty boats this week, which is more than in any week since spring."
    )
    saved.write_text(
        f"Forty boats came home\n\nBy Samar Halabi in Port Said\n\n{paragraph}\n\n{paragraph[::-1]}\n"
    )
    done = newsroom.run("import", "page", saved, "--section", "harbour", "--publish")
    assert done.returncode == 0, done.stderr
    address = done.stdout.splitlines()[-1]
    # Where it was last served, if ever.
    found = re.fullmatch(r"http://127\.0\.0\.1:\d+/(en/harbour/\S+/)", address)
    assert found
    page = newsroom.var / "site" / found[1] / "index.html"
    assert address in page.read_text()
    assert paragraph in page.read_text()
    refused = newsroom.run("import", "page", newsroom.folder / "nothing.txt")
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
