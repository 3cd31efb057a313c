"""Prints the newest press run's row as JSON; runs inside the measured newsroom."""

from __future__ import annotations

import json

import django


def main() -> None:
    """Print it."""
    django.setup()
    from nashra.press.models import PressRun

    fields = ("duration_ms", "files_written", "files_unchanged", "files_removed", "stories", "error")
    print(json.dumps(PressRun.objects.values(*fields).first()))


if __name__ == "__main__":
    main()
