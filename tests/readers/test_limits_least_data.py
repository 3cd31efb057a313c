"""A served readers' origin under a burst: whose it was is in no row, no log and no answer."""

from __future__ import annotations

import http.client
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
from django.conf import settings

from nashra.readers.limits import ALLOWANCES, BUCKET, Act
from nashra.serve.buckets import Buckets
from nashra.serve.server import server_command
from tests.databases import Ground
from tests.readers.forms import hidden_fields
from tests.readers.test_least_data import (
    AGENT,
    CLIENT_ADDRESS,
    FORWARDED_ADDRESS,
    MAKE_THREAD,
    Answer,
    stored_bytes,
)
from tests.serve.ports import free_ports, wait_until_it_answers

PROJECT = Path(__file__).parents[2]
NEIGHBOUR = "127.9.8.200"
STRANGER = "127.77.6.5"
MOST = ALLOWANCES[Act.COMMENT].network


class Served:
    """The readers' origin in one process of its own, and what it says."""

    def __init__(self, port: int, log: Path) -> None:
        self.port = port
        self.log = log

    def post(self, path: str, fields: dict[str, str], *, source: str, **headers: str) -> Answer:
        """Send a form from one of this machine's many addresses, under a false name."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=30, source_address=(source, 0)
        )
        given = {
            "User-Agent": AGENT,
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
        }
        with closing(connection):
            connection.request("POST", path, urlencode(fields).encode(), given | headers)
            return Answer(connection.getresponse())

    def comment(self, number: int, *, source: str, **headers: str) -> Answer:
        """Preview a comment and send it."""
        fields = {"story": "st0ry", "name": "Lina", "text": f"Words number {number}."}
        preview = self.post("/readers/comment", fields, source=source, **headers)
        return self.post("/readers/comment", hidden_fields(preview), source=source, **headers)


@pytest.fixture
def served(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    (home / "var").mkdir(exist_ok=True)
    monkeypatch.setenv("NASHRA_ROLE", "readers")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "nashra.settings")
    for arguments in (["-m", "django", "migrate", "--database", "readers", "-v0"], ["-c", MAKE_THREAD]):
        subprocess.run([sys.executable, *arguments], check=True, timeout=120)
    [port] = free_ports(1)
    target = "tests.readers.origin_with_known_key:application"
    command = server_command(target, host="127.0.0.1", port=port, workers=1, threads=4)
    log = tmp_path / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd=PROJECT, stdout=file, stderr=file)
        try:
            wait_until_it_answers(port)
            yield Served(port, log)
        finally:
            process.terminate()
            process.wait(15)


def reasons(ground: Ground, home: Path) -> list[list[str]]:
    """Why each comment waits, in the order in which they came; but for their haste."""
    query = "SELECT reasons FROM readers_comment ORDER BY id"
    if ground.kind == "sqlite":
        with closing(sqlite3.connect(home / "var" / "readers.sqlite3")) as connection:
            found = [json.loads(row) for (row,) in connection.execute(query)]
    else:
        with psycopg.connect(os.environ["READERS_DATABASE_URL"]) as connection:
            found = [row for (row,) in connection.execute(query)]
    return [[code for code in each if code != "speed"] for each in found]


def test_a_burst_is_slowed_and_nothing_tells_whose_it_was(
    served: Served, home: Path, test_ground: Ground
) -> None:
    # A spoofed client address, another one each time (Remark42's pull request 2116), changes nothing.
    for number in range(MOST + 3):
        source = NEIGHBOUR if number % 2 else CLIENT_ADDRESS
        false = {"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": f"192.0.2.{number}"}
        answer = served.comment(number, source=source, **false)
        assert b"Thank you: your comment is with us" in answer.content
    stranger = served.comment(99, source=STRANGER, **{"X-Forwarded-For": CLIENT_ADDRESS})
    assert stranger.status == 200
    assert reasons(test_ground, home) == [[]] * MOST + [["burst"]] * 3 + [[]]

    asked = served.post("/readers/reaction", {"story": "st0ry", "value": "yes"}, source=CLIENT_ADDRESS)
    cookie = asked.headers["Set-Cookie"].split(";")[0]
    answers = [asked, stranger]
    for value in ("yes", "no"):
        fields = {"story": "st0ry", "value": value}
        answers.append(served.post("/readers/reaction", fields, source=CLIENT_ADDRESS, Cookie=cookie))

    token = Buckets(random_bytes=bytes).token(CLIENT_ADDRESS, {})
    kept = stored_bytes(home, test_ground)
    logged = served.log.read_bytes()
    shown = b"".join(repr(each.headers.items()).encode() + each.content for each in answers)
    assert b"Words number 3." in kept
    secrets = [token, token[:16], token.upper(), BUCKET, "127.9.8", "127.77.6", "203.0.113", "192.0.2."]
    for secret in (*secrets, FORWARDED_ADDRESS, "Lanternfish"):
        for place in (kept, logged, shown):
            assert secret.encode() not in place
    assert bytes.fromhex(token) not in kept
    assert logged == b""


def test_errors_are_mailed_to_nobody() -> None:
    assert settings.ADMINS == []
    assert not re.search("mail", repr(settings.LOGGING).lower())
