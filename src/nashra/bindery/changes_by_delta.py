"""Deltas of an edition: from the one before it, and from those of 1, 7 and 30 days ago, a volume each.

Each is signed by itself, with the digests of the texts from which and to which it leads. Must not decide
what a delta is made of.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from nashra.bindery.bundling import stories_of_volume
from nashra.binding.earlier import EarlierEditions
from nashra.bundles.deltas import delta_comment, make_delta
from nashra.bundles.volume_text import text_tar
from nashra.edition.index import FRONT, Edition

AGES = tuple(datetime.timedelta(days=days) for days in (1, 7, 30))


@dataclass(frozen=True, slots=True)
class Delta:
    """What leads from one edition's text of a volume to another's."""

    volume: str
    before: int
    after: int
    content: bytes
    from_sha256: str
    to_sha256: str

    @property
    def name(self) -> str:
        """Its file's name."""
        return f"{self.volume}.{self.before}-{self.after}.zst"

    @property
    def comment(self) -> str:
        """What is signed with it."""
        return delta_comment(self.from_sha256, self.to_sha256)


def bases(earlier: EarlierEditions, edition: Edition) -> list[Edition]:
    """The editions from which deltas lead to this one: the one before, and the newest of each age."""
    older = [each for each in earlier.editions() if each.number < edition.number]
    found = {each.number: each for each in older[:1]}
    for age in AGES:
        for each in older:
            if each.cut_at <= edition.cut_at - age:
                found[each.number] = each
                break
    return [found[number] for number in sorted(found)]


def deltas_to(earlier: EarlierEditions, edition: Edition) -> Iterator[Delta]:
    """The deltas that lead to an edition, for each volume whose stories changed.

    Raises:
        OSError, BadManifest: an edition is damaged.
    """
    texts: dict[str, bytes] = {}
    for base in bases(earlier, edition):
        lists = {volume.name: volume.sha256 for volume in base.volumes}
        for volume in edition.volumes:
            if volume.name == FRONT or lists.get(volume.name) == volume.sha256:
                continue
            if volume.name not in texts:
                texts[volume.name] = text_tar(stories_of_volume(earlier, edition, volume.name))
            before = text_tar(stories_of_volume(earlier, base, volume.name))
            if before != texts[volume.name]:
                after = texts[volume.name]
                yield Delta(
                    volume=volume.name,
                    before=base.number,
                    after=edition.number,
                    content=make_delta(before, after),
                    from_sha256=hashlib.sha256(before).hexdigest(),
                    to_sha256=hashlib.sha256(after).hexdigest(),
                )
