"""What cannot be done is said in one sentence that says what to do, and nothing is changed."""

from __future__ import annotations

import socket
import subprocess

import pytest

from tests.cli.newsrooms import Newsroom
from tests.serve.ports import free_ports


def assert_one_sentence(done: subprocess.CompletedProcess[str], *words: str, code: int = 2) -> None:
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("nashra: ")
    assert done.stderr.count("\n") == 1
    for word in words:
        assert word in done.stderr


@pytest.mark.parametrize("command", ["serve", "press", "import page x.txt"])
def test_it_says_how_to_make_a_newsroom_where_there_is_none(folder: Newsroom, command: str) -> None:
    options = [f"--{name}={port}" for name, port in zip(("port", "desk-port"), free_ports(2), strict=True)]
    done = folder.run(*command.split(), *(options if command == "serve" else []))
    assert_one_sentence(done, str(folder.folder), "nashra init")
    assert list(folder.folder.iterdir()) == []


def test_a_folder_with_an_empty_var_holds_no_newsroom_either(folder: Newsroom) -> None:
    folder.var.mkdir()
    assert_one_sentence(folder.run("press"), "nashra init")
    assert list(folder.var.iterdir()) == []


@pytest.mark.parametrize("command", ["serve", "demo"])
@pytest.mark.parametrize("option", ["--port", "--desk-port"])
def test_it_says_that_a_port_is_taken(folder: Newsroom, command: str, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        [other] = free_ports(1)
        other_option = "--desk-port" if option == "--port" else "--port"
        done = folder.run(command, option, str(port), other_option, str(other))
    assert_one_sentence(done, f"Port {port} on 127.0.0.1 is taken", option)
    assert list(folder.folder.iterdir()) == []


def test_it_takes_ports_from_the_environment(folder: Newsroom) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert_one_sentence(folder.run("serve", PORT=port, DESK_PORT="1"), f"Port {port}")


def test_site_and_desk_cannot_share_a_port(folder: Newsroom) -> None:
    [port] = map(str, free_ports(1))
    assert_one_sentence(folder.run("serve", "--port", port, "--desk-port", port), "--desk-port")


def test_it_says_that_a_host_is_not_this_machine(folder: Newsroom) -> None:
    assert_one_sentence(folder.run("serve", "--host", "203.0.113.7"), "203.0.113.7", "--host")


@pytest.mark.parametrize("command", ["init", "demo"])
def test_it_says_that_a_folder_is_read_only(folder: Newsroom, command: str) -> None:
    # Not even root may make a file there.
    assert_one_sentence(folder.run(command, NASHRA_HOME="/sys/kernel"), "/sys/kernel/var", "NASHRA_HOME")


def test_it_makes_no_publication_in_a_language_that_it_does_not_know(folder: Newsroom) -> None:
    assert_one_sentence(folder.run("init", "--language", "en", "--language", "xx"), "'xx'", "en, ar, fa")
    assert not list(folder.folder.rglob("*.sqlite3"))


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("NASHRA_ENV", "prod"),
        ("NASHRA_SITE_URL", "news.example"),
        ("DATABASE_URL", "mysql://x/y"),
        ("NASHRA_APPROVAL_BATCH_S", "0"),
    ],
)
def test_a_bad_setting_is_named(folder: Newsroom, variable: str, value: str) -> None:
    assert_one_sentence(folder.run("init", **{variable: value}), variable)


def test_it_says_that_the_database_is_away(folder: Newsroom) -> None:
    [port] = free_ports(1)
    address = f"postgresql://nobody@127.0.0.1:{port}/nothing"
    assert_one_sentence(folder.run("init", DATABASE_URL=address), "The database does not answer")


@pytest.mark.parametrize(
    "arguments",
    ["press --watch --full", "press --watch --manifest x", "serve --port 99999", "nonsense", "verify"],
)
def test_usage_errors_end_with_code_2(folder: Newsroom, arguments: str) -> None:
    done = folder.run(*arguments.split())
    assert done.returncode == 2
    assert "Usage:" in done.stderr
    assert "Traceback" not in done.stderr
