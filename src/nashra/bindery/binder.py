"""Cuts this newsroom's editions: gathers what the press changed since the last, and has it signed.

Holds the press's lock while it gathers, so that an edition is never cut from a half of a run. What it was
told to look at is forgotten only once an edition holds it. Must not read key files, nor ask how a page is
made.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

from nashra.bindery.leaves import all_paths, leaves_of
from nashra.binding.cutting import finish, prepare, prepared_targets, sign_prepared
from nashra.binding.earlier import EarlierEditions
from nashra.binding.folders import EditionFolder
from nashra.binding.requests import Answer
from nashra.binding.vouching import bind_targets, read_chain, renew, versions_in, vouch_for
from nashra.desk.models import Publication
from nashra.edition.index import Edition
from nashra.edition.manifest import parse_manifest
from nashra.edition.notices import Notices
from nashra.edition.paths import GONE_FILE, PAGE_FILE
from nashra.press.ledger import in_batches
from nashra.press.lock import press_lock
from nashra.press.models import FreshFile
from nashra.press.run import lock_path
from nashra.seal.chain import Chain, check_chain
from nashra.seal.keyring import Keyring
from nashra.seal.signature_files import sign_manifest
from nashra.seal.signing import PublicKey, SigningKey

# Deltas lead from editions of up to 30 days ago; nobody asks for an older one.
KEEP_EARLIER = datetime.timedelta(days=31)
# A timestamp is signed for 14 days; at half of that, whoever is late has a week to mend what ails them.
RENEW_BEFORE = datetime.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Places:
    """Where editions lie, beside one another on one disk."""

    edition: Path

    @property
    def next_folder(self) -> Path:
        """Where the next edition is prepared."""
        return self.edition.with_name(f"{self.edition.name}.next")

    @property
    def renewal_folder(self) -> Path:
        """Where metadata is renewed, while an edition may wait to be signed."""
        return self.edition.with_name(f"{self.edition.name}.renewal")

    @property
    def earlier_folder(self) -> Path:
        """What earlier editions held."""
        return self.edition.with_name(f"{self.edition.name}.earlier")

    @property
    def waiting_file(self) -> Path:
        """The paths of the site's files of which the next edition must know."""
        return self.edition.with_name(f"{self.edition.name}.waiting.json")

    @property
    def lock(self) -> Path:
        """Whoever changes the edition holds it; mirrors are pushed under it, too."""
        return self.edition.with_name(f"{self.edition.name}.lock")


class Binder:
    """Cuts editions into a folder."""

    def __init__(self, edition: Path | None = None) -> None:
        self.places = Places(edition or settings.NASHRA_EDITION_FOLDER)
        self.earlier = EarlierEditions(self.places.earlier_folder, self.places.edition)
        self.folder = EditionFolder(self.places.edition, self.places.next_folder, self.earlier)
        self._renewal = EditionFolder(self.places.edition, self.places.renewal_folder)

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the edition's lock, with a whole edition in the folder: what was cut off is finished first.

        Raises:
            PressBusy: somebody held it for ten minutes.
            OSError: the disk refuses to take what was cut off.
        """
        with press_lock(self.places.lock):
            self.folder.resume()
            self._renewal.resume()
            yield

    def cut(
        self, keyring: Keyring, *, now: datetime.datetime, notices: Notices, everything: bool = False
    ) -> Edition | None:
        """Cut and sign the next edition; ``None`` where it would be the one that lies here.

        ``everything`` looks at every file, and not only at what the press changed since.

        Raises:
            PressBusy: a press, or another cut, held its lock for ten minutes.
            NotForCarrying: a page holds what no edition may carry; nothing changed.
            BadIndex, BadManifest, BadChain: the edition that lies here is damaged.
            CannotFinish: the keys are not those that readers trust; nothing changed.
            OSError: the disk refused; the next cut takes up what this one left.
        """
        with self.lock():
            edition = self._prepare(
                now=now, public=keyring.edition.public, notices=notices, everything=everything
            )
            if edition is None:
                self._settle(now)
                # Other keys than before are told of, though no page changed.
                self._renew_if_due(keyring, now)
                return None
            chain = vouch_for(
                prepared_targets(self.folder),
                keyring.roots,
                before=versions_in(self.places.edition),
                keys=(keyring.targets, keyring.snapshot, keyring.timestamp),
                now=now,
            )
            sign = partial(sign_manifest, keyring.edition, trusted_comment=comment_of(edition))
            edition = finish(
                self.folder, sign_prepared(self.folder, sign), public=keyring.edition.public, chain=chain
            )
            self._settle(now)
            return edition

    def prepare(
        self, public: PublicKey, *, now: datetime.datetime, notices: Notices, everything: bool = False
    ) -> Edition | None:
        """Prepare the next edition to be signed elsewhere; see ``cut``."""
        with self.lock():
            return self._prepare(now=now, public=public, notices=notices, everything=everything)

    def finish(
        self,
        answer: Answer,
        public: PublicKey,
        *,
        roots: Sequence[bytes],
        snapshot_key: SigningKey,
        now: datetime.datetime,
    ) -> Edition:
        """Put the prepared edition in place, which was signed elsewhere.

        ``snapshot_key`` signs the timestamp, too.

        Raises:
            CannotFinish: nothing is prepared, or what came back does not sign it; nothing changed.
            BadChain, OSError, PressBusy: as for ``cut``.
        """
        with self.lock():
            before = versions_in(self.places.edition)
            keys = (snapshot_key, snapshot_key)
            chain = bind_targets(answer.targets, roots, before=before, keys=keys, now=now)
            edition = finish(self.folder, answer.signatures, public=public, chain=chain)
            self._settle(now)
            return edition

    def renew_if_due(
        self, keyring: Keyring, *, now: datetime.datetime, at_once: bool = False
    ) -> Chain | None:
        """Say anew that the edition is the newest, if soon nobody would believe it; ``None`` where not due.

        Raises:
            BadChain: what lies here is damaged, or the keys are not those that the newest root names.
        """
        with self.lock():
            return self._renew_if_due(keyring, now, at_once=at_once)

    def _renew_if_due(
        self, keyring: Keyring, now: datetime.datetime, *, at_once: bool = False
    ) -> Chain | None:
        files = read_chain(self.places.edition)
        if files is None:
            return None
        chain = check_chain(files)
        has_this_root = chain.root_version == len(keyring.roots)
        if chain.expires_at - now > RENEW_BEFORE and has_this_root and not at_once:
            return None
        keys = (keyring.targets, keyring.snapshot, keyring.timestamp)
        return renew(self._renewal, keyring.roots, keys=keys, now=now)

    def _prepare(
        self, *, now: datetime.datetime, public: PublicKey, notices: Notices, everything: bool
    ) -> Edition | None:
        is_first = self.folder.edition() is None
        # From now on the press notes what it changes.
        self.places.edition.mkdir(parents=True, exist_ok=True)
        with press_lock(lock_path()):
            paths = self._take_notes()
            if is_first or everything:
                paths = {*paths, *all_paths(), *self._carried()}
            return prepare(
                self.folder,
                leaves_of(paths, settings.NASHRA_SITE_FOLDER),
                name=newsrooms_name(),
                cut_at=now.replace(microsecond=0),
                public=public,
                notices=notices,
            )

    def _waiting(self) -> dict[str, bool]:
        """The paths that no cut has finished, and whether the edition held a file there before."""
        file = self.places.waiting_file
        found = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        # Before, only the paths were written down.
        return found if isinstance(found, dict) else dict.fromkeys(found, True)

    def _take_notes(self) -> set[str]:
        """The paths of which the next edition must know: the press's, and those that no cut has finished."""
        waiting = self._waiting()
        fresh = list(FreshFile.objects.values_list("path", flat=True))
        for path in fresh:
            waiting[path] = waiting.get(path, False) or (self.places.edition / path).exists()
        _write_whole(self.places.waiting_file, json.dumps(waiting, ensure_ascii=False, sort_keys=True))
        with transaction.atomic():
            for batch in in_batches(fresh):
                FreshFile.objects.filter(path__in=batch).delete()
        return set(waiting)

    def _carried(self) -> Iterator[str]:
        edition = self.folder.edition()
        for volume in edition.volumes if edition else ():
            yield from parse_manifest(self.folder.manifest(volume))

    def _settle(self, now: datetime.datetime) -> None:
        self._forget_taken_back(self._waiting())
        self.earlier.forget_before(now - KEEP_EARLIER)
        self.places.waiting_file.unlink(missing_ok=True)

    def _forget_taken_back(self, waiting: Mapping[str, bool]) -> None:
        """Nothing that we keep or hand out may still hold what was withdrawn, or what is no more.

        A page that ends without a trace may be that of a person whose name is withheld now: it stands in
        the bylines of other pages, too.
        """
        root = self.places.edition
        gone = [
            path
            for path, was_held in waiting.items()
            if path.endswith(GONE_FILE) or (was_held and self._has_left(path))
        ]
        pages = [path for path in gone if not path.startswith("photos/")]
        if pages:
            self.earlier.forget_all()
        for path in gone:
            self.earlier.forget_file(path)
        for name in ("bundles", "deltas") if pages else ("bundles",) if gone else ():
            shutil.rmtree(root / name, ignore_errors=True)

    def _has_left(self, path: str) -> bool:
        return path.endswith((f"/{PAGE_FILE}", ".jpg")) and not (self.places.edition / path).exists()


def comment_of(edition: Edition) -> str:
    """The line that minisign shows beside a good signature."""
    return f"edition {edition.number} of {edition.cut_at:%Y-%m-%d %H:%M:%S} UTC"


def newsrooms_name() -> str:
    """What the newsroom is called: its first publication's name."""
    return str(Publication.objects.order_by("pk").values_list("title", flat=True).first() or "")


def _write_whole(file: Path, text: str) -> None:
    temporary = file.with_suffix(".new")
    with temporary.open("w", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    temporary.replace(file)
