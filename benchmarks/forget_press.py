"""Makes a newsroom one that was never pressed: no rows of the press, no files; its stories stay.

    python -m benchmarks.forget_press

Runs inside the newsroom. Whatever waits in the outbox stays there.
"""

from __future__ import annotations

import shutil

import django


def main() -> None:
    """Empty the press's tables and take its folders away."""
    django.setup()
    from django.apps import apps
    from django.conf import settings
    from django.db import connection, transaction

    with transaction.atomic():
        for model in apps.get_app_config("press").get_models():
            model.objects.all()._raw_delete("default")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
    for name in ("site", "site.tmp", "nginx"):
        shutil.rmtree(settings.NASHRA_VAR / name, ignore_errors=True)


if __name__ == "__main__":
    main()
