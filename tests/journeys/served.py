"""A newsroom that is really served: made by ``nashra init``, run by ``nashra serve``, its words kept."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

START_TIMEOUT_S = 240
STOP_TIMEOUT_S = 30


def free_port() -> int:
    """A port that nobody listens at just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class ServedNewsroom:
    """Two origins and a press, in processes of their own, until ``stop``."""

    def __init__(self, home: Path, databases: Mapping[str, str]) -> None:
        self.home = home
        self.log_file = home / "serve.log"
        self.port, self.desk_port = free_port(), free_port()
        self.site = f"http://127.0.0.1:{self.port}"
        self.desk = f"http://127.0.0.1:{self.desk_port}"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("NASHRA_")}
        self._environment = {**inherited, **databases, "NASHRA_HOME": str(home), "PYTHONUNBUFFERED": "1"}
        # A decision can be undone for half a minute, and no test should sleep that long.
        self._environment |= {"NASHRA_UNDO_S": "5", "NASHRA_APPROVAL_BATCH_S": "1"}
        self._process: subprocess.Popen[bytes] | None = None

    def nashra(self, *arguments: str) -> str:
        """Run a command of ours on this newsroom and give what it printed."""
        command = [sys.executable, "-m", "nashra", *arguments]
        done = subprocess.run(
            command, cwd=self.home, env=self._environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def found(self, *languages: str) -> None:
        """Make the newsroom, with an administrator."""
        options = [part for language in languages for part in ("--language", language)]
        self.nashra("init", *options)

    def start(self, command: str = "serve") -> None:
        """Serve (or ``demo``), and wait until both addresses are said to be ready."""
        ports = ("--port", str(self.port), "--desk-port", str(self.desk_port))
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "nashra", command, *ports, "--workers", "2"],
                cwd=self.home,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_TIMEOUT_S
        try:
            while "Stop with Ctrl-C" not in self.log():
                assert self._process.poll() is None, self.log()
                assert time.monotonic() < deadline, self.log()
                time.sleep(0.1)
        except AssertionError:
            self.stop()
            raise

    def stop(self) -> int:
        """Stop as Ctrl-C does; gives the exit code."""
        if self._process is None:
            return 0
        process, self._process = self._process, None
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            return process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise

    def log(self) -> str:
        """All that the newsroom has said so far."""
        return self.log_file.read_text(encoding="utf-8") if self.log_file.exists() else ""

    def password(self, username: str) -> str:
        """What ``var/passwords.txt`` says."""
        text = (self.home / "var" / "passwords.txt").read_text(encoding="utf-8")
        return re.search(rf"^{username}\t(\S+)$", text, re.MULTILINE)[1]
