"""One origin's web server: ``python -m nashra.serve.server TARGET HOST PORT WORKERS THREADS``.

uvicorn for the readers' site, granian for the desk, both set up so that they write down nothing about
requests: no access log, and of an application's error only where it happened. Must not import Django:
each worker loads its application itself.
"""

from __future__ import annotations

import contextlib
import resource
import sys
from typing import Any

from nashra.serve.lifeline import hold_on

READERS_TARGET = "nashra.serve.readers_origin:application"
DESK_TARGET = "nashra.desk.wsgi:application"

# Idle connections may not hold up a stop for longer.
_STOP_S = 3
# Connections and open files of one process; what the system allows may be less.
_MOST_OPEN_FILES = 16_384
_MOST_CONNECTIONS = 4_096


def _logging(logger: str) -> dict[str, Any]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "nashra.logging.LineFormatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "loggers": {logger: {"handlers": ["stderr"], "level": "ERROR", "propagate": False}},
    }


def server_command(target: str, *, host: str, port: int, workers: int, threads: int) -> list[str]:
    """The command that runs an origin's server in a process of its own."""
    return [sys.executable, "-m", "nashra.serve.server", target, host, str(port), str(workers), str(threads)]


def run_desk(target: str, *, host: str, port: int, workers: int, threads: int) -> None:
    """Serve a WSGI application until a signal or the end of the lifeline says stop."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

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
        log_dictconfig=_logging("_granian"),
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=_STOP_S,
    ).serve()


def run_readers(target: str, *, host: str, port: int, workers: int) -> None:
    """Serve a ``ReadersOrigin`` until a signal or the end of the lifeline says stop.

    Each worker is one thread that answers pages, and a few that wait for the readers' desk.
    """
    from uvicorn import Config
    from uvicorn.supervisors import Multiprocess

    from nashra.serve.connection import PageConnection

    hold_on()
    _allow_many_connections()
    config = Config(
        target,
        host=host,
        port=port,
        workers=workers,
        http=PageConnection,
        loop="uvloop",
        ws="none",
        lifespan="off",
        interface="asgi3",
        access_log=False,
        log_level="error",
        log_config=_logging("uvicorn"),
        proxy_headers=False,
        server_header=False,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_graceful_shutdown=_STOP_S,
    )
    Multiprocess(config, sockets=[config.bind_socket()]).run()


def _allow_many_connections() -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_OPEN_FILES if hard == resource.RLIM_INFINITY else min(_MOST_OPEN_FILES, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


if __name__ == "__main__":
    _target, _host, _port, _workers, _threads = sys.argv[1:]
    if _target == DESK_TARGET:
        run_desk(_target, host=_host, port=int(_port), workers=int(_workers), threads=int(_threads))
    else:
        # A readers' origin brings its threads along: they wait for its desk alone.
        run_readers(_target, host=_host, port=int(_port), workers=int(_workers))
