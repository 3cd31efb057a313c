"""The commands that bring in what others wrote: ``nashra import page`` and ``nashra import ninjs``.

Must not do the work itself: it reads options, calls the intake, and presses what that made due.
"""

from __future__ import annotations

from pathlib import Path

import click

from nashra.doorway import Refusal, now, open_newsroom
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
