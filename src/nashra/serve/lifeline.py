"""The line between the process that serves a newsroom and those that it started.

Each started process holds the reading end of a pipe whose writing end lives in the first process alone.
However that one ends, killed outright too, the pipe closes, and the others stop as if asked to. Must not
need anything but POSIX.
"""

from __future__ import annotations

import os
import signal
import threading

VARIABLE = "NASHRA_LIFELINE"


class Lifeline:
    """The writing end, held by whoever starts processes."""

    def __init__(self) -> None:
        self.reading_end, self._writing_end = os.pipe()

    @property
    def environment(self) -> dict[str, str]:
        """What a started process finds in its environment."""
        return {VARIABLE: str(self.reading_end)}

    def close(self) -> None:
        """Let go: every process that holds on stops."""
        for end in (self.reading_end, self._writing_end):
            os.close(end)


def hold_on() -> None:
    """Have this process stop (SIGTERM) when the one that started it ends; without a lifeline, do nothing."""
    number = os.environ.pop(VARIABLE, "")
    if number.isdigit():
        threading.Thread(target=_wait, args=(int(number),), name="lifeline", daemon=True).start()


def _wait(reading_end: int) -> None:
    while os.read(reading_end, 1):
        pass
    if os.getpgrp() == os.getpid():
        # The group is ours alone, so that what this process started itself ends as well.
        os.killpg(0, signal.SIGTERM)
    else:
        os.kill(os.getpid(), signal.SIGTERM)
