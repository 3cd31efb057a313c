"""The demo's people at the desk: one user for each role, with a generated password.

Must not change a user who is there already.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from django.contrib.auth import get_user_model
from django.db import transaction

from nashra.desk import publishing
from nashra.desk.groups import GROUPS, ensure_groups
from nashra.groundwork import PASSWORDS_FILE, keep_passwords

PASSWORD_BYTES = 15


def create_roles(*, var: Path) -> Path:
    """Make users called reporter, editor, moderator and administrator, each in the group of that name.

    Returns the file that keeps their passwords, which its owner alone may read. Users who are there
    keep their passwords, and so does the file.
    """
    with transaction.atomic():
        ensure_groups()
        there = set(get_user_model().objects.filter(username__in=GROUPS).values_list("username", flat=True))
        passwords = {name: secrets.token_urlsafe(PASSWORD_BYTES) for name in GROUPS if name not in there}
        for name, password in passwords.items():
            publishing.create_user(username=name, password=password, group=name)
        # Before the commit: nobody may stand in the database whose password no one knows.
        if passwords:
            keep_passwords(var, passwords)
    return var / PASSWORDS_FILE
