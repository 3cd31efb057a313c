"""The ground that the tests themselves stand on."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.databases import NoNetwork


def test_it_refuses_every_host_but_this_machine():
    with socket.socket() as connection, pytest.raises(NoNetwork, match="this machine only"):
        connection.connect(("192.0.2.1", 80))
    with pytest.raises(NoNetwork, match="this machine only"):
        socket.getaddrinfo("news.example", 443)


def test_it_lets_the_loopback_through():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        with socket.create_connection(listener.getsockname()) as connection:
            assert connection.getpeername() == listener.getsockname()


def test_it_stands_on_the_database_that_was_asked_for():
    asked = os.environ.get("NASHRA_TEST_DATABASE", "sqlite")
    for alias in ("default", "readers", "snapshot"):
        assert (
            settings.DATABASES[alias]["ENGINE"]
            == f"django.db.backends.{'sqlite3' if asked == 'sqlite' else asked}"
        )


def test_it_keeps_the_newsroom_of_the_working_folder_out_of_the_tests(tmp_path):
    assert settings.NASHRA_VAR == tmp_path / "var"
    assert Path.cwd() not in settings.NASHRA_HOME.parents
    assert settings.NASHRA_HOME != Path.cwd()


def test_it_refuses_a_database_that_it_does_not_know():
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", __file__],
        env={**os.environ, "NASHRA_TEST_DATABASE": "oracle"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 4
    assert "must be one of sqlite, postgresql, not 'oracle'" in run.stderr
