"""Receipts: what a commenter writes down, and by which they alone find their comment again.

A receipt is random and is kept nowhere: the comment's row holds a digest of it. It is typed into a form
and never stands in an address. Must not read a database, nor make random values: the caller gives them.
"""

from __future__ import annotations

import base64
import hashlib
import unicodedata

from nashra.readers.receive import CROCKFORD

# 140 bits, of which nobody guesses one.
RANDOM_BYTES = 18
_DIGITS = 28
_GROUP = 4

# What a hand writes and an eye reads for another sign: Crockford's own rule.
_READ_AS = str.maketrans({"o": "0", "i": "1", "l": "1"})


def new_receipt(random_bytes: bytes) -> str:
    """A receipt as it is shown: ``7k2m-q4tz-…``, seven groups of four.

    Raises:
        ValueError: there are not ``RANDOM_BYTES`` of them.
        Source: Crockford's base 32, without its check symbol.
    """
    if len(random_bytes) != RANDOM_BYTES:
        raise ValueError(f"A receipt is made of {RANDOM_BYTES} random bytes.")
    number = int.from_bytes(random_bytes)
    return _grouped("".join(CROCKFORD[number >> 5 * place & 31] for place in range(_DIGITS)))


def read_receipt(typed: str) -> str:
    """The receipt that somebody typed, as it was shown; empty where it can be none.

    Capitals, spaces, dashes of any kind, full-width and local digits do not matter.
    """
    if len(typed) > 10 * _DIGITS:
        return ""
    signs = "".join(map(_sign, unicodedata.normalize("NFKC", typed).casefold())).translate(_READ_AS)
    is_one = len(signs) == _DIGITS and all(sign in CROCKFORD for sign in signs)
    return _grouped(signs) if is_one else ""


def nonce_of(receipt: str) -> str:
    """The digest under which the receipt's comment is kept; it does not tell the receipt."""
    digest = hashlib.sha256(b"nashra receipt " + receipt.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _grouped(signs: str) -> str:
    return "-".join(signs[start : start + _GROUP] for start in range(0, len(signs), _GROUP))


def _sign(character: str) -> str:
    """A character as a receipt has it: a digit in any script is a digit, and what only parts is nothing."""
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(character)
    return "" if category[0] in "ZC" or category == "Pd" else character
