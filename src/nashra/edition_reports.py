"""``nashra edition list | show | diff``: what editions there are, and what came between two.

Reads and says; must not change anything.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from nashra.doorway import Refusal, open_newsroom, refuse
from nashra.edition_commands import line_of, mendable

if TYPE_CHECKING:
    from nashra.binding.earlier import EarlierEditions
    from nashra.edition.index import Edition

_as_json = click.option("--json", "as_json", is_flag=True, help="For machines.")


def _earlier() -> EarlierEditions:
    open_newsroom()
    from nashra.bindery.binder import Binder

    return Binder().earlier


@click.command(name="list")
@_as_json
def list_editions(*, as_json: bool) -> None:
    """The edition that lies here and the earlier ones that are kept, the newest first."""
    with mendable():
        editions = list(_earlier().editions())
    if as_json:
        click.echo(json.dumps([_facts(each) for each in editions], ensure_ascii=False, indent=1))
        return
    if not editions:
        click.echo("There is no edition yet: `nashra edition cut` makes the first.")
    for each in editions:
        click.echo(line_of(each))


@click.command()
@click.argument("number", type=click.IntRange(1), required=False)
@_as_json
def show(*, number: int | None, as_json: bool) -> None:
    """What edition NUMBER consists of, or the one that lies here."""
    found = _edition(_earlier(), number)
    if as_json:
        click.echo(json.dumps(_facts(found), ensure_ascii=False, indent=1))
        return
    click.echo(f"{found.name}\n{line_of(found)}")
    for volume in found.volumes:
        click.echo(
            f"  {volume.name} r{volume.revision}: {volume.files} files, "
            f"{volume.total_bytes / 1_000_000:.1f} MB, list {volume.sha256}"
        )


@click.command()
@click.argument("before", type=click.IntRange(1))
@click.argument("after", type=click.IntRange(1), required=False)
@_as_json
def diff(*, before: int, after: int | None, as_json: bool) -> None:
    """Which files came (+), changed (~) and went (-) between the editions BEFORE and AFTER, or today's."""
    from nashra.binding.earlier import changes_between

    earlier = _earlier()
    editions = _edition(earlier, before), _edition(earlier, after)
    with mendable():
        came, changed, went = changes_between(*(_digests(earlier, each) for each in editions))
    if as_json:
        click.echo(json.dumps({"came": came, "changed": changed, "went": went}, ensure_ascii=False, indent=1))
        return
    for sign, paths in (("+", came), ("~", changed), ("-", went)):
        for path in paths:
            click.echo(f"{sign} {path}")
    if not came and not changed and not went:
        click.echo("Nothing: both hold the same files.")


def _edition(earlier: EarlierEditions, number: int | None) -> Edition:
    from nashra.binding.earlier import NoSuchEdition

    with mendable():
        try:
            found = earlier.edition(number) if number else next(earlier.editions(), None)
        except NoSuchEdition as error:
            raise Refusal(str(error)) from error
    if found is None:
        refuse("There is no edition yet: run `nashra edition cut` first.", exit_code=1)
    return found


def _digests(earlier: EarlierEditions, found: Edition) -> dict[str, str]:
    digests: dict[str, str] = {}
    for volume in found.volumes:
        digests |= earlier.manifest(found, volume)
    return digests


def _facts(found: Edition) -> dict[str, Any]:
    from nashra.edition.index import edition_bytes

    facts: dict[str, Any] = json.loads(edition_bytes(found))
    return facts
