"""``nashra edition bundle | deltas | text | apply``: what fits through a bad line or onto a stick.

Must not make or sign bytes itself: it reads options, opens the edition key, and writes files.
"""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nashra.doorway import Refusal, open_newsroom, refuse, say
from nashra.edition_commands import mendable
from nashra.key_access import keys_folder, open_some_keys

if TYPE_CHECKING:
    from nashra.bindery.binder import Binder
    from nashra.bindery.bundling import Choice
    from nashra.bundles.bundle import Bundle
    from nashra.edition.index import Edition
    from nashra.seal.signing import SigningKey

_SINCE = re.compile(r"([1-9][0-9]{0,3})([dhw])")
_HOURS = {"h": 1, "d": 24, "w": 168}


@click.command()
@click.option("--since", metavar="7d", help="Stories of the last so many hours (h), days (d) or weeks (w).")
@click.option("--stories", type=click.IntRange(1), metavar="N", help="At most N stories, the newest.")
@click.option(
    "--section", default="", metavar="SLUG", help="One section's stories: security, or en/security."
)
@click.option("--volume", default="", metavar="2026-11", help="The stories of one month.")
@click.option("--language", default="", metavar="TAG", help="The stories in one language.")
@click.option("--format", "formats", default="all", show_default=True, help="tar.zst,zip,epub,html or all.")
@click.option("--photos", is_flag=True, help="With small photos; text alone without.")
@click.option("--name", default="news", show_default=True, help="The files' name: it need not tell of you.")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="Where to write them.")
@click.option("--yes", is_flag=True, help="Do not ask after the sizes were shown.")
def bundle(
    *,
    since: str | None,
    stories: int | None,
    section: str,
    volume: str,
    language: str,
    formats: str,
    photos: bool,
    name: str,
    folder: Path | None,
    yes: bool,
) -> None:
    """Make signed files of an edition's stories that open with what a reader has."""
    from nashra.bundles.making import FORMATS, make

    wanted = FORMATS if formats == "all" else tuple(formats.split(","))
    if unknown := set(wanted) - set(FORMATS):
        refuse(f"There is no format {', '.join(sorted(unknown))}: choose from {', '.join(FORMATS)}, or all.")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}", name):
        refuse("A bundle's name has letters, digits, - and _ only.")
    binder, edition = _edition()
    from nashra.bindery.bundling import Choice

    choice = Choice(_span(since), stories, section, volume, language)
    held = _chosen(binder, edition, choice, photos=photos)
    (key,) = open_some_keys(keys_folder(), "edition")
    made = {format_: make(held, format_, key) for format_ in wanted}
    count = len(held.stories)
    what = "with photos" if photos else "text alone"
    say(f"{count} {'story' if count == 1 else 'stories'} of edition {held.number}, {what}:")
    for format_, each in made.items():
        say(f"  {format_:>8} {len(each.content):>10,} bytes")
    if not yes:
        click.confirm("Write these files?", default=True, abort=True, err=True)
    target = folder or binder.places.edition / "bundles"
    for format_, each in made.items():
        _write(target / f"{name}.{format_}", each.content, each.minisig)
        click.echo(target / f"{name}.{format_}")


def _span(since: str | None) -> datetime.timedelta | None:
    if since is None:
        return None
    match = _SINCE.fullmatch(since)
    if match is None:
        refuse("Say --since as a number and h, d or w: 48h, 7d, 2w.")
    return datetime.timedelta(hours=int(match[1]) * _HOURS[match[2]])


def _edition() -> tuple[Binder, Edition]:
    open_newsroom()
    from nashra.bindery.binder import Binder

    binder = Binder()
    with mendable():
        found = binder.folder.edition()
    if found is None:
        refuse("There is no edition yet: run `nashra edition cut` first.", exit_code=1)
    return binder, found


def _chosen(binder: Binder, edition: Edition, choice: Choice, *, photos: bool) -> Bundle:
    from nashra.bindery.bundling import NothingToBundle, choose

    with mendable():
        try:
            return choose(binder.earlier, edition, choice, photos=photos)
        except NothingToBundle as error:
            raise Refusal(str(error)) from error


@click.command()
def deltas() -> None:
    """Make the deltas that lead to the edition from the one before, and from 1, 7 and 30 days ago."""
    binder, edition = _edition()
    from nashra.bindery.changes_by_delta import deltas_to

    (key,) = open_some_keys(keys_folder(), "edition")
    folder = binder.places.edition / "deltas"
    count = 0
    with mendable():
        for delta in deltas_to(binder.earlier, edition):
            _write(folder / delta.name, delta.content, _signed(key, delta.content, delta.comment))
            click.echo(f"{folder / delta.name}  {len(delta.content)} bytes")
            count += 1
    if not count:
        click.echo("No story changed since the editions from which deltas lead: there is nothing to make.")


@click.command()
@click.argument("volume")
@click.option("--to", "file", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="FILE")
def text(*, volume: str, file: Path) -> None:
    """Write the text of VOLUME (such as 2026-11), from which deltas lead, with its signature."""
    binder, edition = _edition()
    from nashra.bindery.bundling import stories_of_volume
    from nashra.bundles.volume_text import text_tar

    (key,) = open_some_keys(keys_folder(), "edition")
    with mendable():
        content = text_tar(stories_of_volume(binder.earlier, edition, volume))
    _write(file, content, _signed(key, content, f"text {volume} {edition.number}"))
    click.echo(f"{file}  {len(content)} bytes")


@click.command(name="apply")
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("delta", type=click.Path(path_type=Path))
@click.option("--key", required=True, metavar="FILE|KEY", help="An edition.pub that you trust, or its text.")
@click.option("--to", "file", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="FILE")
def apply_(*, before: Path, delta: Path, key: str, file: Path) -> None:
    """Make the newer text of the text BEFORE and a signed DELTA; asks no newsroom and no network.

    The signature DELTA.minisig must lie beside it: it vouches for both texts, and for what leads between.
    """
    from nashra.bundles.deltas import BadDelta, apply_signed
    from nashra.seal.signature_files import check_minisig, digest_for_minisign
    from nashra.seal.signing import BadSignature
    from nashra.verify_commands import trusted_key

    public = trusted_key(key)
    try:
        older, change = before.read_bytes(), delta.read_bytes()
        signature = delta.with_name(f"{delta.name}.minisig").read_bytes()[:4096]
    except OSError as error:
        raise Refusal(f"{error.filename} cannot be read: {error.strerror}.") from error
    try:
        newer = apply_signed(older, change, check_minisig(public, signature, digest_for_minisign(change)))
    except BadSignature as error:
        refuse(f"{delta} is not to be trusted: its signature {error}. Nothing was written.", exit_code=1)
    except BadDelta as error:
        refuse(f"{delta} {error}: nothing was written.", exit_code=1)
    try:
        file.write_bytes(newer)
    except OSError as error:
        raise Refusal(f"{file} cannot be written: {error.strerror}.") from error
    click.echo(f"{file}  {len(newer)} bytes")


def _signed(key: SigningKey, content: bytes, comment: str) -> bytes:
    from nashra.seal.signature_files import digest_for_minisign, sign_digest

    return sign_digest(key, digest_for_minisign(content), trusted_comment=comment)


def _write(file: Path, content: bytes, minisig: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        file.with_name(f"{file.name}.minisig").write_bytes(minisig)
    except OSError as error:
        raise Refusal(f"{file} cannot be written: {error.strerror}.") from error
