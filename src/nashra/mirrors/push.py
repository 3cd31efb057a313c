"""Sends an edition to mirrors by ``rsync``, so that each is whole at every moment, as far as metadata tells.

First what vouches for nothing, then what vouches for it, ``timestamp.json`` last; what the edition no longer
has leaves after that. Each mirror is on its own: none waits for another. Must not know the database, and must
not hold anything up: a mirror has only so long.
"""

from __future__ import annotations

import datetime
import filecmp
import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from nashra.edition.index import INDEX_PATH, parse_edition

FIRST_ROOT, TIMESTAMP = "metadata/1.root.json", "metadata/timestamp.json"
LIMIT_S = 3600.0
PAUSES_S = (5.0, 20.0, 60.0)
_MOST_AT_ONCE = 16

_OPTIONS = (
    *("--recursive", "--times", "--perms", "--chmod=D755,F644", "--omit-dir-times"),
    # To the nanosecond: two editions may be cut within a second, and their lists have one length.
    "--modify-window=-1",
    # A long file goes on where the line broke; until it is whole, it is under no name of ours.
    *("--partial-dir=.nashra-partial", "--timeout=60"),
)
# What is sent one after the other; ``True`` where even a file of the same time and size is compared.
_TURNS: tuple[tuple[tuple[str, ...], bool], ...] = (
    (("--include=/metadata/", "--include=/metadata/*.root.json", "--exclude=*"), True),
    (("--exclude=/metadata/", "--exclude=/volumes/", "--exclude=/edition/"), False),
    (("--exclude=/metadata/",), False),
    (("--include=/metadata/", "--include=/metadata/*.targets.json", "--exclude=*"), True),
    (("--include=/metadata/", "--include=/metadata/*.snapshot.json", "--exclude=*"), True),
    (("--include=/metadata/", "--include=/metadata/timestamp.json", "--exclude=*"), True),
    (("--delete-after",), False),
)
_NOTHING_THERE = 23
# Wrong words, a wrong version, no such folder, a full disk: another try at once finds the same.
_HOPELESS = {1, 2, 3, 4}
_FULL = "No space left on device"


class CannotPush(Exception):
    """The edition did not reach a mirror; the message says why."""

    def __init__(self, why: str, *, is_hopeless: bool = False) -> None:
        super().__init__(why)
        self.is_hopeless = is_hopeless


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one mirror's push; ``error`` is empty where the whole edition arrived."""

    name: str
    began_at: datetime.datetime
    ended_at: datetime.datetime
    edition_number: int
    attempts: int
    error: str = ""


@dataclass(frozen=True, slots=True)
class Pace:
    """Clocks, and how long to wait: between tries, and at most for one mirror with all of them."""

    now: Callable[[], datetime.datetime]
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    pauses_s: Sequence[float] = PAUSES_S
    limit_s: float = LIMIT_S


def check_target(target: str) -> str:
    """The target itself, when rsync takes it for a place: a folder, ``host:path`` or ``rsync://host/module``.

    Raises:
        CannotPush: it does not, or would take it for an option.
    """
    host = target.removeprefix("rsync://").split(":", 1)[0].split("/", 1)[0].rpartition("@")[2]
    if not target.isprintable() or not target or target.startswith("-") or host.startswith("-"):
        raise CannotPush("is no folder and no rsync target")
    if target.startswith("rsync://"):
        if not re.fullmatch(r"rsync://[^/]+/[^/].*", target):
            raise CannotPush("must name a module: rsync://host/module")
    elif ":" not in target.split("/", 1)[0] and not target.startswith("/"):
        raise CannotPush("is no place that is the same from everywhere: begin a folder with a slash")
    if not target.strip("/"):
        raise CannotPush("is the whole disk: name a folder on it")
    return target.rstrip("/") + "/"


def copy_by_links(edition: Path, to: Path) -> None:
    """The edition as it lies at this moment, by links: it may be replaced while mirrors still take this one.

    Call it under the edition's lock, onto the same disk.

    Raises:
        OSError: the disk refused.
    """
    done = subprocess.run(  # noqa: S603 -- our own words and folders, and no shell
        ["cp", "-a", "--link", "--", str(edition), str(to)],  # noqa: S607 -- the system's own, by its name
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise OSError(f"The edition cannot be copied by links: {done.stderr.strip()}")


def push_all(
    edition: Path, targets: dict[str, str], *, pace: Pace, thorough: bool = False
) -> Iterator[Outcome]:
    """Send an edition to all mirrors at once, ``targets`` by their names; each outcome as it comes.

    ``thorough`` compares every file by its content, and not by time and size.

    Raises:
        CannotPush: there is no whole edition in the folder; nothing was sent.
    """
    number = _number_of(edition)
    with ThreadPoolExecutor(min(len(targets), _MOST_AT_ONCE) or 1) as pool:
        pushes = [
            pool.submit(_Push(edition, name, to, pace, thorough).run, number) for name, to in targets.items()
        ]
        for push in as_completed(pushes):
            yield push.result()


def _number_of(edition: Path) -> int:
    try:
        number = parse_edition((edition / INDEX_PATH).read_bytes()).number
    except (OSError, ValueError) as error:
        raise CannotPush(f"There is no edition in {edition}: run `nashra edition cut` first.") from error
    if not (edition / TIMESTAMP).is_file() or not (edition / FIRST_ROOT).is_file():
        raise CannotPush(f"The edition in {edition} has no metadata yet: run `nashra edition cut` first.")
    return number


class _Push:
    """One edition on its way to one mirror."""

    def __init__(self, edition: Path, name: str, target: str, pace: Pace, thorough: bool) -> None:
        self.edition, self.name, self.target, self.pace = edition, name, target, pace
        self.thorough = thorough
        self.deadline_s = 0.0

    def run(self, number: int) -> Outcome:
        began_at = self.pace.now()
        self.deadline_s = self.pace.monotonic() + self.pace.limit_s
        error, attempts = "", 0
        for pause_s in (*self.pace.pauses_s, None):
            attempts += 1
            try:
                self._send()
            except CannotPush as found:
                error = str(found)
                late = self.pace.monotonic() + (pause_s or 0) >= self.deadline_s
                if found.is_hopeless or pause_s is None or late:
                    break
                self.pace.sleep(pause_s)
            else:
                error = ""
                break
        return Outcome(self.name, began_at, self.pace.now(), number, attempts, error)

    def _send(self) -> None:
        self._check_place()
        for filters, by_content in _TURNS:
            compared = ("--checksum",) if by_content or self.thorough else ()
            self._rsync(*_OPTIONS, *compared, *filters, "--", f"{self.edition}/", self.target)

    def _check_place(self) -> None:
        """Nothing is removed in a folder that holds anything else than an edition of ours."""
        code, listed = self._call("--list-only", "--timeout=60", "--", self.target)
        if code not in {0, _NOTHING_THERE}:
            raise _failure(code, listed)
        names = [line for line in listed.splitlines() if line[:1] in "-dlbcps" and not line.endswith(" .")]
        if code or not names:
            return
        with tempfile.TemporaryDirectory() as folder:
            found = Path(folder) / "root.json"
            code, said = self._call("--timeout=60", "--", f"{self.target}{FIRST_ROOT}", str(found))
            if code == _NOTHING_THERE or (
                not code and not filecmp.cmp(found, self.edition / FIRST_ROOT, False)
            ):
                raise CannotPush(
                    "Its folder holds something else than an edition of this newsroom: empty it first.",
                    is_hopeless=True,
                )
            if code:
                raise _failure(code, said)

    def _rsync(self, *arguments: str) -> None:
        code, said = self._call(*arguments)
        if code:
            raise _failure(code, said)

    def _call(self, *arguments: str) -> tuple[int, str]:
        """Run rsync, which may take no longer than the mirror has; gives its exit code and what it said."""
        environment = {**os.environ, "LC_ALL": "C"}
        # Nobody sits there to type a password.
        environment.setdefault("RSYNC_RSH", "ssh -o BatchMode=yes -o ConnectTimeout=20")
        try:
            process = subprocess.Popen(  # noqa: S603 -- no shell, and targets are no options
                ["rsync", *arguments],  # noqa: S607 -- the system's own, by its name
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
            )
        except FileNotFoundError as error:
            raise CannotPush("The program rsync is not installed here.", is_hopeless=True) from error
        with process:
            try:
                said, _ = process.communicate(timeout=max(0.1, self.deadline_s - self.pace.monotonic()))
            except subprocess.TimeoutExpired as error:
                _end(process)
                raise CannotPush("It took longer than a mirror may take.", is_hopeless=True) from error
        return process.returncode, said.decode("utf-8", "replace")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End rsync and the ssh that it called, in the way that lets it keep what has come."""
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.communicate(timeout=3)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)


def _failure(code: int, said: str) -> CannotPush:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    why = lines[0] if lines else "rsync said nothing"
    full = next((line for line in lines if _FULL in line), "")
    if full:
        return CannotPush(f"Its disk is full: {full[:300]}", is_hopeless=True)
    return CannotPush(f"rsync ended with {code}: {why[:300]}", is_hopeless=code in _HOPELESS)
