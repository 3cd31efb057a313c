"""A real newsroom in a folder of its own, whose processes can be killed and whose disks can be filled."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.cli.newsrooms import Newsroom, descendants
from tests.crash.work import CHANGES
from tests.press.crawler import crawl


class Running:
    """A process of the newsroom."""

    def __init__(self, room: Room, pid: int, said: Path) -> None:
        self.room, self.pid, self._said = room, pid, said
        self.began = time.monotonic()

    @property
    def said(self) -> str:
        """All that it printed."""
        return self._said.read_text(errors="replace")

    def workers(self) -> list[int]:
        """The processes that it started, by now."""
        # One of them may end while they are being looked for.
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            return sorted(descendants(self.pid))
        return []

    def kill(self, victim: int | None = None) -> list[int]:
        """SIGKILL it, or one of its workers; gives those that it leaves, which must end by themselves."""
        left = self.workers()
        # It may have ended by itself just before.
        with contextlib.suppress(ProcessLookupError):
            os.kill(victim or self.pid, signal.SIGKILL)
        return left

    def wait(self) -> int:
        """Its exit code."""
        return int(self.room.ask({"wait": self.pid})["code"])


class Room:
    """The newsroom, and the process that starts all others."""

    def __init__(self, newsroom: Newsroom, folder: Path, *, has_disks: bool) -> None:
        self.newsroom = newsroom
        self.folder = folder
        # Whether var/ and the databases lie on disks of their own, which can be filled.
        self.has_disks = has_disks
        self._runs = 0
        self._starter = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.starter"],
            cwd=newsroom.folder,
            env=newsroom.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._hear()

    @property
    def site(self) -> Path:
        """What readers get."""
        return self.newsroom.var / "site"

    def start(self, *words: str, trouble: tuple[str, int] | None = None) -> Running:
        """Start ``nashra`` with these words."""
        self._runs += 1
        said = self.folder / f"run-{self._runs % 50}.txt"
        answer = self.ask({"start": list(words), "said": str(said), "trouble": trouble})
        return Running(self, answer["pid"], said)

    def run(self, *words: str) -> Running:
        """Run ``nashra`` to its end, which must be a good one."""
        running = self.start(*words)
        code = running.wait()
        assert code == 0, f"nashra {' '.join(words)} ended with {code}: {running.said}"
        return running

    def work(self, name: str, *arguments: Any) -> Any:
        """What a function of ``tests.crash.work`` gives."""
        return json.loads(self.run("work", name, *map(json.dumps, arguments)).said.splitlines()[-1])

    def change(self, seed: int, operations: int, names: Sequence[str] = CHANGES) -> list[str]:
        """Some work at the desk."""
        return list(self.work("change", seed, operations, list(names)))

    def faults(self, *, settled: bool) -> str:
        """What a reader of the whole site would complain of."""
        return "\n".join(crawl(self.site, settled=settled))

    def ask(self, order: dict[str, Any]) -> dict[str, Any]:
        """Give the starter an order."""
        assert self._starter.stdin is not None
        self._starter.stdin.write(json.dumps(order) + "\n")
        self._starter.stdin.flush()
        return self._hear()

    def close(self) -> None:
        """End the starter; whatever else was started has ended."""
        assert self._starter.stdin is not None
        assert self._starter.stdout is not None
        self._starter.stdin.close()
        assert self._starter.wait(30) == 0
        self._starter.stdout.close()

    def _hear(self) -> dict[str, Any]:
        assert self._starter.stdout is not None
        line = self._starter.stdout.readline()
        assert line, f"the starter ended with {self._starter.wait(10)}"
        return dict(json.loads(line))
