"""``nashra verify``: what a reader may believe of a folder, a file or an address, in plain words.

Must claim no more than the rooms found, and for a path it must not ask a network.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nashra.doorway import Refusal, now, refuse

if TYPE_CHECKING:
    from nashra.seal.signing import PublicKey
    from nashra.verifier.verdict import Verdict
    from nashra.verifier.verifying import Trusted

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


@click.command()
@click.argument("place", metavar="PATH|URL")
@click.option("--key", metavar="FILE|KEY", help="An edition.pub that you trust, or its 56 characters.")
@click.option("--root", metavar="FINGERPRINT", help="The root fingerprint that you trust: 64 digits.")
@click.option("--no-memory", is_flag=True, help="Neither read nor keep what was seen before.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.option("--language", type=click.Choice(["en", "ar", "fa"]), help="By itself, that of your system.")
@click.option(
    "--manifest",
    "manifest_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Only compare the folder PATH with this unsigned list.",
)
def verify(
    *,
    place: str,
    key: str | None,
    root: str | None,
    no_memory: bool,
    as_json: bool,
    language: str | None,
    manifest_file: Path | None,
) -> None:
    """Tell whether an edition is the newsroom's, whole, and how old it is.

    For a PATH no network is asked. Exit code 0: it is authentic, and the words say whether it is current.
    1: it is not. 2: this could not be told.
    """
    if manifest_file is not None:
        _compare(Path(place), manifest_file)
        return
    from nashra.verifier.memory import Memory, memory_file, read_memory, write_memory
    from nashra.verifier.words import language_of, lines

    trusted = _trusted(key, root)
    file = memory_file(dict(os.environ))
    memory = Memory() if no_memory else read_memory(file)
    verdict = _verdict(place, trusted, memory)
    if not no_memory and verdict.exit_code == 0:
        write_memory(file, memory)
    if as_json:
        click.echo(json.dumps(_facts(verdict), ensure_ascii=False, indent=1))
    else:
        for line in lines(verdict, language or language_of(dict(os.environ))):
            click.echo(line)
    if verdict.exit_code:
        raise click.exceptions.Exit(verdict.exit_code)


def _verdict(place: str, trusted: Trusted, memory: Any) -> Verdict:
    from nashra.verifier.carried import is_bundle_folder, verify_bundle_folder, verify_file
    from nashra.verifier.verifying import verify_edition

    if place.startswith(("http://", "https://")):
        return _verdict_of_mirror(place, trusted, memory)
    path = Path(place)
    look: Callable[..., Verdict] = verify_edition
    if path.is_file():
        look = verify_file
    elif not path.is_dir():
        refuse(f"{place} is not a folder or a file.")
    elif is_bundle_folder(path):
        look = verify_bundle_folder
    elif not any((path / part).exists() for part in ("edition", "metadata", "volumes")):
        refuse(f"{place} holds no edition and no bundle: nothing in it says whose it is.")
    try:
        return look(path, trusted, now=now(), memory=memory)
    except OSError as error:
        raise Refusal(f"{place} cannot be read through: {error.strerror}.") from error


def _verdict_of_mirror(address: str, trusted: Trusted, memory: Any) -> Verdict:
    from nashra.verifier.fetching import FetchFailed
    from nashra.verifier.mirror import verify_address

    try:
        return verify_address(address, trusted, now=now(), memory=memory)
    except FetchFailed as error:
        raise Refusal(f"{error.path or address} {error}.") from error
    except OSError as error:
        raise Refusal(f"The files cannot be kept while they are looked at: {error.strerror}.") from error


def _trusted(key: str | None, root: str | None) -> Trusted:
    from nashra.verifier.verifying import Trusted

    fingerprint = None
    if root is not None:
        fingerprint = "".join(root.split()).lower()
        if not _FINGERPRINT.fullmatch(fingerprint):
            refuse("A root fingerprint has 64 digits from 0 to 9 and a to f: compare yours with the card.")
    return Trusted(key=trusted_key(key) if key is not None else None, root_fingerprint=fingerprint)


def trusted_key(text: str) -> PublicKey:
    """The key that somebody names: a file, or its 56 characters."""
    from nashra.seal.signing import BadKey, PublicKey

    file = Path(text)
    try:
        if len(text) < 200 and file.is_file():
            return PublicKey.from_file_bytes(file.read_bytes()[:500])
        return PublicKey.from_text(text)
    except BadKey as error:
        raise Refusal(f"The key that you gave {error}.") from error
    except OSError as error:
        raise Refusal(f"The key {text} cannot be read: {error.strerror}.") from error


def _compare(folder: Path, manifest_file: Path) -> None:
    from nashra.edition.command import CannotTell, verify_folder

    try:
        is_whole = verify_folder(folder, manifest_file, say=click.echo)
    except CannotTell as error:
        raise Refusal(str(error)) from error
    if not is_whole:
        raise click.exceptions.Exit(1)


def _facts(verdict: Verdict) -> dict[str, Any]:
    moment = "%Y-%m-%dT%H:%M:%SZ"
    return {
        "state": verdict.state.value,
        "exit_code": verdict.exit_code,
        "reason": verdict.reason,
        "trust": verdict.trust.value,
        "number": verdict.number,
        "name": verdict.name,
        "cut_at": verdict.cut_at.strftime(moment) if verdict.cut_at else None,
        "age_seconds": int(verdict.age.total_seconds()) if verdict.age is not None else None,
        "expires_at": verdict.expires_at.strftime(moment) if verdict.expires_at else None,
        "highest_seen": verdict.highest_seen,
        "key": verdict.key_text,
        "root_fingerprint": verdict.root_fingerprint,
        "files": verdict.files,
        "whole_volumes": verdict.whole,
        "absent_volumes": verdict.absent,
        "problems": [
            {"kind": problem.kind, "path": problem.path, "why": problem.why} for problem in verdict.problems
        ],
    }
