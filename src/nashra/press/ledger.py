"""What stands where: the account of addresses that a run reads at its start and keeps at its end.

Decides which old addresses lead on and which say that a thing is gone. Must not render or write
files; it tells ``printing`` what to write.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from nashra.press.models import Mention, OldAddress, Standing
from nashra.press.plan import StoryFacts
from nashra.press.write import BATCH_ROWS

# What leaves a "this was withdrawn" page behind; any other page that ends simply is no more.
_MOURNED = ("story:", "section:")


@dataclass(slots=True)
class Entry:
    """A thing as this run leaves it."""

    key: str
    address: str
    facts: dict[str, Any] = field(default_factory=dict)
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Departure:
    """An address that something left: ``target`` is where it stands now, empty when it is gone.

    A page that ``is_mourned`` says there that it was withdrawn; any other leaves no trace, above all
    not that of a person whose name is withheld from now on.
    """

    address: str
    language: str
    target: str
    is_mourned: bool


class Ledger:
    """The standing of everything that a run touches."""

    def __init__(self, *, everything: bool = False) -> None:
        self.everything = everything
        self.entries: dict[str, Entry] = {}
        self.ended: set[str] = set()
        self._opened: set[str] = set()
        self._departed: dict[str, str] = {}
        self._before: dict[str, str] = {}
        self._facts: dict[str, dict[str, Any]] = {}
        if everything:
            self._before = dict(Standing.objects.values_list("key", "address"))

    def open(self, keys: Iterable[str]) -> None:
        """Read how these things stood, before anything of theirs is made."""
        names = sorted(set(keys) - self._opened)
        self._opened.update(names)
        for start in range(0, len(names), BATCH_ROWS):
            for row in Standing.objects.filter(key__in=names[start : start + BATCH_ROWS]):
                self._before[row.key] = row.address
                self._facts[row.key] = row.facts

    def stories_before(self) -> list[StoryFacts]:
        """The facts of all stories that were opened and stood."""
        return [StoryFacts.from_json(facts) for key, facts in self._facts.items() if key.startswith("story:")]

    def address_before(self, key: str) -> str:
        """Where a thing stood before this run, or nothing."""
        return self._before.get(key, "")

    def stands(self, entry: Entry) -> None:
        """Note that a thing now stands, pressed, at its address."""
        self.entries[entry.key] = entry

    def ends(self, key: str) -> None:
        """Note that a thing stands no longer."""
        if key in self._before:
            self.ended.add(key)

    def end_the_rest(self, *, but: set[str]) -> None:
        """After everything was pressed: what stood before and was not pressed now has ended.

        What could not be pressed (``but``) stands as it stood.
        """
        self.ended |= self._before.keys() - self.entries.keys() - but

    def left(self) -> list[tuple[str, str]]:
        """Keys and addresses where something stood that this run moved or ended."""
        moved = [
            (key, self._before[key])
            for key, entry in self.entries.items()
            if key in self._before and self._before[key] != entry.address
        ]
        return sorted(moved + [(key, self._before[key]) for key in self.ended])

    def departures(self) -> list[Departure]:
        """Every address that the things of this run have left, now or long ago."""
        old = OldAddress.objects.all() if self.everything else OldAddress.objects.filter(key__in=self._opened)
        addresses = dict(old.values_list("address", "key"))
        addresses.update({address: key for key, address in self.left() if key.startswith(_MOURNED)})
        addresses.update({address: key for key, address in self.left() if key in self.entries})
        for entry in self.entries.values():
            addresses.pop(entry.address, None)
        self._departed = {address: key for address, key in addresses.items() if self._has_past(key)}
        return [
            Departure(address, _language(address), self._address(key), key.startswith(_MOURNED))
            for address, key in sorted(addresses.items())
        ]

    def _has_past(self, key: str) -> bool:
        return key.startswith(_MOURNED) or bool(self._address(key))

    def _address(self, key: str) -> str:
        if key in self.entries:
            return self.entries[key].address
        return "" if key in self.ended else self._before.get(key, "")

    def retaken(self) -> list[str]:
        """Addresses at which something stands again that had been left."""
        addresses = [entry.address for entry in self.entries.values()]
        found: list[str] = []
        for start in range(0, len(addresses), BATCH_ROWS):
            rows = OldAddress.objects.filter(address__in=addresses[start : start + BATCH_ROWS])
            found += rows.values_list("address", flat=True)
        return sorted(found)

    def keep(self) -> None:
        """Store all of it; call it in the run's last transaction, after the files stand."""
        self._keep_old_addresses()
        ended = sorted(self.ended)
        for start in range(0, len(ended), BATCH_ROWS):
            Standing.objects.filter(key__in=ended[start : start + BATCH_ROWS]).delete()
        Standing.objects.bulk_create(
            [
                Standing(key=entry.key, address=entry.address, facts=entry.facts)
                for _key, entry in sorted(self.entries.items())
            ],
            batch_size=BATCH_ROWS,
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["address", "facts"],
        )
        self._keep_mentions()

    def _keep_mentions(self) -> None:
        keys = sorted(self.entries.keys() | self.ended)
        for start in range(0, len(keys), BATCH_ROWS):
            Mention.objects.filter(key__in=keys[start : start + BATCH_ROWS]).delete()
        Mention.objects.bulk_create(
            [
                Mention(name=name, key=entry.key)
                for _key, entry in sorted(self.entries.items())
                for name in entry.mentions
            ],
            batch_size=BATCH_ROWS,
        )

    def _keep_old_addresses(self) -> None:
        gone = [key for key in sorted(self.ended) if not key.startswith(_MOURNED)]
        for start in range(0, len(gone), BATCH_ROWS):
            OldAddress.objects.filter(key__in=gone[start : start + BATCH_ROWS]).delete()
        for address in self.retaken():
            OldAddress.objects.filter(address=address).delete()
        OldAddress.objects.bulk_create(
            [
                OldAddress(address=address, key=key, language=_language(address))
                for address, key in sorted(self._departed.items())
            ],
            batch_size=BATCH_ROWS,
            update_conflicts=True,
            unique_fields=["address"],
            update_fields=["key", "language"],
        )


def _language(address: str) -> str:
    """The publication that an address lies in, by its first part."""
    return address.split("/", 2)[1]
