"""``nashra comments export`` and ``nashra comments import``.

Must not do the work itself: it reads options, calls the rooms, and presses what came in.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import click

from nashra.doorway import Refusal, database_errors, now, open_newsroom, progress_bar, refuse, say
from nashra.press_commands import press_now


@click.group()
def comments() -> None:
    """Take readers' comments out, or bring in those that were written elsewhere."""


@comments.command(name="export")
@click.argument("file", required=False, default="-", metavar="[FILE]")
@click.option("--story", default="", metavar="PUBLIC_ID", help="The comments of this story alone.")
@click.option("--language", default="", help="The comments of one publication alone.")
@click.option(
    "--all-states",
    is_flag=True,
    help="Waiting and rejected comments, too: words that nobody published. Guard such a file like the desk.",
)
def export_comments(*, file: str, story: str, language: str, all_states: bool) -> None:
    """Write comments as JSON to FILE, or to the standard output.

    Without --all-states it holds only what readers can see on the site.
    """
    open_newsroom()
    from nashra.readers.exporting import Choice, UnknownStory, export_lines

    choice = Choice(story=story, language=language, all_states=all_states)
    with database_errors():
        try:
            lines = export_lines(choice, now=now())
        except UnknownStory as error:
            raise Refusal(f"The readers' desk knows no story {story!r}: give its public id.") from error
        if file == "-":
            for line in lines:
                sys.stdout.buffer.write(line.encode())
            sys.stdout.buffer.flush()
        else:
            _write(Path(file), lines)
            say(f"The comments are in {file}.")


def _write(file: Path, lines: Iterator[str]) -> None:
    """Write a file that its owner alone may read, and that is whole or not there."""
    part = file.with_name(f".{file.name}.part")
    try:
        handle = os.open(
            part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, stat.S_IRUSR | stat.S_IWUSR
        )
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                out.writelines(lines)
            part.replace(file)
        finally:
            with suppress(FileNotFoundError):
                part.unlink()
    except OSError as error:
        refuse(f"The comments cannot be written to {file}: {error.strerror}.")


@comments.command(name="import")
@click.argument("file", type=click.File("rb"), metavar="FILE")
@click.option(
    "--from",
    "source",
    type=click.Choice(["wordpress", "disqus", "nashra"]),
    required=True,
    help="What wrote the file.",
)
@click.option("--language", default="", help="Look for the stories in this publication alone.")
@click.option(
    "--stories",
    "mapping",
    type=click.Path(path_type=Path),
    metavar="CSV",
    help="A list: old link or slug, public id or address of the story here.",
)
@click.option(
    "--unmatched",
    type=click.Path(path_type=Path),
    metavar="CSV",
    help="Write the stories that were not found to a list, to fill in and give as --stories.",
)
@click.option("--dry-run", is_flag=True, help="Tell what would happen, and change nothing.")
@click.option("--no-press", is_flag=True, help="Leave the pressing to `nashra serve` or `nashra press`.")
def import_old_comments(
    *,
    file: BinaryIO,
    source: str,
    language: str,
    mapping: Path | None,
    unmatched: Path | None,
    dry_run: bool,
    no_press: bool,
) -> None:
    """Bring in comments from WordPress, Disqus or another Nashra; - is standard input.

    Each comes in once. Names, words and days are kept, and nothing else of who wrote them.
    """
    open_newsroom()
    from nashra.intake.comments.command import CannotImport, Wishes, import_comments, write_homeless

    wishes = Wishes(source=source, language=language, mapping=mapping, dry_run=dry_run)
    with _bar() as progress, database_errors():
        try:
            report = import_comments(
                file, file_name=Path(file.name).name, wishes=wishes, now=now(), say=say, progress=progress
            )
        except CannotImport as error:
            raise Refusal(str(error)) from error
    if unmatched is not None:
        try:
            write_homeless(report, unmatched)
        except OSError as error:
            refuse(f"The list cannot be written to {unmatched}: {error.strerror}.", exit_code=1)
    for line in report.summary():
        click.echo(line)
    if dry_run:
        click.echo("Nothing was changed: this was a dry run.")
    elif report.counts["approved"] and not no_press:
        press_now(full=False, quiet=False)
    if not report.is_good:
        raise click.exceptions.Exit(1)


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """A bar that appears once the file is read: of a file that is refused there is nothing to show."""
    with ExitStack() as shown:
        bars: list[Callable[[int, int], None]] = []

        def advance(done: int, total: int) -> None:
            if not bars:
                bars.append(shown.enter_context(progress_bar("Storing comments")))
            bars[0](done, total)

        yield advance
