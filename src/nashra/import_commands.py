"""The commands that bring in what others wrote: ``nashra import page`` and ``nashra import ninjs``.

Must not do the work itself: it reads options, calls the intake, and presses what that made due.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import click

from nashra.doorway import Refusal, database_errors, now, open_newsroom
from nashra.press_commands import press_now


@click.group(name="import")
def import_() -> None:
    """Bring in what others wrote."""


@import_.command(name="page")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--photo", type=click.Path(path_type=Path), metavar="PICTURE", help="The lead photo's file.")
@click.option("--language", default="en", show_default=True, help="The publication that gets the story.")
@click.option("--section", help="The section's slug, such as security.")
@click.option("--publish", is_flag=True, help="Publish the story, instead of leaving it as a draft.")
def import_saved_page(
    *, file: Path, photo: Path | None, language: str, section: str | None, publish: bool
) -> None:
    """Make a story of a saved page, text or HTML, without changing a word.

    What could not be decided is said line by line; the last line is the story's address.
    """
    open_newsroom()
    from nashra.intake.command import CannotImport, import_page

    try:
        address = import_page(
            file=file,
            photo=photo,
            language=language,
            section=section,
            publish=publish,
            now=now(),
            say=click.echo,
        )
    except CannotImport as error:
        raise Refusal(str(error)) from error
    if publish:
        press_now(full=False, quiet=True)
    click.echo(address)


@import_.command(name="ninjs")
@click.argument("file", type=click.File("rb"), metavar="FILE")
@click.option("--publish", is_flag=True, help="Publish the stories, instead of leaving them as drafts.")
@click.option("--create-sections", is_flag=True, help="Make the sections that a publication does not have.")
@click.option("--language", default="", help="The publication for items that name no language.")
@click.option("--section", default="", help="The section's slug for items that name none.")
@click.option("--no-press", is_flag=True, help="Leave the pressing to `nashra serve` or `nashra press`.")
def import_ninjs_items(
    *, file: BinaryIO, publish: bool, create_sections: bool, language: str, section: str, no_press: bool
) -> None:
    """Make stories of ninjs items: one JSON object a line, or one array of them; - is standard input.

    Each item is taken once, by its uri. A bad one is named, and the rest goes on.
    """
    open_newsroom()
    from nashra.intake.ninjs.command import Wishes, import_ninjs

    wishes = Wishes(publish=publish, create_sections=create_sections, language=language, section=section)
    with _bar(file) as (say, progress), database_errors():
        report = import_ninjs(
            file, source=Path(file.name).name, wishes=wishes, now=now(), say=say, progress=progress
        )
    for line in report.summary():
        click.echo(line)
    if publish and not no_press:
        press_now(full=False, quiet=False)
    if not report.is_good:
        raise click.exceptions.Exit(1)


@contextlib.contextmanager
def _bar(file: BinaryIO) -> Iterator[tuple[Callable[[str], None], Callable[[int], None]]]:
    """A bar of how much of a file is read, how fast stories come, and how long it will take."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    size = os.fstat(file.fileno()).st_size if file.seekable() else None
    console = Console(stderr=True)
    columns = (
        TextColumn("Importing"),
        BarColumn(),
        TextColumn("{task.fields[stories]:,} stories, {task.fields[rate]:,.0f}/s"),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("", total=size, stories=0, rate=0.0)

        def advance(done: int) -> None:
            elapsed_s = bar.tasks[0].elapsed or 0
            read = {"completed": file.tell()} if size else {}
            bar.update(task, stories=done, rate=done / elapsed_s if elapsed_s else 0.0, **read)

        yield lambda sentence: console.print(sentence, markup=False, highlight=False, soft_wrap=True), advance
