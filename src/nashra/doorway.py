"""What commands share: how they find and open the newsroom, and how they refuse in one sentence.

Imports nothing of the newsroom until it is asked to open one. Must not do any command's work.
"""

from __future__ import annotations

import contextlib
import datetime
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import click

from nashra import environment

# SQLite wants some 32 KB beside its database only to open it.
_ROOM_BYTES = 128 * 1024


class Refusal(click.ClickException):
    """A sentence for whoever typed the command; nothing was changed."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        click.echo(f"nashra: {self.format_message()}", file=file, err=file is None)


def refuse(sentence: str, *, exit_code: int = 2) -> NoReturn:
    """End the command with a sentence that says what is wrong and what to do."""
    refusal = Refusal(sentence)
    refusal.exit_code = exit_code
    raise refusal


def now() -> datetime.datetime:
    """The machine's clock: rooms get the time from here."""
    return datetime.datetime.now(tz=datetime.UTC)


def say(sentence: str) -> None:
    """Tell how the work goes, apart from its outcome."""
    click.echo(sentence, err=True)


def need_newsroom_packages() -> None:
    """Refuse where only the core is installed."""
    if any(importlib.util.find_spec(package) is None for package in ("django", "granian", "wagtail")):
        refuse("This command needs the whole newsroom: run `pip install 'nashra[newsroom]'`.")


def var_folder() -> Path:
    """Where this newsroom keeps everything."""
    return environment.home() / "var"


def check_writable(var: Path) -> None:
    """Refuse where the newsroom's folder cannot be written in, and make it where it is not there."""
    try:
        var.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=var):
            pass
    except OSError as error:
        refuse(
            f"Nothing can be written in {var} ({error.strerror}): "
            "make it writable, or name another folder with NASHRA_HOME."
        )


def set_up_django() -> None:
    """Load the desk's settings and models on this newsroom."""
    import django

    os.environ["NASHRA_HOME"] = str(environment.home())
    os.environ["NASHRA_ROLE"] = "desk"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nashra.settings")
    django.setup()


@contextlib.contextmanager
def database_errors() -> Iterator[None]:
    """Turn a database that is away, locked or broken into a sentence."""
    from django.db import OperationalError

    try:
        yield
    except OperationalError as error:
        first_line = (str(error).splitlines() or ["no reason given"])[0]
        refuse(f"The database does not answer as it should: {first_line}{_full_disk()}")


def _full_disk() -> str:
    """What SQLite calls an input or output error, where it finds no room for its own working files."""
    from django.db import connections

    for name in connections.settings:
        file = Path(str(connections[name].settings_dict["NAME"]))
        if file.is_file() and shutil.disk_usage(file.parent).free < _ROOM_BYTES:
            return f". The disk is full that holds {file}: make room on it."
    return ""


def open_newsroom() -> Path:
    """Set Django up on a newsroom that is there, with its tables of this version; gives ``var/``."""
    need_newsroom_packages()
    var = var_folder()
    if not var.is_dir():
        refuse_without_newsroom()
    check_writable(var)
    set_up_django()
    from nashra import groundwork

    with database_errors():
        if not groundwork.newsroom_exists():
            refuse_without_newsroom()
        if groundwork.migrate():
            say("The databases were brought to this version.")
    return var


def refuse_without_newsroom() -> NoReturn:
    """Say where a newsroom was looked for, and how to make one."""
    refuse(f"There is no newsroom in {environment.home()}: run `nashra init` there, or set NASHRA_HOME.")


@contextlib.contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on the terminal; what it gives is called with how many are done and how many there are."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield advance
