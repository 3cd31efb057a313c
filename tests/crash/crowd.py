"""Many readers at once, and all that they were promised. Must not look into a database."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence

from tests.crash.reader import Ballot, Reader, Words


class Crowd:
    """All of them, at once."""

    def __init__(self, clients: int, port: int, stories: Mapping[str, str], seed: int) -> None:
        self.readers = [Reader(number, port, stories, seed) for number in range(clients)]
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=each.live, args=(self._stop,)) for each in self.readers]

    def gather(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def disperse(self) -> None:
        """End what is under way, and no more."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def settle(self, within_s: float = 120) -> None:
        """Each sends again whatever was not answered."""
        self._each([threading.Thread(target=each.settle, args=(within_s,)) for each in self.readers])

    def ask_all_receipts(self) -> dict[str, str]:
        """What each receipt opens, by the word that its comment alone has."""
        opened: dict[str, str] = {}

        def ask(reader: Reader) -> None:
            opened.update((words.word, reader.look(words.receipt).text) for words in reader.kept)

        self._each([threading.Thread(target=ask, args=(each,)) for each in self.readers])
        return opened

    @property
    def kept(self) -> list[Words]:
        """What was answered, of all."""
        return [words for reader in self.readers for words in reader.kept]

    @property
    def ballots(self) -> list[Ballot]:
        """What was voted, by all."""
        return [ballot for reader in self.readers for ballot in reader.ballots]

    @property
    def troubles(self) -> list[str]:
        """What none of them should have seen."""
        return [trouble for reader in self.readers for trouble in reader.troubles]

    @property
    def did(self) -> Counter[str]:
        """How often what was done."""
        return sum((reader.did for reader in self.readers), Counter())

    @property
    def answers(self) -> int:
        """How much of it was answered."""
        return sum(
            number for reader in self.readers for what, number in [*reader.did.items()] if what != "lost"
        )

    @staticmethod
    def _each(threads: Sequence[threading.Thread]) -> None:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
