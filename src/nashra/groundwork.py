"""Makes a newsroom in a folder: its key, its databases, its publications, its first administrator.

Everything here may be done again without harm: what is there stays as it is. Imports Django, which must
be set up before; must not serve or press anything.
"""

from __future__ import annotations

import datetime
import os
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

# Which apps' tables a database gets: all of them, or the readers' alone (walking through the desk's two
# hundred migrations only to make none of their tables would take as long as making them).
_APPS = {"default": None, "readers": "readers"}
PASSWORDS_FILE = "passwords.txt"

_PASSWORDS_HEAD = """\
The first passwords of this newsroom's people, made on this machine. Give each to whom it belongs,
let them choose another at the desk (Account), then delete this file.

"""


def newsroom_exists() -> bool:
    """Whether a newsroom was made here: there is a publication and somebody to log in."""
    connection = connections["default"]
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).is_file():
        # Asking would make an empty file.
        return False
    if "desk_publication" not in connection.introspection.table_names():
        return False
    from nashra.desk.models import Publication

    return Publication.objects.exists() and get_user_model().objects.filter(is_superuser=True).exists()


def migrate() -> bool:
    """Bring both databases to this version's tables; ``False`` where they were there already."""
    migrated = False
    for alias, app in _APPS.items():
        executor = MigrationExecutor(connections[alias])
        leaves = executor.loader.graph.leaf_nodes(app)
        if executor.migration_plan(leaves):
            call_command("migrate", *([app] if app else []), database=alias, interactive=False, verbosity=0)
            migrated = True
    return migrated


def found_newsroom(
    var: Path,
    *,
    languages: Sequence[str],
    name: str,
    administrator: str,
    password: str,
    now: datetime.datetime,
) -> None:
    """Make the publications and the first administrator, whose password is kept in ``var/passwords.txt``."""
    from nashra.desk.founding import create_newsroom, first_administrator

    for alias in _APPS:
        _make_private_file(connections[alias])
    migrate()
    with transaction.atomic():
        create_newsroom(languages=languages, name=name, now=now)
        if first_administrator(username=administrator, password=password):
            # Before the commit: nobody may stand in the database whose password no one knows.
            keep_passwords(var, {administrator: password})


def _make_private_file(connection: BaseDatabaseWrapper) -> None:
    """Let an SQLite database be its owner's alone: drafts and password hashes lie in it."""
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, stat.S_IRUSR | stat.S_IWUSR))
        path.chmod(stat.S_IRUSR | stat.S_IWUSR)


def keep_passwords(var: Path, passwords: Mapping[str, str]) -> Path:
    """Add names and passwords to ``var/passwords.txt``, which its owner alone may read."""
    path = var / PASSWORDS_FILE
    handle = os.open(
        path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, stat.S_IRUSR | stat.S_IWUSR
    )
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        os.fchmod(file.fileno(), stat.S_IRUSR | stat.S_IWUSR)
        if file.tell() == 0:
            file.write(_PASSWORDS_HEAD)
        for username, password in passwords.items():
            file.write(f"{username}\t{password}\n")
    return path
