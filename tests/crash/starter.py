"""Starts processes of a newsroom without the seconds that imports take: ``python -m tests.crash.starter``.

Loads Django and the command once, holds no connection and no thread, and forks for each order that it reads
(a line of JSON on its input). What it starts is a process like any other: it opens its own connections, runs
the real command, and can be killed.

Orders are objects:

- ``{"start": ["press", "--full"], "said": FILE, "trouble": [KIND, N]}`` runs ``nashra press --full``, with a
  failing disk or a death at the n-th change of files if so asked; the answer is ``{"pid": …}``;
- ``{"start": ["work", NAME, JSON…]}`` runs a function of ``work`` instead;
- ``{"wait": PID}`` is answered with ``{"code": …}``, negative for a signal.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from typing import Any, NoReturn

from nashra.doorway import set_up_django


def main() -> None:
    """Read orders until there are no more."""
    set_up_django()
    # What commands import when they run, so that no moment of a run is spent on it.
    import nashra.press.run
    import nashra.press.watch
    from tests.crash import work  # noqa: F401

    _answer({"ready": nashra.press.run.__name__})
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            _pid, status = os.waitpid(order["wait"], 0)
            _answer({"code": os.waitstatus_to_exitcode(status)})
        else:
            _answer({"pid": _start(order)})


def _answer(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


def _start(order: dict[str, Any]) -> int:
    pid = os.fork()
    if pid == 0:
        _become(order)
    return pid


def _become(order: dict[str, Any]) -> NoReturn:
    """Be the process that was ordered, to its end."""
    said = os.open(order["said"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, descriptor in ((0, nothing), (1, said), (2, said)):
        os.dup2(descriptor, number)
    if order.get("trouble"):
        from tests.crash.failing import trouble

        trouble.plan(*order["trouble"])
    try:
        code = _run(order["start"])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(bool(end.code))
    except BaseException:  # noqa: BLE001 -- it is written down, and told by the exit code.
        traceback.print_exc()
        code = 70
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _run(words: list[str]) -> int:
    if words[0] == "work":
        from tests.crash import work

        print(json.dumps(getattr(work, words[1])(*map(json.loads, words[2:]))))
        return 0
    from nashra.cli import main as nashra

    nashra(words, prog_name="nashra")
    return 0


if __name__ == "__main__":
    main()
