"""The random mark that a browser gets in a cookie: it tells one browser's vote from another's, and our own
form from one on another site.

Must not make random values or read the clock: the caller gives both.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from nashra.readers import tokens
from nashra.readers.posts import PostedForm

COOKIE_NAME = "nashra_reaction"
COOKIE_PATH = "/readers/"
# 128 bits.
RANDOM_BYTES = 16


@dataclass(frozen=True, slots=True)
class Mark:
    """A browser's mark: the cookie's value, the random part of it, and whether the browser has it yet."""

    cookie: str
    voter: str
    is_new: bool

    def field_for(self, form: PostedForm) -> str:
        """What the answer's forms carry beside the cookie, for a browser that does not say whose they are.

        Another site can have the cookie sent along by an old browser, but cannot read this in our page.
        """
        return "" if form.is_vouched else tokens.sign_own(self.cookie)


def mark_of(request: HttpRequest, *, now: datetime.datetime, random: str) -> Mark:
    """The mark that a browser carries, or a new one made of ``random``."""
    carried = request.COOKIES.get(COOKIE_NAME, "")
    try:
        return Mark(cookie=carried, voter=tokens.read_voter(carried, now=now), is_new=False)
    except tokens.ForgedToken:
        return Mark(cookie=tokens.sign_voter(now=now, voter=random), voter=random, is_new=True)


def is_ours(form: PostedForm, mark: Mark) -> bool:
    """Whether a form stood on our own page: the browser says so, or it carries what only that page knew."""
    return form.is_vouched or (not mark.is_new and tokens.is_own(form["own"], cookie=mark.cookie))


def give(request: HttpRequest, response: HttpResponse, mark: Mark) -> None:
    """Have the browser keep a new mark; one that it has already stays as it is."""
    if not mark.is_new:
        return
    # An onion service speaks http and is safe all the same; a Secure cookie would be lost there.
    is_onion = request.headers.get("Host", "").split(":")[0].endswith(".onion")
    response.set_cookie(
        COOKIE_NAME,
        mark.cookie,
        max_age=tokens.COOKIE_LIFETIME_HOURS * 3600,
        path=COOKIE_PATH,
        secure=settings.NASHRA_SITE_URL.startswith("https://") and not is_onion,
        httponly=True,
        samesite="Lax",
    )
