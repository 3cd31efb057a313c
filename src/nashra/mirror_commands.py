"""``nashra mirror add | push | status | remove``.

Must not do the work itself: it reads options, calls the rooms, and says what came of each mirror.
"""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nashra.doorway import Refusal, database_errors, now, open_newsroom, refuse, say

if TYPE_CHECKING:
    from nashra.mirrors.models import Mirror


@click.group()
def mirror() -> None:
    """Carry editions to folders and servers that hand them on."""


@mirror.command()
@click.argument("name")
@click.argument("target")
@click.option("--url", "public_url", default="", metavar="URL", help="Where readers find it.")
@click.option("--listed", is_flag=True, help="Tell readers of it, and so whoever blocks what they read.")
def add(*, name: str, target: str, public_url: str, listed: bool) -> None:
    """Add a mirror: NAME for you, TARGET for rsync (/folder, host:path, rsync://host/module)."""
    open_newsroom()
    from nashra.mirrors.records import BadMirror, add_mirror

    with database_errors():
        try:
            found = add_mirror(name, target, public_url=public_url, is_listed=listed, now=now())
        except BadMirror as error:
            raise Refusal(str(error)) from error
    if listed:
        click.echo(f"The next edition tells readers of {found.public_url}.")
    click.echo(f"Send the edition to it: nashra mirror push {name}")


@mirror.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--thorough", is_flag=True, help="Compare every file by its content, not by time and size.")
@click.option(
    "--limit", "limit_s", type=click.IntRange(1, 86400), default=3600, show_default=True, metavar="SECONDS"
)
def push(*, names: tuple[str, ...], thorough: bool, limit_s: int) -> None:
    """Send the edition to the mirrors of these names, or to all."""
    open_newsroom()
    from nashra.bindery.binder import Binder
    from nashra.mirrors.push import CannotPush, Pace, copy_by_links, push_all
    from nashra.mirrors.records import note_push
    from nashra.press.lock import PressBusy

    mirrors = {each.name: each for each in _chosen(names)}
    binder, failed = Binder(), []
    edition = binder.places.edition
    if not edition.is_dir():
        refuse("There is no edition yet: run `nashra edition cut` first.", exit_code=1)
    with tempfile.TemporaryDirectory(dir=edition.parent, prefix=f"{edition.name}.outgoing-") as folder:
        copied = Path(folder) / "edition"
        try:
            with binder.lock():
                copy_by_links(edition, copied)
            targets = {each.name: each.target for each in mirrors.values()}
            pace = Pace(now, limit_s=limit_s)
            for outcome in push_all(copied, targets, pace=pace, thorough=thorough):
                with database_errors():
                    note_push(mirrors[outcome.name], outcome)
                if outcome.error:
                    failed.append(outcome.name)
                    say(f"{outcome.name}: {outcome.error}")
                else:
                    click.echo(f"{outcome.name} carries edition {outcome.edition_number}.")
        except (CannotPush, PressBusy, OSError) as error:
            refuse(str(error), exit_code=1)
    if failed:
        refuse(f"These mirrors did not get the edition: {', '.join(sorted(failed))}.", exit_code=1)


@mirror.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
def status(*, names: tuple[str, ...]) -> None:
    """Ask the mirrors how they are, at the addresses that readers ask."""
    open_newsroom()
    from nashra.bindery.binder import Binder
    from nashra.mirrors.health import Looking, look_at_all, own_roots
    from nashra.mirrors.records import note_look

    binder = Binder()
    ours = binder.folder.edition()
    if ours is None:
        refuse("There is no edition yet: run `nashra edition cut` first.", exit_code=1)
    mirrors = {each.name: each for each in _chosen(names)}
    looking = Looking(own_roots(binder.places.edition), now, random.SystemRandom())
    bad = []
    for look in look_at_all([(each.name, each.public_url) for each in mirrors.values()], looking):
        with database_errors():
            health = note_look(mirrors[look.name], look, our_number=ours.number)
        click.echo(f"{look.name}: {_sentence(health.edition_number, health.lag, look.allows_other_sites)}")
        if look.problem:
            say(f"{look.name} {look.problem}.")
        if mirrors[look.name].public_url and not look.is_intact:
            bad.append(look.name)
    if bad:
        refuse(f"These mirrors are not as they should be: {', '.join(sorted(bad))}.", exit_code=1)


def _sentence(number: int | None, lag: int | None, allows_other_sites: bool | None) -> str:
    if number is None:
        return "no edition of ours was found."
    behind = f", {lag} behind ours" if lag else ", as we do"
    cors = "" if allows_other_sites else "; other sites' pages may not read it (Access-Control-Allow-Origin)"
    return f"carries edition {number}{behind}{cors}."


@mirror.command()
@click.argument("name")
def remove(*, name: str) -> None:
    """Forget a mirror; what lies there stays."""
    open_newsroom()
    (found,) = _chosen((name,))
    was_listed = found.is_listed
    with database_errors():
        found.delete()
    click.echo(f"{name} is forgotten; the edition that lies there stays.")
    if was_listed:
        click.echo("The next edition does not tell readers of it any more.")


def _chosen(names: tuple[str, ...]) -> list[Mirror]:
    from nashra.mirrors.records import BadMirror, chosen_mirrors

    with database_errors():
        try:
            found = chosen_mirrors(names)
        except BadMirror as error:
            raise Refusal(str(error)) from error
    if not found:
        refuse("There is no mirror yet: add one with `nashra mirror add`.", exit_code=1)
    return found
