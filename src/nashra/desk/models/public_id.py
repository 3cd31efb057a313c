"""Names that the world may know: random, stable, and saying nothing of order or number.

Must not be derived from anything: a counter in an address tells how many stories were withdrawn.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models

# Douglas Crockford's base 32 has no i, l, o and u, so that an id read aloud is written down right.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH_CHARACTERS = 10


def new_public_id() -> str:
    """Ten random characters: with 50 bits a newsroom will not see the same twice."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH_CHARACTERS))


class PublicIdField(models.CharField):
    """A public id, made once with its row."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {
            "max_length": LENGTH_CHARACTERS,
            "unique": True,
            "default": new_public_id,
            "editable": False,
        }
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """As Django's, without what every public id has in common."""
        name, path, args, kwargs = super().deconstruct()
        for key in ("max_length", "unique", "default", "editable"):
            kwargs.pop(key, None)
        return name, path, args, kwargs
