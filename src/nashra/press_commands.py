"""``nashra press``, and the pressing that other commands end with.

Must not plan or render: it says which run is wanted, shows how it goes, and tells how it ended.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nashra.doorway import Refusal, now, open_newsroom, progress_bar, refuse

if TYPE_CHECKING:
    from nashra.press.models import PressRun


@click.command()
@click.option("--full", is_flag=True, help="Press every page, not only what is due.")
@click.option("--watch", "watching", is_flag=True, help="Press whatever becomes due, until Ctrl-C.")
@click.option("--quiet", is_flag=True, help="Say nothing but errors.")
@click.option(
    "--workers", type=click.IntRange(1, 64), metavar="N", help="How many processes print: one for each core."
)
@click.option("--manifest", "manifest_file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
def press(
    *, full: bool, watching: bool, quiet: bool, workers: int | None, manifest_file: Path | None
) -> None:
    """Press what is due: write the readers' pages; --manifest lists them with their digests in FILE."""
    if watching and (full or manifest_file):
        raise click.UsageError("--watch goes with neither --full nor --manifest.")
    from nashra.serve.lifeline import hold_on

    hold_on()
    open_newsroom()
    if watching:
        _watch()
        return
    run = press_now(full=full, quiet=quiet, workers=workers)
    if manifest_file is not None:
        _write_manifest(manifest_file)
    if not quiet:
        click.echo(_summary(run))


def _watch() -> None:
    from nashra.press.watch import watch
    from nashra.serve.supervisor import stop_on_signals

    afterwards = editions_by_themselves()
    with stop_on_signals() as stop:
        watch(stop=stop, afterwards=afterwards)


def editions_by_themselves() -> Callable[[datetime.datetime], None] | None:
    """What cuts editions after the press has had its turn; nothing where none are cut by themselves.

    Keys that cannot be opened hold up no press: it says so, and goes on without editions.
    """
    from django.conf import settings

    if settings.NASHRA_EDITION == "off":
        return None
    from nashra.bindery.binder import Binder
    from nashra.bindery.schedule import Schedule
    from nashra.key_access import keys_folder, open_keys
    from nashra.notices import notices

    try:
        keyring = open_keys(keys_folder(), may_ask=False)
    except Refusal as refusal:
        logging.getLogger("nashra.edition").error(  # noqa: TRY400 -- its sentence says enough.
            "No editions are cut by themselves.", extra={"event": "edition.keys", "why": refusal.message}
        )
        return None
    return Schedule(Binder(), keyring, settings.NASHRA_EDITION, notices=notices).turn


def press_now(*, full: bool, quiet: bool, workers: int | None = None) -> PressRun | None:
    """Press what is due, or everything; a run that fails or finds another at work ends the command."""
    from nashra.press.lock import PressBusy
    from nashra.press.run import PressFailed, needs_full_press, press_due, press_full
    from nashra.readers import holding

    # Who waits for this run is told of it by the bar and the summary.
    logging.getLogger("nashra").setLevel(logging.WARNING)
    try:
        # Without a watching press, nobody else carries out what moderators decided.
        holding.carry_out(now())
        if not full and not needs_full_press():
            return press_due(now=now(), sweep=True, workers=workers)
        if quiet:
            return press_full(now=now(), workers=workers)
        with progress_bar("Pressing stories") as advance:
            return press_full(now=now(), progress=advance, workers=workers)
    except (PressFailed, PressBusy) as error:
        return refuse(str(error), exit_code=1)


def _summary(run: PressRun | None) -> str:
    if run is None:
        return "Nothing is due: every page stands as it should."
    return (
        f"{run.files_written} files written, {run.files_unchanged} unchanged, "
        f"{run.files_removed} removed, in {run.duration_ms} ms."
    )


def _write_manifest(manifest_file: Path) -> None:
    from django.conf import settings

    from nashra.edition.manifest import UnsafePath, digest_folder, manifest_bytes

    try:
        manifest_file.write_bytes(manifest_bytes(digest_folder(settings.NASHRA_SITE_FOLDER)))
    except UnsafePath as error:
        refuse(f"The pressed folder holds a file that no edition may hold: {error}.", exit_code=1)
    except OSError as error:
        refuse(f"The list cannot be written to {manifest_file}: {error.strerror}.")
