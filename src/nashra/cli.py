"""The door: ``nashra``, the one command.

With the core alone (``pip install nashra``) it verifies; everything of the newsroom is imported inside
the command that needs it. Must not hold any work of its own: it reads options and calls the rooms.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nashra import (
    __version__,
    bundle_commands,
    comment_commands,
    edition_commands,
    edition_reports,
    environment,
    import_commands,
    key_commands,
    mirror_commands,
    press_commands,
    verify_commands,
)
from nashra.doorway import (
    Refusal,
    check_writable,
    database_errors,
    need_newsroom_packages,
    now,
    open_newsroom,
    progress_bar,
    refuse,
    say,
    set_up_django,
    var_folder,
)
from nashra.press_commands import press_now

if TYPE_CHECKING:
    from nashra.serve.opening import Addresses

DEFAULT_LANGUAGES = ("en", "ar", "fa")


class Door(click.Group):
    """The command's root: turns what a person can mend into one sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except environment.BadSetting as error:
            raise Refusal(str(error).removeprefix("nashra: ")) from error


@click.group(cls=Door, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nashra", message="%(prog)s %(version)s")
def main() -> None:
    """Nashra: a newsroom's publishing system, from the desk to readers who may be cut off.

    Commands work on the newsroom of the folder they are called in, or of NASHRA_HOME.
    """


main.add_command(press_commands.press)
main.add_command(import_commands.import_)
main.add_command(comment_commands.comments)
main.add_command(mirror_commands.mirror)
main.add_command(verify_commands.verify)
main.add_command(key_commands.keys)
main.add_command(edition_commands.edition)
for command in (
    edition_reports.list_editions,
    edition_reports.show,
    edition_reports.diff,
    bundle_commands.bundle,
    bundle_commands.deltas,
    bundle_commands.text,
    bundle_commands.apply_,
):
    edition_commands.edition.add_command(command)


@main.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--language", "languages", multiple=True, metavar="TAG", help="A publication's language; repeat it."
)
@click.option("--name", default="Nashra", show_default=True, help="The newsroom's name.")
@click.option("--admin", "administrator", default="admin", show_default=True, metavar="USERNAME")
def init(folder: Path | None, languages: tuple[str, ...], name: str, administrator: str) -> None:
    """Make an empty newsroom in FOLDER, or in the folder you are in."""
    need_newsroom_packages()
    if folder is not None:
        os.environ["NASHRA_HOME"] = str(folder.absolute())
    if not _found(languages or DEFAULT_LANGUAGES, name, administrator):
        click.echo(f"There is a newsroom in {environment.home()} already; nothing was changed.")
        return
    click.echo(f"There is a newsroom in {environment.home()} now. Open it: nashra serve")
    _show_passwords(var_folder())


def _found(languages: tuple[str, ...], name: str, administrator: str) -> bool:
    var = var_folder()
    check_writable(var)
    environment.store_secret_key(var)
    set_up_django()
    from django.conf import settings

    from nashra import groundwork

    known = [code for code, _ in settings.LANGUAGES]
    for language in languages:
        if language not in known:
            refuse(f"No publication can be in {language!r}: choose from {', '.join(known)}.")
    with database_errors():
        if groundwork.newsroom_exists():
            groundwork.migrate()
            return False
        say("Making the databases…")
        groundwork.found_newsroom(
            var,
            languages=languages,
            name=name,
            administrator=administrator,
            password=secrets.token_urlsafe(15),
            now=now(),
        )
    return True


def _show_passwords(var: Path) -> None:
    passwords = var / "passwords.txt"
    if passwords.is_file():
        click.echo(f"Passwords: {passwords}")


def _serving_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--workers", type=click.IntRange(1, 64), envvar="NASHRA_WORKERS", show_envvar=True),
        click.option(
            "--desk-port", type=click.IntRange(1, 65535), default=8001, envvar="DESK_PORT", show_default=True
        ),
        click.option("--port", type=click.IntRange(1, 65535), default=8000, envvar="PORT", show_default=True),
        click.option("--host", default="127.0.0.1", envvar="HOST", show_default=True),
    ):
        command = option(command)
    return command


def _addresses(host: str, port: int, desk_port: int, workers: int | None) -> Addresses:
    need_newsroom_packages()
    from nashra.serve.opening import Addresses, workers_for_this_machine
    from nashra.serve.ports import CannotListen

    addresses = Addresses(
        host=host, port=port, desk_port=desk_port, workers=workers or workers_for_this_machine()
    )
    try:
        addresses.check()
    except CannotListen as error:
        raise Refusal(str(error)) from error
    # What pages and the desk call themselves, unless somebody has said it better.
    for variable, url in zip(environment.ORIGINS, (addresses.site_url, addresses.desk_url), strict=True):
        if not environment.text(variable):
            os.environ[variable] = url
    return addresses


def _serve(addresses: Addresses, var: Path) -> None:
    from django.db import connections

    from nashra.serve.opening import newsroom_parts
    from nashra.serve.supervisor import PartDied, supervise

    connections.close_all()
    try:
        environment.remember_origins(var, {name: environment.text(name) for name in environment.ORIGINS})
    except OSError as error:
        refuse(f"The newsroom's folder {var} cannot be written to: {error.strerror}.")
    ready = f"Readers' site: {addresses.site_url}/\nDesk: {addresses.desk_url}/\n"
    if (passwords := var / "passwords.txt").is_file():
        ready += f"Passwords: {passwords}\n"
    try:
        supervise(
            newsroom_parts(addresses),
            environment=dict(os.environ),
            say=click.echo,
            ready=ready + "Stop with Ctrl-C.",
        )
    except PartDied as error:
        refuse(f"{error} What it said stands above.", exit_code=1)


@main.command()
@_serving_options
def serve(host: str, port: int, desk_port: int, workers: int | None) -> None:
    """Serve the readers' site and the desk, and press what is published, until Ctrl-C."""
    addresses = _addresses(host, port, desk_port, workers)
    _serve(addresses, open_newsroom())


@main.command()
@_serving_options
def demo(host: str, port: int, desk_port: int, workers: int | None) -> None:
    """Serve a newsroom with made-up stories, places and people, to look around in."""
    addresses = _addresses(host, port, desk_port, workers)
    _found(DEFAULT_LANGUAGES, "Nashra", "admin")
    var = open_newsroom()
    from nashra.demo.load import load_demo
    from nashra.demo.roles import create_roles
    from nashra.press.run import needs_full_press

    with progress_bar("Loading the demo") as advance:
        load_demo(now=now(), progress=advance)
    create_roles(var=var)
    _make_throw_away_keys(var / "keys")
    if needs_full_press():
        # With a bar; what else is due is the press process's matter, beside the open site.
        press_now(full=True, quiet=False)
    _serve(addresses, var)


def _make_throw_away_keys(folder: Path) -> None:
    """Keys for trying, so that the demo shows signed editions; it says that nobody should trust them."""
    from nashra.key_access import THROW_AWAY_PASSPHRASES
    from nashra.seal.keyring import BadKeyring, make_throw_away_keys

    os.environ.setdefault("NASHRA_EDITION", "after-press")
    if folder.exists():
        return
    try:
        make_throw_away_keys(
            folder,
            randomness=secrets.token_bytes,
            now=now(),
            passphrase_file=folder / THROW_AWAY_PASSPHRASES,
        )
    except BadKeyring as error:
        raise Refusal(str(error)) from error
    say(f"Editions are signed by throw-away keys, which are for trying only: {folder}")


@main.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run one of Django's own commands, such as `nashra manage shell`."""
    need_newsroom_packages()
    os.environ["NASHRA_HOME"] = str(environment.home())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nashra.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["nashra manage", *arguments])
