"""A real process in the readers' role: what it can reach, and what it keeps of those who write to it."""

from __future__ import annotations

import http.client
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest

from tests.databases import Ground
from tests.readers.forms import hidden_fields

# An address of this machine that nothing else here uses, so that finding it means something.
CLIENT_ADDRESS = "127.9.8.7"
FORWARDED_ADDRESS = "203.0.113.77"
AGENT = "Lanternfish/77.1 (Lumen Bay)"
WORDS = "A sentence which belongs in one table and nowhere else."

MAKE_THREAD = """
import django
django.setup()
from nashra.edition.content import Publication
from nashra.readers.threads import keep_thread
keep_thread(
    public_id="st0ry", language="en", is_open=True, headline="The ferry", address="/en/harbour/ferry/",
    publication=Publication(
        language="en", name="The Lantern", strapline="", address="/en/",
        time_zone="Africa/Cairo", site_url="http://127.0.0.1",
    ),
)
"""

ERASE = """
import datetime, django
django.setup()
from nashra.readers.models import Comment
from nashra.readers.moderation import erase
class Moderator:
    has_perm = lambda self, perm: perm == "desk.moderate_comments"
    get_username = lambda self: "maryam"
now = datetime.datetime.now(datetime.UTC)
erase(public_id=Comment.objects.get().public_id, version=1, moderator=Moderator(), now=now)
"""


class Answer:
    """What came back."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.content = response.read()


class Process:
    """Granian with the readers' desk alone."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = folder / "readers.log"
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
                    *("--port", str(self.port), "nashra.readers.wsgi:application"),
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait(self) -> None:
        """Return when it answers."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                self.send("GET", "/readers/")
            except OSError:
                time.sleep(0.1)
            else:
                return
        pytest.fail(self.log.read_text())

    def stop(self) -> None:
        """End it, so that all it logged is in its file."""
        self._process.terminate()
        self._process.wait(30)

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """One request from ``CLIENT_ADDRESS``, with all that could give its sender away."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=30, source_address=(CLIENT_ADDRESS, 0)
        )
        given = {
            "User-Agent": AGENT,
            "X-Forwarded-For": FORWARDED_ADDRESS,
            "Forwarded": f"for={FORWARDED_ADDRESS}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
        }
        try:
            connection.request(method, path, body, given | headers)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        """Send a form."""
        return self.send("POST", path, urlencode(fields).encode(), **headers)


@pytest.fixture
def process(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Process]:
    """A fresh newsroom's readers' desk, with one thread."""
    (home / "var").mkdir(exist_ok=True)
    monkeypatch.setenv("NASHRA_ROLE", "readers")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "nashra.settings")
    for arguments in (["-m", "django", "migrate", "--database", "readers", "-v0"], ["-c", MAKE_THREAD]):
        subprocess.run([sys.executable, *arguments], check=True, timeout=120)
    running = Process(home)
    try:
        running.wait()
        yield running
    finally:
        running.stop()


def stored_bytes(home: Path, ground: Ground) -> bytes:
    """All that the readers' database holds: on SQLite its files, on PostgreSQL every row as text."""
    if ground.kind == "sqlite":
        files = sorted((home / "var").glob("readers.sqlite3*"))
        assert home / "var" / "readers.sqlite3" in files
        return b"".join(file.read_bytes() for file in files)
    with psycopg.connect(os.environ["READERS_DATABASE_URL"]) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        rows = [
            row
            for (table,) in tables
            for row in connection.execute(
                psycopg.sql.SQL("SELECT t::text FROM {} t").format(psycopg.sql.Identifier(table))
            )
        ]
    return "\n".join(text for (text,) in rows).encode()


def test_it_keeps_words_and_day_and_nothing_of_the_sender(
    process: Process, home: Path, test_ground: Ground
) -> None:
    story = {"story": "st0ry"}
    preview = process.post("/readers/comment", story | {"name": "Lina", "text": WORDS})
    assert preview.status == 200
    assert process.post("/readers/comment", hidden_fields(preview)).status == 200
    asked = process.post("/readers/reaction", story | {"value": "yes"})
    cookie = asked.headers["Set-Cookie"].split(";")[0]
    assert process.post("/readers/reaction", story | {"value": "yes"}, Cookie=cookie).status == 200
    # What is refused leaves as little as what is taken.
    assert process.post("/readers/comment", story | {"name": "", "text": WORDS}).status == 422
    assert process.post("/readers/comment", {"story": "\x00", "text": WORDS}).status == 404
    assert process.send("POST", "/readers/comment", b"\xff" * 100).status == 400
    assert process.send("GET", f"/readers/{FORWARDED_ADDRESS}").status == 404
    assert process.send("POST", "/readers/comment", b"text=" + b"a" * 200_000).status == 413

    # Before the process ends, so that SQLite's write-ahead log is there to be searched as well.
    stored = stored_bytes(home, test_ground)
    process.stop()
    logged = process.log.read_bytes()
    assert WORDS.encode() in stored
    for trace in (CLIENT_ADDRESS, FORWARDED_ADDRESS, "Lanternfish", cookie.split("=", 1)[1]):
        assert trace.encode() not in stored
        assert trace.encode() not in logged
    assert WORDS.encode() not in logged
    assert b"Lina" not in logged


def test_an_erased_comment_is_in_no_file_any_more(home: Path, test_ground: Ground, process: Process) -> None:
    fields = {"story": "st0ry", "name": "Lina", "text": WORDS}
    process.post("/readers/comment", hidden_fields(process.post("/readers/comment", fields)))
    process.stop()
    assert WORDS.encode() in stored_bytes(home, test_ground)
    subprocess.run([sys.executable, "-c", ERASE], check=True, timeout=60)
    if test_ground.kind == "sqlite":
        # The write-ahead log keeps old pages until it is emptied into the database.
        with closing(sqlite3.connect(home / "var" / "readers.sqlite3")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert WORDS.encode() not in stored_bytes(home, test_ground)


def test_it_has_no_desk_no_session_and_no_way_to_the_newsrooms_database(process: Process) -> None:
    for path in ("/", "/login/", "/admin/", "/comments/", "/static/x", "/media/x"):
        answer = process.send("GET", path)
        assert answer.status == 404
        assert answer.headers.get("Set-Cookie") is None
    look = """
import sys, django
from nashra.readers.wsgi import application
from django.apps import apps
from django.conf import settings
from django.db import connections
from django.core.exceptions import ImproperlyConfigured
assert [config.label for config in apps.get_app_configs()] == ["readers"]
assert not [name for name in sys.modules if name.split(".")[0] == "wagtail" or name.startswith("nashra.desk")]
assert not [name for name in settings.MIDDLEWARE if "session" in name.lower() or "csrf" in name.lower()]
try:
    connections["default"].cursor()
except ImproperlyConfigured:
    print("refused")
"""
    done = subprocess.run([sys.executable, "-c", look], check=True, capture_output=True, timeout=60)
    assert done.stdout == b"refused\n"


def test_it_does_not_start_in_the_desks_role(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NASHRA_ROLE", "desk")
    done = subprocess.run(
        [sys.executable, "-c", "import nashra.readers.wsgi"], capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert b"set NASHRA_ROLE=readers" in done.stderr


def test_ten_megabytes_over_a_real_line_get_a_page(process: Process) -> None:
    answer = process.send("POST", "/readers/comment", b"text=" + b"a" * 10_000_000)
    assert answer.status == 413
    assert b"too long" in answer.content
