"""A real newsroom in a folder of its own, worked on by the real command in processes of their own."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.serve.ports import free_ports


class Newsroom:
    """A folder, the environment that names it, and the command."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment

    @property
    def var(self) -> Path:
        return self.folder / "var"

    def run(self, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run ``nashra`` to its end."""
        return subprocess.run(
            [sys.executable, "-m", "nashra", *arguments],
            cwd=self.folder,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    def shell(self, program: str) -> str:
        """What a program prints in the newsroom's own Django shell."""
        done = self.run("manage", "shell", "--no-imports", "-c", program)
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextlib.contextmanager
    def serving(self, command: str = "serve", *options: str) -> Iterator[Serving]:
        """Serve it on free ports; in the end nothing that was started may be left."""
        port, desk_port = free_ports(2)
        log = self.folder / f"{command}-{port}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "nashra",
                    command,
                    "--port",
                    str(port),
                    "--desk-port",
                    str(desk_port),
                    *options,
                ],
                cwd=self.folder,
                env=self.environment,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
            serving = Serving(process, port, desk_port, log)
            try:
                serving.wait_until("Stop with Ctrl-C", timeout_s=150)
                yield serving
            finally:
                started = serving.started()
                process.send_signal(signal.SIGINT)
                code = process.wait(30)
        said = log.read_text()
        assert serving.was_killed or code == 0, said
        assert "Traceback" not in said, said
        wait_for_the_end_of(started)


class Serving:
    """A running ``nashra serve`` or ``nashra demo``."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, desk_port: int, log: Path) -> None:
        self.process = process
        self.port, self.desk_port, self.log = port, desk_port, log
        self.was_killed = False

    def kill(self) -> None:
        """End the first process in the way that it cannot notice."""
        self.process.kill()
        self.process.wait()
        self.was_killed = True

    def wait_until(self, words: str, timeout_s: float = 30, times: int = 1) -> None:
        deadline = time.monotonic() + timeout_s
        while self.log.read_text().count(words) < times:
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.02)

    def started(self) -> dict[int, str]:
        """The processes beneath this one, with their command lines."""
        return descendants(self.process.pid)

    def read(self, path: str) -> tuple[int, str]:
        """A page of the readers' site."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except urllib.error.URLError:
            return 0, "nobody listens"

    def wait_for_page(self, path: str, words: str, timeout_s: float = 20) -> float:
        """How many seconds it took until a page says something."""
        begun = time.monotonic()
        while words not in self.read(path)[1]:
            assert time.monotonic() - begun < timeout_s, self.log.read_text()
            time.sleep(0.02)
        return time.monotonic() - begun


def wait_for_the_end_of(pids: Iterable[int], timeout_s: float = 15) -> None:
    """Wait until none of the processes runs; one that ended and was not yet noticed counts as ended."""
    deadline = time.monotonic() + timeout_s
    left = set(pids)
    while left := {pid for pid in left if _runs(pid)}:
        assert time.monotonic() < deadline, f"processes {left} are still there"
        time.sleep(0.05)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def descendants(pid: int) -> dict[int, str]:
    """The processes beneath one, with their command lines."""
    found: dict[int, str] = {}
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            command = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            found |= {int(child): command} | descendants(int(child))
    return found


def new_newsroom(folder: Path, database_addresses: dict[str, str]) -> Newsroom:
    """An empty folder's newsroom, still to be made by ``nashra init``; its key is the one that is stored."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not re.match(r"NASHRA_|(DESK_)?PORT$|HOST$", name)
    }
    return Newsroom(folder, kept | database_addresses | {"PYTHONPATH": str(Path(__file__).parents[2])})
