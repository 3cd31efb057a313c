"""Starting, watching over and stopping processes, with real ones."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from nashra.serve import supervisor as supervising
from nashra.serve.ports import CannotListen, check_port, origin_url
from nashra.serve.supervisor import Part, PartDied, Supervisor
from tests.serve.ports import free_ports

PROJECT = Path(__file__).parents[2]
# A part that holds on to its lifeline, notes its process and one that it started itself, and waits.
PART = """
import os, pathlib, subprocess, sys, time
from nashra.serve.lifeline import hold_on
hold_on()
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
notes = pathlib.Path(sys.argv[1])
with notes.open("a") as file:
    file.write(f"{os.getpid()} {child.pid}\\n")
time.sleep(300)
"""


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not yet noticed does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition: Callable[[], bool], what: str, timeout_s: float = 20) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.02)


def noted(notes: Path) -> list[list[int]]:
    return (
        [[int(pid) for pid in line.split()] for line in notes.read_text().splitlines()]
        if notes.exists()
        else []
    )


def part(notes: Path, **more: object) -> Part:
    return Part(name="The part", command=(sys.executable, "-c", PART, str(notes)), **more)  # type: ignore[arg-type]


def test_it_starts_stops_and_leaves_nothing_behind(tmp_path: Path) -> None:
    notes, stop = tmp_path / "notes", threading.Event()
    supervisor = Supervisor([part(notes, is_ready=notes.exists)], environment=os.environ, say=print)
    supervisor.start(stop)
    wait_for(lambda: bool(noted(notes)), "the part's note")
    [[parent, child]] = noted(notes)
    assert alive(parent)
    assert alive(child)
    supervisor.stop()
    assert not alive(parent)
    wait_for(lambda: not alive(child), "the grandchild's end")


def test_it_starts_a_dead_part_again_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervising, "FIRST_PAUSE_S", 0.1)
    notes, stop, said = tmp_path / "notes", threading.Event(), list[str]()
    supervisor = Supervisor([part(notes)], environment=os.environ, say=said.append)
    supervisor.start(stop)
    watching = threading.Thread(target=supervisor.watch, args=(stop,))
    watching.start()
    try:
        wait_for(lambda: len(noted(notes)) == 1, "the first start")
        first = noted(notes)[0]
        os.kill(first[0], signal.SIGKILL)
        wait_for(lambda: len(noted(notes)) == 2, "the second start")
        assert not alive(first[1])
        assert said == ["The part ended (signal SIGKILL); it starts again in 0 s."]
    finally:
        stop.set()
        watching.join()
        supervisor.stop()
    assert not any(alive(pid) for pid in noted(notes)[1][:1])


def test_it_says_which_part_could_not_start() -> None:
    broken = Part(
        name="The desk", command=(sys.executable, "-c", "raise SystemExit(3)"), is_ready=lambda: False
    )
    supervisor = Supervisor([broken], environment=os.environ, say=print)
    with pytest.raises(PartDied, match=r"The desk could not start \(exit code 3\)"):
        supervisor.start(threading.Event())
    supervisor.stop()


def test_what_is_not_vital_may_fail_and_the_others_serve_on(tmp_path: Path) -> None:
    notes, stop, said = tmp_path / "notes", threading.Event(), list[str]()
    broken = Part(name="The press", command=(sys.executable, "-c", "raise SystemExit(3)"), is_vital=False)
    supervisor = Supervisor(
        [part(notes, is_ready=notes.exists), broken], environment=os.environ, say=said.append
    )
    supervisor.start(stop)
    watching = threading.Thread(target=supervisor.watch, args=(stop,))
    watching.start()
    try:
        wait_for(lambda: bool(said), "word of the press")
        assert said[0].startswith("The press ended (exit code 3); it starts again in ")
        [[pid, _child]] = noted(notes)
        assert alive(pid)
    finally:
        stop.set()
        watching.join()
        supervisor.stop()


def test_it_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(supervising, "START_TIMEOUT_S", 0.3)
    supervisor = Supervisor(
        [part(tmp_path / "notes", is_ready=lambda: False)], environment=os.environ, say=print
    )
    with pytest.raises(PartDied, match="did not answer"):
        supervisor.start(threading.Event())
    supervisor.stop()


def test_a_part_that_will_not_stop_is_killed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(supervising, "STOP_TIMEOUT_S", 0.5)
    deaf = (
        "import signal, sys, time; signal.signal(15, signal.SIG_IGN); open(sys.argv[1], 'w'); time.sleep(300)"
    )
    ready = tmp_path / "ready"
    stubborn = Part(name="It", command=(sys.executable, "-c", deaf, str(ready)), is_ready=ready.exists)
    supervisor = Supervisor([stubborn], environment=os.environ, say=print)
    supervisor.start(threading.Event())
    begun = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_however_it_ends_its_parts_end_too(tmp_path: Path, number: signal.Signals) -> None:
    notes, program = tmp_path / "notes", tmp_path / "program.py"
    program.write_text(
        textwrap.dedent(
            f"""
            import os, sys
            from nashra.serve.supervisor import Part, supervise
            part = Part(name="The part", command=(sys.executable, "-c", {PART!r}, {str(notes)!r}))
            supervise([part], environment=os.environ, say=print, ready="ready")
            """
        )
    )
    with subprocess.Popen(
        [sys.executable, program], cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        wait_for(lambda: bool(noted(notes)), "the part's note")
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert err == b""
    if number != signal.SIGKILL:
        assert (process.returncode, out) == (0, b"ready\n")
    wait_for(lambda: not any(alive(pid) for pid in noted(notes)[0]), "the end of the part and its child")


def test_it_says_that_a_port_is_taken_and_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen, match=rf"Port {port} on 127\.0\.0\.1 is taken: .* --port \d+"):
            check_port("127.0.0.1", port, "--port")
    check_port("127.0.0.1", free_ports(1)[0], "--port")


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),  # noqa: S104 - a name, nothing listens
        ("::", "http://[::1]:80"),
        ("news.example", "http://news.example:80"),
    ],
)
def test_it_names_an_origin_as_a_browser_does(host: str, url: str) -> None:
    assert origin_url(host, 80) == url
