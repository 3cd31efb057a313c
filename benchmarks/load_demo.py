"""Loads the demo's stories into the newsroom that the environment names."""

from __future__ import annotations

import datetime

import django


def main() -> None:
    """Load them."""
    django.setup()
    from nashra.demo.load import load_demo

    load_demo(now=datetime.datetime.now(tz=datetime.UTC))


if __name__ == "__main__":
    main()
