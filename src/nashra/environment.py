"""Reads environment variables for the settings; each bad value stops the start with a sentence.

Every variable may also come from a file named by ``NAME_FILE``. Must not import Django's settings.
"""

from __future__ import annotations

import json
import os
import secrets
import stat
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

ORIGINS = ("NASHRA_SITE_URL", "NASHRA_DESK_URL")
ORIGINS_FILE = "origins.json"


class BadSetting(SystemExit):
    """A variable that the start cannot go on with; its sentence is all that the user sees."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"nashra: the variable {name} {why}")


def text(name: str, default: str = "") -> str:
    """The variable's text, or that of the file which ``NAME_FILE`` names."""
    file_name = os.environ.get(f"{name}_FILE")
    if file_name and name not in os.environ:
        try:
            return Path(file_name).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise BadSetting(f"{name}_FILE", f"names a file that cannot be read: {file_name}") from error
    return os.environ.get(name, default)


def one_of(name: str, choices: Sequence[str], default: str) -> str:
    """The variable's text, which must be one of the choices."""
    value = text(name, default)
    if value not in choices:
        raise BadSetting(name, f"must be one of {', '.join(choices)}, not {value!r}.")
    return value


def url(name: str, default: str) -> str:
    """An origin such as ``https://news.example``, without a path."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise BadSetting(name, f"must be an origin such as https://news.example, not {value!r}.")
    return value


def onion(name: str) -> str:
    """An onion service's origin, or nothing where none is named."""
    if not text(name):
        return ""
    value = url(name, "")
    if not value.endswith(".onion"):
        raise BadSetting(name, f"must be an onion service such as http://abc…xyz.onion, not {value!r}.")
    return value


def number(name: str, default: int, *, least: int, most: int) -> int:
    """A whole number within these bounds."""
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit() and len(value) < 10 and least <= int(value) <= most):
        raise BadSetting(name, f"must be a whole number from {least} to {most}, not {value!r}.")
    return int(value)


def addresses(name: str) -> tuple[str, ...]:
    """IP addresses with commas between them; none unless asked."""
    found = tuple(part.strip() for part in text(name).split(",") if part.strip())
    for address in found:
        try:
            ip_address(address)
        except ValueError as error:
            raise BadSetting(
                name, f"must be IP addresses with commas between them: {address!r} is none."
            ) from error
    return found


def remembered_origin(var: Path, name: str, default: str) -> str:
    """Where this newsroom was last served (``remember_origins``), or the default.

    So a command at another terminal gives pages and stories the addresses that readers have.
    """
    try:
        origins = json.loads((var / ORIGINS_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return default
    except (OSError, ValueError) as error:
        raise BadSetting(name, f"is not set, and {var / ORIGINS_FILE} cannot be read: delete it.") from error
    return str(origins.get(name, default))


def remember_origins(var: Path, origins: Mapping[str, str]) -> None:
    """Keep the two origins in ``var/origins.json``, whole or not at all."""
    beside = var / f"{ORIGINS_FILE}.new"
    beside.write_text(json.dumps(dict(origins), indent=2) + "\n", encoding="utf-8")
    beside.replace(var / ORIGINS_FILE)


def home() -> Path:
    """The newsroom's folder: ``NASHRA_HOME``, or the folder that we were called in."""
    folder = Path(text("NASHRA_HOME") or Path.cwd()).expanduser()
    return folder.resolve()


def secret_key(var: Path, *, production: bool) -> str:
    """``NASHRA_SECRET_KEY``, else the key that ``nashra init`` stored in ``var/secret-key``.

    Without either a new random key serves this process alone, which suits tests and a first
    ``nashra --help``; in production that is refused.
    """
    given = text("NASHRA_SECRET_KEY")
    if given:
        if production and len(given) < 32:
            raise BadSetting("NASHRA_SECRET_KEY", "must have at least 32 characters in production.")
        return given
    stored = var / "secret-key"
    if stored.is_file():
        return stored.read_text(encoding="ascii").strip()
    if production:
        raise BadSetting(
            "NASHRA_SECRET_KEY", f"is not set, and there is no key in {stored}: run `nashra init`."
        )
    return secrets.token_urlsafe(48)


def store_secret_key(var: Path) -> Path:
    """Make ``var/secret-key`` (mode 0600) unless it is there; the same key then serves every start."""
    path = var / "secret-key"
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    return path


def refuse_insecure_production(*, allowed_hosts: Sequence[str], site_url: str, desk_url: str) -> None:
    """Stop the start where production would run on a default that suits one machine only."""
    if not allowed_hosts or "*" in allowed_hosts:
        raise BadSetting("NASHRA_ALLOWED_HOSTS", "must name the desk's and the readers' hosts in production.")
    if not site_url.startswith("https://") and not (urlsplit(site_url).hostname or "").endswith(".onion"):
        raise BadSetting("NASHRA_SITE_URL", "must be an https:// origin (or an onion address) in production.")
    if not desk_url.startswith("https://"):
        raise BadSetting("NASHRA_DESK_URL", "must be an https:// origin in production.")


_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;"
    # 20 MB a connection: the indexes of a great archive, which are read and written in no order.
    "PRAGMA cache_size=-20000;"
)


def database(name: str, default_file: Path, *, snapshot: bool = False) -> dict[str, Any]:
    """One entry of ``DATABASES``: a ``postgresql://`` or ``sqlite:///`` address, or the default file.

    ``snapshot`` gives the connection with which the press reads one consistent state without ever
    taking a write lock: deferred on SQLite, REPEATABLE READ on PostgreSQL.
    """
    address = text(name)
    parts = urlsplit(address) if address else None
    if parts is None or parts.scheme == "sqlite":
        file = Path(unquote(parts.path)) if parts else default_file
        return _sqlite(file, snapshot=snapshot)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise BadSetting(name, "must begin with postgresql:// or sqlite:///.")
    if len(parts.path) < 2:
        raise BadSetting(name, "names no database: it must end in /NAME.")
    return _postgresql(name, parts, snapshot=snapshot)


def _sqlite(file: Path, *, snapshot: bool) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "init_command": _SQLITE_PRAGMAS,
            "transaction_mode": "DEFERRED" if snapshot else "IMMEDIATE",
            "timeout": 20,
        },
        # A file, as in earnest: several connections and processes must see the same rows.
        "TEST": {"MIRROR": "default"} if snapshot else {"NAME": f"{file}.test", "DEPENDENCIES": []},
    }


def _postgresql(name: str, parts: Any, *, snapshot: bool) -> dict[str, Any]:
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    if snapshot:
        from psycopg import IsolationLevel

        options["isolation_level"] = IsolationLevel.REPEATABLE_READ
    try:
        port = parts.port
    except ValueError as error:
        raise BadSetting(name, "has a port that is no number.") from error
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
        "TEST": {"MIRROR": "default"} if snapshot else {"DEPENDENCIES": []},
    }


def email(name: str) -> dict[str, Any]:
    """Django's mail settings from ``smtp://``, ``smtps://`` or ``smtp+tls://``; without one, the console."""
    address = text(name)
    if not address:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = urlsplit(address)
    if parts.scheme not in {"smtp", "smtps", "smtp+tls"} or not parts.hostname:
        raise BadSetting(name, "must look like smtp+tls://USER:PASSWORD@HOST:PORT.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or {"smtp": 25, "smtps": 465, "smtp+tls": 587}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_TIMEOUT": 20,
    }
