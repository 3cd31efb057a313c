"""One process that starts a newsroom's others, starts a dead one again, and stops them all.

Each part runs in a process group of its own, so that Ctrl-C reaches this process alone and nothing that
a part started outlives it; a lifeline ends them if this process is killed. Must not import Django, and
must not know what the parts do.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nashra.serve.lifeline import Lifeline

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 10.0
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0
# A part that ran this long has not failed at its start: it is started again without a longer pause.
_HEALTHY_S = 30.0
_LOOK_S = 0.1

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Part:
    """One of a newsroom's processes: its name as people say it, and what runs it.

    ``is_ready`` tells whether it does its work yet. What is not ``is_vital`` may fail at the start: the
    others serve on without it, and it is started again.
    """

    name: str
    command: Sequence[str]
    is_ready: Callable[[], bool] = lambda: True
    is_vital: bool = True


class PartDied(RuntimeError):
    """A part that ended, or never got ready, while the newsroom was starting."""


class _Running:
    """A part's process, and how often it has failed in a row."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.start_again_at = 0.0
        self.failures = 0

    def start(self, environment: Mapping[str, str], lifeline: Lifeline) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own commands, no shell
            self.part.command,
            env={**environment, **lifeline.environment},
            pass_fds=(lifeline.reading_end,),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def signal(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def clear_group(self) -> None:
        """Kill whatever the part left behind in its group."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Supervisor:
    """Starts the parts, watches over them, stops them; ``say`` gets a sentence for people at each turn."""

    def __init__(self, parts: Sequence[Part], *, environment: Mapping[str, str], say: Say) -> None:
        self._running = [_Running(part) for part in parts]
        self._environment = environment
        self._say = say
        self._lifeline = Lifeline()

    def start(self, stop: threading.Event) -> None:
        """Start every part and wait until each is ready, or ``stop`` is set.

        Raises:
            PartDied: one of them ended, or was not ready in time.
        """
        for running in self._running:
            running.start(self._environment, self._lifeline)
        deadline = time.monotonic() + START_TIMEOUT_S
        waiting = list(self._running)
        while waiting and not stop.is_set():
            for running in self._running:
                code = running.process.poll() if running.process else None
                if code is not None and running.part.is_vital:
                    raise PartDied(f"{running.part.name} could not start ({_how_it_ended(code)}).")
            waiting = [running for running in waiting if not running.part.is_ready()]
            if waiting and time.monotonic() > deadline:
                raise PartDied(f"{waiting[0].part.name} did not answer within {START_TIMEOUT_S:.0f} seconds.")
            stop.wait(_LOOK_S if waiting else 0)

    def watch(self, stop: threading.Event) -> None:
        """Start again whatever ends, until ``stop`` is set."""
        while not stop.wait(_LOOK_S):
            for running in self._running:
                self._look_after(running, time.monotonic())

    def _look_after(self, running: _Running, now: float) -> None:
        if running.process is None:
            if now >= running.start_again_at:
                running.start(self._environment, self._lifeline)
            return
        code = running.process.poll()
        if code is None:
            return
        running.clear_group()
        running.process = None
        running.failures = 0 if now - running.started_at > _HEALTHY_S else running.failures + 1
        pause = min(FIRST_PAUSE_S * 2 ** max(running.failures - 1, 0), LONGEST_PAUSE_S)
        running.start_again_at = now + pause
        self._say(f"{running.part.name} ended ({_how_it_ended(code)}); it starts again in {pause:.0f} s.")

    def stop(self) -> None:
        """Ask every part to end, and kill what has not ended in time, with all that it started."""
        for running in self._running:
            running.signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_TIMEOUT_S
        for running in self._running:
            if running.process is not None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    running.process.wait(max(deadline - time.monotonic(), 0))
                running.clear_group()
        self._lifeline.close()


def _how_it_ended(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


@contextlib.contextmanager
def stop_on_signals() -> Iterator[threading.Event]:
    """An event that Ctrl-C, a closed terminal or a polite kill sets, in place of what they do otherwise."""
    stop = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def supervise(parts: Sequence[Part], *, environment: Mapping[str, str], say: Say, ready: str) -> None:
    """Run the parts until a signal says stop; ``ready`` is said once all of them answer.

    Raises:
        PartDied: one of them could not start; the others are stopped again.
    """
    with stop_on_signals() as stop:
        supervisor = Supervisor(parts, environment=environment, say=say)
        try:
            supervisor.start(stop)
            if not stop.is_set():
                say(ready)
            supervisor.watch(stop)
        finally:
            supervisor.stop()
