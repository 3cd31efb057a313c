"""``nashra edition cut | sign | finish | renew``, and the group to which other commands of editions belong.

Must not do the work itself: it reads options, opens keys, calls the rooms and says in plain words what came
of it.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nashra.doorway import Refusal, database_errors, now, open_newsroom, refuse, say, var_folder
from nashra.key_access import keys_folder, open_keys, open_some_keys, roots_of

if TYPE_CHECKING:
    from nashra.bindery.binder import Binder
    from nashra.edition.index import Edition
    from nashra.seal.signing import PublicKey

REQUEST_SUFFIX, ANSWER_SUFFIX = ".request", ".signed"


@click.group()
def edition() -> None:
    """Cut signed editions that anyone can carry and nobody can forge."""


@contextmanager
def mendable() -> Iterator[None]:
    """Turn what a person can mend into one sentence."""
    from nashra.binding.cutting import CannotFinish
    from nashra.edition.copies import NotForCarrying
    from nashra.edition.index import BadIndex
    from nashra.edition.manifest import BadManifest, UnsafePath
    from nashra.press.lock import PressBusy
    from nashra.seal.chain import BadChain

    try:
        with database_errors():
            yield
    except (CannotFinish, PressBusy) as error:
        refuse(str(error), exit_code=1)
    except NotForCarrying as error:
        refuse(f"No edition was cut: {error}.", exit_code=1)
    except UnsafePath as error:
        refuse(f"No edition was cut: a file has a name that some disk cannot hold: {error}.", exit_code=1)
    except BadChain as error:
        refuse(f"The edition's {error.file} {error}. {_START_ANEW}", exit_code=1)
    except (BadIndex, BadManifest) as error:
        refuse(f"The edition that lies in {var_folder() / 'edition'} is damaged: it {error}. {_START_ANEW}")
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        refuse(
            f"The disk refused ({error.strerror}{where}). The next cut takes up what this left.", exit_code=1
        )


_START_ANEW = "Fetch it back from a mirror, or move the folder away: the next cut then makes all of it anew."


@edition.command()
@click.option("--everything", is_flag=True, help="Look at every file, not only at what changed.")
@click.option(
    "--attended",
    is_flag=True,
    help="Prepare it to be signed on another machine, and write the request that goes there.",
)
@click.option("--request", "request_file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
def cut(*, everything: bool, attended: bool, request_file: Path | None) -> None:
    """Cut the next edition from what was pressed since the last."""
    if request_file and not attended:
        raise click.UsageError("--request goes with --attended.")
    open_newsroom()
    from nashra.bindery.binder import Binder
    from nashra.notices import notices

    binder = Binder()
    if attended:
        _prepare(binder, request_file or var_folder() / f"edition{REQUEST_SUFFIX}", everything=everything)
        return
    keyring = open_keys(keys_folder())
    began = time.monotonic()
    with mendable():
        moment = now()
        found = binder.cut(keyring, now=moment, notices=notices(moment), everything=everything)
    took_ms = round((time.monotonic() - began) * 1000)
    if found is None:
        click.echo("Nothing changed since the last edition: no new one was cut.")
        return
    click.echo(f"{line_of(found)} Cut in {took_ms} ms: {binder.places.edition}")
    if keyring.is_throw_away:
        say("It is signed by throw-away keys, which are for trying only: nobody should trust it.")


def _prepare(binder: Binder, request_file: Path, *, everything: bool) -> None:
    from nashra.binding.requests import request_bytes
    from nashra.binding.vouching import versions_in
    from nashra.notices import notices

    public = _public_key()
    with mendable():
        moment = now()
        found = binder.prepare(public, now=moment, notices=notices(moment), everything=everything)
        if found is None:
            click.echo("Nothing changed since the last edition: there is nothing to sign.")
            return
        version = versions_in(binder.places.edition).targets + 1
        data = request_bytes(binder.folder, targets_version=version)
        request_file.write_bytes(data)
    click.echo(
        f"{line_of(found)} It waits to be signed. Carry {request_file} ({len(data)} bytes) to the machine "
        f"with the keys, run `nashra edition sign {request_file.name}` there, bring back the file that it "
        "writes, and run `nashra edition finish` with it here."
    )


def _public_key() -> PublicKey:
    from nashra.seal.signing import BadKey, PublicKey

    file = keys_folder() / "edition.pub"
    try:
        return PublicKey.from_file_bytes(file.read_bytes())
    except OSError as error:
        raise Refusal(f"There is no public key in {file}: hold a key ceremony first.") from error
    except BadKey as error:
        raise Refusal(f"{file} {error}.") from error


@edition.command()
@click.argument("request_file", type=click.Path(path_type=Path), metavar="REQUEST")
@click.option(
    "--keys", "folder", type=click.Path(path_type=Path), metavar="FOLDER", help="Where the keys are."
)
@click.option("--to", "answer_file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--yes", is_flag=True, help="Do not ask before signing.")
def sign(*, request_file: Path, folder: Path | None, answer_file: Path | None, yes: bool) -> None:
    """Sign, on your own machine, the edition that the file REQUEST describes."""
    from nashra.binding.requests import BadRequest, answer_bytes, read_request
    from nashra.seal.signature_files import sign_manifest

    try:
        request = read_request(request_file.read_bytes())
    except OSError as error:
        raise Refusal(f"{request_file} cannot be read: {error.strerror}.") from error
    except BadRequest as error:
        raise Refusal(f"{request_file} {error}.") from error
    click.echo(line_of(request.edition))
    for path in sorted(request.lists):
        click.echo(f"  {path}: {request.lists[path].count(10)} files")
    click.echo(
        f"  tells of {len(request.mirrors)} mirrors, and has readers' devices forget "
        f"{len(request.tombstones)} withdrawn stories"
    )
    click.echo(f"  for the key {request.public.text}")
    age = now() - request.edition.cut_at
    if abs(age) > datetime.timedelta(days=1):
        say(f"Mind: it was cut on {request.edition.cut_at:%Y-%m-%d %H:%M} UTC; this machine's clock differs.")
    if not yes:
        click.confirm("Is this the edition that you were asked to sign?", abort=True)
    edition_key, targets_key = open_some_keys(folder or keys_folder(), "edition", "targets")
    if edition_key.public != request.public:
        refuse("The request is for another edition key than the one in this folder: nothing was signed.")
    comment = f"edition {request.edition.number} of {request.edition.cut_at:%Y-%m-%d %H:%M:%S} UTC"
    signer = partial(sign_manifest, edition_key, trusted_comment=comment)
    target = answer_file or request_file.with_suffix(ANSWER_SUFFIX)
    target.write_bytes(answer_bytes(request, signer, targets_key, now=now()))
    click.echo(f"Signed. Bring {target} back and run `nashra edition finish {target.name}` there.")


@edition.command()
@click.argument("answer_file", type=click.Path(path_type=Path), metavar="ANSWER")
def finish(*, answer_file: Path) -> None:
    """Put the prepared edition in place with the signatures that came back in the file ANSWER."""
    open_newsroom()
    from nashra.bindery.binder import Binder
    from nashra.binding.requests import BadRequest, lists_prepared, read_answer

    binder = Binder()
    try:
        answer = read_answer(
            answer_file.read_bytes(), public=_public_key(), lists=lists_prepared(binder.folder)
        )
    except OSError as error:
        raise Refusal(f"{answer_file} cannot be read: {error.strerror}.") from error
    except BadRequest as error:
        raise Refusal(f"{answer_file} {error}.") from error
    roots = roots_of(keys_folder())
    (snapshot_key,) = open_some_keys(keys_folder(), "snapshot")
    with mendable():
        found = binder.finish(answer, _public_key(), roots=roots, snapshot_key=snapshot_key, now=now())
    click.echo(f"{line_of(found)} It lies in {binder.places.edition}")


@edition.command()
def renew() -> None:
    """Say anew that the edition is the newest, when soon its metadata would expire."""
    open_newsroom()
    from nashra.bindery.binder import Binder

    keyring = open_keys(keys_folder())
    with mendable():
        chain = Binder().renew_if_due(keyring, now=now(), at_once=True)
    if chain is None:
        refuse("There is no edition yet: run `nashra edition cut` first.", exit_code=1)
    click.echo(f"Its metadata is good until {chain.expires_at:%Y-%m-%d %H:%M} UTC.")


def line_of(found: Edition) -> str:
    """One line on an edition."""
    files = sum(volume.files for volume in found.volumes)
    size_mb = sum(volume.total_bytes for volume in found.volumes) / 1_000_000
    return (
        f"Edition {found.number} of {found.cut_at:%Y-%m-%d %H:%M} UTC: {files} files in "
        f"{len(found.volumes)} volumes, {size_mb:.1f} MB."
    )
