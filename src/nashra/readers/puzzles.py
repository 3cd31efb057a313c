"""Proof of work: a puzzle for one comment, which the page's script solves, and the check of its answer.

The puzzle and the answer are those of ALTCHA's protocol, version 1: find the number which, after the salt,
has the challenge as its SHA-256. The salt names the comment's nonce and its own end, both required, and
ends in a delimiter; so no answer serves another comment, none outlives its time, and no digit can be moved
from one part to another. Must not read the clock or make random values: the caller gives both.

Source: ALTCHA's own library for Python, release 2.3.0 (``altcha.v1``), and its advisory of December 2025
about spliced challenges.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
import json
import re
from typing import Any

from django.utils.crypto import constant_time_compare, salted_hmac

ALGORITHM = "SHA-256"
# Half of it on average: a third of a second on a desk's computer, one or two on a cheap phone.
LARGEST_NUMBER = 20_000
MAX_ANSWER_LENGTH = 600

_FIELDS = {"algorithm": str, "challenge": str, "number": int, "salt": str, "signature": str}
_SALT = re.compile(r"([A-Za-z0-9_-]{1,64})\?expires=([0-9]{1,12})&")
_KEY_SALT = "nashra.readers.puzzle"


def make_puzzle(*, nonce: str, now: datetime.datetime, lifetime_hours: int, number: int) -> str:
    """The puzzle for the comment of a preview's ``nonce``, as JSON; ``number`` is its solution.

    Like the preview's token it tells its hour and no finer time.

    Raises:
        ValueError: the number is beyond ``LARGEST_NUMBER``.
    """
    if not 0 <= number <= LARGEST_NUMBER:
        raise ValueError(f"A puzzle's number lies between 0 and {LARGEST_NUMBER}.")
    expires_s = (int(now.timestamp()) // 3600 + 1 + lifetime_hours) * 3600
    salt = f"{nonce}?expires={expires_s}&"
    challenge = _digest(salt, number)
    puzzle = {
        "algorithm": ALGORITHM,
        "challenge": challenge,
        "maxnumber": LARGEST_NUMBER,
        "salt": salt,
        "signature": _signature(challenge),
    }
    return json.dumps(puzzle, separators=(",", ":"))


def is_solved(answer: str, *, nonce: str, now: datetime.datetime) -> bool:
    """Whether this answers a puzzle that we made for this very comment and that has not expired.

    What is missing, of another type or unknown is no answer: nothing is taken for granted.
    """
    fields = _read(answer)
    if fields is None or fields["algorithm"] != ALGORITHM:
        return False
    salt, number = fields["salt"], fields["number"]
    named = _SALT.fullmatch(salt)
    if named is None or named[1] != nonce or int(named[2]) <= now.timestamp():
        return False
    if not 0 <= number <= LARGEST_NUMBER:
        return False
    challenge = _digest(salt, number)
    return constant_time_compare(fields["challenge"], challenge) and constant_time_compare(
        fields["signature"], _signature(challenge)
    )


def _read(answer: str) -> dict[str, Any] | None:
    if not answer or len(answer) > MAX_ANSWER_LENGTH:
        return None
    try:
        fields = json.loads(base64.b64decode(answer, validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return None
    if not isinstance(fields, dict):
        return None
    # ``took`` is what ALTCHA's own widget adds.
    is_whole = _FIELDS.keys() <= fields.keys() <= {*_FIELDS, "took"}
    # Not isinstance: true is an int to Python.
    is_typed = is_whole and all(type(fields[name]) is kind for name, kind in _FIELDS.items())
    # JSON can hold half a character, which no digest takes.
    return fields if is_typed and all(str(fields[name]).isascii() for name in _FIELDS) else None


def _digest(salt: str, number: int) -> str:
    return hashlib.sha256(f"{salt}{number}".encode()).hexdigest()


def _signature(challenge: str) -> str:
    return salted_hmac(_KEY_SALT, challenge, algorithm="sha256").hexdigest()
