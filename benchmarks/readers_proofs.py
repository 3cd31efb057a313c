"""What one number does not tell: votes at once, what the disk saw, a page that grows, a press beside."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import re
import statistics
import subprocess
import sys
import threading
import time
from typing import Any
from urllib.parse import urlencode

from benchmarks.goals import percentile
from benchmarks.newsroom import Newsroom, full_press_command
from benchmarks.peers import program
from benchmarks.readers_load import Load
from benchmarks.reading import Served, readers_pid
from benchmarks.workshop import say

AT_ONCE = 50
SIZES = (0, 100, 1_000, 33_000)
APPROVALS = 5
_SPREAD = 100
_HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
_FIELD = re.compile(r'<input type="hidden" name="(token|receipt)" value="([^"]*)">')
_SYNC = re.compile(r"fdatasync\(\d+<(?P<file>[^>]*)>\)\s*=\s*0|fdatasync resumed.*= 0")


class _Reader:
    """A reader's connection to the served newsroom."""

    def __init__(self, room: Newsroom) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", room.port, timeout=60)
        self._connection.connect()

    def post(self, path: str, fields: dict[str, str], cookie: str = "") -> tuple[int, str, str]:
        """Send a form: the status, the cookie that was given, and the page."""
        headers = _HEADERS | ({"Cookie": cookie} if cookie else {})
        self._connection.request("POST", path, urlencode(fields), headers)
        answer = self._connection.getresponse()
        given = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        return answer.status, given, answer.read().decode()

    def preview(self, story: str, text: str) -> dict[str, str]:
        """Preview a comment, and give the form that sends it."""
        fields = {"story": story, "name": "Reader", "text": text}
        _status, _cookie, page = self.post("/readers/comment", fields)
        return fields | dict(_FIELD.findall(page))


def fifty_votes(room: Newsroom) -> int:
    """Votes that fifty posts at once with one issued cookie bring: one, if all is well."""
    story = room.rows("stories", str(_SPREAD + 1))[-1]["public_id"]
    fields = {"story": story, "value": "yes"}
    _status, cookie, _page = _Reader(room).post("/readers/reaction", fields)
    before = room.rows("counts")
    # Last of all, since the server hangs up on whoever is silent for some seconds.
    readers = [_Reader(room) for _ in range(AT_ONCE)]
    together = threading.Barrier(AT_ONCE)
    statuses: list[int] = []

    def vote(reader: _Reader) -> None:
        together.wait()
        statuses.append(reader.post("/readers/reaction", fields, cookie)[0])

    threads = [threading.Thread(target=vote, args=(reader,)) for reader in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if statuses != [200] * AT_ONCE:
        raise RuntimeError(f"Not all of {AT_ONCE} votes were answered: {sorted(statuses)}")
    after = room.rows("counts")
    counted: int = after["counted"] - before["counted"]
    if after["votes"] - before["votes"] != counted:
        raise RuntimeError(f"Rows and counters do not agree: {before}, {after}")
    return counted


def seen_on_disk(room: Newsroom) -> dict[str, Any]:
    """What strace sees of one accepted comment: the log's last sync before the answer leaves.

    Raises:
        RuntimeError: the answer left before its comment was on the disk.
    """
    story = room.rows("stories", "1")[0]["public_id"]
    fields = _Reader(room).preview(story, "Is this on the disk before I am told so?")
    traced = room.home / "traced.txt"
    pids = _tree(readers_pid(room))
    calls = "trace=fdatasync,fsync,pwrite64,write,writev,sendto,sendmsg"
    command = [program("strace"), "-f", "-y", "-s", "40", "-e", calls, "-o", str(traced)]
    command += [part for pid in pids for part in ("-p", str(pid))]
    tracing = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        time.sleep(2)
        status, _cookie, page = _Reader(room).post("/readers/comment", fields)
        time.sleep(1)
    finally:
        tracing.terminate()
        tracing.wait()
    if status != 200 or 'name="token"' in page:
        raise RuntimeError(f"The comment was not taken ({status}).")
    return order_of(traced.read_text(encoding="utf-8", errors="replace").splitlines())


def _tree(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [pid, *(each for child in found.stdout.split() for each in _tree(int(child)))]


def order_of(lines: list[str]) -> dict[str, Any]:
    """What strace's lines tell of one comment.

    Raises:
        RuntimeError: no comment passed, or the answer left before the disk had it.
    """
    written = [at for at, line in enumerate(lines) if "pwrite64" in line and "-wal>" in line]
    answered = [at for at, line in enumerate(lines) if "HTTP/1.1 200" in line]
    if not written or not answered:
        raise RuntimeError("strace saw no comment pass:\n" + "\n".join(lines[-40:]))
    synced = [at for at, line in enumerate(lines) if _SYNC.search(line) and at > written[-1]]
    if not synced or synced[0] > answered[0]:
        raise RuntimeError("The answer left before the disk had the comment:\n" + "\n".join(lines[-40:]))
    return {"order": ["pwrite64 …-wal", "fdatasync …-wal = 0", "HTTP/1.1 200"], "is_before": True}


def page_growth(room: Newsroom) -> list[dict[str, Any]]:
    """A story's page with more and more comments: its bytes, and what one more approval takes."""
    story = room.rows("stories", str(_SPREAD + 2))[-1]
    found = []
    for size in SIZES:
        say(f"A story with {size:,} comments")
        if size:
            room.rows("fill", story["public_id"], str(size))
        page = (room.site_folder / story["address"].strip("/") / "index.html").read_bytes()
        row: dict[str, Any] = {
            "comments": size,
            "bytes": len(page),
            "gzip_bytes": len(gzip.compress(page, 6, mtime=0)),
        }
        if size:
            approvals = room.rows("approve", story["public_id"], str(APPROVALS))
            row["approve_to_pressed_ms"] = [each["approve_to_pressed_ms"] for each in approvals]
            row["files_written"] = max(each["files_written"] for each in approvals)
        found.append(row)
    return found


def under_press(room: Newsroom, load: Load, stories_pressed: int, *, seconds: int = 4) -> dict[str, Any]:
    """Comments by eight connections for as long as a full press runs beside."""
    room.full_press()
    stories = [each["public_id"] for each in room.rows("stories", str(_SPREAD))]
    room.serve()
    with contextlib.ExitStack() as at_end:
        at_end.callback(room.stop)
        served = Served(room.site, readers_pid(room))
        alone = load.run(served, "comment", stories, seconds)
        command = [sys.executable, "-m", "nashra", *full_press_command()]
        pressing = subprocess.Popen(command, env=room.environment, stdout=subprocess.DEVNULL)
        began = time.perf_counter()
        loads = []
        while pressing.poll() is None:
            loads.append(load.run(served, "comment", stories, seconds))
        took_s = time.perf_counter() - began
        if pressing.returncode:
            raise RuntimeError("The press that ran beside has failed.")
    # The last turn outlasts the press, and would flatter it.
    loads = loads[:-1] or loads
    times = [each for loaded in loads for each in loaded.alone_ms]
    return {
        "stories": stories_pressed,
        "press_s": round(took_s, 1),
        "comments": len(times),
        "per_second": round(statistics.median(loaded.per_second for loaded in loads), 1),
        "p50_ms": round(percentile(times, 50), 1),
        "p99_ms": round(percentile(times, 99), 1),
        "slowest_ms": round(max(times), 1),
        "without_press": alone.told(),
    }
