"""A client of The Update Framework, typed as its public conformance suite types one.

    python -m nashra.verifier.tuf_client --metadata-dir DIR init ROOT
    … --metadata-dir DIR --metadata-url URL refresh
    … --metadata-dir DIR --metadata-url URL --target-name PATH --target-base-url URL --target-dir DIR download

Source: CLIENT-CLI.md of theupdateframework/tuf-conformance. python-tuf decides what is to be believed; ours
are the fetching and its limits. Must not believe expired metadata: that is for ``nashra verify`` to weigh.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit

from tuf.api.exceptions import DownloadError, DownloadHTTPError, RepositoryError
from tuf.ngclient.config import UpdaterConfig
from tuf.ngclient.fetcher import FetcherInterface
from tuf.ngclient.updater import Updater

from nashra.seal.chain import MAX_ROOTS, MAX_SIZE_BYTES
from nashra.verifier.fetching import FetchFailed, Mirror, Patience

# What a target may have at most, whatever the metadata says; the framework bounds each by its signed length.
MAX_TARGET_BYTES = 64 * 1024 * 1024


class BoundedFetcher(FetcherInterface):
    """Our one-at-a-time fetching, in the shape that python-tuf asks for."""

    def __init__(self, patience: Patience | None = None) -> None:
        self._patience = patience

    def _fetch(self, url: str) -> Iterator[bytes]:
        parts = urlsplit(url)
        mirror = Mirror(f"{parts.scheme}://{parts.netloc}", self._patience)
        try:
            # Roles' names come quoted, files' do not: only what no path may hold is quoted here.
            path = quote(url.removeprefix(f"{parts.scheme}://{parts.netloc}/"), safe="/%!$&'()*+,;=:@~")
            yield from mirror.pieces(path, MAX_TARGET_BYTES, is_quoted=True)
        except FetchFailed as error:
            if error.status is not None:
                raise DownloadHTTPError(f"{error.path} {error}", error.status) from error
            raise DownloadError(f"{error.path} {error}") from error
        finally:
            mirror.close()


def main(words: Sequence[str] | None = None) -> int:
    """Do what was typed; gives the exit code: 0 where all of it succeeded, else 1."""
    chosen = _parser().parse_args(words)
    try:
        _COMMANDS[chosen.command](chosen)
    except (RepositoryError, DownloadError, OSError, ValueError) as error:
        sys.stderr.write(f"nashra: {error}\n")
        return 1
    return 0


def _init(chosen: argparse.Namespace) -> None:
    chosen.metadata_dir.mkdir(parents=True, exist_ok=True)
    with chosen.trusted_root.open("rb") as opened:
        data = opened.read(MAX_SIZE_BYTES["root"] + 1)
    if len(data) > MAX_SIZE_BYTES["root"]:
        raise ValueError(f"{chosen.trusted_root} is longer than any root.")
    (chosen.metadata_dir / "root.json").write_bytes(data)


def _refresh(chosen: argparse.Namespace) -> None:
    _updater(chosen).refresh()


def _download(chosen: argparse.Namespace) -> None:
    if not (chosen.target_name and chosen.target_base_url and chosen.target_dir):
        raise ValueError("To download, give --target-name, --target-base-url and --target-dir.")
    updater = _updater(chosen)
    target = updater.get_targetinfo(chosen.target_name)
    if target is None:
        raise ValueError(f"The signed metadata names no {chosen.target_name}.")
    if updater.find_cached_target(target) is None:
        updater.download_target(target)


def _updater(chosen: argparse.Namespace) -> Updater:
    if not chosen.metadata_url:
        raise ValueError("Give the address of the metadata with --metadata-url.")
    config = UpdaterConfig(
        max_root_rotations=MAX_ROOTS,
        root_max_length=MAX_SIZE_BYTES["root"],
        timestamp_max_length=MAX_SIZE_BYTES["timestamp"],
        snapshot_max_length=MAX_SIZE_BYTES["snapshot"],
        targets_max_length=MAX_SIZE_BYTES["targets"],
    )
    return Updater(
        metadata_dir=str(chosen.metadata_dir),
        metadata_base_url=chosen.metadata_url,
        target_dir=str(chosen.target_dir) if chosen.target_dir else None,
        target_base_url=chosen.target_base_url,
        fetcher=BoundedFetcher(),
        config=config,
        # The root that was given to ``init`` is the one to begin with.
        bootstrap=None,
    )


_COMMANDS = {"init": _init, "refresh": _refresh, "download": _download}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tuf_client", description="A client of The Update Framework.")
    parser.add_argument("--metadata-dir", type=Path, required=True)
    parser.add_argument("--metadata-url")
    parser.add_argument("--target-name")
    parser.add_argument("--target-base-url")
    parser.add_argument("--target-dir", type=Path)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("init").add_argument("trusted_root", type=Path)
    commands.add_parser("refresh")
    commands.add_parser("download")
    return parser


if __name__ == "__main__":
    sys.exit(main())
