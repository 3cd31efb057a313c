"""Signed values that travel to the reader and back: the preview's token, and the browser's mark.

Both carry the hour of issue and no finer time. Must not read the clock or make random values: the
caller gives both.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.core.signing import BadSignature, Signer
from django.utils.crypto import constant_time_compare, salted_hmac

# A copied token of one kind must not pass for the other.
_PREVIEW_SALT = "nashra.readers.preview"
_COOKIE_SALT = "nashra.readers.reaction"
_OWN_SALT = "nashra.readers.own"

COOKIE_LIFETIME_HOURS = 24


class ForgedToken(ValueError):
    """A value that we never issued, or not for this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewToken:
    """What a preview's token says: which story, the hour of issue, and the nonce of its one comment."""

    story_public_id: str
    issued_hour: int
    nonce: str

    def is_expired(self, now: datetime.datetime, *, lifetime_hours: int) -> bool:
        """Whether the token is too old, or from a time that has not come."""
        return not 0 <= _hour(now) - self.issued_hour <= lifetime_hours


def sign_preview(*, story_public_id: str, now: datetime.datetime, nonce: str) -> str:
    """The token for a comment form's second step."""
    return Signer(salt=_PREVIEW_SALT).sign_object([story_public_id, _hour(now), nonce])


def read_preview(token: str, *, story_public_id: str) -> PreviewToken:
    """What a token says, whether expired or not.

    Raises:
        ForgedToken: the signature is not ours, or it was given for another story.
    """
    values = _read(token, _PREVIEW_SALT)
    if len(values) != 3 or values[0] != story_public_id:
        raise ForgedToken("the token was given for another story")
    return PreviewToken(story_public_id=values[0], issued_hour=values[1], nonce=values[2])


def sign_voter(*, now: datetime.datetime, voter: str) -> str:
    """The cookie's value for a browser: random, opaque, and provably of our issue."""
    return Signer(salt=_COOKIE_SALT).sign_object([_hour(now), voter])


def read_voter(cookie: str, *, now: datetime.datetime) -> str:
    """The random part of a cookie that we issued within its lifetime.

    Raises:
        ForgedToken: we did not issue it, or its time is over.
    """
    values = _read(cookie, _COOKIE_SALT)
    if len(values) != 2 or not 0 <= _hour(now) - values[0] <= COOKIE_LIFETIME_HOURS:
        raise ForgedToken("the cookie's time is over")
    return values[1]


def sign_own(cookie: str) -> str:
    """What our own forms carry beside a browser's cookie; it does not tell the cookie."""
    return salted_hmac(_OWN_SALT, cookie, algorithm="sha256").hexdigest()


def is_own(value: str, *, cookie: str) -> bool:
    """Whether a form carries what we gave to the browser that has this cookie."""
    return constant_time_compare(value, sign_own(cookie))


def _read(value: str, salt: str) -> list:
    try:
        values = Signer(salt=salt).unsign_object(value)
    except BadSignature as error:
        raise ForgedToken("the signature is not ours") from error
    if not isinstance(values, list):
        raise ForgedToken("the signed value is none of ours")
    return values


def _hour(now: datetime.datetime) -> int:
    return int(now.timestamp()) // 3600
