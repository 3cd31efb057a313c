"""One origin's web server: ``python -m nashra.serve.server TARGET HOST PORT WORKERS THREADS``.

Granian, set up so that it writes down nothing about requests: no access log, and of an application's
error only where it happened. Must not import Django: each worker loads its application itself.
"""

from __future__ import annotations

import sys

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from nashra.serve.lifeline import hold_on

READERS_TARGET = "nashra.serve.readers_origin:application"
DESK_TARGET = "nashra.desk.wsgi:application"

# Idle connections may not hold up a stop for longer.
_STOP_S = 3

_LOGGING = {
    "formatters": {"line": {"()": "nashra.logging.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"_granian": {"handlers": ["stderr"], "level": "ERROR", "propagate": False}},
}


def server_command(target: str, *, host: str, port: int, workers: int, threads: int) -> list[str]:
    """The command that runs an origin's server in a process of its own."""
    return [sys.executable, "-m", "nashra.serve.server", target, host, str(port), str(workers), str(threads)]


def run(target: str, *, host: str, port: int, workers: int, threads: int) -> None:
    """Serve until a signal or the end of the lifeline says stop.

    Several threads a worker cost some speed, but one slow post must not hold up every page.
    """
    hold_on()
    Granian(
        target,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=workers,
        blocking_threads=threads,
        backpressure=128,
        log_level=LogLevels.error,
        log_dictconfig=_LOGGING,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=_STOP_S,
    ).serve()


if __name__ == "__main__":
    _target, _host, _port, _workers, _threads = sys.argv[1:]
    run(_target, host=_host, port=int(_port), workers=int(_workers), threads=int(_threads))
