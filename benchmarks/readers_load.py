"""Readers who write and vote, as ``wrk`` plays them: eight connections, each one reader after another.

What a reader sends stands in ``readers_load.lua``. The same program loads both peers, and takes some
twentieth of a processor: a load in Python would take its time from the servers.
"""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.goals import percentile
from benchmarks.peers import program
from benchmarks.reading import Served, cpu_seconds, memory_kb

CONNECTIONS = 8
_SCRIPT = Path(__file__).with_suffix(".lua")
# No two runs send the same words.
_APART = 1_000_000
_LOOK_EVERY_S = 0.5


class LoadFailed(RuntimeError):
    """What should have been taken was refused, or no answer came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What was answered in a while; ``alone_ms`` are the last steps, ``whole_ms`` the ways to them."""

    done: int
    seconds: float
    alone_ms: Sequence[float]
    whole_ms: Sequence[float]
    cpu_ms_each: float
    peak_memory_kb: int

    @property
    def per_second(self) -> float:
        """How many came to their end each second."""
        return self.done / self.seconds

    def told(self) -> dict[str, float]:
        """As it is kept."""
        return {
            "per_second": round(self.per_second, 1),
            "alone_p50_ms": round(percentile(self.alone_ms, 50), 1),
            "alone_p99_ms": round(percentile(self.alone_ms, 99), 1),
            "whole_p50_ms": round(percentile(self.whole_ms, 50), 1),
            "whole_p99_ms": round(percentile(self.whole_ms, 99), 1),
            "cpu_ms_each": round(self.cpu_ms_each, 2),
            "peak_memory_mb": round(self.peak_memory_kb / 1024, 1),
        }


class Load:
    """Sends what readers send; ``names`` are the stories or comments that it is spread over."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._names = folder / "names.txt"
        self._runs = 0

    def warm_up(self, server: Served, way: str, names: Sequence[object]) -> None:
        """Send for two seconds, whatever comes of it."""
        self._send(server, way, names, 2)

    def run(self, server: Served, way: str, names: Sequence[object], seconds: int) -> Loaded:
        """Send for so long.

        Raises:
            LoadFailed: something was not taken.
        """
        before_s = cpu_seconds(server.pid)
        with _Watched(server.pid) as watched:
            found = self._send(server, way, names, seconds)
        used_s = cpu_seconds(server.pid) - before_s
        if not found["done"] or found["failed"] > found["done"] / 50 or found["errors"]:
            told = {name: found[name] for name in ("done", "failed", "failure", "errors")}
            raise LoadFailed(f"{way} at {server.origin}: {told}")
        return Loaded(
            done=found["done"],
            seconds=found["seconds"],
            alone_ms=found["alone_ms"],
            whole_ms=found["whole_ms"],
            cpu_ms_each=used_s * 1000 / found["done"],
            peak_memory_kb=watched.peak_kb,
        )

    def _send(self, server: Served, way: str, names: Sequence[object], seconds: int) -> dict[str, Any]:
        self._runs += 1
        self._names.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
        command = [program("wrk"), f"-t{CONNECTIONS}", f"-c{CONNECTIONS}", f"-d{seconds}s"]
        command += [
            "--timeout",
            "30s",
            "-s",
            str(_SCRIPT),
            server.origin,
            "--",
            way,
            str(self._names),
            str(self._runs * _APART),
        ]
        printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        found: dict[str, Any] = json.loads(printed.splitlines()[-1])
        return found


class _Watched:
    """Looks at a server's memory while it is loaded, seldom enough not to disturb it."""

    def __init__(self, pid: int) -> None:
        self.peak_kb = memory_kb(pid)
        self._pid = pid
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> _Watched:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stop.wait(_LOOK_EVERY_S):
            self.peak_kb = max(self.peak_kb, memory_kb(self._pid))
