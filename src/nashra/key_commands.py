"""``nashra keys init | show | rotate | revoke | sign-root``: who may speak for the newsroom.

Needs no newsroom and no network. Must not keep a passphrase anywhere but where somebody asked for it.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from importlib.resources import files
from pathlib import Path

import click

from nashra.doorway import Refusal, now, refuse, say
from nashra.key_access import keys_folder, passphrases_for, roots_of
from nashra.key_card import card_html, card_text, qr_for_terminal
from nashra.seal import ceremony
from nashra.seal.chain import check_roots
from nashra.seal.keyfiles import BadKeyFile, read_key_file
from nashra.seal.keyring import THROW_AWAY_MARK
from nashra.seal.passphrases import NoWordList, draw_passphrase
from nashra.seal.rotation import ROOT_NAMES

_WHAT_A_THIEF_CAN_DO = {
    "edition": "Whoever has the old edition key can sign editions that a reader believes who holds nothing "
    "but its 56 characters. Readers who hold the root fingerprint refuse them: these want the targets "
    "key, too. Revoke that as well if it lay on the same machine, and give everybody the new characters.",
    "targets": "Whoever has the old targets key can name another edition key to readers who do not have the "
    "newer root yet. Bring them the next edition by every road: it carries the root.",
    "snapshot": "Whoever has the old snapshot key can keep showing readers an older edition as the newest, "
    "until they have the newer root. They can change no word.",
    "root": "One stolen root key alone can do nothing: two must sign. If two were stolen, readers cannot be "
    "helped by a newer root: begin anew with a ceremony, and tell everybody the new fingerprint.",
}


@click.group()
def keys() -> None:
    """Make, show and change the keys that sign editions."""


@keys.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", default="Our newsroom", show_default=True, help="The name on the card.")
@click.option("--passphrases-to", "passphrase_file", type=click.Path(dir_okay=False, path_type=Path))
def init(*, folder: Path, name: str, passphrase_file: Path | None) -> None:
    """Make all keys of a newsroom in FOLDER: three for people, the others for the server."""
    try:
        drawn = ceremony.hold_ceremony(folder, passphrase=_draw, randomness=secrets.token_bytes, now=now())
    except ceremony.BadCeremony as error:
        raise Refusal(str(error)) from error
    server = folder / ceremony.SERVER
    fingerprint = hashlib.sha256((server / "1.root.json").read_bytes()).hexdigest()
    key = ceremony.read_holders(server)["edition"].text
    (folder / "card.html").write_text(
        card_html(name, fingerprint, key, is_throw_away=False), encoding="utf-8"
    )
    (folder / "card.txt").write_text(card_text(name, fingerprint, key, is_throw_away=False), encoding="utf-8")
    page = files("nashra.verifier").joinpath("page", "verifier.html")
    (folder / "verifier.html").write_bytes(page.read_bytes())
    if passphrase_file is not None:
        _write_passphrases(passphrase_file, drawn)
    for holder in ROOT_NAMES:
        click.echo(f"{folder / holder}: for one person, on a stick of their own.")
    click.echo(f"{server}: for the server, as var/keys. The card to print: {folder / 'card.html'}")
    click.echo(f"{folder / 'verifier.html'}: a page that checks bundles, to hand out with the card.")
    if passphrase_file is None:
        click.echo("\nWrite each passphrase on paper now. It is shown once and kept nowhere.")
        for key_name, words in drawn.items():
            click.echo(f"  {key_name:>8}: {words}")


def _draw() -> str:
    try:
        return draw_passphrase(secrets.randbelow)
    except NoWordList as error:
        raise Refusal(str(error)) from error


def _write_passphrases(file: Path, drawn: dict[str, str]) -> None:
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Refusal(f"The passphrases cannot be written to {file}: {error.strerror}.") from error
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.writelines(f"{name}: {words}\n" for name, words in drawn.items())


@keys.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--qr", is_flag=True, help="Show QR codes, too.")
def show(*, folder: Path | None, qr: bool) -> None:
    """Say which keys lie in FOLDER (by itself, the newsroom's), and what readers should hold."""
    place = folder or keys_folder()
    if not place.is_dir():
        refuse(f"There are no keys in {place}: hold a key ceremony first (`nashra keys init`).")
    roots = roots_of(place)
    root = check_roots(roots)
    fingerprint = hashlib.sha256(roots[0]).hexdigest()
    key = (place / "edition.pub").read_text(encoding="ascii").splitlines()[1]
    click.echo(
        card_text("What readers hold:", fingerprint, key, is_throw_away=(place / THROW_AWAY_MARK).exists())
    )
    if qr:
        click.echo(qr_for_terminal(fingerprint))
        click.echo(qr_for_terminal(key))
    click.echo(f"Root version {root.version}, good until {root.expires:%Y-%m-%d}.")
    click.echo("Keys here: " + (", ".join(sorted(file.stem for file in place.glob("*.key"))) or "none"))
    if held := sorted(file.name for file in place.glob("root-*.key")):
        say(f"Root keys must not lie on the server: move {', '.join(held)} to the people who hold them.")


@keys.command()
@click.argument("role")
@click.option("--keys", "folder", type=click.Path(path_type=Path), help="The server's folder of keys.")
@click.option("--to", "target", type=click.Path(path_type=Path), help="A root key's new folder.")
def rotate(*, role: str, folder: Path | None, target: Path | None) -> None:
    """Replace a key: edition, targets, snapshot, root-1, root-2 or root-3."""
    _rotate(role, folder or keys_folder(), target)


@keys.command()
@click.argument("role")
@click.option("--keys", "folder", type=click.Path(path_type=Path), help="The server's folder of keys.")
@click.option("--to", "target", type=click.Path(path_type=Path), help="A root key's new folder.")
def revoke(*, role: str, folder: Path | None, target: Path | None) -> None:
    """Replace a key that was stolen or lost, and say what a thief can do until readers know."""
    _rotate(role, folder or keys_folder(), target)
    click.echo("\n" + _WHAT_A_THIEF_CAN_DO["root" if role in ROOT_NAMES else role])


def _rotate(role: str, server: Path, target: Path | None) -> None:
    words, seed = _draw(), secrets.token_bytes(32)
    try:
        if role == "edition":
            key = ceremony.rotate_edition_key(server, passphrase=words, seed=seed, now=now())
            click.echo(
                f"The new edition key: {key.public.text}\nThe next edition carries it. Print new cards."
            )
        else:
            if role in ROOT_NAMES and target is None:
                refuse("Say by --to where the new root key shall lie: not on the server.")
            file = ceremony.next_key_file(server, role)
            if role in ROOT_NAMES and target is not None:
                file = target / f"{role}.key"
            draft = ceremony.draft_rotation(server, role, file, passphrase=words, seed=seed, now=now())
            click.echo(f"The new key: {file}\nThe next root waits for signatures: {draft}")
            click.echo("Carry it to those who hold root keys; each runs `nashra keys sign-root` with it.")
            if role not in ROOT_NAMES:
                click.echo("Until two have signed, the key that is in use stays so. Then: nashra keys adopt")
    except ceremony.BadCeremony as error:
        raise Refusal(str(error)) from error
    click.echo(f"Its passphrase, shown once: {words}")


@keys.command()
@click.option("--keys", "folder", type=click.Path(path_type=Path), help="The server's folder of keys.")
def adopt(*, folder: Path | None) -> None:
    """Take into use the new keys that the newest root names, once it lies among the server's keys."""
    try:
        adopted = ceremony.adopt(folder or keys_folder(), now=now())
    except ceremony.BadCeremony as error:
        raise Refusal(str(error)) from error
    if not adopted:
        refuse("No new key waits that the newest root names: put the signed root beside the keys first.")
    click.echo(f"In use now: {', '.join(adopted)}. Restart `nashra serve` if it cuts editions by itself.")


@keys.command(name="sign-root")
@click.argument("draft", type=click.Path(path_type=Path))
@click.option(
    "--key", "key_file", required=True, type=click.Path(path_type=Path), help="Your root key's file."
)
@click.option("--roots", "folder", type=click.Path(path_type=Path), help="Where the roots are: by the draft.")
def sign_root(*, draft: Path, key_file: Path, folder: Path | None) -> None:
    """Sign the draft of a new root with a root key of yours."""
    name = key_file.stem
    words = passphrases_for(key_file.parent, [name]).get(name, "")
    try:
        key = read_key_file(key_file, words)
        lacks, file = ceremony.sign_draft(draft, key, roots_of(folder or draft.parent), now=now())
    except (BadKeyFile, ceremony.BadCeremony) as error:
        raise Refusal(str(error)) from error
    if lacks:
        click.echo(f"Signed: {file}. It still lacks {lacks} signature{'s' if lacks > 1 else ''}.")
    else:
        click.echo(f"Signed: {file} is the newest root. The next edition carries it to readers.")
