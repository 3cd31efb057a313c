"""A newsroom made for one measurement, in a folder of its own, and the processes that serve it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

START_TIMEOUT_S = 120
# The origin that pages name. It is the same in every copy of a newsroom, whatever port serves it: with
# another one, every page would have to be pressed again.
SITE_URL = "http://news.example"


def free_port() -> int:
    """A port that nobody listens at just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Press:
    """One run of the press: its own milliseconds, the whole process's seconds, and its files."""

    run_ms: int
    whole_s: float
    files: int


class Newsroom:
    """A newsroom in a folder; commands run in processes of their own, as an operator runs them."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        home.mkdir(parents=True, exist_ok=True)
        self.port, self.desk_port = free_port(), free_port()
        self.site, self.desk = f"http://127.0.0.1:{self.port}", f"http://127.0.0.1:{self.desk_port}"
        # An operator's Python keeps its compiled modules, whatever the shell of this run says.
        unwanted = ("NASHRA_", "PYTHONDONTWRITEBYTECODE")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
        self.environment = {
            **inherited,
            "NASHRA_HOME": str(home),
            "NASHRA_SITE_URL": SITE_URL,
            "NASHRA_DESK_URL": self.desk,
            "NASHRA_LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "nashra.settings",
            **settings,
        }
        self._serving: subprocess.Popen[bytes] | None = None

    @property
    def site_folder(self) -> Path:
        """The pressed files."""
        return self.home / "var" / "site"

    def copy(self, home: Path, **settings: str) -> Newsroom:
        """The same newsroom in another folder, with settings of its own."""
        shutil.copytree(self.home, home)
        return Newsroom(home, **settings)

    def run(self, *command: str) -> str:
        """Run a Python module or script of ours to its end and give what it printed."""
        done = subprocess.run(
            [sys.executable, *command], env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def nashra(self, *arguments: str) -> str:
        """Run a command of ours."""
        return self.run("-m", "nashra", *arguments)

    def password(self, username: str) -> str:
        """A generated password from the newsroom's own file."""
        text = (self.home / "var" / "passwords.txt").read_text(encoding="utf-8")
        found = re.search(rf"^{re.escape(username)}\s+(\S+)$", text, re.MULTILINE)
        if found is None:
            raise LookupError(f"{username} has no password in passwords.txt")
        return found[1]

    def rows(self, *arguments: str) -> Any:
        """What ``benchmarks.readers_rows`` finds in this newsroom, or does there."""
        return json.loads(self.run("-m", "benchmarks.readers_rows", *arguments))

    def full_press(self) -> Press:
        """One full press, as the command line runs it."""
        began = time.perf_counter()
        self.nashra(*full_press_command())
        whole_s = time.perf_counter() - began
        row = json.loads(self.run("-m", "benchmarks.last_run"))
        return Press(row["duration_ms"], whole_s, row["files_written"] + row["files_unchanged"])

    def pages(self) -> int:
        """How many pages stand in the site's folder."""
        return sum(1 for _page in self.site_folder.rglob("*.html"))

    def serve(self) -> None:
        """Start `nashra serve` with two workers and wait until both origins answer."""
        self._serving = subprocess.Popen(
            [
                *(sys.executable, "-m", "nashra", "serve", "--workers", "2"),
                *("--port", str(self.port), "--desk-port", str(self.desk_port)),
            ],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(f"{self.site}/")
        wait_for(f"{self.desk}/login/")

    def stop(self) -> None:
        """Stop what ``serve`` started."""
        if self._serving is not None:
            self._serving.send_signal(signal.SIGINT)
            self._serving.wait(timeout=30)
            self._serving = None


def full_press_command() -> tuple[str, ...]:
    """What presses everything, by as many processes as this one may use cores."""
    return ("press", "--full", "--quiet", "--workers", str(len(os.sched_getaffinity(0))))


def wait_for(address: str) -> None:
    """Wait until an address answers.

    Raises:
        TimeoutError: it never did.
    """
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        try:
            with urlopen(address, timeout=5) as answer:  # noqa: S310 -- on this machine
                answer.read()
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise TimeoutError(f"{address} did not answer within {START_TIMEOUT_S} s")
